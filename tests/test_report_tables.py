"""Tables on a page: fitted to paper and to a phone, with nothing lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

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
    rows = [[f"row {n}", *(f"{n}{at}" for at in range(7)), "57 (all)", "rise"] for n in range(4)]
    rows[1][-1] = "fall"
    rows.append(["row 4", *[""] * 8, "not comparable"])
    html = readable(table(WIDE, *rows))
    assert names_of(html) == [*WIDE[:-2], WIDE[-1]]
    assert html.count("57 (all)") == 1
    assert "The same in every row with values: c7: 57 (all)." in html
    assert 'data-label="c8">not comparable<' in html


def test_what_only_some_rows_of_a_wide_table_say_stays_with_them() -> None:
    rows = [[f"row {n}", *(f"{n}{at}" for at in range(8)), "no base"] for n in range(5)]
    rows[2][-1] = ""
    html = readable(table(WIDE, *rows))
    assert names_of(html) == WIDE
    assert html.count(">no base<") == 4
    for row in rows:
        row[-1] = "rise"
    rows.append(["row 5", *[""] * 8, "not comparable"])
    html = readable(table(WIDE, *rows))
    assert names_of(html) == WIDE
    assert html.count(">rise<") == 5
    assert html.count(">not comparable<") == 1


def test_numbers_stay_in_every_row_even_where_they_are_the_same() -> None:
    rows = [[f"row {n}", *(f"{n}{at}" for at in range(8)), "0.123"] for n in range(5)]
    assert names_of(readable(table(WIDE, *rows))) == WIDE


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


CELLS = st.sampled_from(["", "", "57 (all)", "57 (all)", "rise", "0.1", "SYNTHETIC"])


@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), min_size=1, max_size=6))
def test_nothing_that_a_row_says_is_lost_or_moved_to_another(cells: list[list[str]]) -> None:
    names = [f"c{at}" for at in range(8)] + ["SYNTHETIC"]
    html = readable(
        table(["Indicator", *names], *([f"row {n}", *row] for n, row in enumerate(cells)))
    )
    everywhere = dict(re.findall(r"(c\d|SYNTHETIC): ([^;.<]+)[;.]", html.partition("<thead>")[0]))
    rows = re.findall(r"<tr><th (.*?)</tr>", html.partition("<tbody>")[2])
    assert len(rows) == len(cells)
    for row, written in zip(cells, rows, strict=True):
        shown = dict(re.findall(r'data-label="([^"]+)">([^<]+)<', written))
        told = {name: cell for name, cell in zip(names, row, strict=True) if cell}
        assert shown == {name: cell for name, cell in told.items() if name not in everywhere}
        assert all(told.get(name, cell) == cell for name, cell in everywhere.items())


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
