"""Indicators for a codebook that declares none: each answer that can be chosen is counted."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.study.declared import Tables
from analysis.study.defaults import blank, unused
from analysis.study.rules import Rule
from analysis.study.tables import ROW
from analysis.study.vocabulary import MISSING, QUARANTINE, RESPONDENT_UNIT

COUNTED = ("select_one", "select_multiple")
"""The types of question whose answers are counted by themselves."""

YES_NO = {"yes", "no"}

ROOM = 50
"""So many letters fit beside a bar."""

MOST_OPTIONS = 24
"""A list of more options than that, such as countries, says who answers; it is not counted."""

SHORTEST = 20
"""So many letters of a question are left at least."""

Item = Mapping[str, Any]
"""A row of the table ``survey``."""


@dataclass(frozen=True)
class _Answer:
    """An answer that is counted, and the name of the indicator."""

    item: Item
    option: str
    label: str
    is_yes: bool
    name: str

    @property
    def rule(self) -> Rule:
        return Rule(self.item["name"], self.option)

    @property
    def question(self) -> str:
        return in_a_line(self.item["label"])

    def told(self, question: str) -> str:
        """A question with this answer to it; of yes and no the question says it all."""
        if self.is_yes:
            return question
        between = " " if question.endswith(("?", ":", ".", "!", "…")) else ": "
        return f"{question}{between}{self.label}"

    def brief(self) -> str:
        """The same with so much of the question as has room."""
        room = ROOM if self.is_yes else max(ROOM - len(self.label), SHORTEST)
        return self.told(textwrap.shorten(self.question, room, placeholder=" …"))


def with_indicators(tables: Tables) -> Tables:
    """Return the tables with indicators, where the codebook has no table of them.

    Where it has rows, who took part is counted even if none says so: it is the base of the others.

    An indicator counts one option of a question; of yes and no, only yes is counted, and an option
    that is no answer (``dont_know``) is not. Its base is the answer that leads to the question.

    A section that follows from the form and has no indicator then is dropped: it would be an empty
    page.
    """
    answers = _answers(tables)
    if tables.has("indicators.csv"):
        return _with_who_took_part(tables, answers)
    names = {answer.rule: answer.name for answer in answers}
    often = Counter(answer.brief() for answer in answers)
    own = tables.rows("settings.csv")[0]["response_item"]
    rows = []
    for answer in answers:
        is_brief = often[answer.brief()] == 1
        rows.append(
            blank(
                "indicators.csv",
                indicator=answer.name,
                rule=str(answer.rule),
                base=_base(answer.item, names),
                label=answer.brief() if is_brief else answer.told(answer.question),
                phrase="took part" if answer.item["name"] == own else _phrase(answer),
                **{ROW: answer.item[ROW]},
            )
        )
    return _without_empty_sections(tables.having("indicators.csv", rows), answers)


def _with_who_took_part(tables: Tables, answers: list[_Answer]) -> Tables:
    own = tables.rows("settings.csv")[0]["response_item"]
    rows = tables.rows("indicators.csv")
    is_counted = any(Rule.parse(row["rule"]).item == own for row in rows)
    asked = next((one for one in answers if one.item["name"] == own and one.is_yes), None)
    if asked is None or is_counted or not rows:
        return tables
    made = blank(
        "indicators.csv",
        indicator=unused(asked.name, {row["indicator"] for row in rows}),
        rule=str(asked.rule),
        label=asked.label,
        phrase="took part",
    )
    return tables.having("indicators.csv", [made, *rows])


def _without_empty_sections(tables: Tables, answers: list[_Answer]) -> Tables:
    full = {answer.item["section"] for answer in answers}
    full.add(tables.rows("settings.csv")[0]["limits"])
    sections = [row for row in tables.rows("sections.csv") if row["section"] in full]
    if tables.has("sections.csv") or not sections:
        return tables
    items = [
        row if row["section"] in full else {**row, "section": ""}
        for row in tables.rows("survey.csv")
    ]
    return tables.having("sections.csv", sections).having("survey.csv", items)


def options_of(item: Item, tables: Tables) -> dict[str, str]:
    """Return the options of a question that are answers, with their labels."""
    kind, _, choice_list = item["type"].partition(" ")
    return {
        row["name"]: in_a_line(row["label"])
        for row in tables.rows("choices.csv")
        if kind in COUNTED
        and item["unit"] == RESPONDENT_UNIT
        and row["list_name"] == choice_list
        and row["name"] not in (*MISSING, QUARANTINE)
    }


def yes_of(options: Mapping[str, str]) -> str:
    """Return the option that means yes, where yes and no are all there is; else nothing.

    >>> yes_of({"1": "Yes", "0": "No"}), yes_of({"a": "Audits", "b": "A code"})
    ('1', '')
    """
    for words in (dict(zip(options, options, strict=True)), options):
        folded = {word.strip().casefold(): name for name, word in words.items()}
        if set(folded) == YES_NO:
            return folded["yes"]
    return ""


def in_a_line(text: str) -> str:
    r"""Return a text without line breaks.

    >>> in_a_line("Which services\nare offered?")
    'Which services are offered?'
    """
    return " ".join(text.split())


def _answers(tables: Tables) -> list[_Answer]:
    answers: list[_Answer] = []
    for item in tables.rows("survey.csv"):
        options = options_of(item, tables)
        yes = yes_of(options)
        if len(options) > MOST_OPTIONS:
            continue
        for option in [yes] if yes else options:
            name = item["name"] if yes else f"{item['name']}_{option}"
            name = unused(re.sub(r"\W", "_", name), {answer.name for answer in answers})
            answers.append(_Answer(item, option, options[option], bool(yes), name))
    return answers


def _phrase(answer: _Answer) -> str:
    if answer.item["type"].startswith("select_multiple"):
        return f"chose “{answer.label}” for “{answer.question}”"
    return f"answered “{answer.label}” to “{answer.question}”"


def _base(item: Item, names: Mapping[Rule, str]) -> str:
    try:
        return names.get(Rule.parse(item["relevant"]), "")
    except ValueError:
        return ""
