"""Questions of two cycles that a person says are the same, drafted as one."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner
from drafts import Columns, Drafted, drafted, of_states
from studies import problem_of

from analysis.cli import main
from analysis.drafting import Given, init_study

LAW, LAW_AGAIN = "A1. Does a law prohibit fees?", "B7. Does any law prohibit fees?"
BEFORE = of_states(
    **{LAW: ["Yes", "No"] * 4, "C1. How many inspectors are there?": list("12345678")}
)
AFTER = of_states(
    **{
        LAW_AGAIN: ["yes", "yes", "No", "No"] * 2,
        "C1. How many inspectors exist?": list("23456789"),
    }
)


def proposals(done: Drafted) -> list[dict[str, str]]:
    path = done.path / "same_questions.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def filled(done: Drafted, **same: str) -> Path:
    """The proposals with an answer to those whose first header begins so."""
    rows = proposals(done)
    for row in rows:
        row["same"] = same.get(row["header_from"][:2], "")
    return as_filled(done.path.parent / "filled.csv", rows)


def as_filled(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def again(done: Drafted, same: Path, name: str = "again") -> Drafted:
    exports = sorted((done.path.parent / "exports").iterdir())
    given = [Given(path, path.stem[-4:], "States") for path in exports]
    folder = done.path.parent / name
    return Drafted(folder, init_study(folder, given, same=same))


def two_cycles(folder: Path, before: Columns = BEFORE, after: Columns = AFTER) -> Drafted:
    return drafted(folder, before, after)


def row_of(cycle: str, header: str, cycle_to: str, header_to: str) -> dict[str, str]:
    return {
        "same": "yes",
        "cycle_from": cycle,
        "header_from": header,
        "cycle_to": cycle_to,
        "header_to": header_to,
    }


def test_pairs_that_read_alike_are_proposed_and_nothing_is_decided(tmp_path: Path) -> None:
    done = two_cycles(tmp_path)
    found = {(row["header_from"], row["header_to"], row["same"]) for row in proposals(done)}
    assert found == {
        (LAW, LAW_AGAIN, ""),
        ("C1. How many inspectors are there?", "C1. How many inspectors exist?", ""),
    }
    assert len(done.types()) == 4


def test_what_is_said_to_be_the_same_becomes_one_question(tmp_path: Path) -> None:
    done = two_cycles(tmp_path)
    once_more = again(done, filled(done, A1="yes", C1="no"))
    assert len(once_more.types()) == 3
    (name,) = [item for item, _, header in once_more.columns() if header == LAW]
    assert (name, "", LAW_AGAIN) in once_more.columns()
    table = once_more.responses.table
    own = table[table["item"] == name]
    answers = {cycle: list(rows["value"]) for cycle, rows in own.groupby("cycle")}
    assert answers == {"2015": ["yes", "no"] * 4, "2020": ["yes", "yes", "no", "no"] * 2}
    assert any(name in line for line in once_more.decisions("same question in every cycle"))


def test_options_with_the_same_label_are_one_where_each_has_a_column(tmp_path: Path) -> None:
    marks = [["Y", ""] * 4, ["", "Y"] * 4]
    before = of_states(
        **{f"Q3 [{name}]": own for name, own in zip(("Audit", "Code"), marks, strict=True)}
    )
    after = of_states(
        **{f"Q9 [{name}]": own for name, own in zip(("code", "Visit"), marks, strict=True)}
    )
    done = two_cycles(tmp_path, before, after)
    same = as_filled(tmp_path / "same.csv", [row_of("2015", "Q3", "2020", "Q9")])
    once_more = again(done, same)
    (kind,) = once_more.types().values()
    assert [label.casefold() for label in once_more.options(kind.split()[1])] == [
        "audit",
        "code",
        "visit",
    ]
    offered = {row["label"]: row["offered"] for row in once_more.rows("choices.csv")}
    assert (offered["Audit"], offered["Code"], offered["Visit"]) == ("2015", "", "2020")


def test_three_cycles_are_joined_by_two_pairs(tmp_path: Path) -> None:
    words = ("How large is the staff?", "Number of people employed", "Head count")
    exports = [of_states(**{text: list("12345678")}) for text in words]
    done = drafted(tmp_path, *exports)
    pairs = [("2015", words[0], "2020", words[1]), ("2020", words[1], "2025", words[2])]
    once_more = again(done, as_filled(tmp_path / "same.csv", [row_of(*pair) for pair in pairs]))
    (row,) = once_more.rows("survey.csv")
    assert row["asked"] == "2015 2020 2025"


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (row_of("2015", "A1. Does a law?", "2020", LAW_AGAIN), "header_from", LAW),
        (row_of("2015", LAW, "2021", LAW_AGAIN), "header_to", "no question of 2021"),
        (
            row_of("2015", LAW, "2015", "C1. How many inspectors are there?"),
            "same",
            "2015 has both questions",
        ),
        ({**row_of("2015", LAW, "2020", LAW_AGAIN), "same": "si"}, "same", "yes"),
    ],
)
def test_a_pair_that_cannot_be_meant_is_refused(
    tmp_path: Path, row: dict[str, str], column: str, said: str
) -> None:
    done = two_cycles(tmp_path)
    same = as_filled(tmp_path / "same.csv", [row])
    problem = problem_of(lambda: again(done, same))
    assert (problem.file, problem.row, problem.column) == ("same.csv", 2, column)
    assert said in str(problem)
    assert not (tmp_path / "again").exists()


def test_the_command_takes_the_filled_table(tmp_path: Path) -> None:
    done = two_cycles(tmp_path)
    same = filled(done, A1="yes", C1="yes")
    exports = [str(path) for path in sorted((tmp_path / "exports").iterdir())]
    cycles = ["--cycle", "2015", "--cycle", "2020", "--respondents", "States"]
    told = CliRunner().invoke(
        main, ["init", *exports, *cycles, "--study", str(tmp_path / "new"), "--same", str(same)]
    )
    assert told.exit_code == 0, told.output
    assert len(Drafted(tmp_path / "new", ()).types()) == 2
    assert not (tmp_path / "new" / "same_questions.csv").exists()
