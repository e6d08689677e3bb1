"""A report as one file that can be handed on, and what is looked at before it is."""
