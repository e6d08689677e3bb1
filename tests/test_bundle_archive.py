"""A bundle as an archive: the same bytes for the same files, and no trust in one received."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from studies import problems_of

from analysis.cli import main
from analysis.intake.reading.limits import MOST_BYTES, MOST_PARTS
from analysis.problems import InputError
from analysis.sharing import archive as archives
from analysis.sharing.archive import MANIFEST, manifest_of, read_bundle, write_bundle

FILES = {"index.html": b"<p>x", "tables/a/b.csv": b"a\n1\n", "build.json": b"{}"}


def zipped(
    folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], packed: bool = True
) -> Path:
    """An archive as somebody else might make it, of these entries and no others."""
    file = folder / "received.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return file


def listed(*entries: tuple[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [(MANIFEST, manifest_of(dict(entries))), *entries]


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.create_system, entry.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return entry


NAMES = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.csv", fullmatch=True)


@given(st.dictionaries(NAMES, st.binary(), min_size=1))
def test_what_is_written_is_read_in_any_order_with_the_same_bytes(
    files: dict[str, bytes],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "a.zip"
        write_bundle(files, target)
        first = target.read_bytes()
        write_bundle(dict(reversed(files.items())), target)
        assert target.read_bytes() == first
        assert read_bundle(target) == files


def test_an_archive_says_nothing_of_when_and_by_whom_it_was_made(tmp_path: Path) -> None:
    write_bundle(FILES, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        entries = made.infolist()
    assert [one.filename for one in entries] == [MANIFEST, *sorted(FILES)]
    assert {one.date_time for one in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {(one.create_system, one.external_attr >> 16) for one in entries} == {(3, 0o100644)}
    assert {(one.extra, one.comment) for one in entries} == {(b"", b"")}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../evil.html", "would be written outside of it"),
        ("a/../../evil.html", "would be written outside of it"),
        ("/etc/evil.html", "would be written outside of it"),
        ("./a.html", "would be written outside of it"),
        ("a//b.html", "would be written outside of it"),
        ("folder/", "would be written outside of it"),
        ("..\\evil.html", "not every system can write"),
        ("C:evil.html", "not every system can write"),
        ("a\nb.html", "not every system can write"),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, told: str) -> None:
    problems = problems_of(lambda: read_bundle(zipped(tmp_path, *listed((name, b"x")))))
    assert told in problems[0].message
    assert problems[0].value == name


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([("a.html", b"x"), ("A.html", b"y")], "is there twice"),
        ([("a.html", b"x"), ("a.html", b"x")], "is there twice"),
        ([(link("a.html"), b"/etc/passwd")], "is a link"),
        ([("a.html", bytes(3_000_000))], "times as large unpacked"),
        ([(str(n), b"") for n in range(MOST_PARTS + 1)], "files; at most"),
    ],
)
def test_an_archive_made_to_do_harm_is_refused(
    tmp_path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]], told: str
) -> None:
    problems = problems_of(lambda: read_bundle(zipped(tmp_path, *entries)))
    assert any(told in one.message for one in problems)


def test_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(tmp_path, *[(f"{n}.html", bytes(range(256)) * 40) for n in range(3)])
    monkeypatch.setattr(archives, "MOST_BYTES", 20_000)
    monkeypatch.setattr(archives, "_unpacked", lambda *_: pytest.fail("it was unpacked"))
    assert "30,720 bytes unpacked" in problems_of(lambda: read_bundle(file))[0].message
    assert MOST_BYTES > 1_000_000


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    file = zipped(tmp_path, ("a.html", b"y" * 5000))
    content = file.read_bytes().replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    file.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as a zip archive"):
        read_bundle(file)


def spoil(files: dict[str, bytes]) -> list[tuple[str | zipfile.ZipInfo, bytes]]:
    return [(MANIFEST, manifest_of(FILES)), *files.items()]


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        (spoil({**FILES, "index.html": b"<p>y"}), "is not the one that was bundled"),
        (spoil({**FILES, "more.html": b""}), "is not on its list"),
        (spoil({n: c for n, c in FILES.items() if n != "index.html"}), "is not in it"),
        (list(FILES.items()), "it holds no SHA256SUMS"),
        ([(MANIFEST, b""), *FILES.items()], "is not a list of hashes"),
        ([(MANIFEST, b"\xff"), *FILES.items()], "is not a list of hashes"),
        ([(MANIFEST, b"abc  index.html\n"), *FILES.items()], "is not a list of hashes"),
    ],
)
def test_a_bundle_that_is_not_as_it_was_made_is_refused(
    tmp_path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]], told: str
) -> None:
    (problem,) = problems_of(lambda: read_bundle(zipped(tmp_path, *entries)))
    assert told in problem.message
    assert problem.file == "received.zip"


@pytest.mark.parametrize(
    "damage",
    [lambda content: content[:-30], lambda content: b"no zip", lambda content: b""],
)
def test_a_damaged_bundle_is_told_and_not_traced(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "a.zip"
    write_bundle(FILES, file)
    file.write_bytes(damage(file.read_bytes()))
    found = CliRunner().invoke(main, ["bundle", "--check", str(file)])
    assert found.exit_code == 1
    assert "cannot be read as a zip archive" in found.output


def test_the_command_checks_a_bundle(tmp_path: Path) -> None:
    write_bundle(FILES, tmp_path / "a.zip")
    found = CliRunner().invoke(main, ["bundle", "--check", str(tmp_path / "a.zip")])
    assert found.exit_code == 0
    assert found.output.startswith("a.zip: 3 files, each as it was bundled.")
