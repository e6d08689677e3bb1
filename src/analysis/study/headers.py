"""Which question a column of an export holds, where the codebook does not say: by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item, SourceColumn
from analysis.study.tools import SUBMITTED_HEADERS, of_a_tool, parts_of
from analysis.study.vocabulary import RESPONDENT_ID, SUBMITTED

Place = tuple[str, str]
"""An item and one of its options; the option is empty where one column holds all."""

BY_NAME, BY_OPTION, BY_LABEL, BY_OPTION_LABEL = range(4)
"""How a header can name a place, the surest first."""


@dataclass(frozen=True)
class Recognised:
    """What the headers of an export say by themselves.

    Attributes
    ----------
    columns : what they hold; `row` is 0, since no line of the codebook says so.
    passed_over : headers that hold no question: times and places, notes, what a tool adds, and the
        column with all answers in one cell where each answer has a column too.
    problems : headers that could be of two questions, and questions that no column holds.
    """

    columns: tuple[SourceColumn, ...]
    passed_over: tuple[str, ...]
    problems: tuple[Problem, ...]


def recognise(
    header: Sequence[str], book: Codebook, *, file: str, cycle: str, respondents: str
) -> Recognised:
    """Recognise the columns of an export that no row of ``columns.csv`` names.

    A column is recognised by the name or the label of its question, with the groups of the form
    before it or without (``group/name``, ``group-name``). An option of a question with several
    answers is ``name/option``, ``name_option``, ``name.option``, ``name[option]`` or
    ``name___option``, or the labels of both as ``question/answer`` or ``question [answer]``.
    Outer spaces, line breaks, letter case and Unicode form do not matter. Only questions that the
    cycle and group were asked are looked for.

    Parameters
    ----------
    header : the headers of the export as written.
    file, cycle, respondents : what messages call the export, and whose answers it has.

    Returns
    -------
    Recognised
        Where ``columns.csv`` names a question of this export, those that it does not name need
        not be there; where it names none, each question asked must have its column.
    """
    named = [row for row in book.columns if row.is_in(cycle, respondents)]
    taken = {_key(row.column) for row in named}
    free = {_key(one): one for one in header if _key(one) not in taken}
    wanted = _wanted(book, named, cycle, respondents)
    found, unclear = _found(free, wanted, book, cycle)
    joined = [name for name, option in found if option and (name, "") in found]
    spare = [found.pop((name, "")) for name in dict.fromkeys(joined)]
    found |= _keys(free, {*found.values(), *spare}, named, book)
    rest = {key: one for key, one in free.items() if one not in (*found.values(), *spare)}
    over = [*spare, *(rest[key] for key in _left_out(rest, free, book)), *unclear]
    problems = [_unclear(file, one, places) for one, places in unclear.items()]
    if not any(row.item in book.items for row in named):
        unused = tuple(one for one in rest.values() if one not in over)
        clear = {place for places in unclear.values() for place in places} | set(found)
        problems += [
            _missing(file, place, unused, book) for place in _lacking(wanted, clear, book, cycle)
        ]
    columns = [
        SourceColumn(name, option, cycle, respondents, one, 0)
        for (name, option), one in found.items()
    ]
    return Recognised(tuple(columns), tuple(dict.fromkeys(over)), tuple(problems))


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _wanted(
    book: Codebook, named: Iterable[SourceColumn], cycle: str, respondents: str
) -> tuple[Item, ...]:
    done = {row.item for row in named}
    return tuple(
        item
        for name, item in book.items.items()
        if name not in done and item.is_asked(cycle, respondents)
    )


def _found(
    free: Mapping[str, str], wanted: Iterable[Item], book: Codebook, cycle: str
) -> tuple[dict[Place, str], dict[str, list[Place]]]:
    """The header of each place, the surest one; and headers that name several places."""
    meant: dict[str, dict[int, list[Place]]] = {}
    for item in wanted:
        for place, how, spelling in _spellings(item, book, cycle):
            if _key(spelling) in free:
                places = meant.setdefault(_key(spelling), {}).setdefault(how, [])
                places += [place] if place not in places else []
    found: dict[Place, tuple[int, str]] = {}
    unclear = {}
    for key, ways in meant.items():
        how = min(ways)
        if len(ways[how]) > 1:
            unclear[free[key]] = ways[how]
        elif ways[how][0] not in found or how < found[ways[how][0]][0]:
            found[ways[how][0]] = (how, free[key])
    return {place: one for place, (_, one) in found.items()}, unclear


def _spellings(item: Item, book: Codebook, cycle: str) -> Iterator[tuple[Place, int, str]]:
    """Each way to write a header, what it names, and how sure that is."""
    stems = _stems(item.name, book)
    for stem in stems:
        yield (item.name, ""), BY_NAME, stem
    yield (item.name, ""), BY_LABEL, item.label
    if not item.type.startswith("select_multiple"):
        return
    for option in book.options_in(item.choice_list, cycle):
        place, label = (item.name, option), book.choices[item.choice_list][option]
        for stem in stems:
            for written in ("{}/{}", "{}_{}", "{}.{}", "{}[{}]", "{}___{}"):
                yield place, BY_OPTION, written.format(stem, option)
        for written in ("{}/{}", "{} [{}]", "{}[{}]"):
            yield place, BY_OPTION_LABEL, written.format(item.label, label)


def _stems(name: str, book: Codebook) -> tuple[str, ...]:
    path = book.within.get(name, ())
    return tuple(dict.fromkeys((name, "/".join((*path, name)), "-".join((*path, name)))))


def _keys(
    free: Mapping[str, str], used: set[str], named: Iterable[SourceColumn], book: Codebook
) -> dict[Place, str]:
    """The columns that say who answered, and when."""
    done = {row.item for row in named}
    spellings = {
        RESPONDENT_ID: _stems(RESPONDENT_ID, book),
        SUBMITTED: (*_stems(SUBMITTED, book), *SUBMITTED_HEADERS),
    }
    found = {}
    for key, words in spellings.items():
        there = [free[_key(word)] for word in words if _key(word) in free]
        there = [one for one in there if one not in used]
        if there and key not in done:
            found[key, ""] = there[0]
    return found


def _left_out(rest: Mapping[str, str], free: Mapping[str, str], book: Codebook) -> list[str]:
    """The keys of headers that hold what is no question."""
    known = set(of_a_tool(free))
    for name, label in book.left_out.items():
        path = book.within.get(name, ())
        known |= {_key(one) for one in (*_stems(name, book), label, *parts_of(name, path))}
    return [key for key in rest if key in known]


def _lacking(
    wanted: Iterable[Item], found: set[Place], book: Codebook, cycle: str
) -> Iterator[Place]:
    """What no column holds: items, and options of items of which others have a column."""
    for item in wanted:
        own = {option for name, option in found if name == item.name}
        if not own and item.name != book.settings.response_item:
            yield item.name, ""
        elif own and "" not in own:
            options = book.options_in(item.choice_list, cycle)
            yield from ((item.name, option) for option in options if option not in own)


def _missing(file: str, place: Place, unused: tuple[str, ...], book: Codebook) -> Problem:
    name, option = place
    what = f"option {option!r} of {name!r}" if option else repr(name)
    return Problem(
        f"no column has the name or label of {what}; a row in {book.files['columns.csv']} can say "
        "which one holds it.",
        file=file,
        row=1,
        value=f"{name}/{option}" if option else name,
        allowed=unused,
    )


def _unclear(file: str, header: str, places: Sequence[Place]) -> Problem:
    names = " or ".join(f"{name}/{option}" if option else name for name, option in places)
    message = f"the column could hold {names}; a row in columns can say which."
    return Problem(message, file=file, row=1, column=header, value=header)
