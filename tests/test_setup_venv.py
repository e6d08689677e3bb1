"""tools/setup_venv.py: installs when it must, and only then. No command is really run here."""

import importlib.util
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "tools" / "setup_venv.py"


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The script in a repository of its own; `calls` collects what it would run."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "requirements.lock").write_text(
        "six==1.0 \\\n    --hash=sha256:aa\n    # via uv\nuv==1.2 \\\n    --hash=sha256:bb \\\n"
        "    --hash=sha256:cc\nzipp==3.0 \\\n    --hash=sha256:dd\n"
    )
    script = shutil.copy(SCRIPT, tmp_path / "tools")
    spec = importlib.util.spec_from_file_location("setup_venv", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    calls: list[str] = []
    failing: list[str] = []

    def fake_run(command, **options):
        line = " ".join(map(str, command)).replace(f"{tmp_path}/", "")
        calls.append(line)
        failed = any(part in line for part in failing)
        if "-m venv" in line and not failed:
            shutil.rmtree(module.VENV, ignore_errors=True)
            module.PYTHON.parent.mkdir(parents=True)
            module.PYTHON.touch()
        return SimpleNamespace(returncode=int(failed), stdout="")

    monkeypatch.setattr(subprocess, "run", fake_run)
    return SimpleNamespace(
        main=module.main, module=module, calls=calls, failing=failing, root=tmp_path
    )


def run(setup) -> list[str]:
    """Names of the steps that one call of the script takes."""
    names = {
        "-m venv": "venv",
        "uv.txt": "uv",
        "-m uv pip install": "lock with uv",
        "--require-hashes -r requirements.lock": "lock with pip",
        "--editable": "package",
    }
    setup.calls.clear()
    setup.main()
    steps = []
    for call in setup.calls:
        steps += [name for part, name in names.items() if part in call][:1]
    return steps


def change(file: Path) -> None:
    file.write_text(file.read_text() + "# changed\n")


def test_installs_once_then_leaves_it_alone(setup):
    assert run(setup) == ["venv", "uv", "lock with uv", "package"]
    assert run(setup) == []


def test_extra_packages_are_installed_once_and_only_when_asked_for(setup, monkeypatch):
    (setup.root / "requirements-extra.lock").write_text("sphinx==9 \\\n    --hash=sha256:ee\n")
    run(setup)
    assert "requirements-extra.lock" not in " ".join(setup.calls)
    monkeypatch.setattr(setup.module.sys, "argv", ["setup_venv.py", "--extra"])
    assert run(setup) == ["uv", "lock with uv"]
    assert setup.calls[-1].endswith("-r requirements-extra.lock")
    assert run(setup) == []
    change(setup.root / "requirements-extra.lock")
    assert run(setup) == ["uv", "lock with uv"]


def test_uv_is_installed_from_its_own_hashes(setup):
    run(setup)
    pin = (setup.root / ".venv" / "uv.txt").read_text()
    assert pin == "uv==1.2 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"


def test_a_rewritten_file_with_the_same_content_changes_nothing(setup):
    run(setup)
    for name in ("requirements.lock", "pyproject.toml"):
        file = setup.root / name
        text = file.read_text()
        file.unlink()
        file.write_text(text)
    assert run(setup) == []


def test_a_changed_lock_file_starts_from_scratch(setup):
    run(setup)
    change(setup.root / "requirements.lock")
    assert run(setup) == ["venv", "uv", "lock with uv", "package"]


def test_a_changed_pyproject_installs_the_package_alone(setup):
    run(setup)
    (setup.root / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert run(setup) == ["package"]
    assert "--no-index" in setup.calls[-1]


def test_another_python_starts_from_scratch(setup, monkeypatch):
    run(setup)
    monkeypatch.setattr(setup.module.sys, "version_info", (3, 99, 0))
    assert run(setup)[0] == "venv"


def test_a_vanished_interpreter_starts_from_scratch(setup):
    run(setup)
    setup.module.PYTHON.unlink()
    assert run(setup)[0] == "venv"


def test_falls_back_on_pip(setup, capsys):
    setup.failing.append("-m uv pip install")
    assert run(setup) == ["venv", "uv", "lock with uv", "lock with pip", "package"]
    assert "pip installs" in capsys.readouterr().out
    assert run(setup) == []


@pytest.mark.parametrize(
    ("failing", "repeated"),
    [("requirements.lock", "venv"), ("--editable", "package"), ("-m venv", "venv")],
)
def test_a_set_up_that_stopped_is_not_taken_for_a_finished_one(setup, failing, repeated):
    setup.failing.append(failing)
    with pytest.raises(SystemExit):
        setup.main()
    setup.failing.clear()
    assert run(setup)[0] == repeated
    assert run(setup) == []


@pytest.mark.parametrize("failing", ["requirements.lock", "-m venv"])
def test_a_failure_after_a_change_forgets_the_earlier_success(setup, failing):
    before = (setup.root / "requirements.lock").read_text()
    run(setup)
    change(setup.root / "requirements.lock")
    setup.failing.append(failing)
    with pytest.raises(SystemExit):
        setup.main()
    setup.failing.clear()
    (setup.root / "requirements.lock").write_text(before)
    assert run(setup)[0] == "venv"


def test_pips_index_is_passed_on_to_uv(setup, monkeypatch):
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "somewhere")
    assert setup.module.uv_environment()["UV_DEFAULT_INDEX"] == "somewhere"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "elsewhere")
    assert setup.module.uv_environment()["UV_DEFAULT_INDEX"] == "elsewhere"
