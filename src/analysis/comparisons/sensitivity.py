"""Whether the verdict on a change hangs on the base, on the silent ones, or on the blanks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.comparisons.words import NOT_COMPARABLE, silent_in, verdict_of
from analysis.frames import Row, is_missing, records
from analysis.indicators import is_from_responses, unknown_answers
from analysis.statistics import change_bounds, no_loss_bounds
from analysis.study.codebook import Codebook

COLUMNS = (
    "indicator",
    "respondents",
    "cycle_from",
    "cycle_to",
    "view",
    "assumption",
    "change_low",
    "change_high",
    "unit",
    "verdict",
    "reason",
    "evidence",
)

DENOMINATOR, SILENT, BLANKS, NO_LOSS = "denominator", "silent", "blanks", "no_loss"
RESPONDENTS, POINTS = "respondents", "points"

NO_ONE_LOST = "no {one} lost it: laws are rarely repealed"

View = dict[str, Any]


def sensitivity(
    table: pd.DataFrame,
    totals: pd.DataFrame,
    counts: pd.DataFrame,
    panel: pd.DataFrame,
    book: Codebook,
) -> pd.DataFrame:
    """Return every change under each way to read what is not known.

    Parameters
    ----------
    table : the comparison table.
    totals, counts, panel : see `analysis.results.Results`.

    Returns
    -------
    DataFrame
        One row for each view of each change that has bounds and an exact later count:
        `COLUMNS`. ``view`` is ``denominator`` (``change_*`` in points of a share), ``silent``,
        ``blanks`` or ``no_loss`` (in respondents); ``assumption`` says what is supposed,
        ``verdict`` what follows then. ``reason`` says why a view has no numbers.
    """
    ends = {(r["indicator"], r["respondents"], r["cycle"]): r for r in records(totals)}
    bases: dict[tuple[str, str, str], dict[str, Row]] = {}
    for row in records(counts):
        key = (row["indicator"], row["respondents"], row["cycle"])
        bases.setdefault(key, {})[row["denominator"]] = row
    moves = {
        (r["indicator"], r["respondents"], r["cycle_from"], r["cycle_to"]): r
        for r in records(panel)
    }
    rows = []
    for change in records(table[table["change_low"].notna() & table["count_to"].notna()]):
        name, group = change["indicator"], change["respondents"]
        keys = [(name, group, change["cycle_from"]), (name, group, change["cycle_to"])]
        shared = {key: change[key] for key in COLUMNS[:4]}
        evidence = "derived" if change["evidence"] == "published" else change["evidence"]
        move = moves.get((name, group, change["cycle_from"], change["cycle_to"]))
        if move is not None and move["is_routed"]:
            continue
        for view in (
            *_by_denominator(change, [bases[key] for key in keys], book),
            *_by_silence(change),
            *_by_blanks(change, [ends[key] for key in keys], book),
            _if_nobody_lost_it(change, move, book),
        ):
            rows.append({**shared, "evidence": evidence, "reason": "", **view})
    found = pd.DataFrame(rows, columns=list(COLUMNS))
    return found.astype({"change_low": "float64", "change_high": "float64"})


def _counts(change: Row) -> tuple[int, int, int]:
    """The lowest and highest earlier count, and the later one."""
    return int(change["count_from_low"]), int(change["count_from_high"]), int(change["count_to"])


def _population(change: Row, book: Codebook) -> int:
    return book.eligible[change["cycle_to"], change["respondents"]] or 0


def _seen(low: float, high: float, unit: str = RESPONDENTS) -> View:
    return {
        "change_low": low,
        "change_high": high,
        "unit": unit,
        "verdict": verdict_of(low, high),
    }


def _by_denominator(change: Row, ends: list[Mapping[str, Row]], book: Codebook) -> Iterator[View]:
    """The change in points over each base that both cycles can be put over."""
    words = {
        "participating": f"a share of all {_population(change, book)}",
        "responding": "a share of those that took part",
        "answering": "a share of those that answered the question",
    }
    for name in dict.fromkeys([*words, *ends[0], *ends[1]]):
        bases = [end.get(name) for end in ends]
        if name not in words and not all(bases):
            continue
        phrase = book.indicators[name].phrase if name in book.indicators else name
        supposed = words.get(name, f"a share of those that {phrase}")
        shared = {"view": DENOMINATOR, "assumption": supposed}
        sizes = [0 if not base or is_missing(base["nobs"]) else int(base["nobs"]) for base in bases]
        if not all(sizes):
            reasons = [str(base["reason"]) for base in bases if base and base["reason"]]
            yield {
                **shared,
                "verdict": NOT_COMPARABLE,
                "reason": reasons[0] if reasons else "the base is not known",
            }
            continue
        least, most, later = _counts(change)
        low, high = (100 * (later / sizes[1] - count / sizes[0]) for count in (most, least))
        yield {**shared, **_seen(low, high, POINTS)}


def _by_silence(change: Row) -> Iterator[View]:
    """The change among all, for some answers that the silent ones may have had."""
    least, most, later = _counts(change)
    silent = silent_in(change)
    shared = {"view": SILENT}
    who = "those without an answer"
    yield {**shared, "assumption": f"{who} meant no", **_seen(later - most, later - least)}
    more = silent[1] - silent[0]
    yield {
        **shared,
        "assumption": f"{who} meant yes",
        **_seen(later - most + more, later - least + more),
    }
    sizes = [int(change[name]) for name in ("settled_from", "settled_to")]
    if all(sizes):
        population = sizes[1] + silent[1]
        low, high = (population * (later / sizes[1] - count / sizes[0]) for count in (most, least))
        yield {**shared, "assumption": f"{who} are like the others", **_seen(low, high)}
    bounds = _seen(int(change["change_low"]), int(change["change_high"]))
    yield {**shared, "assumption": f"{who} may have meant either", **bounds}


def _by_blanks(change: Row, ends: list[Row], book: Codebook) -> Iterator[View]:
    """The change among all, for some numbers of blanks among those that took part."""
    if all(is_from_responses(end) for end in ends):
        blanks = [unknown_answers(end) for end in ends]
        reason = f"{blanks[0]} and {blanks[1]} blanks are known and counted in the bounds"
        yield {
            "view": BLANKS,
            "assumption": "each blank may have meant either",
            **_seen(int(change["change_low"]), int(change["change_high"])),
            "reason": reason,
        }
        return
    tipping = int(change["tipping_point"])
    if tipping:
        yield {
            "view": BLANKS,
            "assumption": f"up to {tipping - 1} of those not counted as yes left it blank"
            if tipping > 1
            else "nobody left it blank",
            **_seen(*_with_blanks(change, tipping - 1, book)),
        }
        yield {
            "view": BLANKS,
            "assumption": f"{tipping} of those not counted as yes left it blank",
            **_seen(*_with_blanks(change, tipping, book)),
        }
    yield {
        "view": BLANKS,
        "assumption": "everybody not counted as yes left it blank",
        **_seen(*_with_blanks(change, None, book)),
    }


def _with_blanks(change: Row, blanks: int | None, book: Codebook) -> tuple[int, int]:
    """Bounds when so many blanks stand where they do most harm; None for as many as can be."""
    least, most, later = _counts(change)
    population = _population(change, book)
    n1, n2 = int(change["nobs_from"]), int(change["nobs_to"])
    low, high = [], []
    for count in (least, most):
        for first, second in ((blanks, 0), (0, blanks)) if blanks is not None else ((None, None),):
            size1 = count if first is None else max(n1 - first, count)
            size2 = later if second is None else max(n2 - second, later)
            ends = change_bounds(count, size1, later, size2, population=population)
            low.append(ends[0])
            high.append(ends[1])
    return int(np.min(low)), int(np.max(high))


def _if_nobody_lost_it(change: Row, move: Row | None, book: Codebook) -> View:
    """What the assumption adds that nobody moved from yes to no."""
    one = book.respondents[change["respondents"]].singular
    shared = {"view": NO_LOSS, "assumption": NO_ONE_LOST.format(one=one)}
    if change["n_not_applicable_from"] or change["n_not_applicable_to"]:
        reason = "the question did not apply to some, which is neither lost nor kept"
        return {**shared, "verdict": NOT_COMPARABLE, "reason": reason}
    if move is not None and move["n_paired"]:
        if move["lost"]:
            reason = f"it does not hold: {move['lost']} lost it"
            return {**shared, "verdict": NOT_COMPARABLE, "reason": reason}
        more = move["only_to_yes"] + move["only_from_no"] + move["n_open_both"]
        return {**shared, **_seen(int(move["gained"]), int(move["gained"] + more))}
    least, most, later = _counts(change)
    margins = int(change["nobs_from"]), later, int(change["nobs_to"])
    found = []
    for count in range(least, most + 1):
        try:
            found.append(no_loss_bounds(count, *margins, population=_population(change, book)))
        except ValueError:
            continue
    if not found:
        reason = "it does not hold: somebody must have lost it"
        return {**shared, "verdict": NOT_COMPARABLE, "reason": reason}
    return {**shared, **_seen(min(low for low, _ in found), max(high for _, high in found))}
