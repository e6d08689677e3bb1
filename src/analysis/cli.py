"""The `analysis` command: reads the command line, calls the library, prints what came out.

Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from analysis.problems import InputError, nearest

if TYPE_CHECKING:
    from analysis.report.outcome import Outcome

DISTRIBUTION = "thb-survey-report"
BAD_INPUT = 2
INTERRUPTED = 130

Command = TypeVar("Command", bound=Callable[..., Any])


class Suggesting(click.Group):
    """A group of commands that answers an unknown one with the nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first argument names."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = self.list_commands(ctx)
            close = nearest(args[0], names)
            hint = f" Did you mean {close!r}?" if close else f" There are: {', '.join(names)}."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


def study_option(command: Command) -> Command:
    """Add `--study` to a command."""
    return click.option(
        "--study",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder of another study; without it, the study of this project.",
    )(command)


def output_option(command: Command) -> Command:
    """Add `--output` to a command."""
    return click.option(
        "--output",
        type=click.Path(path_type=Path, file_okay=False),
        help="Folder for results; without it, they go beside the study.",
    )(command)


@click.group(
    cls=Suggesting,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: analysis build",
)
@click.version_option(package_name=DISTRIBUTION, prog_name="analysis")
def main() -> None:
    """Turn a survey of two or more cycles into a report that rebuilds itself."""


@main.command(
    "build",
    epilog="""\b
    Examples:
      analysis build
      analysis build prevention children
      analysis build 01_prevention -p level=0.9
      analysis build --study my_survey --output results
      analysis build --rehearse""",
)
@click.argument("sections", metavar="[SECTION]...", nargs=-1)
@study_option
@output_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Sections that run at the same time; without it, one for each processor.",
)
@click.option(
    "-p",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="Set a parameter of the sections; may be given several times.",
)
@click.option(
    "--rehearse",
    is_flag=True,
    help="Build on invented answers, into reports/rehearsal, marked SYNTHETIC all over.",
)
def build_command(
    sections: tuple[str, ...],
    study: Path | None,
    output: Path | None,
    jobs: int | None,
    parameters: tuple[str, ...],
    rehearse: bool,
) -> None:
    """Build the report, or the SECTIONs named: run the notebooks, write HTML and an index."""
    given = _pairs(parameters)
    with _told_problems():
        from analysis.study import load_study

        loaded = load_study(study, output=output, rehearse=rehearse)
        pages = loaded.pages_named(sections)

        from analysis.report.build import build
        from analysis.report.progress import Shown

        with Shown(len(pages)) as progress:
            result = build(loaded, pages, given, jobs=jobs, progress=progress)
    for line in _summary(result.outcomes):
        click.echo(line)
    click.echo(result.index)
    if not result.is_ok:
        sys.exit(1)


@main.command("data", epilog="Example: analysis data --study my_survey")
@study_option
@output_option
def data_command(study: Path | None, output: Path | None) -> None:
    """Write the computed tables of a study as CSV."""
    with _told_problems():
        from analysis.processed import write_tables
        from analysis.study import load_study

        files = write_tables(load_study(study, output=output))
    for file in files:
        click.echo(file)


@main.command(
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
    overlap = _whole_numbers(_pairs(overlaps, "--overlap"), "--overlap")
    with _told_problems():
        from analysis.study import load_study
        from analysis.synthetic import Inputs, synthesize

        inputs = Inputs(overlap=overlap)
        files = synthesize(load_study(study), inputs, seed=seed, persistence=persistence)
    for file in files:
        click.echo(file)


@main.command(
    "check",
    epilog="""\b
    Examples:
      analysis check
      analysis check --study my_survey
      analysis check --source document.txt""",
)
@study_option
@click.option(
    "--source",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Text of the source document: look up every figure as it is printed.",
)
def check_command(study: Path | None, source: Path | None) -> None:
    """Check codebook, findings and responses of a study and name every problem."""
    with _told_problems():
        from analysis.results import compute_results
        from analysis.study import load_study

        loaded = load_study(study)
        results = compute_results(loaded)
        if source is not None:
            from analysis.published import check_source

            problems = check_source(loaded, source)
            if problems:
                raise InputError(problems)
    book = loaded.codebook
    counted = (
        f"{len(results.findings)} findings, {len(book.items)} items, "
        f"{len(book.indicators)} indicators"
    )
    if results.responses is not None:
        counted += f", {len(results.responses.table)} answers"
    looked_up = " Every figure stands in the source document." if source else ""
    click.echo(f"ok: {counted}, {len(loaded.pages)} pages.{looked_up}")


def _pairs(parameters: Sequence[str], option: str = "-p") -> dict[str, str]:
    """Split NAME=VALUE; a name given twice is a mistake, not an update."""
    pairs: dict[str, str] = {}
    for text in parameters:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{text!r} does not read NAME=VALUE.", param_hint=option)
        if name in pairs:
            raise click.BadParameter(f"{name!r} is given twice.", param_hint=option)
        pairs[name] = value
    return pairs


def _whole_numbers(pairs: Mapping[str, str], option: str) -> dict[str, int]:
    for name, value in pairs.items():
        if not value.isdecimal():
            message = f"{name}={value}: {value!r} is not a whole number from 0."
            raise click.BadParameter(message, param_hint=option)
    return {name: int(value) for name, value in pairs.items()}


def _summary(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line a section, and what to do about those that failed."""
    width = max((len(one.title) for one in outcomes), default=0)
    for one in outcomes:
        yield f"{one.title:{width}}  {'ok' if one.is_ok else 'FAILED'}"
        if one.error is not None:
            yield from (f"    {line}" for line in str(one.error).splitlines())
    failed = [one.page for one in outcomes if not one.is_ok]
    if failed:
        yield f"{len(failed)} of {len(outcomes)} failed; earlier versions of these are unchanged."
        yield f"Once it is mended: analysis build {' '.join(failed)}"


@contextmanager
def _told_problems() -> Iterator[None]:
    """Tell a person what is wrong with the input, without a traceback."""
    try:
        yield
    except InputError as error:
        click.echo(
            f"Error: {error}" if str(error).count("\n") == 0 else f"Errors:\n{error}", err=True
        )
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        click.echo("Interrupted; the report is as it was before.", err=True)
        sys.exit(INTERRUPTED)
