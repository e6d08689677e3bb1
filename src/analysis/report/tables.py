"""Tables of our own: their numbers, and the data of figures as tables of plain text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html import escape

from analysis.report.table_marks import MOST_COLUMNS

NOISY = re.compile(r"-?\d+\.\d{13,}")
NUMERIC = re.compile(r"[-+\u2212]?\d[\d.,\u202f\u00a0 ]*%?")


def numbered(table: str, label: str) -> str:
    """Put the number of a table in front of its caption; the empty text when it has none.

    >>> numbered("<table><caption>Laws</caption></table>", "Table 1")
    '<table><caption><span class="number">Table 1</span> Laws</caption></table>'
    """
    mark = f'<span class="number">{escape(label)}</span> '
    found, count = re.subn(r"(<caption[^>]*>)", lambda tag: tag[0] + mark, table, count=1)
    return found if count else ""


def csv_table(text: str, caption: str) -> str:
    r"""Show CSV as a table whose every cell is plain text.

    A table of many columns and few rows is turned on its side, so that it fits a page. A first
    column that only repeats its own name marks every row, whichever side is up.

    >>> csv_table("a,b\n<i>,1\n", "Data")[-43:]
    '<td class="num">1</td></tr></tbody></table>'
    """
    head, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if len(head) > max(MOST_COLUMNS, len(rows)):
        head, *rows = _on_its_side(head, rows)
        lines = (f'<th scope="row">{escape(row[0])}</th>{_cells(row[1:])}' for row in rows)
    elif rows and not any(NUMERIC.fullmatch(row[0].strip()) for row in rows):
        lines = (f'<th scope="row">{escape(row[0])}</th>{_cells(row[1:])}' for row in rows)
    else:
        lines = (_cells(row) for row in rows)
    kinds = "data wide" if len(head) > MOST_COLUMNS else "data"
    columns = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<table class="{kinds}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


def _on_its_side(head: list[str], rows: list[list[str]]) -> list[list[str]]:
    mark = head[0] if {row[0] for row in rows} == {head[0]} else ""
    columns = [list(column) for column in zip(head, *rows, strict=True)][bool(mark) :]
    return [[f"{mark} {name}".strip(), *values] for name, *values in columns]


def _cells(row: Iterable[str]) -> str:
    return "".join(
        f'<td class="num">{escape(_readable(value))}</td>'
        if NUMERIC.fullmatch(value.strip())
        else f"<td>{escape(value)}</td>"
        for value in row
    )


def _readable(number: str) -> str:
    """A number without the digits that only the arithmetic of a machine has left behind.

    >>> _readable("0.08699999999999997"), _readable("1234567.25"), _readable("12 %")
    ('0.087', '1234567.25', '12 %')
    """
    return f"{float(number):.12g}" if NOISY.fullmatch(number) else number
