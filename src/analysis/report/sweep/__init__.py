"""Builds a report once for each row of a table of parameters, here or on other machines."""
