"""Who gives which answer, so that every count is met and answers persist between cycles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.study.codebook import Codebook
from analysis.study.rules import Rule
from analysis.study.vocabulary import ANSWERED
from analysis.synthetic.draws import Draws
from analysis.synthetic.form import Form, Question, base_of
from analysis.synthetic.inputs import Inputs, Key
from analysis.synthetic.margins import Margin
from analysis.synthetic.participants import Place


@dataclass(frozen=True)
class Answer:
    """What one respondent says to one question: a status and the options chosen."""

    status: str
    options: tuple[str, ...] = ()


Answers = Mapping[str, Mapping[str, Answer]]
"""Answers by item and respondent; nobody stands there whom the question was not put to."""


def all_answers(
    forms: Mapping[Place, Form],
    who: Mapping[Place, Sequence[str]],
    margins: Mapping[Key, Margin],
    inputs: Inputs,
    book: Codebook,
) -> dict[Place, Answers]:
    """Return every answer of every export.

    Parameters
    ----------
    forms : the questions by cycle and group, each group's cycles in order.
    who : ids of those that took part, by cycle and group.
    margins : how many give an answer, by item, option, cycle and group.
    """
    given: dict[Place, Answers] = {}
    latest: dict[tuple[str, str], Mapping[str, Answer]] = {}
    for (cycle, group), form in forms.items():
        answers: dict[str, Mapping[str, Answer]] = {}
        for question in form.questions:
            name = question.item.name
            asked = list(who[cycle, group])
            if question.route is not None:
                routed = _giving(answers, question.route)
                asked = [one for one in asked if one in routed]
            wanted = {
                option: margins[name, option, cycle, group].count
                for option in question.options
                if (name, option, cycle, group) in margins
            }
            open_to = dict.fromkeys(wanted, asked)
            for option in wanted:
                base = base_of(question, option, book)
                if base is not None and base.item in answers:
                    whole = _giving(answers, base)
                    open_to[option] = [one for one in asked if one in whole]
            answers[name] = _answers_to(
                question,
                asked,
                wanted,
                open_to,
                latest.get((group, name), {}),
                inputs,
                Draws(inputs.seed, "answers", cycle, group, name),
            )
            latest[group, name] = answers[name]
        given[cycle, group] = answers
    return given


def _giving(answers: Answers, rule: Rule) -> set[str]:
    return {
        one for one, answer in answers.get(rule.item, {}).items() if rule.option in answer.options
    }


def _answers_to(
    question: Question,
    asked: Sequence[str],
    wanted: Mapping[str, int],
    open_to: Mapping[str, Sequence[str]],
    earlier: Mapping[str, Answer],
    inputs: Inputs,
    draws: Draws,
) -> Mapping[str, Answer]:
    """Answers to one question; respondents are told apart by id, none is added or left out."""
    missing = _missing(question, asked, wanted, open_to, inputs, draws)
    answering = [one for one in asked if one not in missing]
    before = {one: set(earlier[one].options) for one in answering if one in earlier}
    chosen: dict[str, list[str]] = {one: [] for one in answering}
    is_single = not question.is_multiple
    could = {option: [one for one in open_to[option] if one in chosen] for option in wanted}
    stays = _stays(wanted, could, before, inputs.persistence, draws, is_single=is_single)
    taken = {one for ids in stays.values() for one in ids} if is_single else set()
    for option, count in wanted.items():
        free = [one for one in could[option] if one not in taken and one not in stays[option]]
        # Those that gave the answer before and have left it come last: leaving is leaving.
        fresh = [one for one in free if option not in before.get(one, ())]
        left = [one for one in free if option in before.get(one, ())]
        new = [*draws.shuffled(fresh), *draws.shuffled(left)][: count - len(stays[option])]
        taken |= set(new) if is_single else set()
        for one in (*stays[option], *new):
            chosen[one].append(option)
    if is_single:
        rest = [option for option in question.options if option not in wanted]
        for one in answering:
            if not chosen[one] and rest:
                chosen[one] = [_other(rest, before.get(one, set()), inputs.persistence, draws)]
    return {one: missing.get(one) or _answer(chosen[one], question) for one in asked}


def _stays(
    wanted: Mapping[str, int],
    could: Mapping[str, Sequence[str]],
    before: Mapping[str, set[str]],
    persistence: float,
    draws: Draws,
    *,
    is_single: bool,
) -> dict[str, list[str]]:
    """Those that give an answer again, by option; more or fewer where the counts force it."""
    stays: dict[str, list[str]] = {}
    taken: set[str] = set()
    for option, count in wanted.items():
        free = [one for one in could[option] if one not in taken]
        again = [one for one in free if option in before.get(one, ())]
        least = count - (len(free) - len(again))
        number = max(round(persistence * len(again)), least, 0)
        stays[option] = draws.some(again, min(number, count))
        taken |= set(stays[option]) if is_single else set()
    return stays


def _answer(chosen: Sequence[str], question: Question) -> Answer:
    """The answer with its options in their order; of several options none can be an answer."""
    if not chosen and not question.is_multiple:
        return Answer("no_answer")
    return Answer(ANSWERED, tuple(option for option in question.options if option in chosen))


def _other(rest: Sequence[str], before: set[str], persistence: float, draws: Draws) -> str:
    """An answer whose number nobody prints: the earlier one again, or any."""
    again = [option for option in rest if option in before]
    return again[0] if again and draws.happens(persistence) else draws.one(rest)


def _missing(
    question: Question,
    asked: Sequence[str],
    wanted: Mapping[str, int],
    open_to: Mapping[str, Sequence[str]],
    inputs: Inputs,
    draws: Draws,
) -> dict[str, Answer]:
    """Those that are asked and do not answer: as many as chance says and the counts leave room."""
    counts = list(wanted.values())
    needed = max(counts, default=0) if question.is_multiple else sum(counts)
    # Where an answer is open to some only, these are left to give it.
    bound = {
        one for option in wanted for one in open_to[option] if len(open_to[option]) < len(asked)
    }
    could = draws.shuffled([one for one in asked if one not in bound])
    room = min(len(could), len(asked) - needed)
    missing: dict[str, Answer] = {}
    for status, chance in _chances(question, inputs):
        number = min(draws.how_often(chance, len(asked)), room - len(missing))
        start = len(missing)
        missing |= {one: Answer(status) for one in could[start : start + number]}
    return missing


def _chances(question: Question, inputs: Inputs) -> Iterator[tuple[str, float]]:
    """Chance of each way not to answer; an item spread over columns has only blanks."""
    if question.is_multiple:
        yield "no_answer", inputs.missing
        return
    yield "dont_know", inputs.dont_know
    yield "no_answer", inputs.blank
    yield "not_applicable", inputs.not_applicable
