"""What every table holds: its columns in words, and the names that the codebook gives."""

from analysis.dictionary.columns import Described, described_columns
from analysis.dictionary.names import indicators_of, items_of, options_of
from analysis.dictionary.tables import TABLES, TableDescription

__all__ = [
    "TABLES",
    "Described",
    "TableDescription",
    "described_columns",
    "indicators_of",
    "items_of",
    "options_of",
]
