"""The commands that check and compute a study."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from analysis.cli.shared import (
    EXIT_CODES,
    TO_MEND,
    output_option,
    pairs,
    study_option,
    told_problems,
)
from analysis.problems import ERROR, NOTE, InputError, Problem, worst_first


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
