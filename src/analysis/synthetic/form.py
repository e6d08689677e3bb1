"""Which questions an export holds, who they are put to, and in which order to answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.problems import Problem, refuse_any
from analysis.study import Study
from analysis.study.codebook import Codebook, Item, SourceColumn
from analysis.study.places import CODEBOOK
from analysis.study.rules import Rule
from analysis.study.vocabulary import RESPONDENT_ID
from analysis.synthetic.participants import Place

COLUMNS_FILE = f"{CODEBOOK}/columns.csv"
SURVEY_FILE = f"{CODEBOOK}/survey.csv"
ANSWERABLE = ("select_one", "select_multiple")
"""The types of question that are answered; columns of other types stay blank."""


@dataclass(frozen=True)
class Question:
    """A question of one export: its item, its options, and the answer that leads to it."""

    item: Item
    options: tuple[str, ...]
    route: Rule | None

    @property
    def is_multiple(self) -> bool:
        """Whether several options can be chosen."""
        return self.item.type.startswith("select_multiple")


@dataclass(frozen=True)
class Form:
    """The columns of one export and its questions, each behind those that lead to it."""

    columns: tuple[SourceColumn, ...]
    questions: tuple[Question, ...]


def forms(study: Study, turnouts: Mapping[Place, int]) -> dict[Place, Form]:
    """Return the form of every export that ``columns.csv`` describes, by cycle and group.

    A question belongs to an export when ``columns.csv`` names a column for it there; so an item
    that no respondent answers, such as an invitation, has no column.

    Raises
    ------
    InputError
        There are no columns at all; an export has none for the respondent's id, or nobody's
        number of participants; a route is not of the form ``${item} = 'option'``.
    """
    book = study.codebook
    problems = []
    found: dict[Place, Form] = {}
    for group in book.respondents:
        for cycle in book.cycles:
            columns = tuple(one for one in book.columns if _is_there(one, cycle, group, book))
            names = [one.item for one in columns]
            if not set(names) & set(book.items):
                continue
            if RESPONDENT_ID not in names:
                message = f"no column holds {RESPONDENT_ID} of {group} in {cycle}."
                problems.append(Problem(message, file=COLUMNS_FILE))
            if (cycle, group) not in turnouts:
                message = f"no finding prints how many {group} took part in {cycle}."
                problems.append(Problem(message, file="findings.csv"))
            asked = [book.items[name] for name in dict.fromkeys(names) if name in book.items]
            routes = {item.name: _route(item, names, problems) for item in asked}
            questions = [
                Question(item, tuple(book.choices[item.choice_list]), routes[item.name])
                for item in asked
                if item.type.startswith(ANSWERABLE)
            ]
            found[cycle, group] = Form(columns, _in_order(questions, book))
    if not found and not problems:
        message = "no column holds an item, so there is nothing to write."
        problems.append(Problem(message, file=COLUMNS_FILE))
    refuse_any(problems)
    return found


def _is_there(column: SourceColumn, cycle: str, group: str, book: Codebook) -> bool:
    item = book.items.get(column.item)
    return column.is_in(cycle, group) and (item is None or item.is_asked(cycle, group))


def _route(item: Item, there: Sequence[str], problems: list[Problem]) -> Rule | None:
    """The rule of a question; none where the question that it names is not in the export."""
    if not item.relevant:
        return None
    try:
        rule = Rule.parse(item.relevant)
    except ValueError as error:
        message = f"the route to {item.name!r} cannot be read: {error}."
        value = item.relevant
        problem = Problem(message, file=SURVEY_FILE, row=item.row, column="relevant", value=value)
        problems.append(problem)
        return None
    return rule if rule.item in there else None


def _in_order(questions: Sequence[Question], book: Codebook) -> tuple[Question, ...]:
    """Each question behind those that lead to it or hold the whole of one of its answers."""
    waiting = list(questions)
    done: list[Question] = []
    while waiting:
        names = {question.item.name for question in waiting}
        ready = [one for one in waiting if not leading_to(one, book) & (names - {one.item.name})]
        if not ready:
            message = "these questions lead to each other."
            value = ", ".join(sorted(names))
            refuse_any([Problem(message, file=SURVEY_FILE, column="relevant", value=value)])
        done += ready
        waiting = [one for one in waiting if one not in ready]
    return tuple(done)


def leading_to(question: Question, book: Codebook) -> set[str]:
    """Names of the items whose answers decide who can give an answer to this one."""
    bases = (base_of(question, option, book) for option in question.options)
    rules = [question.route, *bases]
    return {rule.item for rule in rules if rule is not None}


def base_of(question: Question, option: str, book: Codebook) -> Rule | None:
    """The answer of the whole that an indicator names for those that choose this option."""
    indicator = book.indicator_of(question.item.name, option)
    base = book.indicators[indicator].base if indicator else ""
    return book.indicators[base].rule if base else None
