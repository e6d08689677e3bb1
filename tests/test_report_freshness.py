"""What runs again, what is only written again, what is left alone, and why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from toys import (
    NOTEBOOKS,
    SHOW,
    build,
    counted,
    found,
    record_of,
    report_of,
    runs,
    toy_study,
    tree,
    without_library,
)

from analysis.report.fresh import basis
from analysis.report.fresh.glance import glance
from analysis.report.outcome import EXPORTED, FRESH, RAN

CACHED = (basis.package_files, basis.lock_digest, basis.versions)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a package of a few files in a folder, which a test can change."""
    without_library(monkeypatch.setattr)
    monkeypatch.setattr(basis, "PACKAGE", folder / "package")
    monkeypatch.setattr(basis, "LOCK_FILES", (folder / "requirements.lock",))
    forget()


def forget() -> None:
    """Look at the package again, as the next process does."""
    for cached in CACHED:
        cached.cache_clear()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a report of two pages as it was built."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "package" / "report" / "running").mkdir(parents=True)
    (folder / "package" / "cli").mkdir()
    for name in ("study.py", "cli/building.py", "report/export.py", "report/running/execute.py"):
        (folder / "package" / name).write_text("1")
    (folder / "requirements.lock").write_text("1")
    (folder / NOTEBOOKS).mkdir()
    (folder / NOTEBOOKS / "extra.csv").write_text("1")
    (folder / NOTEBOOKS / "beside.py").write_text("x = 1")
    cells = [SHOW, "open('extra.csv').read()", "import beside", "level"]
    study = toy_study(folder, counted(folder, "one", *cells), counted(folder, "two"))
    with pytest.MonkeyPatch.context() as patch:
        use(folder, patch)
        assert build(study).is_ok
    forget()
    assert runs(folder) == ["one", "two"]
    return folder


