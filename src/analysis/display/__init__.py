"""Figures, tables and sentences that carry their caption, alt text, n and evidence."""
