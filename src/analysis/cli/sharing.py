"""The commands for readers of a report: what changed, comments, what is handed on or published."""

from __future__ import annotations

import re
from pathlib import Path

import click

from analysis.cli.shared import (
    EXIT_CODES,
    Suggesting,
    output_option,
    study_option,
    told_problems,
)


@click.command(
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
    with told_problems():
        from analysis.changes.command import write_changes

        for line in write_changes(old, new, output=output, as_data=as_data):
            click.echo(line)


@click.group(
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
    with told_problems():
        from analysis.report.importing import import_comments
        from analysis.study.places import find_places

        for line in import_comments(find_places(study), file):
            click.echo(line)


@click.command(
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
    with told_problems():
        from analysis.sharing.bundling import check_bundle, make_bundle
        from analysis.study import load_study

        if received:
            click.echo(check_bundle(received))
            return
        loaded = load_study(study, output=results)
        name = re.sub(r"[^\w.-]+", "_", loaded.codebook.settings.form_id) or "report"
        for line in make_bundle(loaded, output or Path(f"{name}.zip")):
            click.echo(line)


@click.command(
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
    with told_problems():
        from analysis.publishing import package_study
        from analysis.study import load_study

        files = package_study(load_study(study, output=output))
    for file in files:
        click.echo(file)
