"""The lists of options: which questions share one, what each option is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.drafting.cells import Place, Word
from analysis.drafting.kinds import YES_NO, Kind
from analysis.drafting.questions import Question
from analysis.drafting.text import Names, slug
from analysis.drafting.words import MARK_WORDS, MISSING_WORDS, RANKS, YES, word_key
from analysis.intake.spelling import folded
from analysis.study.vocabulary import (
    ANSWERED,
    MISSING,
    NOT_SELECTED,
    QUARANTINE,
    SELECTED,
    SELECTED_LIST,
    UNIT_NONRESPONSE,
)

RESERVED_OPTIONS = (*MISSING, ANSWERED, UNIT_NONRESPONSE, QUARANTINE, SELECTED, NOT_SELECTED)
"""Words with a meaning of their own, which no option can have as its name."""

RESERVED_LISTS = ("respondents", "base", SELECTED_LIST, YES_NO)
"""Names of lists with a meaning of their own."""


@dataclass(eq=False)
class Option:
    """One option of a list.

    Attributes
    ----------
    label : what it is called in words.
    spellings : how exports write it.
    counts : how often it was chosen, by cycle and group, in all questions with this list.
    places : whose exports show that it could be chosen.
    """

    label: str
    spellings: list[str] = field(default_factory=list)
    counts: dict[Place, int] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    name: str = ""

    def take(self, word: Word) -> None:
        """Add what one question shows of this option."""
        known = {folded(spelling) for spelling in self.spellings}
        self.spellings += [one for one in word.spellings if folded(one) not in known]
        for place, number in word.counts.items():
            self.counts[place] = self.counts.get(place, 0) + number
            self.places.add(place)


@dataclass(eq=False)
class ChoiceList:
    """A list of options and whose exports have a question with it.

    `is_several` says that it belongs to questions with several answers.
    """

    name: str
    scale: str
    options: dict[str, Option] = field(default_factory=dict)
    places: set[Place] = field(default_factory=set)
    is_several: bool = False

    def options_of(self, words: Sequence[Word]) -> list[Option]:
        """Return the options that some answers are."""
        return [self.options[folded(word.label)] for word in words]


def lists_of(
    questions: Sequence[Question], kinds: Mapping[Question, Kind], names: Mapping[Question, str]
) -> Mapping[Question, ChoiceList]:
    """Return the list of options of each question that has one.

    Questions share a list where they have the same options; ordered ones, too, where the options
    of one are among those of the other, or where together they make up one scale. All questions
    with yes and no share one list.
    """
    taken = Names(RESERVED_LISTS)
    found: dict[Question, ChoiceList] = {}
    for question in questions:
        kind = kinds[question]
        if question.spread:
            found[question] = _spread_list(question, taken.take(names[question]))
    chosen = [q for q in questions if kinds[q].words and not q.spread]
    shared: dict[Sharing, list[ChoiceList]] = {}
    # A list with more options takes in those with fewer, so it comes first.
    for question in sorted(chosen, key=lambda one: -len(kinds[one].words)):
        kind = kinds[question]
        alike = shared.setdefault(_sharing(kind), [])
        one = _shared(alike, kind)
        if one is None:
            one = ChoiceList("", kind.scale, is_several=bool(kind.separator))
            alike.append(one)
        found[question] = one
        _add(one, question, kind)
    for question in questions:
        own = found.get(question)
        if own is not None and not own.name:
            own.name = YES_NO if own.scale == YES_NO else taken.take(_wanted(own, names[question]))
    for one in dict.fromkeys(found.values()):
        _name_options(one)
    return found


def _wanted(one: ChoiceList, name: str) -> str:
    return one.scale if one.scale and one.scale != "numbers" else name


def _spread_list(question: Question, name: str) -> ChoiceList:
    made = ChoiceList(name, "", places=set(question.places), is_several=True)
    for spread in question.spread:
        option = Option(spread.label)
        for word in spread.words:
            option.take(word)
        option.places |= {column.sheet.place for column in spread.columns}
        made.options[folded(spread.label)] = option
    return made


Sharing = tuple[str, bool, frozenset[str]]
"""What lists have in common that questions may share: the scale, whether they are for several
answers, and without a scale the options."""


def _sharing(kind: Kind) -> Sharing:
    keys = () if kind.scale else (folded(word.label) for word in kind.words)
    return kind.scale, bool(kind.separator), frozenset(keys)


def _shared(lists: Sequence[ChoiceList], kind: Kind) -> ChoiceList | None:
    keys = {folded(word.label) for word in kind.words}
    for one in lists:
        if kind.scale == YES_NO or keys == set(one.options):
            return one
        if kind.scale and (keys <= set(one.options) or _is_one_scale(one, kind)):
            return one
    return None


def _is_one_scale(one: ChoiceList, kind: Kind) -> bool:
    """Whether no step of a scale of words would have two words."""
    if kind.scale not in RANKS:
        return False
    labels = {folded(word.label): word.label for word in kind.words}
    labels |= {key: option.label for key, option in one.options.items()}
    steps = [_step(label, kind.scale) for label in labels.values()]
    return len(set(steps)) == len(steps)


def _step(label: str, scale: str) -> int:
    return RANKS[scale][word_key(label)]


def _add(one: ChoiceList, question: Question, kind: Kind) -> None:
    one.places |= set(question.places)
    if kind.scale == YES_NO:
        one.options.setdefault("yes", Option("Yes", name="yes"))
        one.options.setdefault("no", Option("No", name="no"))
    for word in kind.words:
        key = folded(word.label)
        if kind.scale == YES_NO:
            key = "yes" if word.key in YES or word.key == "1" else "no"
        one.options.setdefault(key, Option(word.label)).take(word)
    if kind.scale in RANKS:
        ordered = sorted(one.options.items(), key=lambda item: _step(item[1].label, kind.scale))
        one.options = dict(ordered)


def _name_options(one: ChoiceList) -> None:
    """Give each option a name that is no label of another, so that a cell means one thing."""
    labels = {folded(option.label) for option in one.options.values()}
    reserved = {*RESERVED_OPTIONS, *MISSING_WORDS, *(MARK_WORDS if one.is_several else ())}
    for option in one.options.values():
        if option.name:
            continue
        others = labels - {folded(option.label)}
        named = (other.name for other in one.options.values() if other.name)
        names = Names([*reserved, *others, *named])
        option.name = names.take(slug(option.label), instead="option")