@pytest.fixture
def study(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A report of two pages, just built; where it stands makes no difference."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    use(tmp_path, monkeypatch)
    yield toy_study(
        tmp_path, *(found(tmp_path / NOTEBOOKS / f"{name}.ipynb") for name in ("one", "two"))
    )
    forget()


def edit(study: Any, change: Callable[[Any], None], name: str = "one") -> None:
    file = study.places.notebooks / f"{name}.ipynb"
    notebook = nbformat.read(file, as_version=4)
    change(notebook)
    nbformat.write(notebook, file)


def code(notebook: Any) -> None:
    notebook.cells[-1].source += "  # the same"


def tag(notebook: Any) -> None:
    notebook.cells[-1].metadata["tags"] = ["mine"]


def added_cell(notebook: Any) -> None:
    notebook.cells.append(nbformat.v4.new_code_cell("2", id="more"))


def text(notebook: Any) -> None:
    notebook.cells[0].source += "\n\n## More\n\nIn *other* words."


def added_text(notebook: Any) -> None:
    notebook.cells.insert(3, nbformat.v4.new_markdown_cell("And so on.", id="more"))


def touched(file: str, content: str = "2") -> Callable[[Any], None]:
    def touch(study: Any) -> None:
        (study.raw.parent / file).write_text(content)
        forget()

    return touch


def edited(change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda study: edit(study, change)


# What is changed, which pages run, which are written again, and what is said of the first page.
CHANGES: dict[str, tuple[Callable[[Any], None], str, str, str]] = {
    "nothing": (lambda study: None, "", "", ""),
    "code": (edited(code), "one", "", "code cell 6 has changed"),
    "a tag": (edited(tag), "one", "", "code cell 6 has changed"),
    "a cell more": (edited(added_cell), "one", "", "its code has 7 cells, it had 6"),
    "text": (edited(text), "", "one", "its text has changed"),
    "a text more": (edited(added_text), "", "one", "its text has changed"),
    "data": (
        touched("raw/findings.csv"),
        "one two",
        "",
        "the input file findings.csv has changed",
    ),
    "data more": (
        touched("raw/responses.csv"),
        "",
        "",
        "",
    ),
    "a file that the code names": (
        touched("notebooks/extra.csv"),
        "one two",
        "",
        "the file extra.csv has changed",
    ),
    "a module beside the notebook": (
        touched("notebooks/beside.py", "x = 2"),
        "one two",
        "",
        "the file beside.py has changed",
    ),
    "the package": (
        touched("package/study.py"),
        "one two",
        "",
        "the package has changed: study.py",
    ),
    "how a page runs": (
        touched("package/report/running/execute.py"),
        "one two",
        "",
        "the package has changed: report/running/execute.py",
    ),
    "the template": (
        touched("package/report/export.py"),
        "",
        "one two",
        "the template has changed: report/export.py",
    ),
    "the command line": (touched("package/cli/building.py"), "", "", ""),
    "the lock file": (touched("requirements.lock"), "one two", "", "the lock file has changed"),
    "a lost page": (
        lambda study: (study.reports / "one.html").unlink(),
        "",
        "one",
        "one.html is missing",
    ),
    "an edited page": (
        touched("reports/one.html", "<p>"),
        "",
        "one",
        "one.html is not as it was written",
    ),
    "an edited figure": (
        touched("reports/figures/one/laws.svg"),
        "one",
        "",
        "figures/one/laws.svg is not as it was written",
    ),
    "a table too many": (
        touched("reports/tables/one/more.csv"),
        "one",
        "",
        "tables/one/more.csv is not as it was written",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_has_the_effect_that_it_must_have_and_no_other(
    name: str, study: Any, tmp_path: Path
) -> None:
    change, ran, written, why = CHANGES[name]
    before = tree(study.reports)
    inodes = {file: (study.reports / file).stat().st_ino for file in before}
    change(study)
    seen = glance(study.places, (), {})
    outcomes = {one.page: one for one in build(study).outcomes}
    assert runs(tmp_path) == ran.split()
    for page, one in outcomes.items():
        expected = RAN if page in ran.split() else EXPORTED if page in written.split() else FRESH
        assert (page, one.done, one.error) == (page, expected, None)
        if seen.verdicts is not None:
            assert seen.verdicts[page].needs == expected
    assert "; ".join(outcomes["one"].reasons) == why
    for file, content in before.items():
        if not (ran + written) or ("two" in file and "two" not in ran + written):
            assert (study.reports / file).read_bytes() == content
    if name == "nothing":
        assert seen.nothing_to_do
        assert {file: (study.reports / file).stat().st_ino for file in before} == inodes
    again = {one.word for one in build(study).outcomes}
    assert (again, runs(tmp_path)) == ({FRESH}, [])


def test_a_changed_python_or_library_is_a_reason(
    study: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = dict(basis.versions())
    for module in ("fresh.basis", "fresh.verdicts", "record"):
        monkeypatch.setattr(f"analysis.report.{module}.versions", lambda: {**found, "pandas": "99"})
    (one, _) = build(study).outcomes
    assert one.reasons == ("a library has changed: pandas",)
    monkeypatch.setattr("sys.version_info", (3, 99, 0))
    (one, _) = build(study).outcomes
    assert "Python is 3.99.0, it was 3." in one.reasons[0]
    assert runs(tmp_path) == ["one", "one", "two", "two"]


def test_a_parameter_runs_the_pages_that_get_it(study: Any, tmp_path: Path) -> None:
    (one,) = build(study, {"level": "0.9"}, pages=study.pages[:1]).outcomes
    assert one.reasons == ("the parameter level is 0.9, it was the default",)
    assert runs(tmp_path) == ["one"]
    assert build(study, {"level": "0.9"}, pages=study.pages[:1]).outcomes[0].done == FRESH
    outcomes = build(study).outcomes
    assert [outcome.done for outcome in outcomes] == [RAN, FRESH]
    assert outcomes[0].reasons == ("the parameter level is the default, it was 0.9",)


def test_a_pdf_goes_when_its_page_is_written_again(study: Any) -> None:
    for name in ("one", "two", "index"):
        (study.reports / f"{name}.pdf").write_bytes(b"%PDF")
    edit(study, text)
    assert [one.done for one in build(study).outcomes] == [EXPORTED, FRESH]
    assert [file.name for file in study.reports.glob("*.pdf")] == ["two.pdf"]


def test_writing_again_gives_the_bytes_of_a_new_build(study: Any, tmp_path: Path) -> None:
    edit(study, text)
    edit(study, added_text)
    build(study, {"level": "0.9"})
    edit(study, lambda notebook: notebook.cells.pop(3))
    edit(study, text)
    assert {one.word for one in build(study, {"level": "0.9"}).outcomes} == {EXPORTED, FRESH}
    again = tree(study.reports)
    shutil.rmtree(study.reports)
    build(study, {"level": "0.9"})
    assert tree(study.reports) == again


def test_a_page_that_is_no_longer_in_the_study_goes_and_links_to_it_follow(
    study: Any, tmp_path: Path
) -> None:
    assert 'href="two.html"' in (study.reports / "one.html").read_text()
    left = toy_study(tmp_path, study.pages[0])
    (one,) = build(left).outcomes
    assert (one.word, one.reasons) == (
        EXPORTED,
        ("title, contents or links of the report have changed",),
    )
    assert not [name for name in report_of(study) if "two" in name]
    assert "two.html" not in (study.reports / "one.html").read_text()
    assert runs(tmp_path) == []


def test_what_is_not_part_of_the_report_stays(study: Any) -> None:
    (study.reports / "notes.txt").write_text("mine")
    (study.reports / "rehearsal").mkdir()
    (study.reports / "rehearsal" / "index.html").write_text("SYNTHETIC")
    (study.reports / "sweep" / "bases").mkdir(parents=True)
    (study.reports / "sweep" / "bases" / "index.html").write_text("rows")
    (study.reports / "notebooks" / "own.txt").write_text("mine")
    edit(study, code)
    build(study)
    assert (study.reports / "notes.txt").read_text() == "mine"
    assert (study.reports / "rehearsal" / "index.html").read_text() == "SYNTHETIC"
    assert (study.reports / "sweep" / "bases" / "index.html").read_text() == "rows"
    assert (study.reports / "notebooks" / "own.txt").read_text() == "mine"


def test_a_lost_or_edited_computed_table_is_written_again(study: Any, tmp_path: Path) -> None:
    table = study.processed / "counts.csv"
    for spoil in (table.unlink, lambda: table.write_text("b\n")):
        spoil()
        assert not glance(study.places, (), {}).is_whole
        build(study)
        assert table.read_text() == "a\n"
    assert runs(tmp_path) == []


def test_a_record_that_cannot_be_read_is_no_record(study: Any, tmp_path: Path) -> None:
    (study.reports / "build.json").write_text("{")
    assert glance(study.places, (), {}).verdicts is None
    assert {one.reasons for one in build(study).outcomes} == {("never built",)}


def test_the_record_says_nothing_of_when_where_and_by_whom(study: Any, tmp_path: Path) -> None:
    written = json.dumps(record_of(study))
    assert str(tmp_path) not in written
    assert str(Path.home()) not in written
    assert record_of(study)["schema"] == 2


@pytest.mark.parametrize(
    "cell",
    [
        "%matplotlib inline\nimport helper",
        "!cat extra/x.txt",
        "import package",
        "from pathlib import Path\n(Path('extra') / 'x.txt').read_text()",
    ],
)
def test_code_of_its_own_may_read_whatever_lies_beside_it(tmp_path: Path, cell: str) -> None:
    beside = ("helper.py", "helped_by.py", "package/__init__.py", "extra/x.txt")
    for name in (*beside, ".hidden", "other.ipynb", "__pycache__/x.pyc", "study/codebook.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    (tmp_path / "extra" / "round").symlink_to(tmp_path, target_is_directory=True)
    assert {*basis.files_read([cell], tmp_path)} == {*beside}
    assert basis.files_read(["section.say('helper.py')"], tmp_path).keys() == {"helper.py"}


def test_a_file_that_somebody_edits_while_a_page_reads_it_makes_it_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_library(monkeypatch.setattr)
    edit_it = "open('extra.csv').read()\nopen('extra.csv', 'w').write('2')"
    study = toy_study(tmp_path, counted(tmp_path, "one", edit_it))
    (study.places.notebooks / "extra.csv").write_text("1")
    for ran in (["one"], ["one"], []):
        assert build(study).is_ok
        assert runs(tmp_path) == ran
