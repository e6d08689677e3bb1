"""What differs between two reports: each number once, with every cause that it can have."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from browser import running_browser
from click.testing import CliRunner
from studies import FINDINGS, INDICATORS, SURVEY, StudyFolder, problem_of, small_study, took_part
from test_report_axe import DARK, LIGHT, TOO_WIDE, UNFOLD, axe_core
from test_report_hostile import Elements
from toys import build, write_page

from analysis.changes.cells import differing, numbers_in
from analysis.changes.command import write_changes
from analysis.changes.compared import Comparison, compare
from analysis.changes.page import as_json, as_page
from analysis.cli import main
from analysis.problems import InputError
from analysis.report.running.warm import BARE, Nursery
from analysis.sharing.archive import write_bundle
from analysis.sharing.opening import open_report

TABLE = """\
from IPython.display import display
shown = {rows}
head, *body = [line.split(",") for line in shown.strip().splitlines()]
html = "".join("<tr>" + "".join(f"<td>{{cell}}</td>" for cell in row) + "</tr>" for row in body)
heads = "".join(f'<th scope="col">{{cell}}</th>' for cell in head)
display({{"text/html": f"<table><caption>Limits</caption><thead><tr>{{heads}}</tr></thead>"
          f"<tbody>{{html}}</tbody></table>", "text/csv": shown, "text/plain": "table"}}, raw=True,
        metadata={{"analysis": {{"kind": "table", "name": "limits", "caption": "Limits",
                                 "evidence": ["derived"], "findings": []}}}})
"""
ROWS = 'f"indicator,limit\\nlaw,{round(100 * level)}\\nban,7\\n"'


@dataclass(frozen=True)
class Built:
    """A study and how to build its report."""

    folder: Path
    study: StudyFolder

    def report(self, name: str, rows: str = ROWS, **parameters: str) -> Path:
        book = self.folder / "book"
        book.mkdir(exist_ok=True)
        page = replace(write_page(book, "laws", TABLE.format(rows=rows)), sections=("s",))
        study = replace(self.study.load(self.folder / name), pages=(page,))
        result = build(study, parameters)
        assert [one.error for one in result.outcomes] == [None]
        return study.reports


def surveyed(folder: Path) -> StudyFolder:
    findings = [
        *took_part(a=18, b=16),
        {"item": "law", "cycle": "a", "value": 5},
        {"item": "law", "cycle": "b", "value": 9},
        {"item": "ban", "cycle": "b", "value": 3},
    ]
    items = {name: {"comparability": "identical"} for name in ("law", "ban")}
    return small_study(folder, *findings, items=items)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that is built once."""
    folder = tmp_path_factory.mktemp("first")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.report.build.Nursery", lambda: Nursery(BARE))
        return Built(folder, surveyed(folder)).report("one")


@pytest.fixture
def old(first: Path, tmp_path: Path) -> Path:
    """The first report, to spoil."""
    return Path(shutil.copytree(first, tmp_path / "one" / "reports"))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Built:
    monkeypatch.setattr("analysis.report.build.Nursery", lambda: Nursery(BARE))
    return Built(tmp_path, surveyed(tmp_path))


def between(old: Path, new: Path) -> Comparison:
    return compare(open_report(old), open_report(new))


def causes(found: Comparison) -> dict[str, set[str]]:
    """The causes of every changed number, by its table and the name of its row."""
    told: dict[str, set[str]] = {}
    for one in found.changes:
        told.setdefault(f"{one.table} {one.row.split(',')[0]}", set()).update(one.causes)
    return told


def altered(reports: Path, table: str, old: str, new: str, **record: Any) -> Path:
    """A report in which one table holds something else, with what its record says changed."""
    other = reports.with_name(f"altered-{len(list(reports.parent.iterdir()))}")
    shutil.copytree(reports, other)
    file = other / table
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    told = json.loads((other / "build.json").read_text())
    is_ = hashlib.sha256(file.read_bytes()).hexdigest()
    for hashes in (told["numbers"], told["pages"][0]["shown"]["files"]):
        if table in hashes:
            hashes[table] = is_
    told |= record
    (other / "build.json").write_text(json.dumps(told))
    return other


def record_of(reports: Path) -> Any:
    return json.loads((reports / "build.json").read_text())


def test_equal_reports_have_no_change(built: Built, old: Path) -> None:
    found = between(old, built.report("two"))
    assert found.changes == []
    assert "No number differs" in as_page(found)
    assert json.loads(as_json(found))["is_same"] is True


