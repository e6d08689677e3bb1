"""Does what a page of the documentation says: its commands, and its changes of tables."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.study.schema import KEYS

BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"`(\w+\.csv)`")


@dataclass(frozen=True)
class Step:
    """A command with the output that the page shows, or a change of a table.

    Attributes
    ----------
    command : what is typed; empty for a table.
    shown : the output, ``...`` for what is left out; or the rows of the table.
    table : name of the table; empty for a command.
    """

    command: str
    shown: str
    table: str = ""


def steps(page: str) -> Iterator[Step]:
    """The steps of a page. The last table that is named before some rows is the one they are of."""
    for block in BLOCK.finditer(page):
        if block["kind"] == "console":
            for part in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                yield Step(command, shown)
        elif block["kind"] == "csv":
            yield Step("", block["text"], TABLE.findall(page[: block.start()])[-1])


def run(command: str, folder: Path) -> str:
    """Run a command as it is typed, in a folder, and return all that it prints."""
    words = command.replace("analysis ", f'"{sys.executable}" -m analysis ', 1)
    result = subprocess.run(
        ["bash", "-c", words],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    return result.stdout


def matches(shown: str, printed: str) -> bool:
    """Tell whether an output is as it is shown; ``...`` stands for anything.

    >>> matches("a ... d", "a b c d"), matches("a ... d", "a b")
    (True, False)
    """
    parts = [re.escape(part) for part in shown.strip().split("...")]
    return re.fullmatch(r".*?".join(parts), printed.strip(), re.DOTALL) is not None


def change(codebook: Path, step: Step) -> None:
    """Change the cells that the page shows, find rows by their key, add what is not there."""
    path = codebook / step.table
    shown = list(csv.DictReader(io.StringIO(step.shown)))
    header, rows = list(shown[0]), list[dict[str, str]]()
    if path.exists():
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, header = list(reader), list(reader.fieldnames or ())
    header += [name for name in shown[0] if name not in header]
    keys: Sequence[str] = KEYS.get(step.table, ())
    for new in shown:
        same = [row for row in rows if all(row[key] == new[key] for key in keys)]
        if same:
            same[0].update(new)
        else:
            rows.append(new)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
