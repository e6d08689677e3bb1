"""The `analysis` command: reads the command line, calls the library, prints what came out.

Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.problems import (
    ERROR,
    NOTE,
    InputError,
    Problem,
    check_choice,
    nearest,
    worst_first,
)

DISTRIBUTION = "thb-survey-report"
TO_MEND, WRONG_USE, INTERRUPTED = 1, 2, 130
"""Exit codes beside 0; the help of the command says what they mean."""

EXIT_CODES = """\b
    Exit codes:
      0    all that was asked for is done; nothing to mend
      1    something in the study must be mended
      2    the command was used wrongly
      3-8  a section failed; see analysis build --help
      130  interrupted"""

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


def parameters_option(command: Command) -> Command:
    """Add `-p` to a command."""
    return click.option(
        "-p",
        "parameters",
        metavar="NAME=VALUE",
        multiple=True,
        help="Set a parameter of the sections; may be given several times.",
    )(command)


def rehearse_option(command: Command) -> Command:
    """Add `--rehearse` to a command."""
    return click.option(
        "--rehearse",
        is_flag=True,
        help="Build on invented answers, into reports/rehearsal, marked SYNTHETIC all over.",
    )(command)


@click.group(
    cls=Suggesting,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"""Example: analysis build

    {EXIT_CODES}""",
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
    given = _pairs(parameters)
    with _told_problems():
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


@main.command(
    "changes",
    epilog="""\b
    Examples:
      analysis changes last_year/reports reports
      analysis changes received.zip reports --output what_changed.html
      analysis changes old.zip new.zip --json changes.json

    The exit code is 0 whether numbers differ or not; the JSON says so as is_same.""",
)
@click.argument("old", type=click.Path(path_type=Path, exists=True))
@click.argument("new", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="HTML file to write; without it, changes.html in the working folder.",
)
@click.option(
    "--json",
    "as_data",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File for the same as JSON.",
)
def changes_command(old: Path, new: Path, output: Path | None, as_data: Path | None) -> None:
    """Tell which numbers differ between two reports, OLD and NEW, and why.

    Each is a reports folder or a bundle. Every number that is another one, new or gone is listed
    with what can have changed it: data, codebook, parameter, code, environment.
    """
    with _told_problems():
        from analysis.changes.command import write_changes

        for line in write_changes(old, new, output=output, as_data=as_data):
            click.echo(line)


@main.command(
    "bundle",
    epilog=f"""\b
    Examples:
      analysis bundle
      analysis bundle --output report.zip
      analysis bundle --study my_survey --results results --output report.zip
      analysis bundle --check received.zip

    {EXIT_CODES}""",
)
@study_option
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    help="The --output that the report was built with, if it was.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write; without it, the id of the study and .zip in the working folder.",
)
@click.option(
    "--check",
    "received",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Look whether a bundle is as it was made; nothing is written.",
)
def bundle_command(
    study: Path | None, results: Path | None, output: Path | None, received: Path | None
) -> None:
    """Make one file of the report that can be handed on: pages, tables, and their hashes.

    First it is looked for what must stay here: answers and names of respondents, counts of fewer
    respondents than cell_threshold in settings.csv, invented numbers, names and paths of this
    computer. Each is named with its file and place, and no bundle is written.
    """
    with _told_problems():
        from analysis.sharing.bundling import check_bundle, make_bundle
        from analysis.study import load_study

        if received:
            click.echo(check_bundle(received))
            return
        loaded = load_study(study, output=results)
        name = re.sub(r"[^\w.-]+", "_", loaded.codebook.settings.form_id) or "report"
        for line in make_bundle(loaded, output or Path(f"{name}.zip")):
            click.echo(line)


@main.group(
    "comments",
    cls=Suggesting,
    epilog="Example: analysis comments import from_reviewers.xlsx",
)
def comments_group() -> None:
    """Take in what reviewers say of the report."""


@comments_group.command(
    "import",
    epilog=f"""\b
    Examples:
      analysis comments import from_reviewers.xlsx
      analysis comments import remarks.csv --study my_survey

    {EXIT_CODES}""",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@study_option
def import_comments_command(file: Path, study: Path | None) -> None:
    """Attach the comments in FILE to the next build of the report.

    FILE is CSV or XLSX with the columns id, comment and, if wanted, name. An id is what a page
    shows under a figure or table, the number of a finding, the address of a heading, or the name
    of a page. Comments are kept in comments.csv of the study; those whose id the report does not
    have are named, with the nearest.
    """
    with _told_problems():
        from analysis.report.importing import import_comments
        from analysis.study.places import find_places

        for line in import_comments(find_places(study), file):
            click.echo(line)


@main.command("why", epilog="Example: analysis why prevention")
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
    given = _pairs(parameters)
    with _told_problems():
        from analysis.report.command import Asked, explain

        for line in explain(Asked(study, output, sections, given, rehearse)):
            click.echo(line)


@main.command(
    "init",
    epilog="""\b
    Examples:
      analysis init answers_2019.csv answers_2024.csv --study my_survey
      analysis init a.csv b.csv --cycle 2019 --cycle 2024 --study my_survey
      analysis init a.csv b.csv --cycle 2024 --cycle 2024 \\
          --respondents States --respondents NGOs --study my_survey
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
    same: Path | None,
) -> None:
    """Draft a study from exports of a survey tool, one FILE a cycle and group.

    Guesses a codebook, copies the exports into the study and writes TODO.md: what a person must
    decide, the most important first. Nothing is overwritten.
    """
    cycles = cycles or tuple(_cycle_of(path) for path in exports)
    groups = groups or ("Respondents",)
    groups = groups * len(exports) if len(groups) == 1 else groups
    for option, names in (("--cycle", cycles), ("--respondents", groups)):
        if len(names) != len(exports):
            message = f"{len(names)} names for {len(exports)} files; one for each is needed."
            raise click.BadParameter(message, param_hint=option)
    with _told_problems():
        from analysis.drafting import Given, init_study
        from analysis.study.reading import ENCODINGS

        if encoding:
            check_choice("--encoding", encoding, ENCODINGS)

        given = [Given(*one) for one in zip(exports, cycles, groups, strict=True)]
        lines = init_study(study, given, encoding=encoding, same=same)
    for line in lines:
        click.echo(line)
    click.echo(f"\nThe study is in {study}. Next: analysis check --study {study}")


