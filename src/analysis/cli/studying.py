"""The commands that begin, check and compute a study."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import click

from analysis.cli.shared import (
    EXIT_CODES,
    TO_MEND,
    output_option,
    pairs,
    study_option,
    told_problems,
)
from analysis.problems import ERROR, NOTE, InputError, Problem, check_choice, worst_first

Said = TypeVar("Said", str, int)


@click.command(
    "init",
    epilog="""\b
    Examples:
      analysis init answers_2019.csv answers_2024.csv --study my_survey
      analysis init a.csv b.csv --cycle 2019 --cycle 2024 --study my_survey
      analysis init a.csv b.csv --cycle 2024 --cycle 2024 \\
          --respondents States --respondents NGOs --study my_survey
      analysis init a.xlsx b.xlsx --sheet Data --skip-rows 1 --header-rows 2 --study my_survey
      analysis init a.csv b.csv --same my_survey/same_questions.csv --study my_survey_2""",
)
@click.argument(
    "exports",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--study",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the new study; it must not hold a codebook yet.",
)
@click.option(
    "--cycle",
    "cycles",
    metavar="NAME",
    multiple=True,
    help="Cycle of a file, once for each file in their order; without it, the name of the file.",
)
@click.option(
    "--respondents",
    "groups",
    metavar="NAME",
    multiple=True,
    help="Who answered: once for all files, or once for each file in their order.",
)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Encoding of the files that are text and not UTF-8, such as windows-1252.",
)
@click.option(
    "--sheet",
    "sheets",
    metavar="NAME",
    multiple=True,
    help="Sheet of a workbook: once for all workbooks, or once for each file in their order.",
)
@click.option(
    "--skip-rows",
    metavar="N",
    multiple=True,
    type=click.IntRange(0, 10),
    help="Rows above the header: once for all files, or once for each file in their order.",
)
@click.option(
    "--header-rows",
    metavar="N",
    multiple=True,
    type=click.IntRange(1, 10),
    help="Rows of the header: once for all files, or once for each file in their order.",
)
@click.option(
    "--same",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="same_questions.csv of an earlier draft, with yes where two questions are the same.",
)
def init_command(
    exports: tuple[Path, ...],
    study: Path,
    cycles: tuple[str, ...],
    groups: tuple[str, ...],
    encoding: str,
    sheets: tuple[str, ...],
    skip_rows: tuple[int, ...],
    header_rows: tuple[int, ...],
    same: Path | None,
) -> None:
    """Draft a study from exports of a survey tool, one FILE a cycle and group.

    Guesses a codebook, copies the exports into the study and writes TODO.md: what a person must
    decide, the most important first. Nothing is overwritten.
    """
    cycles = cycles or tuple(_cycle_of(path) for path in exports)
    number = len(exports)
    if len(cycles) != number:
        raise _not_one_each("--cycle", "names", len(cycles), number)
    groups = _for_each("--respondents", groups or ("Respondents",), number)
    readings = zip(
        _for_each("--sheet", sheets or ("",), number),
        _for_each("--header-rows", header_rows or (0,), number, "numbers"),
        _for_each("--skip-rows", skip_rows or (0,), number, "numbers"),
        strict=True,
    )
    with told_problems():
        from analysis.drafting import Given, init_study
        from analysis.study.reading import ENCODINGS, Reading

        if encoding:
            check_choice("--encoding", encoding, ENCODINGS)

        read = [
            Reading(sheet=sheet, header_rows=rows, skip_rows=above)
            for sheet, rows, above in readings
        ]
        given = [Given(*one) for one in zip(exports, cycles, groups, read, strict=True)]
        lines = init_study(study, given, encoding=encoding, same=same)
    for line in lines:
        click.echo(line)
    click.echo(f"\nThe study is in {study}. Next: analysis check --study {study}")


def _for_each(
    option: str, said: tuple[Said, ...], number: int, what: str = "names"
) -> tuple[Said, ...]:
    """What an option says of each file; said once, it holds for all."""
    said = said * number if len(said) == 1 else said
    if len(said) != number:
        raise _not_one_each(option, what, len(said), number)
    return said


def _not_one_each(option: str, what: str, said: int, number: int) -> click.BadParameter:
    message = f"{said} {what} for {number} files; one for each is needed."
    return click.BadParameter(message, param_hint=option)


def _cycle_of(path: Path) -> str:
    """The name of a file as the name of a cycle: without spaces, a letter or digit first."""
    return re.sub(r"[^\w.-]+", "_", path.stem).lstrip("_.-") or "cycle"


@click.command(
    "check",
    epilog=f"""\b
    Examples:
      analysis check
      analysis check --study my_survey
      analysis check --study my_survey --json
      analysis check --source document.txt

    {EXIT_CODES}""",
)
@study_option
@click.option(
    "--source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Text of the source document: look up every figure as it is printed.",
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object on standard output: ok, and problems with file, row, column, "
    "value, allowed, nearest, message and severity (error, warning or note).",
)
def check_command(study: Path | None, source: Path | None, as_json: bool) -> None:
    """Check codebook, findings and responses of a study and name every problem.

    The worst come first: files and columns that are missing, then names that nothing declares,
    then answers. Warnings and notes need no mending.
    """
    with told_problems():
        from analysis.study import load_study

        problems, counted = [], ""
        try:
            loaded = load_study(study)
        except InputError as error:
            if not any(problem.file for problem in error.problems):
                raise
            note = "Findings and exports are looked at once the codebook is right."
            problems = [*error.problems, Problem(note, severity=NOTE)]
        else:
            from analysis.checking import checked

            problems, counted = checked(loaded, source)
    problems = worst_first(problems)
    is_ok = all(problem.severity != ERROR for problem in problems)
    if as_json:
        found = {"ok": is_ok, "problems": [problem.as_record for problem in problems]}
        click.echo(json.dumps(found, indent=2))
    else:
        from analysis.checking import by_file

        for line in by_file(problems):
            click.echo(line, err=True)
        if is_ok:
            looked_up = " Every figure stands in the source document." if source else ""
            click.echo(f"ok: {counted}.{looked_up}")
    if not is_ok:
        sys.exit(TO_MEND)


@click.command(
    "data",
    epilog="""\b
    Examples:
      analysis data --study my_survey
      analysis data --study my_survey --dry-run""",
)
@study_option
@output_option
@click.option(
    "--dry-run",
    is_flag=True,
    help="Write nothing; show what cleaning would change and refuse in the exports.",
)
def data_command(study: Path | None, output: Path | None, dry_run: bool) -> None:
    """Write the computed tables of a study as CSV."""
    if dry_run:
        _preview(study)
        return
    with told_problems():
        from analysis.processed import write_tables
        from analysis.study import load_study

        files = write_tables(load_study(study, output=output))
    for file in files:
        click.echo(file)


def _preview(study: Path | None) -> None:
    """Show what cleaning would do."""
    with told_problems():
        from analysis.drafting import preview_of
        from analysis.study import load_study

        preview = preview_of(load_study(study))
    if preview is None:
        click.echo("The study has no exports, so there is nothing to clean.")
        return
    for line in preview.lines:
        click.echo(line)
    if preview.problems:
        message = "The answers cannot be used yet: analysis check names what keeps them from it."
        click.echo(message, err=True)
        sys.exit(TO_MEND)


@click.command(
    "synthesize",
    epilog="""\b
    Examples:
      analysis synthesize
      analysis synthesize --seed 7 --persistence 0.6
      analysis synthesize --study my_survey --overlap farms=30""",
)
@study_option
@click.option("--seed", type=int, help="Start of the random numbers.")
@click.option(
    "--persistence",
    type=float,
    help="Share of an answer's givers that give it again in the next cycle, from 0 to 1.",
)
@click.option(
    "--overlap",
    "overlaps",
    multiple=True,
    metavar="GROUP=N",
    help="How many of a group answer in one cycle and in the next; once for each group.",
)
def synthesize_command(
    study: Path | None, seed: int | None, persistence: float | None, overlaps: tuple[str, ...]
) -> None:
    """Write invented answers that give every printed count, to rehearse the report.

    They go to the folder `rehearsal` of the study, marked SYNTHETIC; `invented.csv` there lists
    what the source does not say.
    """
    overlap = _whole_numbers(pairs(overlaps, "--overlap"), "--overlap")
    with told_problems():
        from analysis.study import load_study
        from analysis.synthetic import Inputs, synthesize

        inputs = Inputs(overlap=overlap)
        files = synthesize(load_study(study), inputs, seed=seed, persistence=persistence)
    for file in files:
        click.echo(file)


def _whole_numbers(pairs: Mapping[str, str], option: str) -> dict[str, int]:
    for name, value in pairs.items():
        if not value.isdecimal():
            message = f"{name}={value}: {value!r} is not a whole number from 0."
            raise click.BadParameter(message, param_hint=option)
    return {name: int(value) for name, value in pairs.items()}
