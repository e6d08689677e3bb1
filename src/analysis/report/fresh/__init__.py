"""Tells what has to be done: what each page rests on, what of that has changed, and why."""
