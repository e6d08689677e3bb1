"""How many respondents give each answer: printed, or invented within what the source allows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.frames import Row, records
from analysis.problems import Problem, refuse_any
from analysis.study.codebook import Codebook
from analysis.synthetic.allowed import Allowed, allowed_counts
from analysis.synthetic.form import Form, Question, base_of
from analysis.synthetic.inputs import ASSUMED, Assumed, Inputs, Key
from analysis.synthetic.participants import Place


@dataclass(frozen=True)
class Margin:
    """How many give an answer, and, where no finding prints that number, why this many."""

    count: int
    invented: str = ""


def margins(
    findings: pd.DataFrame,
    forms: Mapping[Place, Form],
    turnouts: Mapping[Place, int],
    assumed: Mapping[Key, Assumed],
    inputs: Inputs,
    book: Codebook,
) -> dict[Key, Margin]:
    """Return how many give each answer whose number must be held.

    These are the answers that a finding prints, that an indicator counts, that lead to another
    question, or of which a number is assumed; the others take what is left.

    Returns
    -------
    dict
        By item, option, cycle and group. A number that a finding prints exactly is that number;
        else the assumed one; else the one nearest to what the source says.

    Raises
    ------
    InputError
        An assumed number contradicts a finding, or numbers do not fit into their whole.
    """
    printed: dict[Key, list[Row]] = {}
    for row in records(findings):
        key = (row["item"], row["option"], row["cycle"], row["respondents"])
        printed.setdefault(key, []).append(row)
    chosen: dict[Key, Margin] = {}
    problems: list[Problem] = []
    for (cycle, group), form in forms.items():
        leading = {(one.route.item, one.route.option) for one in form.questions if one.route}
        for question in form.questions:
            name = question.item.name
            sizes = (turnouts[cycle, group], book.eligible.get((cycle, group)))
            held: dict[str, Margin | None] = {}
            for option in question.options:
                key = (name, option, cycle, group)
                whole = _whole(question, option, cycle, group, chosen, sizes[0], book)
                allowed = allowed_counts(printed.get(key, ()), whole, *sizes)
                if key in assumed:
                    held[option] = Margin(assumed[key].count, assumed[key].reason)
                    problems += _contradiction(key, assumed[key], allowed)
                elif allowed.guess is not None:
                    held[option] = Margin(allowed.guess, allowed.why)
                elif book.indicator_of(name, option) or (name, option) in leading:
                    held[option] = None
            asked = _asked(question, cycle, group, chosen, sizes[0])
            filled = _filled(held, question, asked, inputs)
            problems += _overflow(filled, question, asked, (cycle, group))
            chosen |= {(name, option, cycle, group): one for option, one in filled.items()}
    refuse_any(problems)
    return chosen


def _asked(
    question: Question, cycle: str, group: str, chosen: Mapping[Key, Margin], everybody: int
) -> int:
    """How many the question is put to."""
    if question.route is None:
        return everybody
    margin = chosen.get((question.route.item, question.route.option, cycle, group))
    return margin.count if margin else 0


def _whole(
    question: Question,
    option: str,
    cycle: str,
    group: str,
    chosen: Mapping[Key, Margin],
    everybody: int,
    book: Codebook,
) -> int:
    """How many could give the answer: those asked, or the part of them that a base names."""
    base = base_of(question, option, book)
    margin = chosen.get((base.item, base.option, cycle, group)) if base else None
    asked = _asked(question, cycle, group, chosen, everybody)
    return min(asked, margin.count) if margin else asked


def _contradiction(key: Key, assumed: Assumed, allowed: Allowed) -> list[Problem]:
    if allowed.low <= assumed.count <= allowed.high:
        return []
    item, option, cycle, group = key
    message = (
        f"the findings leave {allowed.low} to {allowed.high} {group} with "
        f"{item} = {option!r} in {cycle}."
    )
    return [Problem(message, file=ASSUMED, row=assumed.row, column="value", value=assumed.count)]


def _filled(
    held: Mapping[str, Margin | None], question: Question, asked: int, inputs: Inputs
) -> dict[str, Margin]:
    """Give an even share of what is left to the answers of which the source prints nothing."""
    known = {option: margin for option, margin in held.items() if margin is not None}
    if question.is_multiple:
        even, why = asked // 2, "nothing printed; half of those asked"
    else:
        left = asked - sum(margin.count for margin in known.values())
        answering = left - math.ceil(inputs.missing * asked)
        even = max(0, answering) // max(1, len(question.options) - len(known))
        why = "nothing printed; an even share of those left"
    return {option: margin or Margin(even, why) for option, margin in held.items()}


def _overflow(
    filled: Mapping[str, Margin], question: Question, asked: int, place: Place
) -> Sequence[Problem]:
    counts = [margin.count for margin in filled.values()]
    needed = max(counts, default=0) if question.is_multiple else sum(counts)
    if needed <= asked:
        return ()
    named = ", ".join(f"{option} {margin.count}" for option, margin in filled.items())
    message = (
        f"{question.item.name} is put to {asked} {place[1]} in {place[0]}, too few for the "
        f"answers that must be there: {named}."
    )
    return (Problem(message),)
