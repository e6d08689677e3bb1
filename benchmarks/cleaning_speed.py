"""Cleaning beside a plain pandas loop that gives the same answers: time and memory for each size.

    python benchmarks/cleaning_speed.py --respondents 250 2500 25000

Each size is a survey of 200 questions in two cycles, so 25 000 respondents are 10 million answers.
A question is yes or no, a scale of five, or put only to those that said yes to another one; cells
have capitals, outer spaces, answers in French, *don't know* and blanks. The loop goes over the
columns, as one would write it for this survey alone. Statuses, clean cells and ledger of both are
compared cell by cell before anything is printed. Every line is measured in a process of its own,
one after the other; memory is the peak of the process, without what the imports take.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.intake import RawTable, clean, load_responses, read_raw
from analysis.study import load_study
from analysis.study.exports import exports_of, roster_of

CYCLES = ("2016", "2020")
ITEMS = 200
SCALE = ("never", "rarely", "sometimes", "often", "always")
SPELLED = ("Yes", "no", " yes", "No", "Oui", "Don't know", "")
HOW_OFTEN = (0.3, 0.3, 0.1, 0.1, 0.05, 0.05, 0.1)
MAP = {"oui": ("yes", "French"), "don't know": ("dont_know", "as the form has it")}
LINE = "{:>10}{:>13}{:>10}{:>10}{:>9}{:>13}{:>12}\n"
SEED = 20220101


class Done(NamedTuple):
    """What cleaning one export gives: clean cells, statuses and ledger."""

    table: pd.DataFrame
    statuses: pd.DataFrame
    ledger: pd.DataFrame


def main() -> None:
    """Print a line for each size, or measure one of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--respondents", type=int, nargs="+", default=[250, 2500, 25_000])
    parser.add_argument("--measure", choices=[*WAYS, "same"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        _measure(given.measure, given.folder)
        return
    head = ("answers", "us an answer", "loop", "ratio", "whole", "MB: ours", "loop")
    sys.stdout.write(LINE.format(*head))
    for respondents in given.respondents:
        with tempfile.TemporaryDirectory() as folder:
            _write_study(Path(folder), respondents)
            _child("same", folder)
            figures = {way: _child(way, folder) for way in WAYS}
        answers = respondents * ITEMS * len(CYCLES)
        ours, loop, whole = (figures[way][0] / answers * 1e6 for way in WAYS)
        sys.stdout.write(
            LINE.format(
                f"{answers:,}",
                f"{ours:.2f}",
                f"{loop:.2f}",
                f"{ours / loop:.2f}",
                f"{whole:.2f}",
                f"{figures['ours'][1]:.0f}",
                f"{figures['loop'][1]:.0f}",
            )
        )
        sys.stdout.flush()
    sys.stdout.write(
        "\nmicroseconds an answer: reading and cleaning; ratio is ours to the loop; whole is "
        "everything\nup to the table of all answers, which the loop does not make.\n"
    )


def _child(what: str, folder: str) -> tuple[float, float]:
    """Seconds, and megabytes at the peak, of one way in a process of its own."""
    command = [sys.executable, __file__, "--measure", what, "--folder", folder]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(told[0]), float(told[1])


def _measure(what: str, folder: Path) -> None:
    if what == "same":
        for mine, other in zip(_by_library(folder), _by_loop(folder), strict=True):
            for one, two in zip(mine, other, strict=True):
                pd.testing.assert_frame_equal(one, two, check_index_type=False)
        sys.stdout.write("0 0\n")
        return
    before = _peak()
    begin = time.perf_counter()
    WAYS[what](folder)
    sys.stdout.write(f"{time.perf_counter() - begin} {_peak() - before}\n")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _by_library(folder: Path) -> list[Done]:
    study = load_study(folder)
    found = []
    for export in exports_of(study):
        raw: RawTable = read_raw(export)
        cleaned = clean(raw, export, study.codebook, roster_of(study))
        assert not cleaned.problems
        found.append(Done(cleaned.table, cleaned.statuses, cleaned.ledger))
    return found


def _whole(folder: Path) -> pd.DataFrame:
    responses = load_responses(load_study(folder))
    assert responses is not None
    return responses.table


def _by_loop(folder: Path) -> list[Done]:
    """The same for this one survey, column by column."""
    return [_looped(folder, f"responses/{cycle}.csv") for cycle in CYCLES]


def _looped(folder: Path, file: str) -> Done:
    raw = pd.read_csv(folder / file, dtype=str, keep_default_na=False)
    raw.index = pd.RangeIndex(2, len(raw) + 2, name="row")
    clean_cells, statuses, parts = {"respondent_id": raw["respondent_id"]}, {}, []
    for place, name in enumerate(raw.columns[1:], start=1):
        cells = raw[name]
        text = cells.str.strip()
        key = text.str.casefold()
        after = key.replace({spelling: word for spelling, (word, _) in MAP.items()})
        is_blank = text == ""
        is_unsure = after == "dont_know"
        status = pd.Series("answered", index=cells.index, dtype="str")
        status = status.mask(is_unsure, "dont_know").mask(is_blank, "no_answer")
        rule = pd.Series("letter case or Unicode form", index=cells.index, dtype="str")
        rule = rule.mask(text != cells, "outer spaces")
        for spelling, (_, reason) in MAP.items():
            rule = rule.mask(key == spelling, f"value map: {reason}")
        if kind_of(place - 1) == "routed":
            not_asked = clean_cells[f"q{place - 2}"] != "yes"
            status = status.mask(not_asked, "not_asked")
        after = after.mask(is_blank, status)
        rule = rule.mask(is_blank, "blank: " + status)
        changed = after != cells
        parts.append(
            pd.DataFrame(
                {
                    "row": cells.index[changed],
                    "place": place,
                    "column": name,
                    "before": cells[changed].to_numpy(),
                    "after": after[changed].to_numpy(),
                    "rule": rule[changed].to_numpy(),
                }
            )
        )
        clean_cells[name], statuses[name] = after, status
    ledger = pd.concat(parts, ignore_index=True)
    ledger = ledger.sort_values(["row", "place"], ignore_index=True).drop(columns="place")
    ledger.insert(0, "file", file)
    texts = ["file", "column", "before", "after", "rule"]
    return Done(
        pd.DataFrame(clean_cells),
        pd.DataFrame(statuses),
        ledger.astype(dict.fromkeys(texts, "str")),
    )


WAYS: dict[str, Callable[[Path], object]] = {
    "ours": _by_library,
    "loop": _by_loop,
    "whole": _whole,
}


def kind_of(number: int) -> str:
    """What kind of question stands at a place: each third is a scale or hangs on the one before."""
    return ("yes_no", "routed", "scale")[number % 3]


def _write_study(folder: Path, respondents: int) -> None:
    (folder / "codebook").mkdir()
    (folder / "responses").mkdir()
    types = {"yes_no": "select_one yes_no", "routed": "select_one yes_no", "scale": "select_one of"}
    _write(
        folder / "codebook/survey.csv",
        "type name label relevant asked".split(),
        [
            (
                types[kind_of(number)],
                f"q{number}",
                f"Question {number}",
                f"${{q{number - 1}}} = 'yes'" if kind_of(number) == "routed" else "",
                " ".join(CYCLES),
            )
            for number in range(ITEMS)
        ],
    )
    options = [("yes_no", word, word.title()) for word in ("yes", "no")]
    options += [("of", word, word) for word in SCALE]
    _write(folder / "codebook/choices.csv", "list_name name label".split(), options)
    _write(folder / "codebook/cycles.csv", ["cycle"], [[cycle] for cycle in CYCLES])
    mapped = [("", raw, name, reason) for raw, (name, reason) in MAP.items()]
    _write(folder / "codebook/value_map.csv", "list_name raw name reason".split(), mapped)
    rng = np.random.default_rng(SEED)
    sources = []
    for cycle in CYCLES:
        path = folder / f"responses/{cycle}.csv"
        _answers(rng, respondents).to_csv(path, index=False)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        file = f"responses/{cycle}.csv"
        sources.append((cycle, cycle, "none", "none", file, digest, cycle, "respondents"))
    header = "source title licence citation file sha256 cycle respondents".split()
    _write(folder / "codebook/sources.csv", header, sources)


def _answers(rng: np.random.Generator, respondents: int) -> pd.DataFrame:
    columns = {"respondent_id": np.array([f"R{n}" for n in range(respondents)], dtype=object)}
    for number in range(ITEMS):
        kind = kind_of(number)
        words = SCALE if kind == "scale" else SPELLED
        often = None if kind == "scale" else HOW_OFTEN
        cells = rng.choice(np.array(words, dtype=object), respondents, p=often)
        if kind == "routed":
            asked = [str(one).strip().casefold() for one in columns[f"q{number - 1}"]]
            cells = np.where(np.isin(asked, ["yes", "oui"]), cells, "")
        columns[f"q{number}"] = cells
    return pd.DataFrame(columns)


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *rows])


if __name__ == "__main__":
    main()
