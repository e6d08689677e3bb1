"""What a person must decide before a drafted codebook can be trusted, most important first."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.drafting import doubts, option_doubts, row_doubts
from analysis.drafting.cells import Sheet
from analysis.drafting.draft import Draft
from analysis.drafting.keys import Keys
from analysis.drafting.questions import Question
from analysis.drafting.same import PROPOSALS
from analysis.drafting.tables import NOT_STATED, READINGS, TITLE, offered_in
from analysis.drafting.text import listed_quotes, quoted
from analysis.drafting.topics import Topic, named, placed
from analysis.problems import listed, nearest, several

SHOWN = 8
"""So many options of a question are told one by one."""

LONG = 140
"""Texts that have to be compared are shown up to this length."""


def todo_of(draft: Draft) -> Sequence[Topic]:
    """Return the decisions by topic, without those that have none."""
    topics = (
        doubts.invented(draft),
        _respondents(draft),
        row_doubts.countries(draft),
        row_doubts.unfinished(draft),
        row_doubts.weights(draft),
        doubts.numbers_for_missing(draft),
        doubts.numbers_as_codes(draft),
        _comparability(draft),
        _near(draft),
        _options_of_one_cycle(draft),
        _eligible(draft),
        _licences(draft),
        _readings(draft),
        doubts.missing_words(draft),
        doubts.spread(draft),
        doubts.separated(draft),
        doubts.not_numbers(draft),
        option_doubts.spellings(draft),
        option_doubts.other_only(draft),
        option_doubts.exclusive(draft),
        doubts.put_to_part(draft),
        doubts.scales(draft),
        option_doubts.unordered(draft),
        doubts.free_text(draft),
        doubts.ignored(draft),
        doubts.formulas(draft),
        _names(draft),
    )
    return [topic for topic in topics if topic.lines]


def _respondents(draft: Draft) -> Topic:
    return Topic(
        "Who answered?",
        "A change is told of single respondents only where an id means the same one in every "
        "cycle. `columns.csv` names the column as `respondent_id`; `has_ids` in `sources.csv` says "
        "whether there is one.",
        [_who(sheet, draft.keys[sheet.export.name], len(draft.cycles)) for sheet in draft.sheets],
    )


def _who(sheet: Sheet, keys: Keys, n_cycles: int) -> str:
    where = placed(sheet.place)
    if keys.who is None:
        return f"{where}: no column seems to say who answered, so `has_ids` is no. Right?"
    header = quoted(keys.who.header)
    if keys.doubt:
        return f"{where}: {header} is left out and not used as an id, because {keys.doubt}. Right?"
    line = f"{where}: is {header} the same respondent in every cycle?"
    if n_cycles > 1:
        line += f" {several(keys.n_shared, 'id stands', 'ids stand')} in another cycle too."
    if keys.n_repeated:
        line += (
            f" {several(keys.n_repeated, 'row repeats', 'rows repeat')} an id: remove them, or "
            "set `duplicate_rule` in `settings.csv`."
        )
    return line


def _comparability(draft: Draft) -> Topic:
    return Topic(
        "Is it the same question in every cycle?",
        "Say so in `comparability` of `survey.csv`: identical, equivalent or changed; "
        "`comparability` of `settings.csv` holds for all that say nothing. Until then no change is "
        "computed.",
        [
            f"{named(one, draft)} in {listed(one.cycles)}"
            + (
                ". The header is a number only: compare the wording in both questionnaires."
                if one.is_bare_code
                else ""
            )
            for one in draft.questions
            if len(one.cycles) > 1 and draft.words[one]
        ],
    )


def _near(draft: Draft) -> Topic:
    return Topic(
        "Are these the same question in other words?",
        f"They are kept apart. Write `yes` into `{PROPOSALS}` where they are the same, and draft "
        f"once more into a new folder: `analysis init … --same {PROPOSALS}`.",
        [
            f"{match.similarity:.0%} alike{', same code' if match.has_same_code else ''}: "
            f"{named(match.first, draft, longest=LONG)} in {listed(match.first.cycles)} and "
            f"{named(match.second, draft, longest=LONG)} in {listed(match.second.cycles)}"
            for match in draft.matches
        ],
    )


def _options_of_one_cycle(draft: Draft) -> Topic:
    used: dict[str, list[Question]] = {}
    for question, one in draft.lists.items():
        used.setdefault(one.name, []).append(question)
    lines = []
    for one in dict.fromkeys(draft.lists.values()):
        told = []
        for option in one.options.values():
            cycles = offered_in(option, one, draft)
            if cycles:
                others = [o.label for o in one.options.values() if not o.places & option.places]
                alike = nearest(option.label, others)
                told.append(
                    f"{quoted(option.label, longest=40)} in {listed(cycles)}"
                    + (f" (like {quoted(alike, longest=40)}?)" if alike else "")
                )
        if told:
            names = listed_quotes([draft.names[question] for question in used[one.name]], most=3)
            rest = f"; {len(told) - SHOWN} more in `choices.csv`" if len(told) > SHOWN else ""
            lines.append(f"{names}: {'; '.join(told[:SHOWN])}{rest}")
    return Topic(
        "Could these options be chosen in one cycle only?",
        "`offered` in `choices.csv` says so, because no other cycle shows them; empty it where "
        "they could. Two spellings of one option: delete one and map it in `value_map.csv`.",
        lines,
    )


def _eligible(draft: Draft) -> Topic:
    return Topic(
        "How many could have answered?",
        "Fill `eligible` in `cycles.csv`; leave it empty where nobody can know.",
        [
            f"{placed(sheet.place)}: {several(len(sheet.raw.table), 'row')} came back"
            for sheet in draft.sheets
        ],
    )


def _licences(draft: Draft) -> Topic:
    return Topic(
        "Under which licence or agreement may the answers be used, and how are they cited?",
        f"`licence` and `citation` in `sources.csv` are “{NOT_STATED}”.",
        [placed(sheet.place) for sheet in draft.sheets],
    )


def _readings(draft: Draft) -> Topic:
    lines = []
    for sheet in draft.sheets:
        said = {name: str(getattr(sheet.export.reading, name) or "") for name in READINGS}
        told = [f"{name} {quoted(word)}" for name, word in said.items() if word]
        lines += [f"{placed(sheet.place)}: {listed(told)}"] if told else []
        lines += [
            f"{placed(sheet.place)}: the sheet {quoted(other)} of {quoted(sheet.export.path.name)} "
            "has something in it too and is not read. Are these answers of the survey? Then draft "
            "once more into a new folder, with `--sheet`; for several sheets name the file once "
            "for each, with `--sheet` and `--cycle` for each."
            for other in sheet.other_sheets
        ]
    return Topic(
        "Were the files read as they were meant?",
        "The columns of this name in `sources.csv` say how; they are guessed from the content.",
        lines,
    )


def _names(draft: Draft) -> Topic:
    groups = [f"What is one of {quoted(label)} called?" for label in draft.groups.values()]
    return Topic(
        "What are things called?",
        "`form_title` in `settings.csv`, `singular` in `choices.csv`.",
        [f"What is the survey called? So far it is “{TITLE}”.", *groups],
    )
