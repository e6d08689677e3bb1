"""The command that begins a study, from exports of a survey tool."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import click

from analysis.cli.shared import told_problems
from analysis.problems import check_choice

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
    type=click.IntRange(0, 100),
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
