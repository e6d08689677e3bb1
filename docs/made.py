"""Makes the pages and pictures that follow from the package, before Sphinx reads the others.

Everything goes into `docs/made/`, which is not kept: the data dictionary, the glossary, the
commands, the reference of the library, the log of methods, and the pictures.
"""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pictures
from pygments.lexers.special import TextLexer

from analysis.cli import main
from analysis.dictionary import TABLES, described_columns, indicators_of, items_of
from analysis.files import replace_file
from analysis.processed import tables_of
from analysis.results import compute_results
from analysis.study import Study, load_study
from analysis.study.glossary import glossary
from analysis.study.schema import NEEDED
from analysis.study.schema import TABLES as CODEBOOK_TABLES

HERE = Path(__file__).resolve().parent
MADE = HERE / "made"
MEANINGS = HERE / "codebook_columns.csv"
CHANGELOG = HERE.parent / "CHANGELOG.md"

LIBRARY: Mapping[str, str] = {
    "analysis": "Open a study or a section of a report.",
    "analysis.results": "All tables of a study at once.",
    "analysis.published": "Printed figures: findings, readings of loose words, counts.",
    "analysis.intake": "Exports with answers: read, cleaned, with a status for every cell.",
    "analysis.indicators": "Counts and shares over every base.",
    "analysis.panel": "Who moved between two cycles.",
    "analysis.comparisons": "Changes between cycles.",
    "analysis.described": "Answers to every question.",
    "analysis.processed": "Computed tables as files.",
    "analysis.drafting": "A codebook drafted from exports.",
    "analysis.publishing": "A research object to publish.",
    "analysis.dictionary": "What every table holds.",
    "analysis.study.glossary": "The words that a reader needs.",
}
"""The modules of the reference, in the order of the data flow."""


MEANING = re.compile(r"^([\w*]+(?:, [\w*]+)*) : (.+)$", re.MULTILINE)
"""A parameter with what it means."""


def make() -> None:
    """Write every page and picture; a file that stays the same is left alone."""
    study = load_study()
    pages = {
        "glossary.md": _glossary(),
        "commands.md": _commands(),
        "tables.md": _tables(study),
        "codebook.md": _codebook(study),
        "codebook_files.md": _codebook_files(),
        "library.md": _library(),
        "statistics.md": _statistics(),
        "methods.md": _methods(CHANGELOG.read_text(encoding="utf-8")),
    }
    files = {name: "\n".join(lines).encode() + b"\n" for name, lines in pages.items()}
    files |= {f"{name}.svg": content for name, content in pictures.drawn(study).items()}
    MADE.mkdir(exist_ok=True)
    for old in set(MADE.iterdir()) - {MADE / name for name in files}:
        old.unlink()
    for name, content in files.items():
        replace_file(MADE / name, content)


def _glossary() -> Iterator[str]:
    yield "# Glossary"
    yield ""
    for term in glossary():
        yield from (term.word, f": {term.meaning}", "")


def _commands() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "What `analysis COMMAND --help` prints."
    yield ""
    yield from _help(main, "analysis")
    for name in main.list_commands(click.Context(main)):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        yield from _help(command, f"analysis {name}")


def _help(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, terminal_width=90, max_content_width=90)
    yield f"## {name}"
    yield ""
    yield from ("```text", command.get_help(context), "```", "")


def _tables(study: Study) -> Iterator[str]:
    """The computed tables; those of answers from the example study, which has some."""
    yield "# Tables"
    yield ""
    yield "The columns of every table in `data/processed/` and in a research object. An empty cell"
    yield "has no value; where there is a column `reason`, it says why."
    example = load_study(HERE.parent / "examples" / "libraries")
    found = {"findings.csv": compute_results(study).findings}
    found |= tables_of(compute_results(example))
    for file, rows in found.items():
        name = file.removesuffix(".csv")
        about = TABLES[name]
        yield from ("", f"## {name}", "")
        yield f"{about.title}. One row is {about.grain}."
        if about.is_of_respondents:
            yield "It says, or can repeat, what single respondents answered: it is not published."
        yield ""
        columns = described_columns(name, map(str, rows))
        yield from _table(
            ("column", "type", "what it holds"),
            ((f"`{one.name}`", one.type, one.description) for one in columns),
        )


