"""The wheel: what travels in it, and that it works from any folder, without a network."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    # The libraries of this environment are lent to the fresh one; their shared files are here.
    variables = {**os.environ, "JUPYTER_PATH": str(Path(sys.prefix) / "share" / "jupyter")}
    result = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=300, env=variables
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of the checkout in which confidential, synthetic and scratch files lie about."""
    copy = tmp_path_factory.mktemp("source") / "checkout"
    generated = (".*_cache", ".git", ".hypothesis", ".venv", "__pycache__", "dist", "reports")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*generated))
    for name in (
        "data/raw/responses/states.csv",
        "data/raw/rehearsal/states.csv",
        "data/processed/responses.csv",
        "notebooks/.ipynb_checkpoints/01_prevention-checkpoint.ipynb",
        "reports/index.html",
        "src/analysis/__pycache__/cli.cpython-311.pyc",
    ):
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("not for others")
    return copy


@pytest.fixture(scope="module")
def archives(checkout, tmp_path_factory) -> dict[str, Path]:
    """The source archive and the wheel made from the checkout."""
    out = tmp_path_factory.mktemp("dist")
    options = ("--no-isolation", "--outdir", out)
    run(sys.executable, "-m", "build", "--sdist", "--wheel", *options, checkout, cwd=out)
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    return {"wheel": wheel, "sdist": sdist}


@pytest.fixture(scope="module")
def in_wheel(archives) -> set[str]:
    with zipfile.ZipFile(archives["wheel"]) as wheel:
        return set(wheel.namelist())


@pytest.fixture(scope="module")
def in_sdist(archives) -> set[str]:
    with tarfile.open(archives["sdist"]) as sdist:
        return {name.split("/", 1)[1] for name in sdist.getnames() if "/" in name}


def files(folder: str, pattern: str = "*") -> set[str]:
    """Files of the checkout below a folder, as a package should carry them."""
    left_out = {"responses", "rehearsal", "__pycache__", ".ipynb_checkpoints"}
    paths = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob(pattern)}
    return {
        path.as_posix()
        for path in paths
        if (ROOT / folder / path).is_file() and not left_out & set(path.parts)
    }


def test_the_wheel_carries_all_of_the_package(in_wheel):
    assert {f"analysis/{name}" for name in files("src/analysis")} <= in_wheel
    assert "analysis/py.typed" in in_wheel


def test_the_wheel_carries_every_notebook(in_wheel):
    notebooks = files("notebooks", "*.ipynb")
    assert {"00_overview.ipynb", "01_prevention.ipynb", "section.ipynb"} <= notebooks
    assert {f"analysis/resources/notebooks/{name}" for name in notebooks} <= in_wheel


def test_the_wheel_carries_the_study(in_wheel):
    study = files("data/raw")
    assert {"findings.csv", "codebook/survey.csv", "codebook/cycles.csv"} <= study
    assert {f"analysis/resources/study/{name}" for name in study} <= in_wheel


def test_the_wheel_carries_the_template(in_wheel):
    assert any(name.startswith("analysis/report/template/") for name in in_wheel)


def test_the_wheel_carries_the_licence(in_wheel):
    assert f"thb_survey_report-{VERSION}.dist-info/licenses/LICENSE" in in_wheel


def test_the_wheel_holds_one_package_and_no_tests(in_wheel):
    tops = {name.split("/")[0] for name in in_wheel}
    assert tops == {"analysis", f"thb_survey_report-{VERSION}.dist-info"}


@pytest.mark.parametrize("names", ["in_wheel", "in_sdist"])
def test_nothing_confidential_synthetic_or_generated_is_packaged(names, request):
    pattern = re.compile(
        r"responses/|rehearsal/|processed/|reports/|checkpoint|\.pyc$|\.venv|\.git/"
    )
    assert [name for name in request.getfixturevalue(names) if pattern.search(name)] == []


def test_the_source_archive_can_set_up_test_and_cite(in_sdist):
    assert {
        "CITATION.cff", "LICENSE", "Makefile", "README.md", "data/raw/findings.csv",
        "notebooks/01_prevention.ipynb", "pyproject.toml", "requirements.lock",
        "src/analysis/__init__.py", "tests/test_packaging.py", "tools/setup_venv.py",
    } <= in_sdist  # fmt: skip


def test_the_source_archive_builds_the_same_wheel(archives, in_wheel, tmp_path):
    with tarfile.open(archives["sdist"]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", source, cwd=tmp_path)
    (wheel,) = source.glob("dist/*.whl")
    with zipfile.ZipFile(wheel) as built:
        assert set(built.namelist()) == in_wheel


def test_an_editable_install_copies_no_resources(checkout, tmp_path):
    code = "import sys, hatchling.build as b; print(b.build_editable(sys.argv[1]))"
    name = run(sys.executable, "-c", code, tmp_path, cwd=checkout).stdout.split()[-1]
    with zipfile.ZipFile(tmp_path / name) as wheel:
        assert not [entry for entry in wheel.namelist() if entry.startswith("analysis/")]
        (path,) = (entry for entry in wheel.namelist() if entry.endswith(".pth"))
        assert wheel.read(path).decode().split() == [str(checkout / "src")]


def test_one_version_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == VERSION
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## \[(\d\S*)\] - (\S+)$", changelog, flags=re.MULTILINE)
    assert newest.groups() == (VERSION, str(citation["date-released"]))


@pytest.fixture(scope="module")
def installed(archives, tmp_path_factory) -> Path:
    """Folder of the commands of a fresh environment: the wheel, and this one's dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name != "nt")
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    here, there = (
        Path(run(python, "-c", code, cwd=folder).stdout.strip())
        for python in (sys.executable, scripts / "python")
    )
    # Folders named in a .pth file are imported from, but their own .pth files (which name this
    # checkout) are not read.
    (there / "dependencies.pth").write_text(f"{here}\n")
    install = ("-m", "pip", "--python", scripts / "python", "install", "--quiet", "--no-deps")
    run(sys.executable, *install, "--no-index", archives["wheel"], cwd=folder)
    return scripts


def test_the_installed_wheel_is_what_runs(installed, tmp_path):
    code = "import analysis; print(analysis.__file__)"
    file = Path(run(installed / "python", "-c", code, cwd=tmp_path).stdout.strip())
    assert installed.parent in file.parents


def test_the_installed_command_has_help(installed, tmp_path):
    for command in ([installed / "analysis"], [installed / "python", "-m", "analysis"]):
        assert "build" in run(*command, "--help", cwd=tmp_path).stdout


def test_the_installed_command_builds_a_section_from_an_unrelated_folder(installed, tmp_path):
    run(installed / "analysis", "build", "01_prevention", cwd=tmp_path)
    html = (tmp_path / "reports" / "01_prevention.html").read_text(encoding="utf-8")
    assert "<svg" in html or "data:image/" in html
    assert (tmp_path / "reports" / "index.html").is_file()


@pytest.mark.soak
def test_the_installed_command_builds_the_whole_report(installed, tmp_path):
    run(installed / "analysis", "build", cwd=tmp_path)
    pages = {path.stem for path in (tmp_path / "reports").glob("*.html")}
    sections = {path.stem for path in (ROOT / "notebooks").glob("0*.ipynb")}
    assert sections | {"index"} <= pages
