"""A made-up study with exports: five States on a list, NGOs without one, every kind of item."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from studies import CHOICES, CYCLES, SETTINGS, StudyFolder, small_study

from analysis.intake import Cleaned, RawTable, Responses, clean, load_responses, read_raw
from analysis.study import Study, load_study
from analysis.study.exports import Export, exports_of
from analysis.study.roster import roster_of

COLUMNS = "codebook/columns.csv"
VALUE_MAP = "codebook/value_map.csv"
SOURCES = "codebook/sources.csv"

HEADER = "Who|When|Is there a law?|Are there fines?|Audit|Code|Visit|Staff|Remarks".split("|")
ID, WHEN, LAW, FINES, AUDIT, CODE, VISIT, STAFF, REMARKS = HEADER

ITEMS: Mapping[str, Mapping[str, str]] = {
    "took_part": {"type": "select_one yes_no"},
    "law": {"type": "select_one yes_no"},
    "fines": {"type": "select_one yes_no", "relevant": "${law} = 'yes'"},
    "checks": {"type": "select_multiple check"},
    "staff": {"type": "integer"},
    "remarks": {"type": "text"},
}
MAPPED = (
    ("yes_no", "Oui", "yes", "answered in French"),
    ("yes_no", "Да", "yes", "answered in Russian"),
    ("", "Keine Angabe", "dont_know", "German for no statement"),
    ("", "n/a", "not_applicable", "typed so"),
    ("yes_no", "yes and no", "quarantine", "two answers at once"),
    ("selected", "X", "selected", "a cross"),
    ("selected", "0", "not_selected", "how the tool writes it"),
)


@dataclass(frozen=True)
class SurveyFolder:
    """A study folder and its exports; each export is put in with a line in the sources."""

    study: StudyFolder
    is_rehearsal: bool = False

    @property
    def path(self) -> Path:
        return self.study.path

    @property
    def folder(self) -> str:
        return "rehearsal" if self.is_rehearsal else "responses"

    @property
    def sources(self) -> str:
        return "rehearsal/sources.csv" if self.is_rehearsal else SOURCES

    def load(self) -> Study:
        return load_study(self.path / "rehearsal" if self.is_rehearsal else self.path)

    def responses(self) -> Responses:
        loaded = load_responses(self.load())
        assert loaded is not None
        return loaded

    def put(
        self,
        *rows: Sequence[str],
        cycle: str = "b",
        group: str = "states",
        header: Sequence[str] = HEADER,
        content: bytes | None = None,
    ) -> str:
        """Write an export and its line in the sources; returns its name inside the study."""
        name = f"{self.folder}/{group}_{cycle}.csv"
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(as_csv(header, rows) if content is None else content)
        self.register(name, cycle=cycle, group=group)
        return name

    def register(self, name: str, **cells: str) -> None:
        path = self.path / name
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "0" * 64
        self.study.add_row(
            self.sources,
            source=name,
            title="Answers",
            licence="confidential",
            citation="none",
            file=name,
            sha256=digest,
            cycle=cells["cycle"],
            respondents=cells["group"],
        )

    def name_columns(self, header: Sequence[str] = HEADER) -> None:
        """Say which header holds what, in the order of `HEADER`."""
        held = [
            ("respondent_id", ""),
            ("submitted_at", ""),
            ("law", ""),
            ("fines", ""),
            ("checks", "audit"),
            ("checks", "code"),
            ("checks", "visit"),
            ("staff", ""),
            ("remarks", ""),
        ]
        rows = [[*what, "", "", name] for what, name in zip(held, header, strict=True)]
        self.study.write(COLUMNS, ["item option cycle respondents column".split(), *rows])

    def map_values(self, *rows: Sequence[str]) -> None:
        self.study.write(VALUE_MAP, ["list_name raw name reason".split(), *rows])


def survey(
    folder: Path,
    *,
    rule: str = "refuse",
    items: Mapping[str, Mapping[str, str]] | None = None,
    is_rehearsal: bool = False,
) -> SurveyFolder:
    """A study without exports; `rule` says what to do with duplicates."""
    everywhere = {"respondents": "states ngos"}
    questions = {name: {**everywhere, **cells} for name, cells in (items or ITEMS).items()}
    counted: dict[str, Mapping[str, str]] = {
        name: {} for name, cells in questions.items() if cells["type"] == "select_one yes_no"
    }
    study = small_study(folder, eligible=5, items=questions, indicators=counted)
    study.add_row(CHOICES, list_name="respondents", name="ngos", label="NGOs", singular="NGO")
    for name, label in {"audit": "Audits", "code": "A code", "visit": "Visits"}.items():
        study.add_row(CHOICES, list_name="check", name=name, label=label)
    for cycle in ("a", "b"):
        study.add_row(CYCLES, cycle=cycle, respondents="ngos")
    study.add_column(SETTINGS, "duplicate_rule", rule)
    study.add_column(SOURCES, "cycle")
    study.add_column(SOURCES, "respondents")
    made = SurveyFolder(study, is_rehearsal)
    made.name_columns()
    made.map_values(*MAPPED)
    roster = [["respondent_id", "respondents"], *([f"S-{n}", "states"] for n in range(1, 6))]
    if is_rehearsal:
        (study.path / "rehearsal").mkdir()
        study.write("rehearsal/sources.csv", study.read(SOURCES)[:1])
    study.write(f"{'rehearsal' if is_rehearsal else 'codebook'}/respondents.csv", roster)
    return made


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows([header, *rows])
    return stream.getvalue().encode()


def answers(who: str = "S-1", **cells: str) -> list[str]:
    """One submission: everything answered but for the cells given, by name of the constants."""
    given = {
        "id": who,
        "when": "2021-03-01",
        "law": "Yes",
        "fines": "No",
        "audit": "X",
        "code": "",
        "visit": "",
        "staff": "12",
        "remarks": "none",
        **cells,
    }
    assert len(given) == len(HEADER)
    return list(given.values())


@dataclass(frozen=True)
class Read:
    """One export, read and cleaned."""

    raw: RawTable
    export: Export
    cleaned: Cleaned

    def cell(self, line: int, header: str) -> tuple[str, str]:
        """What the clean table has in a cell, and its status."""
        return (
            str(self.cleaned.table.loc[line, header]),
            str(self.cleaned.statuses.loc[line, header]),
        )

    def rule(self, line: int, header: str) -> str:
        """What the ledger says about a cell; empty where it is silent."""
        ledger = self.cleaned.ledger
        rows = ledger[(ledger["row"] == line) & (ledger["column"] == header)]
        assert len(rows) < 2
        return str(rows["rule"].iloc[0]) if len(rows) else ""

    def refused(self) -> list[tuple[object, ...]]:
        """The quarantine as row, column, value, reason."""
        frame = self.cleaned.quarantine[["row", "column", "value", "reason"]]
        return [tuple(row) for row in frame.to_numpy().tolist()]


def read_and_clean(folder: SurveyFolder, number: int = 0) -> Read:
    """Clean one of the exports of a study, whatever is wrong with its answers."""
    study = folder.load()
    export = exports_of(study)[number]
    raw = read_raw(export)
    return Read(raw, export, clean(raw, export, study.codebook, roster_of(study)))


def counts(table: pd.DataFrame) -> dict[tuple[str, ...], int]:
    """How often each answer and status occurs, by everything but the respondent."""
    keys = [name for name in table.columns if name != "respondent_id"]
    return {tuple(key): int(n) for key, n in table.groupby(keys).size().items()}
