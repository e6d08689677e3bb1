"""The rows of a form as its tool writes them: questions, groups, and what is neither."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.problems import Problem
from analysis.study.conditions import joined
from analysis.study.declared import Tables
from analysis.study.vocabulary import ITEM_TYPES, KEY_ITEMS, NO_QUESTION, WITH_OPTIONS

SURVEY = "survey.csv"
OTHER, OTHER_LABEL = "other", "Other"
"""The option that ``or_other`` adds to a list."""

OUTSIDE = "survey"
"""The section of the questions that stand in no group."""

_SPELLINGS = {
    "select1": "select_one",
    "select one": "select_one",
    "select one from": "select_one",
    "select multiple": "select_multiple",
    "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple",
    "int": "integer",
    "string": "text",
}
"""Types as older forms write them."""

_OR_OTHER = re.compile(r"(?P<type>.+?)\s+or[_ ](specify[_ ])?other")
_FENCE = re.compile(r"(?P<what>begin|end)[_ ](?P<of>group|repeat)")
_FROM_FILE = re.compile(r"select[_ ](one|multiple)[_ ](from[_ ]file|external)\b.*")
_YES = ("yes", "true", "true()")


@dataclass
class Form:
    """What the table ``survey`` says.

    Attributes
    ----------
    items : a row a question, in the columns of the table: one spelling of its type, its label (its
        name where it has none), ``relevant`` joined with that of its groups, and its section: the
        outermost group, unless the table has a column for it.
    sections : the title of each outermost group that holds a question.
    groups : the groups that a question, or another row of the form, stands in; outermost first.
    left_out : the labels of the rows that an export may have a column for and that are no items.
    with_other : the lists that get an option for other answers.
    """

    items: list[dict[str, Any]] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    with_other: dict[str, None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_form(tables: Tables) -> Form:
    """Tell the questions of a form from its groups, notes and the like.

    Repeats are refused, since a respondent has one row; so are options that stand in a file.
    """
    form = Form()
    has_sections = tables.has(SURVEY, "section")
    inside: list[dict[str, Any]] = []
    repeats = 0
    for row in tables.rows(SURVEY):
        if row["disabled"].lower() in _YES:
            continue
        fence = _FENCE.fullmatch(row["type"].lower())
        if fence and fence["of"] == "repeat":
            repeats += 1
            if fence["what"] == "begin":
                message = "repeats are not supported: an export has one row a respondent."
                form.problems.append(tables.problem(SURVEY, row, "type", message))
        elif fence and fence["what"] == "begin":
            inside.append(row)
            if not row["name"]:
                form.problems.append(_empty(tables, row))
        elif fence and inside:
            inside.pop()
        elif fence:
            message = "there is no group to end here."
            form.problems.append(tables.problem(SURVEY, row, "type", message))
        else:
            _read_row(form, tables, row, inside, has_sections=has_sections)
    form.problems += [
        tables.problem(SURVEY, group, "type", "the group is never ended.") for group in inside
    ]
    return form


def _read_row(
    form: Form,
    tables: Tables,
    row: dict[str, Any],
    inside: list[dict[str, Any]],
    *,
    has_sections: bool,
) -> None:
    kind, choice_list, has_other = _type(row["type"])
    row = {**row, "label": row["label"] or row["name"]}
    path = tuple(group["name"] for group in inside)
    if kind in NO_QUESTION or row["name"] in KEY_ITEMS:
        if row["name"]:
            form.left_out[row["name"]] = row["label"]
            _place(form, row["name"], path)
        return
    if kind not in ITEM_TYPES:
        form.problems.append(_type_problem(tables, row))
    if not row["name"]:
        form.problems.append(_empty(tables, row))
        return
    if kind == "range":
        kind = "decimal"
    if kind in ITEM_TYPES:
        row["type"] = f"{kind} {choice_list}" if choice_list else kind
    row["relevant"] = joined([*(group["relevant"] for group in inside), row["relevant"]])
    if not has_sections:
        row["section"] = path[0] if path else OUTSIDE
        title = (inside[0]["label"] or path[0]) if path else "The survey"
        form.sections.setdefault(row["section"], title)
    form.items.append(row)
    _place(form, row["name"], path)
    if has_other:
        form.with_other[choice_list] = None
        form.items.append(_specified(row))
        _place(form, f"{row['name']}_other", path)


def _place(form: Form, name: str, path: tuple[str, ...]) -> None:
    if path:
        form.groups[name] = path


def _specified(row: Mapping[str, Any]) -> dict[str, Any]:
    """The question for the words of another answer, which a tool adds by itself."""
    return {
        **row,
        "type": "text",
        "name": f"{row['name']}_other",
        "label": f"{row['label']} Which other?",
        "relevant": joined([row["relevant"], f"${{{row['name']}}} = '{OTHER}'"]),
    }


def _type(text: str) -> tuple[str, str, bool]:
    """A type in one spelling, its list, and whether other answers can be given."""
    words = " ".join(text.split())
    match = _OR_OTHER.fullmatch(words)
    words = match["type"] if match else words
    kind, _, choice_list = words.rpartition(" ")
    if _plain(kind) not in WITH_OPTIONS:
        kind, choice_list = words, ""
    return _plain(kind), choice_list, match is not None


def _plain(kind: str) -> str:
    return _SPELLINGS.get(kind.lower(), kind.lower())


def _type_problem(tables: Tables, row: Mapping[str, Any]) -> Problem:
    if _FROM_FILE.fullmatch(row["type"].lower()):
        message = (
            "the options stand in a file, which is not read; put them into choices and write "
            "select_one or select_multiple and the name of the list."
        )
        return tables.problem(SURVEY, row, "type", message)
    return tables.problem(SURVEY, row, "type", "unknown type of question.", ITEM_TYPES)


def _empty(tables: Tables, row: Mapping[str, Any]) -> Problem:
    return tables.problem(SURVEY, row, "name", "the cell is empty.")
