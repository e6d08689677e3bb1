"""The commands that build reports, and tell why."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analysis.cli.shared import (
    output_option,
    pairs,
    parameters_option,
    rehearse_option,
    study_option,
    told_problems,
)
from analysis.problems import InputError, Problem


@click.command(
    "build",
    epilog="""\b
    Examples:
      analysis build
      analysis build prevention children
      analysis build 01_prevention -p level=0.9
      analysis build --study my_survey --output results
      analysis build --rehearse
      analysis build --jobs 4 --timeout 900 --memory 2G
      analysis build --sweep bases.csv

    \b
    Exit code when a section failed, by the first of the report that did:
      3    CODE ERROR: a cell raised an error, or shows what a page cannot hold
      4    TIMEOUT: a cell or the section took longer than it may
      5    OUT OF MEMORY: it needed more memory than it may have
      6    CRASH: its kernel died, was killed from outside, or did not start
      7    SKIPPED: the build was stopped before it was reached
      8    BUILD ERROR: its files could not be written
      130  INTERRUPTED by Ctrl-C; 143 by SIGTERM""",
)
@click.argument("sections", metavar="[SECTION]...", nargs=-1)
@study_option
@output_option
@parameters_option
@rehearse_option
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Sections that run at the same time; without it, one for each processor.",
)
@click.option(
    "--cell-timeout",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Longest time for one cell; 600 without it, 0 for no limit.",
)
@click.option(
    "--timeout",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Longest time for one section; 3600 without it, 0 for no limit.",
)
@click.option(
    "--memory",
    metavar="SIZE",
    help="Most memory for the kernel of one section, like 512M; 4G without it, 0 for no limit.",
)
@click.option(
    "--ordinary-kernels",
    is_flag=True,
    help="Start every kernel anew where it would be forked; slower, with the same bytes.",
)
@click.option(
    "--sweep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Build a report for each row of a CSV file of parameters, into reports/sweep.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    default="",
    help="Let a Dask cluster run the sections of a sweep.",
)
@click.option("--pdf", is_flag=True, help="Print the pages as PDF files too; needs Chromium.")
@click.option(
    "--paper",
    type=click.Choice(["A4", "Letter"], case_sensitive=False),
    default="A4",
    help="Paper of the PDF files.",
)
@click.option("--print-folds", is_flag=True, help="Print folded data and code into them as well.")
def build_command(
    sections: tuple[str, ...],
    study: Path | None,
    output: Path | None,
    parameters: tuple[str, ...],
    rehearse: bool,
    jobs: int | None,
    cell_timeout: int | None,
    timeout: int | None,
    memory: str | None,
    ordinary_kernels: bool,
    sweep: Path | None,
    dask: str,
    pdf: bool,
    paper: str,
    print_folds: bool,
) -> None:
    """Build the report, or the SECTIONs named: run the notebooks, write HTML and an index.

    A section runs when its code, its parameters, what it shows of the study, the package or the
    environment has changed; it is written again when only its text or the template has; else it
    is left alone. `analysis why` tells. A section that fails keeps the page it had.

    The columns of a sweep are parameters, and where wanted `name`, `study` and `sections`.
    """
    given = pairs(parameters)
    with told_problems():
        from analysis.report.command import Asked, How, Printing, run_build, run_sweep
        from analysis.report.running.limits import limits_from

        asked = Asked(study, output, sections, given, rehearse)
        limits = limits_from(cell=cell_timeout, page=timeout, memory=memory)
        printing = Printing(paper, print_folds) if pdf else None
        how = How(jobs or 0, limits, ordinary_kernels, printing)
        if sweep is None and not dask:
            code = run_build(asked, how, click.echo)
        elif sweep is None or sections or given:
            text = "a sweep takes sections and parameters from its table: --sweep FILE alone."
            raise InputError(Problem(text))
        else:
            code = run_sweep(asked, sweep, how, click.echo, dask=dask)
    sys.exit(code)


@click.command("why", epilog="Example: analysis why prevention")
@click.argument("sections", metavar="SECTION...", nargs=-1, required=True)
@study_option
@output_option
@parameters_option
@rehearse_option
def why_command(
    sections: tuple[str, ...],
    study: Path | None,
    output: Path | None,
    parameters: tuple[str, ...],
    rehearse: bool,
) -> None:
    """Tell whether SECTIONs would run if they were built now, and why."""
    given = pairs(parameters)
    with told_problems():
        from analysis.report.command import Asked, explain

        for line in explain(Asked(study, output, sections, given, rehearse)):
            click.echo(line)
