"""Parameters as notebooks declare them; read without any heavy import."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.problems import InputError, Problem, refuse_any
from analysis.study import Page

TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


@dataclass(frozen=True)
class Declared:
    """A parameter as the tagged cell of a notebook declares it: name, type, default."""

    name: str
    type: type
    default: object


def declared_parameters(notebook: Path) -> dict[str, Declared]:
    """Read the cell tagged ``parameters`` of a notebook.

    Raises
    ------
    InputError
        The notebook cannot be read, has no such cell, or the cell holds anything but
        ``name: type = literal`` with a type of str, int, float or bool.
    """
    place = notebook.name
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(Problem("this is not a notebook.", file=place)) from error
    tagged = [c for c in cells if "parameters" in c.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        message = f"exactly one cell must be tagged 'parameters', {len(tagged)} are."
        raise InputError(Problem(message, file=place))
    source = "".join(tagged[0]["source"])
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        message = "Python cannot read the cell tagged 'parameters'."
        raise InputError(Problem(message, file=place, value=(error.text or "").strip())) from error
    declared = {}
    for statement in statements:
        try:
            if not isinstance(statement, ast.AnnAssign) or statement.value is None:
                raise ValueError
            name, kind = ast.unparse(statement.target), TYPES[ast.unparse(statement.annotation)]
            declared[name] = Declared(name, kind, ast.literal_eval(statement.value))
        except (ValueError, KeyError) as error:
            message = "a parameter reads `name: type = literal`, type str, int, float or bool."
            line = source.splitlines()[statement.lineno - 1]
            raise InputError(Problem(message, file=place, value=line)) from error
    return declared


def own_parameters(page: Page) -> tuple[str, ...]:
    """Return the names of the parameters that can be given to a page."""
    declared = declared_parameters(page.notebook)
    return tuple(name for name in declared if name not in ("study", *page.fixed))


def given_to(page: Page, given: Mapping[str, str]) -> dict[str, str]:
    """Return those of some parameters that a page has; the others are for other pages."""
    own = own_parameters(page) if given else ()
    return {name: text for name, text in given.items() if name in own}


def refuse_unknown(pages: Sequence[Page], given: Mapping[str, str]) -> None:
    """Refuse parameters that none of some pages has.

    Raises
    ------
    InputError
        With every such name.
    """
    if not given:
        return
    own = tuple(dict.fromkeys(name for page in pages for name in own_parameters(page)))
    who = f"{pages[0].name} has no" if len(pages) == 1 else "no section that was asked for has a"
    refuse_any(
        [
            Problem(f"{who} parameter {name!r}.", value=name, allowed=own)
            for name in given
            if name not in own
        ]
    )


def refuse_injected(declared: Mapping[str, Declared], cells: list[str]) -> None:
    """Refuse parameters that papermill put into a notebook which does not declare them.

    papermill only warns of an unknown parameter and goes on, so a section looks at what was put in.

    Parameters
    ----------
    declared : the parameters of the notebook.
    cells : the source of the cells that have run, for example ``In`` of IPython.

    Raises
    ------
    InputError
        For every unknown name, with the nearest one.
    """
    problems = []
    for source in cells:
        if not source.startswith("# Parameters\n"):
            continue
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.Assign):
                name = ast.unparse(statement.targets[0])
                if name not in declared:
                    message = "this notebook has no such parameter."
                    problems.append(Problem(message, value=name, allowed=tuple(declared)))
    refuse_any(problems)
