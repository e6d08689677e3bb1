"""Puts a report in place: all of it or none, by one build at a time, even when that is killed."""
