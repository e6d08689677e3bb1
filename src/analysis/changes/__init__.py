"""What differs between two reports, number by number, and what can have caused it."""
