"""A study as a research object that others can use: tables, their description, provenance."""

from analysis.publishing.writing import package_study

__all__ = ["package_study"]