def test_a_printed_figure_that_changed_is_data(built: Built, old: Path) -> None:
    built.study.edit(FINDINGS, "f3", value=12)
    found = between(old, built.report("two"))
    assert set(causes(found)) == {
        "numbers/findings.csv f3",
        *(f"numbers/{name}.csv law" for name in ("indicator_counts", "comparisons", "sensitivity")),
    }
    assert {frozenset(told) for told in causes(found).values()} == {frozenset({"data"})}
    (count,) = [
        one
        for one in found.changes
        if one.table == "numbers/indicator_counts.csv"
        and one.row == "law, states, b, participating"
        and one.column == "count"
    ]
    assert (count.old, count.new, count.difference, count.kind) == (9, 12, 3, "changed")
    assert found.causes == {"data": ["a finding on law"]}


def test_a_codebook_that_changed_is_codebook(built: Built, old: Path) -> None:
    header, *rows = built.study.read("codebook/cycles.csv")
    built.study.write("codebook/cycles.csv", [header, *[[*row[:2], "25"] for row in rows]])
    told = causes(between(old, built.report("two")))
    assert told["numbers/indicator_counts.csv law"] == {"codebook"}
    assert told["numbers/indicator_counts.csv ban"] == {"codebook"}
    assert not [name for name in told if name.startswith("numbers/findings")]


def test_a_parameter_that_changed_is_parameter_whether_given_or_set_in_the_notebook(
    built: Built,
    old: Path,
) -> None:
    for new in (built.report("two", level="0.9"), set_in_notebook(built)):
        found = between(old, new)
        assert [(one.table, one.old, one.new) for one in found.changes] == [
            ("tables/laws/limits.csv", 95, 90)
        ]
        assert found.changes[0].causes == {"parameter": ["level 0.95, now 0.9"]}


def set_in_notebook(built: Built) -> Path:
    book = built.folder / "book"
    page = replace(write_page(book, "laws", TABLE.format(rows=ROWS)), sections=("s",))
    page.notebook.write_text(page.notebook.read_text().replace("= 0.95", "= 0.9"))
    study = replace(built.study.load(built.folder / "three"), pages=(page,))
    assert build(study, {}).is_ok
    return study.reports


def test_a_notebook_that_changed_is_code(built: Built, old: Path) -> None:
    found = between(old, built.report("two", rows=ROWS.replace("ban,7", "ban,8")))
    assert [(one.row, one.old, one.new) for one in found.changes] == [("ban", 7, 8)]
    assert found.changes[0].causes == {"code": ["code cell 2"]}


@pytest.mark.parametrize(
    ("table", "field", "name", "cause"),
    [
        ("numbers/comparisons.csv", "package", "statistics/bounds.py", "code"),
        ("numbers/comparisons.csv", "versions", "scipy", "environment"),
        ("numbers/comparisons.csv", "lock", "", "environment"),
        ("numbers/comparisons.csv", "package", "report/index.py", "not recorded"),
        ("numbers/comparisons.csv", "package", "display/tables.py", "not recorded"),
    ],
)
def test_package_and_environment_are_told_apart_and_only_blamed_for_what_they_made(
    old: Path, table: str, field: str, name: str, cause: str
) -> None:
    changed = {**record_of(old)[field], name: "other"} if name else "other"
    new = altered(old, table, "law,states,a,b,5,18,9", "law,states,a,b,5,18,8", **{field: changed})
    assert [list(one.causes) for one in between(old, new).changes] == [[cause]]


def test_the_environment_of_a_page_is_its_own(old: Path) -> None:
    pages = record_of(old)["pages"]
    pages[0]["shown"]["basis"]["python"] = "3.99.0"
    files = pages[0]["shown"]["files"]
    new = altered(old, "tables/laws/limits.csv", "ban,7", "ban,8")
    files["tables/laws/limits.csv"] = record_of(new)["pages"][0]["shown"]["files"][
        "tables/laws/limits.csv"
    ]
    (new / "build.json").write_text(json.dumps({**record_of(new), "pages": pages}))
    assert [one.causes for one in between(old, new).changes] == [{"environment": ["python"]}]


