"""What the `changes` command does: opens two reports, compares them, writes what differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.changes.compared import compare
from analysis.changes.page import as_json, as_page, summary
from analysis.files import replace_file
from analysis.problems import InputError, Problem
from analysis.sharing.opening import Report, open_report

PAGE = "changes.html"
MOST_TOLD = 4


def write_changes(
    old: Path, new: Path, *, output: Path | None = None, as_data: Path | None = None
) -> Iterator[str]:
    """Compare two reports and yield what there is to say about it.

    Parameters
    ----------
    old, new : reports folders or bundles.
    output : file for the page; without it, `changes.html` in the working folder.
    as_data : file for the same as JSON.

    Raises
    ------
    InputError
        When one of them is no report, or they say nothing about each other; nothing is written
        then.
    """
    before, after = open_report(old), open_report(new)
    check_pair(before, after)
    stamp = after.study["stamp"]
    output = output or Path(f"{stamp}{'_' if stamp else ''}{PAGE}")
    files = [file for file in (output, as_data) if file]
    for file in files:
        if stamp and stamp not in file.name:
            message = f"the answers behind these reports are invented; a name with {stamp} says so."
            raise InputError(Problem(message, value=file.name))
    found = compare(before, after)
    for file, text in zip(files, (as_page(found), as_json(found)), strict=False):
        replace_file(file, text.encode())
    yield summary(found)
    for cause, told in found.causes.items():
        more = [f"{len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        yield f"  {cause}: {'; '.join([*told[:MOST_TOLD], *more])}"
    yield from map(str, files)


def check_pair(old: Report, new: Report) -> None:
    """Refuse two reports that say nothing about each other.

    Raises
    ------
    InputError
        When one rests on invented answers and the other does not, or they are of two studies.
    """
    if bool(old.study["stamp"]) != bool(new.study["stamp"]):
        which = "first" if old.study["stamp"] else "second"
        message = (
            f"the {which} report rests on invented answers and the other one does not; a number "
            "of the one says nothing about a number of the other."
        )
        raise InputError(Problem(message))
    if old.study["id"] != new.study["id"]:
        message = (
            f"these are reports of two studies: {old.study['id']!r} and {new.study['id']!r} "
            "(form_id in the settings)."
        )
        raise InputError(Problem(message))
