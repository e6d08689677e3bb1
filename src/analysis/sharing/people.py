"""Looks for what one respondent said, and for lists of who they are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.intake import Responses
from analysis.problems import Problem
from analysis.sharing.opening import Report, Rows
from analysis.sharing.spots import Spot
from analysis.study import Codebook

TEXT = "text"
SHORTEST_TEXT, SHORTEST_ID = 8, 3
"""So long is what can be recognised wherever it stands: shorter texts and ids are also words."""

FEWEST_WORDS, FEWEST_IN_SENTENCE = 2, 4

MOST_IDS = 2
"""So many respondents may stand in one column, or in one block of words that the study has not."""

ID_HEADINGS = re.compile(r"respondent(_id)?|(respondent )?id|name|state|country", re.IGNORECASE)


@dataclass(frozen=True)
class People:
    """The respondents of a study and what they wrote.

    Attributes
    ----------
    ids : what the answers call each of them.
    texts : answers in words of their own.
    own_words : what codebook and findings say; a name in there is not one that answers gave away.
    """

    ids: frozenset[str]
    texts: frozenset[str]
    own_words: str

    @cached_property
    def known(self) -> frozenset[str]:
        """Ids that are found wherever they stand: no plain number, nothing that is too short."""
        return frozenset(
            one for one in self.ids if len(one) >= SHORTEST_ID and not re.fullmatch(r"[\d.,]+", one)
        )

    @cached_property
    def telling(self) -> frozenset[str]:
        """Those of them that are no words of the study itself."""
        words = _any_of(self.known)
        own = set(words.findall(self.own_words)) if words else set()
        return self.known - own


def people_of(responses: Responses | None, book: Codebook, own_words: str) -> People:
    """Return the respondents of a study; nobody where it has no answers."""
    if responses is None:
        return People(frozenset(), frozenset(), own_words)
    table = responses.table
    keyless = responses.without_key
    groups = zip(table["respondents"], table["cycle"], strict=True)
    has_key = [pair not in keyless for pair in groups]
    ids = {_plain(one) for one in table.loc[has_key, "respondent_id"].unique()}
    own = [name for name, item in book.items.items() if item.type == TEXT]
    written = _texts(table.loc[table["item"].isin(own), "value"], FEWEST_WORDS)
    # Of what cleaning changed or refused, most are spellings of options; a sentence is none.
    for cells in (responses.quarantine["value"], responses.ledger["before"]):
        written |= _texts(cells, FEWEST_IN_SENTENCE)
    known = _plain(own_words)
    texts = frozenset(one for one in written if one not in known)
    return People(frozenset(ids - {""}), texts, known)


def _texts(cells: Iterable[object], fewest: int) -> set[str]:
    plain = {_plain(one) for one in cells if isinstance(one, str)}
    return {one for one in plain if len(one) >= SHORTEST_TEXT and len(one.split()) >= fewest}


def about_people(report: Report, spots: Iterable[Spot], people: People) -> Iterator[Problem]:
    """Yield every text that names a respondent or repeats an answer, and every list of them."""
    for file, rows in report.tables.items():
        yield from _lists(file, rows, people.ids)
    ids = _any_of(people.known)
    texts = sorted(people.texts)
    for spot in spots:
        text = _plain(spot.text)
        found = dict.fromkeys(ids.findall(text)) if ids else {}
        telling = next((one for one in found if one in people.telling), None)
        if telling:
            yield spot.problem("a respondent is named here.", telling)
        elif len(found) > MOST_IDS and text not in people.own_words:
            yield spot.problem(f"a list of {len(found)} respondents stands here.", text[:40])
        repeated = next((one for one in texts if one in text), None)
        if repeated:
            yield spot.problem("an answer that a respondent wrote stands here.", repeated[:40])


def _lists(file: str, rows: Rows, ids: frozenset[str]) -> Iterator[Problem]:
    """Yield each column in which several respondents stand, one a row."""
    header = rows[0] if rows else []
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for number, row in enumerate(rows[1:], start=2):
        for place, cell in enumerate(row):
            if _plain(cell) in ids:
                found[place].setdefault(_plain(cell), number)
    for place, known in found.items():
        name = header[place] if place < len(header) else ""
        are_numbers = all(re.fullmatch(r"[\d.,]+", one) for one in known)
        if len(known) > MOST_IDS and (not are_numbers or ID_HEADINGS.fullmatch(name)):
            message = f"a list of respondents: {len(known)} of them stand in this column."
            yield Problem(message, file=file, row=min(known.values()), column=name)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds any of these as words of their own."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    pattern = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)") if pattern else None


def _plain(text: object) -> str:
    """A text without what writing it elsewhere may change: case and spaces."""
    return " ".join(str(text).split()).casefold()
