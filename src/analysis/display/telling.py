"""What is told of indicators: picks the words that fit what is known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.comparisons.words import NOT_COMPARABLE
from analysis.display.changes import ASSERTED, change_sentence
from analysis.display.fits import fits_of, percentage_of
from analysis.display.rows import over_denominator, printed_rows
from analysis.display.scene import Scene
from analysis.display.sentences import (
    as_sentence,
    count_sentence,
    range_sentence,
    share_sentence,
    turnout_sentence,
)
from analysis.display.statements import Headlines, Sentence, Sentences
from analysis.frames import Row, first, is_missing, records


def tell(scene: Scene, names: Sequence[str]) -> Sentences:
    """Say what is reported on indicators and what can be said about a change.

    A reason why none of them is compared is said once.
    """
    told = [_told(scene, name) for name in names]
    reasons = {reason for _, reason in told}
    if len(told) > 1 and len(reasons) == 1 and (shared := reasons.pop()):
        return Sentences((*(sentence for sentence, _ in told), Sentence(shared, "", ())))
    asserted = [Sentence(ASSERTED, "", ())] * _is_asserted(scene, names)
    return Sentences((*(sentence.adding(reason) for sentence, reason in told), *asserted))


def _is_asserted(scene: Scene, names: Sequence[str]) -> bool:
    """Whether a change is told that nobody but the source says can be computed."""
    told = scene.comparisons[scene.comparisons["indicator"].isin(names)]
    return bool((told["comparability"] == "asserted_by_source").any())


def who_answered(scene: Scene) -> Sentences:
    """Say how many took part in each cycle, and how many can have done so both times."""
    cycles = [c for c in (scene.choices.baseline, scene.choices.cycle) if c in scene.took_part]
    text = turnout_sentence(
        {cycle: scene.took_part[cycle] for cycle in cycles},
        scene.eligible,
        scene.book.respondents[scene.choices.respondents],
    )
    own = [
        first(printed_rows(scene.printed, scene.book, replace(scene.choices, cycle=cycle), [name]))
        for cycle in cycles
        for name in [scene.book.response_indicator]
    ]
    is_print = any(row["evidence"] == "published" for row in own)
    evidence = "derived" if is_print else own[0]["evidence"] if own else ""
    return Sentences((as_sentence(text, evidence, " ".join(row["finding_ids"] for row in own)),))


def headlines(
    scene: Scene,
    told: Sequence[str],
    compared: Sequence[str],
    *,
    answered: Sequence[dict[str, object]] = (),
    limits: Sequence[str] = (),
) -> Headlines:
    """Return what the index page shows of a section.

    Parameters
    ----------
    told : the indicators that are told.
    compared : the indicators whose changes are listed, where they have one.
    answered : who took part, for the page that tells it.
    limits : what the report cannot tell.
    """
    changes = tuple(
        _change(scene, row)
        for row in records(scene.comparisons)
        if row["indicator"] in compared and row["verdict"] != NOT_COMPARABLE
    )
    return Headlines(tell(scene, told).sentences, changes, tuple(answered), tuple(limits))


def _change(scene: Scene, row: Row) -> dict[str, object]:
    numbers = (
        *("count_from", "count_to", "change_low", "change_high"),
        *("count_from_low", "count_from_high", "tipping_point"),
    )
    return {
        "indicator": scene.book.indicators[row["indicator"]].label,
        "text": change_sentence(row, scene.book, scene.eligible),
        **{name: None if is_missing(row[name]) else int(row[name]) for name in numbers},
        **{name: row[name] for name in ("cycle_from", "cycle_to", "verdict", "evidence")},
        "findings": row["finding_ids"].split(),
    }


def _told(scene: Scene, name: str) -> tuple[Sentence, str]:
    """What is said of an indicator, and apart from it why no change is."""
    label = scene.book.indicators[name].label
    if scene.choices.respondents not in scene.book.item_of(name).respondents:
        return Sentence(f"{label}: not a question to {scene.noun}.", "", ()), ""
    row = first(scene.comparisons[scene.comparisons["indicator"] == name])
    record = first(printed_rows(scene.printed, scene.book, scene.choices, [name]))
    texts, ids, evidence, reason = [], "", "", ""
    if record:
        texts.append(_count(scene, name, record))
        ids, evidence = record["finding_ids"], record["evidence"]
    else:
        texts.append(f"{label}: no count of {scene.choices.cycle} is printed.")
    if row:
        change = change_sentence(row, scene.book, scene.eligible)
        ids = f"{ids} {row['finding_ids']}"
        if row["verdict"] == NOT_COMPARABLE:
            reason = change
            evidence = evidence or ("published" if row["finding_ids"] else "")
        else:
            texts.append(change)
            evidence = row["evidence"]
    return as_sentence(" ".join(texts), evidence, " ".join(dict.fromkeys(ids.split()))), reason


def _count(scene: Scene, name: str, record: Row) -> str:
    """The count over the chosen denominator, or what the print allows where there is none."""
    row = over_denominator(scene.counts, name, scene.choices)
    said = count_sentence(row, scene.book, scene.turnout, scene.eligible)
    if said:
        return said
    quotes = scene.findings.set_index("finding_id")["as_printed"]
    quote = str(quotes[record["finding_ids"].split()[0]])
    if record["kind"] == "count":
        return range_sentence(record, scene.book, quote)
    bases = [scene.eligible or 0, scene.turnout or 0]
    fits = [str(fit) for fit in fits_of(record, scene.findings, bases, most=bases[-1])]
    is_loose = percentage_of(record, scene.findings) is None
    return share_sentence(row, scene.book, quote, fits, is_loose=is_loose)