def test_of_several_causes_a_number_has_those_that_it_rests_on(built: Built, old: Path) -> None:
    built.study.edit(FINDINGS, "f3", value=12)
    built.study.edit(INDICATORS, "ban", rule="${ban} = 'no'")
    told = causes(between(old, built.report("two", level="0.9")))
    assert told["numbers/findings.csv f3"] == {"data"}
    assert told["numbers/indicator_counts.csv law"] == {"data"}
    assert told["numbers/indicator_counts.csv ban"] == {"codebook"}
    # The page may show anything of the study, so nothing of it can be left out.
    assert told["tables/laws/limits.csv law"] == {"data", "parameter"}


def test_every_candidate_is_named_where_a_number_rests_on_several(built: Built, old: Path) -> None:
    built.study.edit(FINDINGS, "f3", value=12)
    built.study.edit(SURVEY, "law", label="Is there a law, then?")
    told = causes(between(old, built.report("two")))
    assert told["numbers/indicator_counts.csv law"] == {"data", "codebook"}


def test_wording_order_and_writing_are_no_change(built: Built, old: Path) -> None:
    header, *rows = built.study.read(FINDINGS)
    built.study.write(FINDINGS, [header, *reversed(rows)])
    built.study.edit(FINDINGS, "f3", statement="Said in other words.", as_printed="nine")
    built.study.edit(INDICATORS, "law", label="Another label")
    written = 'f"indicator,limit\\nban,7.0\\nlaw,{round(100 * level)} %\\n"'
    assert between(old, built.report("two", rows=written)).changes == []


def test_what_is_new_and_what_is_gone_is_told_apart(built: Built, old: Path) -> None:
    written = ROWS.replace("ban,7", "other,7")
    found = between(old, built.report("two", rows=written))
    assert [(one.row, one.kind, one.old, one.new) for one in found.changes] == [
        ("other", "new", None, 7),
        ("ban", "vanished", 7, None),
    ]


