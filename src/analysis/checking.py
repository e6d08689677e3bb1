"""Everything that is wrong, or may be, with a study: gathered, and told by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.frames import records
from analysis.intake import Responses, load_responses
from analysis.intake.matching import is_superfluous
from analysis.problems import ERROR, NOTE, WARNING, InputError, Problem, printable, several
from analysis.published import check_source, load_findings
from analysis.results import Results, compute_results
from analysis.study import Study


def checked(study: Study, source: Path | None = None) -> tuple[list[Problem], str]:
    """Return every problem of a study whose codebook is right.

    Parameters
    ----------
    source : text of the source document, in which every printed figure is looked up.

    Returns
    -------
    list of Problem, str
        Findings and responses are both looked at, whatever is wrong with the other. What the study
        holds, in words; empty where a problem keeps it from being computed.
    """
    problems = [Problem(note, severity=NOTE) for note in study.codebook.notes]
    results: Results | None = None
    try:
        results = compute_results(study)
    except InputError as error:
        problems += error.problems
        # What stopped the computation may hide what is wrong elsewhere.
        for load in (load_findings, load_responses):
            problems += _problems_of(load, study)
    if source is not None and results is not None:
        problems += check_source(study, source)
    if results is None:
        return problems, ""
    book = study.codebook
    counted = [
        several(len(results.findings), "finding", "findings"),
        several(len(book.items), "item", "items"),
        several(len(book.indicators), "indicator", "indicators"),
    ]
    if results.responses is not None:
        problems += _doubts(study, results.responses)
        counted.append(several(len(results.responses.table), "answer", "answers"))
    counted.append(several(len(study.pages), "page", "pages"))
    return problems, ", ".join(counted)


def _problems_of(load: Callable[[Study], object], study: Study) -> Sequence[Problem]:
    try:
        load(study)
    except InputError as error:
        return error.problems
    return ()


def _doubts(study: Study, responses: Responses) -> Iterator[Problem]:
    """What may be a mistake in the responses: mappings without use, answers that are refused."""
    for row in responses.unused:
        message = "no answer in the exports is spelled so."
        if is_superfluous(row, study.codebook):
            message = f"choices says already that this spelling means {row.name!r}; the row can go."
        file = study.codebook.files["value_map.csv"]
        yield Problem(
            message, file=file, row=row.row, column="raw", value=row.raw, severity=WARNING
        )
    refused = responses.quarantine
    for _, rows in refused.groupby(["file", "column", "reason"], sort=False):
        first = records(rows)[0]
        more = f" {len(rows) - 1} more for the same reason." if len(rows) > 1 else ""
        yield Problem(
            f"refused: {first['reason']}.{more}",
            file=first["file"],
            row=int(first["row"]),
            column=first["column"],
            value=first["value"],
            severity=WARNING,
        )


def by_file(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the problems as lines: the name of a file, what is wrong in it, how many there are."""
    file: str | None = None
    for problem in problems:
        if problem.file != file:
            file = problem.file
            yield printable(file) or "the study"
        kind = "" if problem.severity == ERROR else f"{problem.severity}: "
        yield f"  {kind}{problem.text}"
    counts = [
        several(sum(problem.severity == severity for problem in problems), one, many)
        for severity, one, many in (
            (ERROR, "problem to mend", "problems to mend"),
            (WARNING, "warning", "warnings"),
            (NOTE, "note", "notes"),
        )
    ]
    if problems:
        yield f"{', '.join(counts)}."