@main.command(
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
    with _told_problems():
        from analysis.processed import write_tables
        from analysis.study import load_study

        files = write_tables(load_study(study, output=output))
    for file in files:
        click.echo(file)


def _preview(study: Path | None) -> None:
    """Show what cleaning would do."""
    with _told_problems():
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
    with _told_problems():
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


@main.command(
    "lab",
    epilog="""\b
    Examples:
      analysis lab
      analysis lab --study my_survey
      analysis lab --no-browser -- --port 9000""",
)
@study_option
@click.option("--no-browser", is_flag=True, help="Open no browser; print the address to open.")
@click.argument("options", metavar="[-- OPTION...]", nargs=-1, type=click.UNPROCESSED)
def lab_command(study: Path | None, no_browser: bool, options: tuple[str, ...]) -> None:
    """Open JupyterLab on the notebooks, at the one to explore with.

    Notebooks without a study of their own use the one named here. Every OPTION after -- goes to
    JupyterLab.
    """
    with _told_problems():
        from analysis.lab import lab_places, run_lab

        places = lab_places(study)
    click.echo(f"Study: {places.raw}\nNotebooks: {places.notebooks}", err=True)
    run_lab(places, (*(["--no-browser"] if no_browser else []), *options))


@main.command(
    "package",
    epilog="""\b
    Examples:
      analysis package
      analysis package --study my_survey
      analysis package --study my_survey --output results""",
)
@study_option
@output_option
def package_command(study: Path | None, output: Path | None) -> None:
    """Write a research object to publish: tables, their description, and how they came about.

    A Frictionless Data Package and an RO-Crate in one folder, `package`, beside the report. The
    report must be built and up to date. Answers of single respondents stay out.
    """
    with _told_problems():
        from analysis.publishing import package_study
        from analysis.study import load_study

        files = package_study(load_study(study, output=output))
    for file in files:
        click.echo(file)


def _cycle_of(path: Path) -> str:
    """The name of a file as the name of a cycle: without spaces, a letter or digit first."""
    return re.sub(r"[^\w.-]+", "_", path.stem).lstrip("_.-") or "cycle"


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


@contextmanager
def _told_problems() -> Iterator[None]:
    """Tell a person what is wrong with the input, without a traceback.

    A problem that names no file is one of how the command was used.
    """
    try:
        yield
    except InputError as error:
        click.echo(
            f"Error: {error}" if str(error).count("\n") == 0 else f"Errors:\n{error}", err=True
        )
        sys.exit(TO_MEND if any(problem.file for problem in error.problems) else WRONG_USE)
    except KeyboardInterrupt:
        click.echo("Interrupted; the report is as it was before.", err=True)
        sys.exit(INTERRUPTED)
