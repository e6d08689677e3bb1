"""Figures that a source document prints: read, checked, and turned into counts with a base."""

from analysis.published.counts import published_counts
from analysis.published.findings import COLUMNS, load_findings, numbers_in
from analysis.published.quotes import check_source

__all__ = ["COLUMNS", "check_source", "load_findings", "numbers_in", "published_counts"]