def _codebook(study: Study) -> Iterator[str]:
    book = study.codebook
    yield "# Questions and indicators"
    yield ""
    yield f"What the codebook of “{book.settings.title}” declares, by section. The wording of a"
    yield "question is ours where the source does not print it."
    items, indicators = items_of(book), indicators_of(book)
    for code, section in book.sections.items():
        own = items[items["section"] == code]
        if own.empty:
            continue
        yield from ("", f"## {code}: {section.title}", "")
        yield from _table(
            ("question", "what was asked", "of whom", "asked in", "to the cycle before"),
            (
                (
                    f"`{row.item}`",
                    str(row.label),
                    str(row.respondents),
                    str(row.asked),
                    str(row.comparability).replace("_", " "),
                )
                for row in own.itertuples()
            ),
        )
        counted = indicators[indicators["item"].isin(own["item"])]
        yield ""
        yield from _table(
            ("indicator", "label", "counts"),
            (
                (f"`{row.indicator}`", str(row.label), f"`{row.rule}`")
                for row in counted.itertuples()
            ),
        )


def _codebook_files() -> Iterator[str]:
    yield "# Files of a codebook"
    yield ""
    yield "Every table that a codebook can have, and its columns. Only"
    yield f"{', '.join(f'`{name}`' for name in NEEDED)} are needed; the others have defaults."
    yield "Columns in bold must be filled in. The README of the folder `data/raw` tells more."
    with MEANINGS.open(encoding="utf-8", newline="") as stream:
        meanings = {(row["table"], row["column"]): row["meaning"] for row in csv.DictReader(stream)}
    for file, columns in CODEBOOK_TABLES.items():
        yield from ("", f"## {file}", "")
        yield from _table(
            ("column", "what it says", "allowed"),
            (
                (
                    f"**`{column.name}`**" if column.required else f"`{column.name}`",
                    meanings.pop((file, column.name)),
                    ", ".join(
                        f"`{word}` (if empty)" if word == column.default else f"`{word}`"
                        for word in column.allowed or ()
                    ),
                )
                for column in columns
            ),
        )
    if meanings:
        raise ValueError(f"no such columns: {sorted(meanings)}")


def _library() -> Iterator[str]:
    yield "# Library"
    yield ""
    yield "What notebooks and scripts may call. What is not here may change without notice."
    for module, title in LIBRARY.items():
        yield from ("", f"## {module}", "", title, "")
        yield from _members(module)


def _statistics() -> Iterator[str]:
    yield "# Statistical functions"
    yield ""
    yield "Pure functions on counts: numbers in, numbers out. Each names its source."
    yield ""
    yield from _members("analysis.statistics")


def _members(module: str) -> Iterator[str]:
    """Directives for the public functions and classes of a module."""
    home = import_module(module)
    names: Sequence[str] = getattr(home, "__all__", None) or [
        name
        for name, value in vars(home).items()
        if name[0] != "_" and getattr(value, "__module__", "") == module
    ]
    yield "```{eval-rst}"
    for name in names:
        value: Any = getattr(home, name)
        if inspect.isclass(value):
            yield from (f".. autoclass:: {module}.{name}", "   :members:")
            yield from (["   :inherited-members:", ""] if name == "Section" else [""])
        elif callable(value):
            yield from (f".. autofunction:: {module}.{name}", "")
    yield "```"


def _methods(changelog: str) -> Iterator[str]:
    yield "# Log of methods"
    yield ""
    yield "What can move a number, a bound or a verdict between two versions, and why. It is taken"
    yield "from the changelog."
    for release in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        title, _, text = release.partition("\n")
        match = re.search(r"^### Methodology\n(.*?)(?=^### |\Z)", text, re.DOTALL | re.MULTILINE)
        name = title.replace("[", "").replace("]", "").replace(" - ", ", ")
        yield from ("", f"## {name}", "", match[1].strip() if match else "Nothing.")


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        cells = [cell.replace("|", r"\|") for cell in row]
        yield f"| {' | '.join(cells)} |"


def _with_meanings_below(*given: Any) -> None:
    """Put what a parameter means below its name, where NumPy style has its type."""
    _, kind, _, _, _, lines = given
    if kind in ("attribute", "data", "property"):
        lines[0] = lines[0].replace(": ", "; ")  # else it would end the name of a type
    text = "\n".join(lines)
    lines[:] = MEANING.sub(r"\1\n    \2", text).split("\n")


def setup(app: Any) -> Mapping[str, bool]:
    """Run before Sphinx looks for pages."""
    for name in ("csv", "console"):
        app.add_lexer(name, TextLexer)
    app.connect("autodoc-process-docstring", _with_meanings_below, priority=400)
    make()
    return {"parallel_read_safe": True}


if __name__ == "__main__":
    make()
