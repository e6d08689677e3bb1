"""What the commands share: their options, exit codes, and how they tell what is wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from analysis.problems import InputError, nearest

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


def pairs(parameters: Sequence[str], option: str = "-p") -> dict[str, str]:
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


@contextmanager
def told_problems() -> Iterator[None]:
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
