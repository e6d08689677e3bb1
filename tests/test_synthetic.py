"""Synthetic exports: recounted from the files by code that shares nothing with what wrote them."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from studies import (
    DEFAULT,
    ROOT,
    StudyFolder,
    copy_of_default,
    problem_of,
    problems_of,
    small_study,
)

from analysis.cli import main
from analysis.intake import load_responses
from analysis.study import load_study
from analysis.synthetic import Inputs, synthesize
from analysis.synthetic.files import replace_files
from analysis.synthetic.synthesis import rehearsal_files

COLUMNS, VALUE_MAP = "codebook/columns.csv", "codebook/value_map.csv"
ASSUMED = "codebook/assumed.csv"
EARLIER, LATER = "2015/16", "2020/21"
EXPORTS = {
    (EARLIER, "states"): "SYNTHETIC_states_2015-16.csv",
    (LATER, "states"): "SYNTHETIC_states_2020-21.csv",
    (EARLIER, "ngos"): "SYNTHETIC_ngos_2015-16.csv",
    (LATER, "ngos"): "SYNTHETIC_ngos_2020-21.csv",
}
BOTH_SATISFIED = [
    f"satisfaction_{word}"
    for word in "accommodation specialised_support job_placement compensation training".split()
]
LEAST = [f"satisfaction_{word}" for word in "job_placement compensation training".split()]


def table(text: str | bytes) -> list[dict[str, str]]:
    text = text.decode("utf-8-sig") if isinstance(text, bytes) else text
    return list(csv.DictReader(io.StringIO(text, newline="")))


def raw(name: str) -> list[dict[str, str]]:
    return table((DEFAULT / name).read_bytes())


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip(" \t\u00a0")).casefold()


@dataclass(frozen=True)
class Recount:
    """What the files of a rehearsal say: the meaning of each cell, read without the library."""

    rows: Mapping[tuple[str, str], dict[str, dict[str, str]]]
    cells: Mapping[tuple[str, str], list[dict[str, str]]]
    used: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Recount:
        lists = {row["name"]: row["type"].partition(" ")[2] for row in raw("codebook/survey.csv")}
        words: dict[str, dict[str, str]] = {}
        for row in raw("codebook/choices.csv"):
            words.setdefault(row["list_name"], {})[folded(row["label"])] = row["name"]
        mapped: dict[str, dict[str, str]] = {}
        for row in raw(VALUE_MAP):
            mapped.setdefault(row["list_name"], {})[folded(row["raw"])] = row["name"]
        rows: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        cells: dict[tuple[str, str], list[dict[str, str]]] = {}
        used: set[tuple[str, str]] = set()
        for place, name in EXPORTS.items():
            cells[place] = table(files[name])
            rows[place] = {}
            columns = [
                row
                for row in raw(COLUMNS)
                if row["cycle"] in ("", place[0]) and row["respondents"] in ("", place[1])
            ]
            (who,) = [one["column"] for one in columns if one["item"] == "respondent_id"]
            (when,) = [one["column"] for one in columns if one["item"] == "submitted_at"]
            for line in sorted(cells[place], key=lambda one: one[when]):
                meanings = {}
                for column in columns:
                    item, text = column["item"], folded(line[column["column"]])
                    if item not in lists or not text:
                        continue
                    own = "selected" if column["option"] else lists[item]
                    meaning = words.get(own, {}).get(text)
                    for list_name in (own, ""):
                        if meaning is None and text in mapped.get(list_name, {}):
                            meaning = mapped[list_name][text]
                            used.add((list_name, text))
                    assert meaning, f"{name}: {text!r} means nothing"
                    meanings[item + column["option"]] = meaning
                rows[place][folded(line[who]).upper().replace("PS", "pS")] = meanings
        return cls(rows, cells, frozenset(used))

    def those(self, item: str, option: str, cycle: str, group: str) -> set[str]:
        """Ids of the respondents that gave an answer."""
        return {
            one
            for one, meanings in self.rows[cycle, group].items()
            if meanings.get(item) == option or meanings.get(item + option) == "selected"
        }

    def answering(self, item: str, cycle: str, group: str) -> set[str]:
        missing = ("dont_know", "not_applicable", "no_answer", "quarantine")
        return {
            one
            for one, meanings in self.rows[cycle, group].items()
            if meanings.get(item, "no_answer") not in missing
        }


@cache
def made(**inputs: float) -> dict[str, bytes]:
    return rehearsal_files(load_study(DEFAULT), Inputs(**inputs))  # type: ignore[arg-type]


@cache
def recount(**inputs: float) -> Recount:
    return Recount.of(made(**inputs))


def of_respondents() -> dict[str, dict[str, str]]:
    """The questions with options that single respondents answer."""
    left_out = ("survey_invitation", "survey_response")
    return {
        row["name"]: row
        for row in raw("codebook/survey.csv")
        if row["type"].startswith("select_") and not row["unit"] and row["name"] not in left_out
    }


def printed(*measures: str) -> list[dict[str, str]]:
    items = of_respondents()
    return [r for r in raw("findings.csv") if r["measure"] in measures and r["item"] in items]


def assert_counts_are_met(recounted: Recount) -> None:
    exact = [row for row in printed("count") if row["qualifier"] == "exactly"]
    assert len(exact) > 30
    wrong = {
        row["finding_id"]: (len(found), row["value"])
        for row in exact
        if len(
            found := recounted.those(row["item"], row["option"], row["cycle"], row["respondents"])
        )
        != int(row["value"])
    }
    assert wrong == {}
    turnout = {
        (row["cycle"], row["respondents"]): int(row["value"])
        for row in raw("findings.csv")
        if row["item"] == "survey_response" and row["measure"] == "count"
    }
    assert turnout == {place: len(rows) for place, rows in recounted.rows.items()}
    loose = [
        row
        for row in printed("count", "percent", "fraction")
        if row["qualifier"] != "exactly" and row["finding_id"] != "IIIc-05"  # beside a count
    ]
    assert len(loose) >= 8
    for row in loose:
        place = (row["cycle"], row["respondents"])
        count = len(recounted.those(row["item"], row["option"], *place))
        assert fits_the_print(row, count, turnout[place]), row["finding_id"]


def fits_the_print(row: dict[str, str], count: int, base: int) -> bool:
    """Whether a count over those that took part can be what the source prints loosely."""
    value, share = float(row["value"] or "nan"), count / base
    match row["measure"], row["qualifier"]:
        case "count", "about":
            return int(row["low"]) <= count <= int(row["high"])
        case "count", "at_least":
            return count >= value
        case "percent", "about":
            return value - 0.5 <= 100 * share < value + 1
        case "fraction", "about":
            return abs(share - value) < 1 / 24
        case "fraction", "more_than":
            return share > value
    raise AssertionError(row)


def assert_the_structure_holds(recounted: Recount) -> None:
    parts = [row for row in raw("codebook/indicators.csv") if row["base"]]
    rules = {
        row["indicator"]: re.findall(r"\w+", row["rule"]) for row in raw("codebook/indicators.csv")
    }
    for row in parts:
        (item, option), (base, answer) = rules[row["indicator"]], rules[row["base"]]
        whole = recounted.those(base, answer, LATER, "states")
        assert recounted.those(item, option, LATER, "states") <= whole
    routes = {
        name: re.findall(r"\w+", row["relevant"])
        for name, row in of_respondents().items()
        if row["relevant"]
    }
    assert len(routes) == 3
    for name, (item, option) in routes.items():
        whole = recounted.those(item, option, LATER, "states")
        for one, meanings in recounted.rows[LATER, "states"].items():
            assert one in whole or not [key for key in meanings if key.startswith(name)]
    everybody = recounted.those("confiscation_law", "yes", LATER, "states")
    assert recounted.those("confiscated_funds", "general_fund", LATER, "states") == everybody


def test_every_printed_count_comes_out_of_the_files() -> None:
    assert_counts_are_met(recount())


def test_parts_lie_inside_their_wholes_and_nobody_answers_what_was_not_asked() -> None:
    assert_the_structure_holds(recount())


@pytest.mark.parametrize(
    "inputs",
    [
        {"seed": 0, "persistence": 0},
        {"seed": 1, "persistence": 1},
        {"seed": 2, "persistence": 0.4, "dont_know": 0.3, "blank": 0.3},
        {"seed": 3, "dont_know": 0, "blank": 0, "not_applicable": 0, "untidy": 0},
        {"seed": 4, "untidy": 1},
    ],
    ids=str,
)
def test_other_inputs_meet_the_same_counts(inputs: dict[str, float]) -> None:
    assert_counts_are_met(recount(**inputs))
    assert_the_structure_holds(recount(**inputs))
    assert made(**inputs)[EXPORTS[LATER, "states"]] != made()[EXPORTS[LATER, "states"]]


def test_the_orderings_of_the_source_hold_over_either_base() -> None:
    found = recount()
    for cycle in (EARLIER, LATER):
        shares: dict[tuple[str, str, bool], float] = {}
        for item in BOTH_SATISFIED:
            for group in ("states", "ngos"):
                count = len(found.those(item, "very_satisfactory", cycle, group))
                shares[item, group, True] = count / len(found.rows[cycle, group])
                shares[item, group, False] = count / len(found.answering(item, cycle, group))
        for is_all in (True, False):
            for item in BOTH_SATISFIED:
                assert shares[item, "ngos", is_all] < shares[item, "states", is_all]
            for group in ("states", "ngos"):
                low = [shares[item, group, is_all] for item in LEAST]
                others = [shares[x, group, is_all] for x in BOTH_SATISFIED if x not in LEAST]
                assert max(low) < min(others)
    funds = {
        option: len(found.those("confiscated_funds", option, LATER, "states"))
        for option in ("victim_support", "investigation", "other_measures", "compensation")
    }
    assert (
        max(funds.values())
        == funds["compensation"]
        > 2 * sum(sorted(funds.values())[:-1][i] for i in range(2))
    )


def test_a_growth_without_counts_is_kept() -> None:
    (row,) = printed("percent_change")
    before, after = (
        len(recount().those(row["item"], row["option"], cycle, "states"))
        for cycle in (EARLIER, LATER)
    )
    assert 100 * (after / before - 1) == pytest.approx(float(row["value"]))


@pytest.mark.parametrize("persistence", [0, 0.25, 0.6, 1])
@pytest.mark.parametrize(
    "item", ["supply_chain_law", "recruitment_fees", "child_tourism_measures", "procurement_policy"]
)
def test_answers_persist_as_far_as_the_counts_of_both_cycles_allow(
    item: str, persistence: float
) -> None:
    found = recount(persistence=persistence)
    before, after = (found.those(item, "yes", cycle, "states") for cycle in (EARLIER, LATER))
    both = found.answering(item, LATER, "states") & set(found.rows[EARLIER, "states"])
    could = before & both
    others = found.answering(item, LATER, "states") - before
    least, most = max(0, len(after) - len(others)), min(len(could), len(after))
    assert len(before & after) == min(max(round(persistence * len(could)), least), most)


def test_the_overlap_of_the_cycles_is_the_stated_one() -> None:
    rows = recount().rows
    assert len(set(rows[EARLIER, "states"]) & set(rows[LATER, "states"])) == 46
    ngos = set(rows[EARLIER, "ngos"]) & set(rows[LATER, "ngos"])
    stated = {row["name"]: row["value"] for row in table(made()["invented.csv"])}
    assert (stated["overlap states"], stated["overlap ngos"]) == ("46", str(len(ngos)))
    files = rehearsal_files(load_study(DEFAULT), Inputs(overlap={"states": 49, "ngos": 0}))
    rows = Recount.of(files).rows
    assert set(rows[LATER, "states"]) < set(rows[EARLIER, "states"])
    assert not set(rows[LATER, "ngos"]) & set(rows[EARLIER, "ngos"])


def test_respondents_have_numbers_and_no_names() -> None:
    roster = table(made()["respondents.csv"])
    assert [row["respondent_id"] for row in roster] == [f"pS-{n:02}" for n in range(1, 58)]
    assert {row["respondents"] for row in roster} == {"states"}
    for (_, group), rows in recount().rows.items():
        assert all(re.fullmatch(r"pS-\d\d" if group == "states" else r"NGO-\d{3}", x) for x in rows)


def test_every_question_with_options_that_respondents_answer_is_in_its_exports() -> None:
    asked = {
        (cycle, group, name)
        for name, row in of_respondents().items()
        for cycle in row["asked"].split()
        for group in row["respondents"].split()
    }
    names = {row["name"] for row in raw("codebook/survey.csv")}
    there = {
        (cycle, group, row["item"])
        for row in raw(COLUMNS)
        for cycle, group in EXPORTS
        if row["cycle"] == cycle and row["respondents"] in ("", group) and row["item"] in names
    }
    assert there == asked
    headers = {place: list(cells[0]) for place, cells in recount().cells.items()}
    assert headers[EARLIER, "states"][3] != headers[LATER, "states"][3]
    assert not set(headers[EARLIER, "states"]) & set(headers[LATER, "states"]) - {"SYNTHETIC"}


def test_the_files_look_like_those_of_a_survey_tool() -> None:
    texts = {name: made()[name].decode() for name in EXPORTS.values()}
    together = "\n".join(texts.values())
    assert sorted(text.startswith("\ufeff") for text in texts.values()) == [
        False,
        False,
        True,
        True,
    ]
    assert "\r" not in together
    assert not any(content.startswith(b"\xef\xbb\xbf") for content in [made()["sources.csv"]])
    for piece in (",Oui,", ",Да,", ",Nein,", ",Sí,", ",Sì,", "\u00a0", " ,", "Don't know", ",,"):
        assert piece in together
    assert unicodedata.normalize("NFC", together) != together
    cells = recount().cells[LATER, "states"]
    spread = [name for name in cells[0] if name.endswith("[General budget]")]
    assert len(spread) == 1
    assert {folded(row[spread[0]]) for row in cells} >= {"", "1"}


def test_one_respondent_submitted_twice_and_the_later_one_is_whole() -> None:
    twice = []
    for place, cells in recount().cells.items():
        who = next(name for name in cells[0] if name.startswith("Respondent"))
        ids = Counter(folded(row[who]) for row in cells)
        twice += [(place, name) for name, count in ids.items() if count > 1]
        if len(ids) < len(cells):
            first, second = [row for row in cells if folded(row[who]) == twice[-1][1]]
            given = [sum(bool(cell.strip()) for cell in row.values()) for row in (first, second)]
            assert given[0] < given[1]
    assert len(twice) == 1


def test_the_word_synthetic_is_in_every_name_and_every_row() -> None:
    for cells in recount().cells.values():
        assert {row["SYNTHETIC"] for row in cells} == {"SYNTHETIC"}
    sources = table(made()["sources.csv"])
    assert [row["file"] for row in sources] == [f"rehearsal/{name}" for name in EXPORTS.values()]
    for row in sources:
        assert "SYNTHETIC" in row["source"]
        assert "SYNTHETIC" in row["title"]
        assert "MIT" in row["licence"]
        assert EXPORTS[row["cycle"], row["respondents"]] == Path(row["file"]).name
        content = made()[Path(row["file"]).name]
        assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_everything_invented_is_listed_with_the_number_that_is_there() -> None:
    listed = table(made(seed=5)["invented.csv"])
    assert all(row["name"] and row["value"] and row["what"] for row in listed)
    values = {row["name"]: row["value"] for row in listed}
    assert (values["seed"], values["persistence"]) == ("5", "0.85")
    counts = {
        (name[0], name[1], name[3], name[2]): int(row["value"])
        for row in listed
        if len(name := re.split(r" = |, ", row["name"])) == 4
    }
    found = recount(seed=5)
    assert counts == {key: len(found.those(*key)) for key in counts}
    exact = {
        (row["item"], row["option"], row["cycle"], row["respondents"])
        for row in printed("count")
        if row["qualifier"] == "exactly"
    }
    assert not exact & set(counts)
    rules = [re.findall(r"\w+", row["rule"]) for row in raw("codebook/indicators.csv")]
    items = of_respondents()
    counted = {
        (item, option, cycle, group)
        for item, option in rules
        if item in items
        for cycle in items[item]["asked"].split()
        for group in items[item]["respondents"].split()
    }
    assert counted <= exact | set(counts)


@pytest.mark.parametrize("seed", [Inputs.seed, 1, 2])
def test_every_row_of_the_value_map_is_used(seed: int) -> None:
    mapped = {(row["list_name"], folded(row["raw"])) for row in raw(VALUE_MAP)}
    assert mapped == set(recount(seed=seed).used)


def test_a_respondent_keeps_to_one_language_but_for_few_cells() -> None:
    languages: dict[str, Counter[str]] = {}
    by_raw = {folded(row["raw"]): row["reason"] for row in raw(VALUE_MAP)}
    for cells in recount().cells.values():
        who = next(name for name in cells[0] if name.startswith("Respondent"))
        for row in cells:
            for cell in row.values():
                if by_raw.get(folded(cell), "").startswith("answered in "):
                    counter = languages.setdefault(folded(row[who]), Counter())
                    counter[by_raw[folded(cell)]] += 1
    foreign = {one: c for one, c in languages.items() if set(c) - {"answered in English"}}
    elsewhere = sum(sum(c.values()) - max(c.values()) for c in foreign.values())
    assert 0 < elsewhere < sum(sum(c.values()) for c in foreign.values()) / 20
    assert len({c.most_common(1)[0][0] for c in foreign.values()}) >= 5


def test_the_committed_files_are_those_of_the_default_inputs() -> None:
    folder = DEFAULT / "rehearsal"
    assert {path.name: path.read_bytes() for path in sorted(folder.iterdir())} == dict(
        sorted(made().items())
    )
    assert sum(map(len, made().values())) < 100_000


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_bytes_do_not_depend_on_the_order_of_hashes(hash_seed: str) -> None:
    code = (
        "import hashlib; from analysis.study import load_study\n"
        "from analysis.synthetic.synthesis import Inputs, rehearsal_files\n"
        f"files = rehearsal_files(load_study({str(DEFAULT)!r}), Inputs())\n"
        "print(hashlib.sha256(b''.join(files.values())).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )
    assert done.stdout.strip() == hashlib.sha256(b"".join(made().values())).hexdigest()


def test_a_new_question_leaves_the_answers_to_the_others(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    cells = {"type": "select_one yes_no", "name": "extra", "label": "Extra?", "section": "IV"}
    folder.add_row("codebook/survey.csv", **cells, respondents="states", asked=LATER)
    folder.add_row(COLUMNS, item="extra", cycle=LATER, respondents="states", column="8.9 Extra?")
    files = rehearsal_files(folder.load(), Inputs())
    assert "8.9 Extra?" in files[EXPORTS[LATER, "states"]].decode()
    assert Recount.of(files).those("confiscation_law", "yes", LATER, "states") == recount().those(
        "confiscation_law", "yes", LATER, "states"
    )


# The round trip: the pipeline reads what was written


@pytest.mark.parametrize("seed", [Inputs.seed, 1])
def test_after_cleaning_every_printed_count_is_there(tmp_path: Path, seed: int) -> None:
    folder = copy_of_default(tmp_path)
    synthesize(folder.load(), seed=seed)
    responses = load_responses(load_study(folder.path / "rehearsal"))
    assert responses is not None
    assert responses.is_synthetic
    assert responses.unused == ()
    table_ = responses.table
    for row in printed("count"):
        if row["qualifier"] != "exactly":
            continue
        own = table_[
            (table_["item"] == row["item"])
            & (table_["cycle"] == row["cycle"])
            & (table_["respondents"] == row["respondents"])
            & (table_["status"] == "answered")
        ]
        is_given = (own["value"] == row["option"]) | (
            (own["option"] == row["option"]) & (own["value"] == "selected")
        )
        assert is_given.sum() == int(row["value"]), row["finding_id"]
    found = recount(seed=seed)
    for place in EXPORTS:
        own = table_[(table_["cycle"] == place[0]) & (table_["respondents"] == place[1])]
        took_part = own[own["status"] != "unit_nonresponse"]
        assert set(took_part["respondent_id"]) == set(found.rows[place])
    statuses = {"answered", "dont_know", "no_answer", "not_applicable", "not_asked"}
    assert set(table_["status"]) == statuses | {"unit_nonresponse"}
    assert len(responses.quarantine) == 3


# Other studies


def with_columns(folder: StudyFolder, *rows: tuple[str, str, str]) -> StudyFolder:
    """Name columns: item, option, header."""
    lines = [[item, option, "", "", column] for item, option, column in rows]
    folder.write(COLUMNS, [["item", "option", "cycle", "respondents", "column"], *lines])
    return folder


def three_cycles(tmp_path: Path) -> StudyFolder:
    turnout = [
        {"item": "took_part", "cycle": cycle, "value": value}
        for cycle, value in (("a", 12), ("b", 15), ("c", 18))
    ]
    folder = small_study(
        tmp_path,
        *turnout,
        {"cycle": "a", "value": 4},
        {"cycle": "c", "value": 9},
        {"cycle": "c", "item": "fines", "value": 5, "base": "law"},
        cycles="a b c",
        items={
            "law": {"comparability": "identical"},
            "fines": {"relevant": "${law} = 'yes'", "asked": "c"},
            "remarks": {"type": "text"},
        },
    )
    ids = ("respondent_id", "", "Who")
    rows = (ids, ("fines", "", "Fines?"), ("law", "", "Law?"), ("remarks", "", "Remarks"))
    return with_columns(folder, *rows)


def test_any_study_with_turnouts_and_columns_can_be_rehearsed(tmp_path: Path) -> None:
    folder = three_cycles(tmp_path)
    files = synthesize(folder.load(), persistence=1)
    assert [file.name for file in files[:3]] == [f"SYNTHETIC_states_{x}.csv" for x in "abc"]
    rows = [table(file.read_bytes()) for file in files[:3]]
    assert [len(one) for one in rows] == [12, 15, 18]
    law = [{row["Who"].strip() for row in one if folded(row["Law?"]) == "yes"} for one in rows]
    assert (len(law[0]), len(law[2])) == (4, 9)
    fines = {row["Who"].strip() for row in rows[2] if folded(row["Fines?"]) == "yes"}
    assert len(fines) == 5
    assert fines < law[2]
    assert {row["Remarks"] for one in rows for row in one} == {""}
    responses = load_responses(load_study(folder.path / "rehearsal"))
    assert responses is not None


def test_names_of_respondents_follow_the_codebook_where_nothing_else_is_said(
    tmp_path: Path,
) -> None:
    files = rehearsal_files(three_cycles(tmp_path).load(), Inputs())
    ids = [row["respondent_id"] for row in table(files["respondents.csv"])]
    assert ids[:2] == ["State-01", "State-02"]
    assert len(ids) == 20


# What is refused


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        (Inputs(persistence=1.5), "must lie between 0 and 1. Got 1.5"),
        (Inputs(persistence=float("nan")), "must lie between 0 and 1"),
        (Inputs(blank=-0.1), "column blank"),
        (Inputs(dont_know=0.6, blank=0.6), "together must not exceed 1"),
        (Inputs(seed=-1), "a whole number from 0. Got -1"),
        (Inputs(overlap={"states": 43}), "44 to 49 took part in both. Got 43"),
        (Inputs(overlap={"states": 50}), "44 to 49 took part in both. Got 50"),
        (Inputs(overlap={"ngos": 85}), "0 to 84 took part in both. Got 85"),
        (Inputs(overlap={"state": 46}), "Did you mean 'states'?"),
    ],
    ids=str,
)
def test_impossible_inputs_are_told_with_what_is_allowed(
    tmp_path: Path, inputs: Inputs, said: str
) -> None:
    folder = copy_of_default(tmp_path)
    before = contents(folder.path)
    assert said in str(problem_of(lambda: synthesize(folder.load(), inputs)))
    assert contents(folder.path) == before


def test_an_assumed_count_must_not_contradict_a_finding(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    header = "item option cycle respondents value reason".split()
    rows = [
        ["procurement_policy", "yes", EARLIER, "states", "20", "too many"],
        ["supply_chain_law", "yes", LATER, "states", "15", "printed as 16"],
        ["predicate_offence", "yes", LATER, "states", "43", "printed as 85 %"],
        ["non_punishment_scope", "some_victims", LATER, "states", "4", "at least 5"],
        ["confiscated_funds", "victim_support", LATER, "states", "45", "more than 44"],
        ["designation_authority", "others_too", LATER, "states", "21", "29 + 21 > 49"],
    ]
    folder.write(ASSUMED, [header, *rows])
    problems = problems_of(lambda: synthesize(folder.load()))
    assert {problem.row for problem in problems if problem.file == ASSUMED} == {2, 3, 4, 5, 6}
    text = "\n".join(map(str, problems))
    assert "the findings leave 15 to 19 states" in text
    assert "the findings leave 42 to 42 states" in text
    assert "is put to 49 states in 2020/21, too few" in text


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"item": "supply_chain_lw"}, "item"),
        ({"option": "maybe"}, "option"),
        ({"cycle": "2010"}, "cycle"),
        ({"respondents": "ngo"}, "respondents"),
        ({"value": "-1"}, "value"),
        ({"value": "x"}, "value"),
    ],
    ids=str,
)
def test_a_wrong_line_of_assumptions_is_named(
    tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    folder = copy_of_default(tmp_path)
    good = {"item": "referral_authority", "option": "others_too", "cycle": LATER}
    good |= {"respondents": "states", "value": "9", "reason": "x"}
    line = folder.add_row(ASSUMED, **(good | cells))
    problem = problems_of(lambda: synthesize(folder.load()))[0]
    assert (problem.file, problem.row, problem.column) == (ASSUMED, line, column)


def test_a_study_that_names_no_columns_or_turnout_is_told_so(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    folder.write(COLUMNS, folder.read(COLUMNS)[:1])
    assert "no column holds an item" in str(problem_of(lambda: synthesize(folder.load())))
    small = small_study(tmp_path, {"value": 3})
    with_columns(small, ("law", "", "Law?"))
    problems = problems_of(lambda: synthesize(small.load()))
    text = "\n".join(map(str, problems))
    assert "no column holds respondent_id of states in a" in text
    assert "no finding prints how many states took part in b" in text


def test_questions_that_lead_to_each_other_are_refused(tmp_path: Path) -> None:
    folder = three_cycles(tmp_path)
    folder.edit("codebook/survey.csv", "law", relevant="${fines} = 'yes'")
    problem = problem_of(lambda: synthesize(folder.load()))
    assert "lead to each other" in str(problem)
    folder.edit("codebook/survey.csv", "law", relevant="once upon a time")
    problem = problems_of(lambda: synthesize(folder.load()))[0]
    assert (problem.file, problem.column) == ("codebook/survey.csv", "relevant")


# All or nothing


def test_a_second_run_replaces_its_own_files_and_keeps_others(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    rehearsal = folder.path / "rehearsal"
    synthesize(folder.load())
    (rehearsal / "notes.md").write_text("mine")
    (rehearsal / "SYNTHETIC_states_1999.csv").write_text("of a cycle that is gone")
    files = synthesize(folder.load(), seed=3)
    assert contents(rehearsal) == {"notes.md": b"mine"} | made(seed=3)
    assert all(file.is_file() for file in files)
    assert [path.name for path in folder.path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("broken", ["write_bytes", "rename"])
def test_a_failure_half_way_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    folder = tmp_path / "rehearsal"
    replace_files(folder, {"a": b"1", "b": b"2"}, "S_*")
    real = getattr(Path, broken)

    def fail(self: Path, argument: object) -> object:
        if self.name == "b" or (broken == "rename" and self.name == "new"):
            raise OSError("the disk is full")
        return real(self, argument)

    monkeypatch.setattr(Path, broken, fail)
    with pytest.raises(OSError, match="the disk is full"):
        replace_files(folder, {"a": b"3", "b": b"4"}, "S_*")
    assert contents(folder) == {"a": b"1", "b": b"2"}
    assert [path.name for path in tmp_path.iterdir()] == ["rehearsal"]


# The command


def test_the_command_writes_the_files_and_names_them(tmp_path: Path) -> None:
    folder = copy_of_default(tmp_path)
    words = ["synthesize", "--study", str(folder.path), "--seed", "5", "--persistence", "0.6"]
    result = CliRunner().invoke(main, [*words, "--overlap", "states=45"])
    assert result.exit_code == 0
    names = [Path(line).name for line in result.stdout.splitlines()]
    assert names == [*EXPORTS.values(), "sources.csv", "respondents.csv", "invented.csv"]
    inputs = Inputs(seed=5, persistence=0.6, overlap={"states": 45})
    expected = rehearsal_files(load_study(DEFAULT), inputs)
    assert contents(folder.path / "rehearsal") == expected


def test_the_command_tells_what_is_allowed() -> None:
    result = CliRunner().invoke(main, ["synthesize", "--persistence", "2", "--study", str(DEFAULT)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "must lie between 0 and 1" in result.stderr
    result = CliRunner().invoke(main, ["synthesize", "--overlap", "states=many"])
    assert result.exit_code == 2
    assert "is not a whole number" in result.stderr
    assert "Example" in CliRunner().invoke(main, ["synthesize", "--help"]).output


def test_no_name_of_the_study_stands_in_the_code() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src" / "analysis" / "synthetic").glob("*.py")
    )
    book = load_study(DEFAULT).codebook
    for word in (*book.items, "2015/16", "pS-", "NGO", "OSCE", "ngos", "yes_no"):
        assert not re.search(rf"\b{re.escape(word)}\b", code), word
