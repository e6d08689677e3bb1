"""Exports made up in a line, and the studies that are drafted from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.drafting import Given, init_study
from analysis.intake import Responses, load_responses
from analysis.study import Study, load_study

Columns = Mapping[str, Sequence[str]]
"""An export by its headers: the cells of each column."""

STATES = ("Arland", "Borovia", "Cordia", "Drell", "Elbonia", "Faland", "Gondal", "Hyrule")
"""Made-up respondents, eight of them."""


@dataclass(frozen=True)
class Drafted:
    """A study that was drafted, and what has to be decided about it."""

    path: Path
    todo: Sequence[str]

    def rows(self, table: str) -> list[dict[str, str]]:
        """The rows of a table of the codebook."""
        with (self.path / "codebook" / table).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def types(self) -> dict[str, str]:
        """The type of each question by its name."""
        return {row["name"]: row["type"] for row in self.rows("survey.csv")}

    def options(self, list_name: str) -> list[str]:
        """The labels of a list in their order."""
        rows = self.rows("choices.csv")
        return [row["label"] for row in rows if row["list_name"] == list_name]

    def columns(self) -> list[tuple[str, str, str]]:
        """What is said of each column: item, option and header."""
        return [(row["item"], row["option"], row["column"]) for row in self.rows("columns.csv")]

    def mapped(self) -> set[tuple[str, str, str]]:
        """The value map as list, spelling and meaning."""
        rows = self.rows("value_map.csv")
        return {(row["list_name"], row["raw"], row["name"]) for row in rows}

    def decisions(self, title: str) -> list[str]:
        """What has to be decided under a heading that has these words in it; none without it."""
        (place,) = [n for n, line in enumerate(self.todo) if line[:3] == "## " and title in line]
        rest = self.todo[place + 1 :]
        ends = [n for n, line in enumerate(rest) if line.startswith("## ")]
        return [
            line.removeprefix("- [ ] ")
            for line in rest[: ends[0] if ends else None]
            if line.startswith("- [ ] ")
        ]

    def load(self) -> Study:
        return load_study(self.path)

    @cached_property
    def responses(self) -> Responses:
        loaded = load_responses(self.load())
        assert loaded is not None
        return loaded

    def values(self, item: str, option: str = "") -> list[str]:
        """The answers to a question in the order of the respondents, with statuses for blanks."""
        table = self.responses.table
        own = table[(table["item"] == item) & (table["option"] == option)]
        return list(own["value"].where(own["status"] == "answered", own["status"]))


def as_csv(columns: Columns) -> bytes:
    """An export as a survey tool writes it."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([list(columns), *zip(*columns.values(), strict=True)])
    return stream.getvalue().encode()


def written(folder: Path, name: str, columns: Columns) -> Path:
    """Write an export and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(as_csv(columns))
    return path


def drafted(folder: Path, *exports: Columns, groups: Sequence[str] = ("States",)) -> Drafted:
    """Draft a study: an export a cycle (2015, 2020, ...), or a group where several are given."""
    given = []
    for number, columns in enumerate(exports):
        cycle = f"{2015 + 5 * number // len(groups)}"
        group = groups[number % len(groups)]
        path = written(folder / "exports", f"{group}_{cycle}.csv", columns)
        given.append(Given(path, cycle, group))
    todo = init_study(folder / "study", given)
    return Drafted(folder / "study", todo)


def of_states(**columns: Sequence[str]) -> dict[str, Sequence[str]]:
    """An export of the eight made-up States with these questions."""
    return {"Country": STATES, **columns}
