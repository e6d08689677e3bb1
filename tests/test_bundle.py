"""A report that is handed on: what must stay here is found and named; the rest is one file."""

from __future__ import annotations

import getpass
import hashlib
import json
import shutil
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from studies import CYCLES, SETTINGS, problem_of, problems_of, small_study
from surveys import SurveyFolder, answers, survey
from toys import build, write_page

from analysis.report.record import RECORD
from analysis.report.running.warm import BARE, Nursery
from analysis.sharing.archive import MANIFEST, read_bundle
from analysis.sharing.bundling import check_bundle, make_bundle
from analysis.sharing.machines import PATH
from analysis.sharing.opening import Report
from analysis.sharing.small import Told, small_across, small_in_tables, small_in_words
from analysis.study import Study

MANY = 40
REMARK = "We asked the ministry twice and heard nothing"
PAGE = """\
from IPython.display import display
display({"text/html": "<table><caption>Laws</caption><thead><tr><th scope='col'>Indicator</th>"
         "<th scope='col'>Reported</th></tr></thead><tbody><tr><td>law</td><td>25</td></tr></tbody>"
         "</table>", "text/csv": "Indicator,Reported\\nlaw,25\\n", "text/plain": "x"}, raw=True,
        metadata={"analysis": {"kind": "table", "name": "laws", "caption": "Laws", "note": "",
                               "evidence": ["observed"], "findings": []}})
"""


@dataclass(frozen=True)
class Shared:
    """A study whose report is built, and where a bundle of it goes."""

    study: Study
    target: Path

    @property
    def reports(self) -> Path:
        return self.study.reports

    def made(self) -> list[str]:
        return list(make_bundle(self.study, self.target))

    def leak(self, file: str, change: Callable[[str], str]) -> None:
        """Change a file of the report as if it had been built so."""
        path = self.reports / file
        text = path.read_text(encoding="utf-8")
        changed = change(text)
        assert changed != text
        path.write_text(changed, encoding="utf-8")
        record = json.loads((self.reports / RECORD).read_text())
        for hashes in (record["files"], record["numbers"], record["pages"][0]["shown"]["files"]):
            if file in hashes:
                hashes[file] = hashlib.sha256(path.read_bytes()).hexdigest()
        (self.reports / RECORD).write_text(json.dumps(record))


def answered(folder: Path, threshold: int) -> SurveyFolder:
    """Forty States: 20 said yes, then 25, of which 15 had said so before."""
    made = survey(folder)
    names = [*(f"Land-{n:02}" for n in range(MANY - 3)), "Audits", "A code", "Visits"]
    roster = [[name, "states"] for name in names]
    made.study.write("codebook/respondents.csv", [["respondent_id", "respondents"], *roster])
    header, *cycles = made.study.read(CYCLES)
    made.study.write(CYCLES, [header, *([*row[:2], row[2] and str(MANY)] for row in cycles)])
    made.study.add_column(SETTINGS, "cell_threshold", str(threshold))
    for cycle, yes in (("a", range(20)), ("b", range(5, 30))):
        submissions = [
            answers(
                who,
                law="Yes" if n in yes else "No",
                fines=("Yes" if n % 2 else "No") if n in yes else "",
                audit="X" if n % 2 else "",
                code="" if n % 2 else "X",
                remarks=f"{REMARK} in {n}" if n == 7 else "",
            )
            for n, (who, _) in enumerate(roster)
        ]
        made.put(*submissions, cycle=cycle)
    return made


