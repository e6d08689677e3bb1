"""What a spelling means for a question: an option, a status, a number, or nothing known."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from analysis.intake.answers import (
    BLANK,
    LABEL,
    NO_ANSWER,
    REFUSED,
    VALUE_MAP,
    Meaning,
    respelled,
)
from analysis.intake.kinds import RANK, WHOLE, hint, kept, said, same_answer
from analysis.intake.spelling import folded, trimmed
from analysis.problems import Problem
from analysis.study.codebook import Codebook, Item, Mapped
from analysis.study.vocabulary import (
    ANSWERED,
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    RANKED_AT,
    SELECTED,
    SELECTED_LIST,
    TEXT,
)

UNMAPPED = "no option, label or value map has this spelling"


@dataclass(frozen=True)
class Word:
    """One spelling that is known: the option or status it means, and who says so."""

    spelling: str
    name: str
    mapping: Mapped | None = None


@dataclass(frozen=True)
class Vocabulary:
    """All spellings known for one column.

    Attributes
    ----------
    words : by what all spellings of a word have in common; see `same_answer`.
    kind : the type of a question without options, or `RANK`; else empty.
    most : the last rank that there is.
    problems : spellings that would mean two things.
    """

    words: Mapping[str, Word]
    kind: str = ""
    most: int = 0
    problems: tuple[Problem, ...] = field(default=())

    @property
    def allowed(self) -> tuple[str, ...]:
        """What an answer may be, for messages."""
        words = [word for word in self.words.values() if word.name != QUARANTINE]
        spellings = tuple(word.spelling for word in words)
        return (said(self.kind), *spellings) if self.kind else spellings

    def word(self, cell: str) -> Word | None:
        """Return the word that a cell spells, if it is a known one."""
        return self.words.get(same_answer(self.kind, cell))

    def meaning(self, cell: str) -> Meaning:
        """Return what a cell with this spelling means."""
        text = trimmed(cell)
        if not text:
            return Meaning(cell, NO_ANSWER, NO_ANSWER, BLANK.format(status=NO_ANSWER))
        word = self.word(cell)
        if word is not None:
            return meaning_of(cell, word)
        own = kept(self.kind, text) if self.kind else None
        if own is not None and not (self.most and int(own.text) > self.most):
            return Meaning(cell, own.text, rule=own.rule or respelled(cell, own.text))
        return unexplained(cell)

    def hint(self, cell: str) -> str:
        """Return what a cell that is not known may be, as a sentence; mostly nothing."""
        return hint(self.kind, trimmed(cell))


def vocabulary(item: Item, option: str, book: Codebook) -> Vocabulary:
    """Return the spellings known for the column of an item (for one option, if it is spread).

    Names and labels of the options and the rows of the value map for their list stand side by
    side; a spelling that would mean two things among them is a problem. Rows of the value map for
    any list fill in what these leave open. Of a question without options, the value map can say
    which number or date a spelling means; there it names the item. A column that stands for one
    option is also answered by the name or the label of that option; one of a ranking, by its rank
    or as not selected.
    """
    choices = book.choices.get(item.choice_list, {})
    is_whole = not option or RANKED_AT.fullmatch(option) is not None
    is_rank = not is_whole and item.type.startswith(RANK)
    lists = [item.choice_list] if is_whole else [item.choice_list, SELECTED_LIST]
    labels = [(label, name) for name, label in book.choices.get(SELECTED_LIST, {}).items()]
    if is_whole:
        meant = {name: name for name in choices}
        named = [*meant.items(), *((label, name) for name, label in choices.items())]
    elif is_rank:
        meant = {NOT_SELECTED: NOT_SELECTED}
        named = [*meant.items(), *(one for one in labels if one[1] in meant)]
    else:
        meant = {option: SELECTED, SELECTED: SELECTED, NOT_SELECTED: NOT_SELECTED}
        named = [*meant.items(), (choices[option], SELECTED), *labels]
    meant |= {name: name for name in (*MISSING, QUARANTINE)}
    own = [Word(spelling, name) for spelling, name in named]
    own += _mapped(book, lambda row: bool(row.list_name) and row.list_name in lists, meant)
    anywhere = list(_mapped(book, lambda row: not row.list_name, meant))
    kind = "" if item.choice_list else item.type.partition(" ")[0]
    answered, wrong = _mapped_answers(kind, item, book) if kind not in ("", TEXT) else ([], [])
    kind = RANK if is_rank else kind
    first, clashes = _by_spelling([*own, *answered], kind, item, book)
    rest, more = _by_spelling(anywhere, kind, item, book)
    return Vocabulary(
        words=first | {key: rest[key] for key in rest if key not in first},
        kind=kind,
        most=len(choices) if is_rank else 0,
        problems=(*wrong, *clashes, *more),
    )


def _mapped(
    book: Codebook, test: Callable[[Mapped], bool], meant: Mapping[str, str]
) -> Iterator[Word]:
    """The rows of the value map that pass a test and name something that the column can hold."""
    for row in book.value_map:
        if test(row) and row.name in meant:
            yield Word(row.raw, meant[row.name], row)


def _mapped_answers(kind: str, item: Item, book: Codebook) -> tuple[list[Word], list[Problem]]:
    """The rows of the value map for an item without options: a number, or why there is none."""
    words, problems = [], []
    for row in book.value_map:
        if row.list_name != item.name:
            continue
        answer = row.name if row.name in (*MISSING, QUARANTINE) else None
        own = kept(kind, row.name)
        if answer is None and own is not None:
            answer = own.text
        if answer is not None:
            words.append(Word(row.raw, answer, row))
            continue
        problems.append(
            Problem(
                f"the item {item.name!r} cannot be answered so.",
                file=book.files["value_map.csv"],
                row=row.row,
                column="name",
                value=row.name,
                allowed=(said(kind), *MISSING, QUARANTINE),
            )
        )
    return words, problems


def _by_spelling(
    words: list[Word], kind: str, item: Item, book: Codebook
) -> tuple[dict[str, Word], list[Problem]]:
    found: dict[str, Word] = {}
    problems = []
    for word in words:
        first = found.setdefault(same_answer(kind, word.spelling), word)
        if first.name == word.name:
            continue
        table = "value_map.csv" if word.mapping else "choices.csv"
        problems.append(
            Problem(
                f"the same spelling already means {first.name!r} in the list {item.choice_list!r}.",
                file=book.files[table],
                row=word.mapping.row if word.mapping else None,
                column="raw" if word.mapping else "label",
                value=word.spelling,
            )
        )
    return found, problems


def is_superfluous(row: Mapped, book: Codebook) -> bool:
    """Tell whether a row of the value map says what the name or the label of an option says."""
    options = [book.choices.get(row.list_name, {})] if row.list_name else book.choices.values()
    labels = [one[row.name] for one in options if row.name in one]
    said = {same_answer("", text) for label in labels for text in (label, row.name)}
    return same_answer("", row.raw) in said


def meaning_of(cell: str, word: Word) -> Meaning:
    """Return the meaning of a cell that a word explains."""
    name, mapping = word.name, word.mapping
    if mapping is not None and name == QUARANTINE:
        rule = REFUSED.format(reason=mapping.reason)
        return Meaning(cell, NO_ANSWER, NO_ANSWER, rule, mapping.reason, (mapping,))
    status = name if name in MISSING else ANSWERED
    if mapping is not None:
        rule = VALUE_MAP.format(reason=mapping.reason)
    else:
        rule = respelled(cell, name) if folded(cell) == folded(name) else LABEL
        # The name of an option is found otherwise only where it is a number.
        rule = WHOLE if rule == LABEL and word.spelling == name else rule
    mappings = () if mapping is None else (mapping,)
    return Meaning(cell, name, status, rule if cell != name else "", mappings=mappings)


def no_answer_if(missing: Collection[str], meaning: Meaning) -> Meaning:
    """Return the meaning of a cell, which is no answer where the file declares its value missing.

    Only the value map can say otherwise, and why there is none.
    """
    if meaning.before not in missing or meaning.is_blank or meaning.mappings:
        return meaning
    return replace(unexplained(meaning.before), is_unmapped=False, is_declared_missing=True)


def unexplained(cell: str, unknown: tuple[str, ...] = ()) -> Meaning:
    """Return the meaning of a cell that nothing explains, or some parts of it."""
    rule = REFUSED.format(reason=UNMAPPED)
    return Meaning(cell, NO_ANSWER, NO_ANSWER, rule, UNMAPPED, is_unmapped=True, unknown=unknown)
