"""The `analysis` command: reads the command line, calls the library, prints what came out.

Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import click

from analysis.cli.beginning import init_command
from analysis.cli.building import build_command, why_command
from analysis.cli.looking import lab_command
from analysis.cli.shared import EXIT_CODES, Suggesting
from analysis.cli.sharing import bundle_command, changes_command, comments_group, package_command
from analysis.cli.studying import check_command, data_command, synthesize_command

DISTRIBUTION = "thb-survey-report"


@click.group(
    cls=Suggesting,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"""Example: analysis build

    {EXIT_CODES}""",
)
@click.version_option(package_name=DISTRIBUTION, prog_name="analysis")
def main() -> None:
    """Turn a survey of two or more cycles into a report that rebuilds itself."""


for command in (
    build_command,
    why_command,
    init_command,
    check_command,
    data_command,
    synthesize_command,
    changes_command,
    comments_group,
    bundle_command,
    package_command,
    lab_command,
):
    main.add_command(command)