def shared(folder: Path, threshold: int) -> Shared:
    made = answered(folder, threshold)
    book = folder / "book"
    book.mkdir()
    page = replace(write_page(book, "laws", PAGE, text="What do they say?"), sections=("s",))
    study = replace(made.study.load(folder / "out"), pages=(page,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.report.build.Nursery", lambda: Nursery(BARE))
        result = build(study)
    assert [one.error for one in result.outcomes] == [None]
    return Shared(study, folder / "report.zip")


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Answers that are public: every count may stand."""
    return shared(tmp_path_factory.mktemp("public"), 0)


@pytest.fixture(scope="module")
def confidential(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    return shared(tmp_path_factory.mktemp("confidential"), 6)


@pytest.fixture
def ours(public: Shared, tmp_path: Path) -> Shared:
    """The public report, to spoil."""
    reports = shutil.copytree(public.reports, tmp_path / "reports")
    places = replace(public.study.places, reports=Path(reports))
    return Shared(replace(public.study, places=places), tmp_path / "report.zip")


def test_a_bundle_holds_pages_tables_record_and_hashes_and_nothing_else(ours: Shared) -> None:
    said = ours.made()
    files = read_bundle(ours.target)
    kinds = {name.partition("/")[0] if "/" in name else name for name in files}
    assert kinds == {"index.html", "laws.html", "build.json", "numbers", "tables"}
    assert not [name for name in files if name.endswith((".ipynb", ".svg", ".png"))]
    assert files["laws.html"] == (ours.reports / "laws.html").read_bytes()
    assert str(hashlib.sha256(ours.target.read_bytes()).hexdigest()) in said[-1]


def test_the_same_report_gives_the_same_bytes(ours: Shared) -> None:
    ours.made()
    before = ours.target.read_bytes()
    for file in ours.reports.rglob("*"):
        file.touch()
    ours.made()
    assert ours.target.read_bytes() == before


def test_what_was_unpacked_is_checked_with_common_tools(ours: Shared, tmp_path: Path) -> None:
    ours.made()
    shutil.unpack_archive(ours.target, tmp_path / "unpacked")
    command = ["sha256sum", "--check", "--quiet", MANIFEST]
    if shutil.which(command[0]):
        subprocess.run(command, cwd=tmp_path / "unpacked", check=True)
    assert check_bundle(ours.target).startswith("report.zip: ")


LEAKS: dict[str, tuple[str, Callable[[str], str], str]] = {
    "one respondent in a text": (
        "laws.html",
        lambda html: html.replace("What do they say?", "What does Land-07 say?"),
        "laws.html: near #main: a respondent is named here. Got 'land-07'",
    ),
    "one respondent in alt text": (
        "laws.html",
        lambda html: html.replace("</main>", "<img id='map' alt='all but LAND-07'></main>"),
        "laws.html: near #map: a respondent is named here.",
    ),
    "one respondent in a picture": (
        "laws.html",
        lambda html: html.replace("</main>", "<img src='data:image/svg+xml,Land-07'></main>"),
        "a respondent is named here.",
    ),
    "rows of respondents": (
        "tables/laws/laws.csv",
        lambda text: "who,law\n" + "".join(f"Land-{n:02},yes\n" for n in range(9)),
        "tables/laws/laws.csv, row 2, column who: a list of respondents: 9 of them",
    ),
    "respondents that the study names": (
        "laws.html",
        lambda html: html.replace("What do they", "Audits, Visits and A code, what do you"),
        "laws.html: near #main: a list of 3 respondents stands here.",
    ),
    "what one wrote": (
        "laws.html",
        lambda html: html.replace("What do they", f"{REMARK.upper()}\n in 7"),
        "laws.html: near #main: an answer that a respondent wrote stands here.",
    ),
    "what one wrote in a table": (
        "tables/laws/laws.csv",
        lambda text: f"{text}other,{REMARK} in 7\n",
        "tables/laws/laws.csv, row 3, column Reported: an answer that a respondent wrote",
    ),
    "an invented number": (
        "tables/laws/laws.csv",
        lambda text: "Indicator,evidence\nlaw,synthetic\n",
        "tables/laws/laws.csv, row 2, column evidence: this rests on invented answers.",
    ),
    "an invented page": (
        "laws.html",
        lambda html: html.replace("What do", "SYNTHETIC: what do"),
        "laws.html: near #main: this rests on invented answers.",
    ),
    "a path": (
        "laws.html",
        lambda html: html.replace("What do", "/home/jane/study says what"),
        "laws.html: near #main: a path of a computer stands here. Got '/home/jane'",
    ),
    "a path of Windows": (
        "tables/laws/laws.csv",
        lambda text: f"{text}C:\\Users\\jane\\study,1\n",
        "row 3, column Indicator: a path of a computer stands here.",
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_what_must_stay_here_is_named_with_its_place_and_an_earlier_bundle_stays(
    ours: Shared, name: str
) -> None:
    file, change, told = LEAKS[name]
    ours.target.write_bytes(b"earlier")
    ours.leak(file, change)
    problems = problems_of(ours.made)
    assert {problem.file for problem in problems} == {file}
    assert told in "\n".join(map(str, problems))
    assert ours.target.read_bytes() == b"earlier"
    assert [path.name for path in ours.target.parent.glob(".*")] == []


def test_who_builds_where_stays_here(ours: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "jdoe77")
    monkeypatch.setattr(socket, "gethostname", lambda: "lab-9.example.org")
    ours.leak("laws.html", lambda html: html.replace("What do they", "On lab-9 jdoe77 asks: they"))
    assert "the name of a user stands here. Got 'jdoe77'" in str(problem_of(ours.made))
    ours.leak("laws.html", lambda html: html.replace("jdoe77", "someone"))
    assert "the name of a computer stands here. Got 'lab-9'" in str(problem_of(ours.made))


@pytest.mark.parametrize(
    "text",
    ["data/raw/responses/", "and/or", "2001/02", "https://example.org/home/x", "a/opt/b", "16/57"],
)
def test_what_only_looks_like_a_path_may_stand(text: str) -> None:
    assert not PATH.search(text)


def test_a_name_that_the_study_itself_prints_may_stand(ours: Shared) -> None:
    (page,) = ours.study.pages
    text = page.notebook.read_text()
    try:
        page.notebook.write_text(text.replace("What do they say?", "Land-07 published its law."))
        ours.leak(
            "laws.html", lambda html: html.replace("What do", "Land-07 published it. What do")
        )
        ours.made()
    finally:
        page.notebook.write_text(text)


def test_a_name_in_an_output_that_was_saved_is_none_that_the_study_prints(ours: Shared) -> None:
    (page,) = ours.study.pages
    text = page.notebook.read_text()
    notebook = json.loads(text)
    stream = {"output_type": "stream", "name": "stdout", "text": "Land-07 was asked"}
    notebook["cells"][-1]["outputs"] = [stream]
    ours.leak("laws.html", lambda html: html.replace("What do", "Land-07 was asked. What do"))
    try:
        page.notebook.write_text(json.dumps(notebook))
        assert "a respondent is named here" in str(problem_of(ours.made))
    finally:
        page.notebook.write_text(text)


def test_an_output_that_the_library_did_not_make_is_not_handed_on(ours: Shared) -> None:
    def printed(notebook: str) -> str:
        content = json.loads(notebook)
        stream = {"output_type": "stream", "name": "stdout", "text": "7 rows"}
        content["cells"][-1]["outputs"].append(stream)
        return json.dumps(content)

    ours.leak("notebooks/laws.ipynb", printed)
    problem = problem_of(ours.made)
    assert (problem.file, problem.message[:30]) == ("laws.html", "code cell 2 shows something th")


def test_a_study_or_report_that_changed_since_is_refused(ours: Shared) -> None:
    html = ours.reports / "laws.html"
    html.write_text(html.read_text() + " ")
    assert "laws.html is not as it was built" in str(problem_of(ours.made))
    spoilt = ours.study.raw / "codebook" / "note.csv"
    try:
        spoilt.write_text("a\n")
        html.write_text(html.read_text()[:-1])
        assert "has changed since its report was built" in str(problem_of(ours.made))
    finally:
        spoilt.unlink()
    assert not ours.target.exists()


def test_small_counts_are_named_by_row_and_column_with_what_can_be_done(
    confidential: Shared,
) -> None:
    problems = [str(one) for one in problems_of(confidential.made)]
    assert not confidential.target.exists()
    told = "fewer than 6 respondents stand here. Got '5'."
    # Five of those with a law gave it up; who had one and did not is 20 - 15.
    assert any(one.startswith("numbers/panel.csv") and "column lost" in one for one in problems)
    assert any(f"column lost: {told}" in one for one in problems)
    assert not any("column gained" in one for one in problems)
    assert not any("tables/laws" in one for one in problems)
    assert problems[-1].startswith("codebook/settings.csv, column cell_threshold: What can be done")


@pytest.mark.parametrize("value", ["few", "-1", "2.5"])
def test_the_threshold_is_a_whole_number(tmp_path: Path, value: str) -> None:
    made = small_study(tmp_path)
    assert made.load().codebook.settings.cell_threshold == 5
    made.add_column(SETTINGS, "cell_threshold", value)
    problem = problem_of(made.load)
    assert (problem.file, problem.column, problem.value) == (
        "codebook/settings.csv",
        "cell_threshold",
        value,
    )


def report(**tables: str) -> Report:
    rows = {
        f"numbers/{name}.csv": [line.split(",") for line in text.split()]
        for name, text in tables.items()
    }
    about: dict[str, Any] = {
        "indicators": {"law": ["law", "Law"], "fines": ["fines", "Fines"]},
        "rests_on": {"fines": ["law", "took_part"]},
    }
    return Report({"study": about}, rows, {})


def small(threshold: int = 5, **tables: str) -> list[tuple[int | None, str]]:
    found = report(**tables)
    problems = [*small_in_tables(found, threshold, found.tables, {"took_part"})]
    problems += small_across(found, threshold) if "indicator_counts" in tables else []
    return [(one.row, one.column) for one in problems]


def test_a_count_is_small_between_none_and_the_threshold() -> None:
    for count in range(8):
        expected = [(2, "count")] if 0 < count < 5 else []
        assert small(distributions=f"item,count law,{count}") == expected
    assert small(0, distributions="item,count law,1") == []
    assert small(1, distributions="item,count law,1") == []


@pytest.mark.parametrize(
    ("table", "places"),
    [
        ("indicator,count,nobs,evidence law,38,40,observed", ["count"]),
        ("indicator,count,nobs,evidence law,38,40,published", []),
        ("indicator,count_from,nobs_from,count_to,nobs_to law,20,40,37,40", ["count_to"]),
        ("item,count,n_asked,n_answered law,30,40,32", ["count"]),
        ("indicator,count,nobs took_part,38,40", []),
        ("Indicator,Reported,Of Law,38,40", ["Reported"]),
        ("indicator,gained,lost,n_paired law,9,2,40", ["lost"]),
        ("indicator,counts law,8;3;12", ["counts"]),
        ("indicator,n_unit_nonresponse,share,p_value,tipping_point,change_low law,3,2,1,4,3", []),
        ("indicator,text law,2(4%)", ["text"]),
        ("indicator,count law,3.0", ["count"]),
        ("item,n_paired,n_higher,n_lower law,9,1,2", ["n_higher", "n_lower"]),
        ("indicator,count_from_low,overlap_high,lower_quartile law,1,2,3", []),
    ],
)
def test_what_a_row_says_or_gives_away_is_found(table: str, places: list[str]) -> None:
    assert [column for _, column in small(a=table)] == places


def test_a_part_of_a_part_gives_away_the_rest() -> None:
    table = "indicator,respondents,cycle,count law,states,b,25 fines,states,b,{} fines,ngos,b,24"
    assert small(indicator_counts=table.format(23)) == [(3, "count")]
    assert small(indicator_counts=table.format(20)) == []


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("16 of the 57 States reported it, 3 gained it.", True),
        ("54 of the 57 States reported it.", True),
        ("16 of the 57 States reported it (49 took part).", False),
        ("Law: 2 (4 %)", True),
        ("Law: 16 (4 %). The change lies between −2 and +4; 3 to 4 more are possible.", False),
        ("They did not answer: 3 in 2016.", False),
        ("The odds were 1.5 to 2.5.", False),
    ],
)
def test_small_counts_in_words_are_found(text: str, is_told: bool) -> None:
    assert bool(list(small_in_words([Told("a.html", "x", text)], 5))) == is_told
