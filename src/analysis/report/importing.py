"""What the `comments import` command does: take comments in, and look up what they are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.problems import InputError, Problem, printable
from analysis.report.comments import (
    COMMENTS,
    comments_on,
    merged,
    read_comments,
    without_place,
    written,
)
from analysis.report.entries import quoted_in, read_entry
from analysis.report.record import read_record
from analysis.study.places import Places


def import_comments(places: Places, file: Path) -> Iterator[str]:
    """Add the comments of a file to those of a study, and yield what there is to say.

    Raises
    ------
    InputError
        With everything that is wrong with the file; nothing is taken in then.
    """
    if places.is_rehearsal:
        raise InputError(Problem("a rehearsal takes no comments; name the study itself."))
    given, before = read_comments(file), comments_on(places)
    found = merged(before, given)
    _store(places.raw / COMMENTS, written(found))
    new = len(found) - len(before)
    already = len(given) - new
    there = f"; {already} {'was' if already == 1 else 'were'} there already" if already else ""
    yield f"{new} comment{'' if new == 1 else 's'} taken in{there}."
    ids = ids_in(places)
    if not ids:
        yield "There is no report yet to look their ids up in."
        return
    for one, close in without_place(given, ids):
        hint = f"; the nearest is {close}" if close else ""
        yield printable(f"The report has no {one.id!r}{hint}. By {one.name or 'nobody named'}.")
    yield "Next: analysis build"


def ids_in(places: Places) -> dict[str, str]:
    """Return every id that can be quoted from the report as it is, with its address."""
    record = read_record(places.reports)
    pages = record.get("outline", [])
    return quoted_in(
        [read_entry(one["page"], one["title"], places.reports, record) for one in pages]
    )


def _store(file: Path, content: bytes) -> None:
    from analysis.files import replace_file

    try:
        replace_file(file, content)
    except OSError as error:
        message = f"the comments cannot be written: {error.strerror}."
        raise InputError(Problem(message, file=COMMENTS)) from None
