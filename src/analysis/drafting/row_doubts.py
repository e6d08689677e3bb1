"""What is uncertain about the rows of an export: whose they are, and whether they were finished."""

from __future__ import annotations

import re

from analysis.drafting.draft import Draft
from analysis.drafting.kinds import DECIMAL, INTEGER
from analysis.drafting.text import quoted, slug
from analysis.drafting.topics import Topic, named, placed
from analysis.problems import several

FINISHED = "submitdate"
"""How the header begins that LimeSurvey leaves blank where a submission was not finished."""

_WEIGHT = re.compile(
    r"(?<![a-zа-я])(?:[adpw]?weights?|weighting|wg?ts?|poids|gewicht(?:e|ung)?|pond[ée]rations?|"
    r"ponderaci[óo]n|ponderazione|fattore di espansione|вес)(?![a-zа-я])",
    re.IGNORECASE,
)


def countries(draft: Draft) -> Topic:
    """Groups whose ids are names of countries."""
    return Topic(
        "Are the respondents countries?",
        "`named` in `choices.csv` says `countries`, so names in six languages and ISO codes match "
        "from cycle to cycle. Other names are problems until `value_map.csv` says who is meant "
        "(`list_name`: `respondent_id`), or all that could have answered are listed in "
        "`respondents.csv`. Empty it if they are something else.",
        [
            f"{quoted(draft.groups[group])}: {known} of {several(number, 'name')} are those of "
            "countries"
            for group, (known, number) in draft.countries.items()
        ],
    )


def unfinished(draft: Draft) -> Topic:
    """Submissions that were begun and not handed in."""
    lines = []
    for sheet in draft.sheets:
        for column in sheet.columns:
            n_rows = len(column.cells)
            n_blank = n_rows - column.n_answers
            if slug(column.header, longest=200).startswith(FINISHED) and 0 < n_blank < n_rows:
                rows = several(n_blank, "row has", "rows have")
                lines.append(
                    f"{placed(sheet.place)}: {rows} no {quoted(column.header)}; to leave them out: "
                    + quoted(f"${{{column.header.strip()}}} != ''")
                )
    return Topic(
        "Did these respondents take part?",
        "Their answers were not handed in, and count like those that were. A condition in `where` "
        "of `sources.csv` leaves them out.",
        lines,
    )


def weights(draft: Draft) -> Topic:
    """Numbers that could say how many people a respondent stands for."""
    return Topic(
        "Is this the weight of a respondent?",
        "Answers are counted, never weighted, so shares are those of who answered. Where a sample "
        "needs weights, they say nothing of the population that it was drawn from. `ignored` in "
        "`columns.csv` leaves the column out.",
        [
            named(question, draft)
            for question, kind in draft.kinds.items()
            if kind.type in (INTEGER, DECIMAL)
            and any(_WEIGHT.search(text) for text in (question.header, question.text))
        ],
    )
