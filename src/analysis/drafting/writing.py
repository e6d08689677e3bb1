"""Reads exports to draft a study from, and writes the drafted study: all of it or nothing."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.drafting.cells import Sheet
from analysis.drafting.draft import draft_of
from analysis.drafting.reading import read_export
from analysis.drafting.record import record_of
from analysis.drafting.same import HEADER as SAME_HEADER
from analysis.drafting.same import PROPOSALS, proposals_of, read_pairs
from analysis.drafting.tables import HEADERS, tables_of
from analysis.drafting.text import Names, label_of, slug
from analysis.drafting.todo import todo_of
from analysis.files import sha256
from analysis.intake.marker import is_marked, marker_problems
from analysis.problems import Problem, refuse_any
from analysis.study.exports import Export
from analysis.study.places import CODEBOOK, RESPONSES, WORKBOOK
from analysis.study.reading import LABELLED_ENDINGS, SHEET_ENDINGS, Reading

TODO = "TODO.md"
RECORD = "draft.md"
HEADING = (
    "# To decide before the numbers can be trusted",
    "",
    "Most important first. Delete a line once it is decided. All tables named here lie in "
    "the codebook, and `draft.md` beside them says what each question was taken for, and why.",
)


OPTIONS = {
    "in sources (encoding)": "with --encoding",
    "in sources (sheet)": "with --sheet",
    "of the name that sources declares": "of the name that --sheet says",
}
"""What messages say of ``sources.csv``, and the options of the command that say the same."""

BROKEN_HEADER = ("no header", "header is empty", "twice")
"""What messages say where a row that is not the header, or not all of it, is taken for it."""


@dataclass(frozen=True)
class Given:
    """An export as a person names it: the file, its cycle, and its group of respondents.

    `reading` is what the person says of how to read it; the rest is guessed.
    """

    path: Path
    cycle: str
    respondents: str
    reading: Reading = field(default_factory=Reading)


def init_study(
    folder: Path, exports: Sequence[Given], *, encoding: str = "", same: Path | None = None
) -> Sequence[str]:
    """Draft a study from exports and write it into a folder.

    Parameters
    ----------
    folder : the study to be; made if it is not there. Other files in it stay as they are.
    exports : one or more exports, each of another cycle or group; the cycles come in this order.
    encoding : of those exports that are text and not UTF-8.
    same : the table ``same_questions.csv`` of an earlier draft, filled: which questions are one.

    Returns
    -------
    Sequence of str
        The lines of ``TODO.md``: what a person must decide, the most important first.

    Raises
    ------
    InputError
        The folder has a codebook already or a file of the same name, or ``responses`` in it holds
        other exports; or with everything that is wrong with the exports. Nothing is written then.
    """
    folder = folder.expanduser()
    refuse_any(_misnamed(exports))
    groups = _groups(exports)
    names = _names(exports)
    sheets, problems = _read(exports, names, groups, encoding)
    refuse_any([*_taken(folder, exports, names), *problems])
    draft = draft_of(sheets, groups, read_pairs(same) if same else ())
    topics = [line for topic in todo_of(draft) for line in ("", *topic.text)]
    todo = [*HEADING, *topics]
    tables = tables_of(draft)
    files = {
        f"{CODEBOOK}/{name}": _csv(HEADERS[name], rows).encode() for name, rows in tables.items()
    }
    files[f"{CODEBOOK}/{RECORD}"] = record_of(draft).encode()
    if draft.matches:
        files[PROPOSALS] = _csv(SAME_HEADER, proposals_of(draft.matches)).encode()
    files[TODO] = "".join(f"{line}\n" for line in todo).encode()
    copied = {
        name: one.path
        for name, one in zip(names, exports, strict=True)
        if not (folder / name).exists()
    }
    _write(folder, files, copied)
    return todo


def _misnamed(exports: Sequence[Given]) -> list[Problem]:
    return [
        Problem(
            "the name of a cycle begins with a letter or a digit and has no spaces.",
            column="cycle",
            value=one.cycle,
        )
        for one in exports
        if not one.cycle[:1].isalnum() or any(sign.isspace() for sign in one.cycle)
    ]


def _groups(exports: Sequence[Given]) -> Mapping[str, str]:
    """The label of each group by its name; one in small letters without spaces."""
    labels = list(dict.fromkeys(label_of(one.respondents) for one in exports))
    names = Names()
    return {names.take(slug(label), instead="group"): label for label in labels}


def _names(exports: Sequence[Given]) -> list[str]:
    """What each export is called in the study: as before, with its cycle where two are the same."""
    plain = [one.path.name for one in exports]
    return [
        f"{RESPONSES}/{name if plain.count(name) == 1 else f'{number}_{name}'}"
        for number, name in enumerate(plain, start=1)
    ]


def _read(
    exports: Sequence[Given], names: Sequence[str], groups: Mapping[str, str], encoding: str
) -> tuple[list[Sheet], list[Problem]]:
    by_label = {label: name for name, label in groups.items()}
    sheets, problems, seen = [], [], set()
    for one, name in zip(exports, names, strict=True):
        group = by_label[label_of(one.respondents)]
        if (one.cycle, group) in seen:
            message = (
                f"another file is given as {one.cycle} and {group} too; name their cycles (or "
                "groups) one by one, in the order of the files."
            )
            problems.append(Problem(message, value=one.path.name))
        seen.add((one.cycle, group))
        export = Export(name, one.path, sha256(one.path), one.cycle, group, reading=_said(one))
        export, raw, more, other_sheets = read_export(export, encoding)
        if raw is not None:
            sheets.append(Sheet(export, raw, other_sheets))
        problems += [_as_of_command(problem, one.path.name) for problem in more]
    return sheets, [*problems, *_mixed(sheets)]


def _said(one: Given) -> Reading:
    """What a person says of how to read a file, without what files of its format do not have."""
    ending, said = one.path.suffix.lower(), one.reading
    if ending not in SHEET_ENDINGS:
        said = replace(said, sheet="")
    return replace(said, header_rows=0, skip_rows=0) if ending in LABELLED_ENDINGS else said


def _as_of_command(problem: Problem, file: str) -> Problem:
    """A problem in the words of the command, where there is no ``sources.csv`` yet."""
    message = problem.message
    for words, option in OPTIONS.items():
        message = message.replace(words, option)
    if any(words in message for words in BROKEN_HEADER):
        message += " If the header is further down or has several rows: --skip-rows, --header-rows."
    return replace(problem, file=file, message=message)


def _mixed(sheets: Sequence[Sheet]) -> list[Problem]:
    """What is wrong where some answers are invented and others are not, or not all of a file."""
    is_invented = all(is_marked(sheet.raw) for sheet in sheets)
    return [
        replace(problem, file=sheet.export.path.name)
        for sheet in sheets
        for problem in marker_problems(sheet.raw, is_rehearsal=is_invented)
    ]


def _taken(folder: Path, exports: Sequence[Given], names: Sequence[str]) -> list[Problem]:
    """What stands in the folder already and must not be lost."""
    there = [
        name for name in (CODEBOOK, WORKBOOK, TODO, PROPOSALS) if os.path.lexists(folder / name)
    ]
    problems = [
        Problem(
            f"the folder holds {name} already, and nothing is overwritten. Name another folder, "
            "or move it away."
        )
        for name in there
    ]
    for name, one in zip(names, exports, strict=True):
        is_same = (folder / name).is_file() and sha256(folder / name) == sha256(one.path)
        if os.path.lexists(folder / name) and not is_same:
            problems.append(Problem("the folder holds another file of this name.", value=name))
    found = (path for path in (folder / RESPONSES).glob("**/*") if path.is_file())
    others = sorted(path.relative_to(folder).as_posix() for path in found if path.name[0] != ".")
    return problems + [
        Problem("the folder holds an export that is not among those given.", value=name)
        for name in others
        if name not in names
    ]


def _csv(header: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _write(folder: Path, files: Mapping[str, bytes], copied: Mapping[str, Path]) -> None:
    """Write everything beside the folder, then move it there; what was moved goes if one fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    is_new = not folder.exists()
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as scratch:
        made = Path(scratch) / "made"
        for name, content in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(content)
        for name, path in copied.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, made / name)
        if is_new:
            made.rename(folder)
            return
        (folder / RESPONSES).mkdir(exist_ok=True)
        moved: list[Path] = []
        try:
            # The codebook comes last: where it is there, all of the study is.
            for name in (*copied, *(name for name in files if "/" not in name), CODEBOOK):
                (made / name).rename(folder / name)
                moved.append(folder / name)
        except BaseException:
            for path in moved:
                path.unlink() if path.is_file() else shutil.rmtree(path)
            raise
