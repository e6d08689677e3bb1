"""The command that opens JupyterLab."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli.shared import (
    study_option,
    told_problems,
)


@click.command(
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
    with told_problems():
        from analysis.lab import lab_places, run_lab

        places = lab_places(study)
    click.echo(f"Study: {places.raw}\nNotebooks: {places.notebooks}", err=True)
    run_lab(places, (*(["--no-browser"] if no_browser else []), *options))
