"""Proposals before anything counts on them: a drafted study, and what cleaning would change."""

from analysis.drafting.preview import Preview, preview_of
from analysis.drafting.writing import Given, init_study

__all__ = ["Given", "Preview", "init_study", "preview_of"]
