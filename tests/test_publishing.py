"""`analysis package`: what goes in, what stays out, when it refuses, who else can read it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from extra import needs
from studies import FINDINGS, SETTINGS, StudyFolder, problems_of, small_study, took_part
from surveys import answers, survey

from analysis.cli import main
from analysis.files import sha256
from analysis.publishing import package_study
from analysis.report.outcome import Outcome, PageError
from analysis.report.record import RECORD, make_record, write_record
from analysis.study import Study

SAID = {
    "version": "1.0.0",
    "released": "2024-05-01",
    "description": "A made-up survey of laws.",
    "authors": "The surveyors",
    "licence": "CC-BY-4.0",
}
SECRET = "The minister told us so"


def said(study: StudyFolder, **cells: str) -> StudyFolder:
    """The study with what a published one has to say."""
    columns = study.read(SETTINGS)[0]
    for name, value in {**SAID, **cells}.items():
        if name in columns:
            study.edit(SETTINGS, "Small", **{name: value})
        else:
            study.add_column(SETTINGS, name, value)
    return study


def built(study: Study, *, failed: str = "") -> Study:
    """Write what a build leaves behind; the pages are stubs."""
    study.reports.mkdir(parents=True, exist_ok=True)
    names = [page.name for page in study.pages]
    outcomes = [
        Outcome(name, name, PageError("ValueError", "no") if name == failed else None)
        for name in names
    ]
    parameters = {"level": "0.9"}
    inputs = {name: sha256(file) for name, file in study.input_files().items()}
    record = make_record(inputs, outcomes, parameters, before={}, pages=names)
    write_record(record, study.reports / RECORD)
    for name in (*names, f"{study.stamp}_index" if study.stamp else "index"):
        (study.reports / f"{name}.html").write_text(f"<title>{name}</title>")
    return study


@pytest.fixture
def printed(tmp_path: Path) -> StudyFolder:
    """A study with printed figures of two cycles."""
    laws = [{"cycle": "a", "value": 5}, {"cycle": "b", "value": 12}]
    return said(small_study(tmp_path, *took_part(a=18, b=17), *laws))


@pytest.fixture
def answered(tmp_path: Path) -> StudyFolder:
    """A study with responses, in which somebody wrote a sentence."""
    folder = survey(tmp_path)
    folder.put(answers("S-1", remarks=SECRET), answers("S-2", law="No", staff="777"), cycle="a")
    folder.put(answers("S-1", law="No"), answers("S-3", remarks=SECRET))
    return said(folder.study)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def crate_of(folder: Path) -> dict[str, dict[str, Any]]:
    found = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    return {entity["@id"]: entity for entity in found["@graph"]}


# What goes in


def test_a_study_of_printed_figures_goes_in_with_its_pages(printed: StudyFolder) -> None:
    files = package_study(built(printed.load()))
    folder = printed.path / "package"
    assert files == sorted(folder / name for name in contents(folder))
    assert set(contents(folder)) == {
        *("README.md", "datapackage.json", "ro-crate-metadata.json", "provenance/build.json"),
        *("data/findings.csv", "data/indicator_counts.csv", "data/comparisons.csv"),
        *("data/sensitivity.csv", "codebook/items.csv", "codebook/options.csv"),
        *("codebook/indicators.csv", "report/index.html", "report/s.html"),
    }


def test_tables_are_those_of_the_study(printed: StudyFolder) -> None:
    from analysis.processed import write_tables

    study = built(printed.load())
    package_study(study)
    for file in write_tables(study):
        assert (printed.path / "package" / "data" / file.name).read_bytes() == file.read_bytes()


def test_nothing_says_what_a_single_respondent_answered(answered: StudyFolder) -> None:
    package_study(built(answered.load()))
    found = contents(answered.path / "package")
    assert {"data/distributions.csv", "data/panel.csv", "data/comparisons.csv"} <= set(found)
    for name, content in found.items():
        for text in ("S-1", "S-2", "S-3", SECRET, *([",777"] if name.endswith(".csv") else [])):
            assert text.encode() not in content, (name, text)
    assert not any(name.startswith("report/") for name in found)
    told = found["README.md"].decode()
    for name in ("responses.csv", "moves.csv", "numbers.csv", "ledger.csv", "pages"):
        assert name in told.partition("## What was left out")[2]


def test_invented_answers_are_called_so(answered: StudyFolder) -> None:
    for path in (answered.path / "responses").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        marked = [f"{line},SYNTHETIC" for line in lines]
        path.write_text("\r\n".join(marked) + "\r\n", encoding="utf-8", newline="")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        answered.edit("codebook/sources.csv", f"responses/{path.name}", sha256=digest)
    answered.add_column(SETTINGS, "invented", "yes")
    package_study(built(answered.load()))
    folder = answered.path / "SYNTHETIC_package"
    assert crate_of(folder)["./"]["name"].startswith("SYNTHETIC: ")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["title"].startswith("SYNTHETIC: ")
    assert "nothing in it is a finding" in package["description"]
    assert b"observed" not in contents(folder)["data/distributions.csv"]


def test_the_crate_lists_every_file_with_hash_size_and_licence(printed: StudyFolder) -> None:
    package_study(built(printed.load()))
    folder = printed.path / "package"
    entities, found = crate_of(folder), contents(folder)
    del found["ro-crate-metadata.json"]
    assert [one["@id"] for one in entities["./"]["hasPart"]] == sorted(found)
    for name, content in found.items():
        assert entities[name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert entities[name]["contentSize"] == str(len(content))
        assert "CC-BY-4.0" in entities[name]["license"]["@id"]
        assert name == "README.md" or entities[name]["description"] in str(entities)


def test_the_crate_tells_the_run_as_the_build_recorded_it(printed: StudyFolder) -> None:
    study = built(printed.load())
    package_study(study)
    entities = crate_of(printed.path / "package")
    record = json.loads((study.reports / RECORD).read_text(encoding="utf-8"))
    run = entities["#build"]
    assert run["name"] == record["command"] == "analysis build -p level=0.9"
    assert entities["./"]["datePublished"] == "2024-05-01"
    assert entities["#thb-survey-report"]["version"] == record["versions"]["thb-survey-report"]
    assert entities["#pandas"]["version"] == record["versions"]["pandas"]
    assert entities["#requirements.lock"]["sha256"] == record["lock"]
    named = [one["@id"] for one in run["object"]]
    inputs = {name: entities[f"#input/{name}"]["sha256"] for name in record["inputs"]}
    assert inputs == record["inputs"]
    assert {f"#input/{name}" for name in inputs} < set(named)
    assert entities["#parameter/s/level"]["value"] == "0.9"


def test_the_same_study_gives_the_same_bytes(printed: StudyFolder) -> None:
    study = built(printed.load())
    package_study(study)
    first = contents(printed.path / "package")
    package_study(study)
    assert contents(printed.path / "package") == first
    assert str(printed.path) not in "".join(str(content) for content in first.values())


# When it refuses


def told(study: Study) -> list[tuple[str, str]]:
    """The files, and columns, that keep a study from being published."""
    found = [(one.file, one.column) for one in problems_of(lambda: package_study(study))]
    assert not (study.reports.parent / "package").exists()
    return found


def test_a_report_that_was_not_built_is_refused(printed: StudyFolder) -> None:
    assert told(printed.load()) == [("build.json", "")]


def test_a_report_of_other_inputs_is_refused(printed: StudyFolder) -> None:
    built(printed.load())
    printed.edit(FINDINGS, "f2", value=6)
    assert told(printed.load()) == [("findings.csv", "")]
    (printed.path / FINDINGS).unlink()
    assert told(printed.load()) == [("findings.csv", "")]


def test_a_report_with_a_page_that_failed_or_is_not_there_is_refused(printed: StudyFolder) -> None:
    assert told(built(printed.load(), failed="s")) == [("s.html", "")]
    study = built(printed.load())
    (study.reports / "s.html").unlink()
    assert told(study) == [("s.html", "")]


def test_a_page_of_an_earlier_build_is_refused(printed: StudyFolder) -> None:
    study = built(printed.load())
    record = json.loads((study.reports / RECORD).read_text(encoding="utf-8"))
    record["pages"][0]["shown"]["inputs"] = "of yesterday"
    write_record(record, study.reports / RECORD)
    assert told(study) == [("s.html", "")]


def test_a_report_by_another_version_is_refused(
    printed: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = built(printed.load())
    monkeypatch.setattr("analysis.publishing.ready.__version__", "9.0.0")
    assert told(study) == [("build.json", "")]


def test_what_a_published_study_must_say_is_told_at_once(tmp_path: Path) -> None:
    bare = small_study(tmp_path, *took_part(a=18, b=17))
    assert told(built(bare.load())) == [
        ("codebook/settings.csv", name)
        for name in ("licence", "released", "version", "authors", "description")
    ]


@pytest.mark.parametrize(
    ("column", "value"), [("licence", "free for all"), ("released", "1 May 2024")]
)
def test_a_licence_or_day_that_no_program_can_read_is_refused(
    printed: StudyFolder, column: str, value: str
) -> None:
    said(printed, **{column: value})
    assert told(built(printed.load())) == [("codebook/settings.csv", column)]


def test_a_rehearsal_is_not_published(printed: StudyFolder) -> None:
    from analysis.study import load_study

    (printed.path / "rehearsal").mkdir()
    (problem,) = problems_of(lambda: package_study(load_study(printed.path, rehearse=True)))
    assert "rehearsal is not published" in problem.message


def test_a_folder_with_something_else_in_it_is_left_alone(printed: StudyFolder) -> None:
    study = built(printed.load())
    (printed.path / "package").mkdir()
    (printed.path / "package" / "notes.txt").write_text("mine")
    (problem,) = problems_of(lambda: package_study(study))
    assert problem.file == "package"
    assert contents(printed.path / "package") == {"notes.txt": b"mine"}


def test_a_write_that_fails_leaves_the_earlier_object(
    printed: StudyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    package_study(built(printed.load()))
    before = contents(printed.path / "package")
    printed.edit(FINDINGS, "f2", value=6)
    study = built(printed.load())
    rename = Path.rename

    def fail(self: Path, target: Path) -> Path:
        if self.name == "made":
            raise OSError("disk full")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail)
        with pytest.raises(OSError, match="disk full"):
            package_study(study)
    assert contents(printed.path / "package") == before
    assert not list(printed.path.glob(".package*"))
    package_study(study)
    assert contents(printed.path / "package") != before


# The command, and the validators of others


def test_the_command_prints_the_files_or_what_to_mend(printed: StudyFolder) -> None:
    words = ["package", "--study", str(printed.path)]
    refused = CliRunner().invoke(main, words)
    assert refused.exit_code == 1
    assert "Build it first: analysis build" in refused.stderr
    built(printed.load())
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert "datapackage.json" in done.stdout


def frictionless(folder: Path) -> dict[str, list[str]]:
    """What frictionless finds wrong, by table."""
    command = [sys.executable, "-m", "frictionless", "validate", "--json", "datapackage.json"]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    report = json.loads(result.stdout)
    assert report["tasks"], report
    return {
        task["name"]: [error["type"] for error in task["errors"]]
        for task in report["tasks"]
        if task["errors"]
    }


def test_frictionless_finds_the_tables_valid(answered: StudyFolder) -> None:
    needs("frictionless")
    package_study(built(answered.load()))
    assert frictionless(answered.path / "package") == {}


def test_frictionless_sees_a_wrong_count_word_and_name(printed: StudyFolder) -> None:
    needs("frictionless")
    package_study(built(printed.load()))
    table = printed.path / "package" / "data" / "comparisons.csv"
    table.write_text(
        table.read_text().replace("law,", "lore,").replace(",5,18,", ",-5,18,").replace("rise", "x")
    )
    found = frictionless(printed.path / "package")["comparisons"]
    assert {"constraint-error", "foreign-key"} <= set(found)
    assert found.count("constraint-error") >= 3


def test_another_reader_of_crates_finds_every_file_and_the_run(answered: StudyFolder) -> None:
    needs("rocrate")
    from rocrate.rocrate import ROCrate

    package_study(built(answered.load()))
    folder = answered.path / "package"
    crate = ROCrate(folder)
    files = {entity.id for entity in crate.get_by_type("File")}
    assert files == set(contents(folder)) - {"ro-crate-metadata.json"}
    assert crate.name == "Small"
    (run,) = crate.get_by_type("CreateAction")
    assert run["instrument"]["version"] == crate.get("#thb-survey-report")["version"]
    assert all(one["sha256"] for one in run["object"] if one.type == "CreativeWork")


def test_every_entity_that_the_crate_names_is_there(printed: StudyFolder) -> None:
    package_study(built(printed.load()))
    entities = crate_of(printed.path / "package")
    outside = {"https://w3id.org/ro/crate/1.1"}

    def named(value: object) -> set[str]:
        if isinstance(value, dict):
            return {str(value["@id"])}
        return {name for one in value for name in named(one)} if isinstance(value, list) else set()

    for entity in entities.values():
        for key, value in entity.items():
            assert named(value) - outside <= set(entities), (entity["@id"], key)
            assert value not in ("", [], None)
