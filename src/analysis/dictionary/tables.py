"""The tables: what a row of each is, and what tells two rows apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class TableDescription:
    """What one row of a table is.

    Attributes
    ----------
    title : a few words.
    grain : what one row is.
    keys : the columns that tell two rows apart; empty where two may be alike.
    is_of_respondents : whether a row says what a single respondent answered, or can repeat it, as
        the quartiles of few answers do.
    """

    title: str
    grain: str
    keys: tuple[str, ...] = ()
    is_of_respondents: bool = False


PAIR = ("indicator", "respondents", "cycle_from", "cycle_to")

TABLES: Mapping[str, TableDescription] = MappingProxyType(
    {
        "findings": TableDescription(
            "Findings of the source", "a figure or claim of a source document", ("finding_id",)
        ),
        "indicator_counts": TableDescription(
            "Counts and shares",
            "an indicator, group, cycle and denominator",
            ("indicator", "respondents", "cycle", "denominator"),
        ),
        "comparisons": TableDescription(
            "Changes between cycles", "an indicator, group and pair of cycles", PAIR
        ),
        "sensitivity": TableDescription(
            "Changes under other readings",
            "a change and one way to read what is not known",
            (*PAIR, "view", "assumption"),
        ),
        "trends": TableDescription(
            "Three or more cycles", "an indicator and group", ("indicator", "respondents")
        ),
        "distributions": TableDescription(
            "Answers to every question",
            "a group, cycle, question and option",
            ("respondents", "cycle", "item", "option"),
        ),
        "numbers": TableDescription(
            "Answers that are numbers or dates",
            "a group, cycle and question (and option of a ranking), with quartiles",
            ("respondents", "cycle", "item", "option"),
            is_of_respondents=True,
        ),
        "scales": TableDescription(
            "Changes on ordered scales",
            "an ordered question, group and pair of cycles",
            ("item", *PAIR[1:]),
        ),
        "panel": TableDescription(
            "Who moved, counted", "an indicator, group and pair of cycles", PAIR
        ),
        "replication": TableDescription(
            "Answers held against print",
            "an indicator, group and cycle",
            ("indicator", "respondents", "cycle"),
        ),
        "responses": TableDescription(
            "Answers",
            "a respondent, cycle, question and option",
            ("respondents", "respondent_id", "cycle", "item", "option"),
            is_of_respondents=True,
        ),
        "moves": TableDescription(
            "Who moved", "a respondent, indicator and pair of cycles", is_of_respondents=True
        ),
        "ledger": TableDescription(
            "Changes of cells", "a cell that cleaning changed", is_of_respondents=True
        ),
        "quarantine": TableDescription(
            "Refused cells and rows", "a cell or row that was refused", is_of_respondents=True
        ),
        "items": TableDescription("Questions", "a question", ("item",)),
        "options": TableDescription(
            "Options", "an option of a list of answers", ("list_name", "option")
        ),
        "indicators": TableDescription("Indicators", "a count of answers", ("indicator",)),
    }
)
"""Every table that the package computes, and three that say what the codebook declares."""