def test_the_page_is_one_file_that_calls_nothing_and_names_every_row(old: Path) -> None:
    new = altered(old, "tables/laws/limits.csv", "ban,7", "<script>,8")
    spoilt(lambda record: record["study"].update(disclaimer="<script>x</script>"))(new)
    found = between(old, new)
    assert [one.row for one in found.changes] == ["<script>", "ban"]
    html = as_page(found)
    elements = Elements(html)
    assert elements.open == []
    assert elements.named("script") == elements.named("img") == []
    assert len(elements.named("h1")) == 1
    assert len(elements.named("caption")) == len(elements.named("table"))
    assert all(one.get("scope") for one in elements.named("th"))
    ids = [attrs["id"] for _, attrs in elements.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    policy = next(one["content"] for one in elements.named("meta") if "http-equiv" in one)
    assert policy.startswith("default-src 'none'")
    assert str(old.parent) not in html
    assert "&lt;script&gt;</th>" in html


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_barrier_and_fits_a_phone(old: Path, tmp_path: Path, scheme: str) -> None:
    new = altered(old, "tables/laws/limits.csv", "ban,7", f"{'W' * 90},8")
    file = tmp_path / "page.html"
    file.write_text(as_page(between(old, new)), encoding="utf-8")
    with running_browser() as browser:
        browser.open(file, scheme=scheme)
        browser.ask(UNFOLD)
        browser.ask(f"{axe_core()};1")
        assert browser.ask(LIGHT if scheme == "light" else DARK) == []
        browser.resize(375)
        assert browser.ask(TOO_WIDE) == []


def test_the_same_reports_give_the_same_bytes_from_folders_and_bundles(
    old: Path, tmp_path: Path
) -> None:
    reports = old, altered(old, "tables/laws/limits.csv", "ban,7", "ban,8")
    bundles = [tmp_path / f"{number}.zip" for number in (1, 2)]
    for report, bundle in zip(reports, bundles, strict=True):
        write_bundle(open_report(report).files, bundle)
    made = []
    for number, (old, new) in enumerate((reports, bundles)):
        files = tmp_path / f"{number}.html", tmp_path / f"{number}.json"
        list(write_changes(old, new, output=files[0], as_data=files[1]))
        made.append([file.read_bytes() for file in files])
    assert made[0] == made[1]


def test_the_command_ends_with_0_whether_numbers_differ_or_not(old: Path, tmp_path: Path) -> None:
    new = altered(old, "tables/laws/limits.csv", "ban,7", "ban,8")
    output = str(tmp_path / "x.html")
    for pair, said in (((old, old), "No number differs"), ((old, new), "1 number differs")):
        found = CliRunner().invoke(main, ["changes", *map(str, pair), "--output", output])
        assert found.exit_code == 0
        assert said in found.output


def spoilt(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def spoil(reports: Path) -> None:
        record = record_of(reports)
        change(record)
        (reports / "build.json").write_text(json.dumps(record))

    return spoil


def shown(record: Mapping[str, Any]) -> Any:
    return record["pages"][0]


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda reports: (reports / "build.json").unlink(), "not a report: it holds no build.json"),
        (lambda reports: (reports / "build.json").write_text("{"), "cannot be read"),
        (spoilt(lambda record: record.update(schema=1)), "of another version"),
        (spoilt(lambda record: record.pop("numbers")), "of another version"),
        (spoilt(lambda record: record.update(pages=[])), "page laws was never built"),
        (spoilt(lambda record: shown(record).update(outcome="failed")), "page laws failed"),
        (spoilt(lambda record: record.update(inputs_digest="x")), "from earlier input"),
        (spoilt(lambda record: record.update(pages=7)), "none that a build writes"),
        (spoilt(lambda record: record["study"].update(stamp="../x")), "none that a build writes"),
        (spoilt(lambda record: record["study"].update(items={"law": 1})), "none that a build"),
        (spoilt(lambda record: record["versions"].pop("python")), "none that a build writes"),
        (spoilt(lambda record: shown(record)["shown"].pop("basis")), "none that a build writes"),
        (lambda reports: (reports / "build.json").write_text("[" * 99_999), "cannot be read"),
        (lambda reports: (reports / "numbers" / "findings.csv").unlink(), "is missing"),
        (
            lambda reports: (reports / "tables" / "laws" / "limits.csv").write_text("a\n1\n"),
            "tables/laws/limits.csv is not as it was built",
        ),
    ],
)
def test_what_is_no_whole_report_is_refused_and_nothing_is_written(
    old: Path, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    new = old.with_name("spoilt")
    shutil.copytree(old, new)
    spoil(new)
    output = tmp_path / "x.html"
    problem = problem_of(lambda: list(write_changes(old, new, output=output)))
    assert told in problem.message
    assert problem.file == str(new)
    assert not output.exists()
    found = CliRunner().invoke(main, ["changes", str(old), str(new), "--output", str(output)])
    assert found.exit_code == 1


def test_a_folder_around_a_report_is_answered_with_the_report(old: Path) -> None:
    problem = problem_of(lambda: open_report(old.parent))
    assert f"Did you mean {str(old)!r}?" in problem.message


@pytest.mark.parametrize(
    ("study", "told"),
    [({"stamp": "SYNTHETIC"}, "rests on invented answers"), ({"id": "other"}, "of two studies")],
)
def test_reports_that_say_nothing_about_each_other_are_refused(
    old: Path, tmp_path: Path, study: dict[str, str], told: str
) -> None:
    new = old.with_name("other")
    shutil.copytree(old, new)
    spoilt(lambda record: record["study"].update(study))(new)
    output = tmp_path / "x.html"
    for pair in ((old, new), (new, old)):
        with pytest.raises(InputError, match=told):
            list(write_changes(*pair, output=output))
    assert not output.exists()


def test_a_rehearsal_stays_marked(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt(lambda record: record["study"].update(stamp="SYNTHETIC"))(old)
    problem = problem_of(lambda: list(write_changes(old, old, output=tmp_path / "x.html")))
    assert "SYNTHETIC" in problem.message
    monkeypatch.chdir(tmp_path)
    list(write_changes(old, old))
    assert "SYNTHETIC rehearsal" in (tmp_path / "SYNTHETIC_changes.html").read_text()


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("15–19 (loose words)", [15, 19]),
        ("−18.2 to +20.0", [-18.2, 20]),
        ("1,234.5", [1234.5]),
        ("2015/16", []),
        ("Ia-07 Ia-05", []),
        ("10-14", [10, 14]),
        ("< 0.001", [0.001]),
        ("1e-07", [1e-07]),
        ("a1", []),
        ("", []),
    ],
)
def test_numbers_are_read_as_people_do(cell: str, numbers: list[float]) -> None:
    assert numbers_in(cell) == numbers


def test_rounding_of_the_machine_is_no_change() -> None:
    assert differing("0.28070175438596490", "0.28070175438596484") == []
    assert len(differing("0.2807017", "0.2807018")) == 1
