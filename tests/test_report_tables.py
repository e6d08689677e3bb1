"""Tables on a page: fitted to paper and to a phone, with nothing lost."""

from __future__ import annotations

import re

from analysis.report.readable import readable
from analysis.report.tables import csv_table


def table(names: list[str], *rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    lines = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f"<table><caption>Laws</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{lines}</tbody></table>"
    )


def names_of(html: str) -> list[str]:
    return re.findall(r'<th scope="col">([^<]*)</th>', html)


WIDE = ["Indicator", *(f"c{number}" for number in range(9))]


def test_every_cell_learns_the_name_of_its_column() -> None:
    html = readable(table(["State", "n", "m &amp; k"], ["A", "1", "2"]))
    assert '<td data-label="n">1</td><td data-label="m &amp; k">2</td>' in html
    assert '<table class="stack">' in html


def test_a_row_with_nothing_but_a_last_word_shares_out_its_empty_cells() -> None:
    html = readable(
        table(["a", "b", "c", "d", "e"], ["A", "1", "2", "3", "4"], ["B", "", "", "", "x"])
    )
    assert '<th scope="row" colspan="2">B</th><td colspan="3" data-label="e">x</td>' in html
    assert '<th scope="row">A</th><td data-label="b">1</td>' in html


def test_what_every_row_of_a_wide_table_says_is_said_once() -> None:
    rows = [[f"row {n}", *(f"{n}{at}" for at in range(8)), "57 (all)"] for n in range(4)]
    rows[3][-1] = ""
    html = readable(table(WIDE, *rows))
    assert names_of(html) == WIDE[:-1]
    assert html.count("57 (all)") == 1
    assert "The same in every row that has it: c8: 57 (all)." in html


def test_a_narrow_table_a_short_one_and_a_mark_keep_every_column() -> None:
    same = [["row", "57"] for _ in range(4)]
    assert names_of(readable(table(["a", "b"], *same))) == ["a", "b"]
    short = [[f"row {n}", *["57"] * 9] for n in range(2)]
    assert names_of(readable(table(WIDE, *short))) == WIDE
    marked = [[f"row {n}", "SYNTHETIC", *(f"{n}{at}" for at in range(8))] for n in range(4)]
    names = ["Indicator", "SYNTHETIC", *WIDE[2:]]
    html = readable(table(names, *marked))
    assert names_of(html) == names
    assert html.count('data-label="SYNTHETIC">SYNTHETIC<') == 4


def test_a_table_of_another_shape_stays_as_it_is() -> None:
    for html in (
        "<table><caption>x</caption><tbody><tr><td>1</td></tr></tbody></table>",
        table(["a", "b"], ["A", "1", "2"]),
        table(["a", "b"]),
    ):
        assert readable(html) == html


def test_data_of_many_columns_and_few_rows_are_turned_on_their_side() -> None:
    names = [f"c{number}" for number in range(12)]
    html = csv_table(f"{','.join(names)}\n{','.join('1' * 12)}\n", "Data")
    assert names_of(html) == ["c0", "1"]
    assert '<tr><th scope="row">c11</th><td class="num">1</td></tr>' in html


def test_a_mark_in_data_stays_in_every_row_when_they_are_turned() -> None:
    names = ["SYNTHETIC", *(f"c{number}" for number in range(11))]
    html = csv_table(f"{','.join(names)}\nSYNTHETIC,{','.join('1' * 11)}\n", "Data")
    rows = re.findall(r"<tr>(.*?)</tr>", html)
    assert len(rows) == 11
    assert all("SYNTHETIC" in row for row in rows)
