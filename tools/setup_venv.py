"""Create .venv from requirements.lock, or leave it alone when it is up to date.

Run it as `python tools/setup_venv.py`; with `--extra` it also installs what documentation and
validators need, from requirements-extra.lock.

`make report` and `make test` run this first; without make, run it by hand. It needs Python 3.11
or newer and nothing else. The stamp in .venv says what was installed: it is written last, so an
interrupted set-up starts again, and it holds hashes, so a fresh checkout or a touched file does
not install anything.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (so this file has to parse on older versions too)
    newer = [name for name in map("python3.{}".format, range(11, 20)) if shutil.which(name)]
    example = newer[-1] if newer else "python3.12"
    sys.exit(
        f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.\n"
        f"Name a newer one: make report PYTHON={example}, or {example} tools/setup_venv.py"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.txt"
LOCK = ROOT / "requirements.lock"
EXTRA, EXTRA_STAMP = ROOT / "requirements-extra.lock", VENV / "installed-extra.txt"


def main() -> None:
    """Bring .venv up to date."""
    install_all()
    if "--extra" in sys.argv[1:] and not has_extra():
        install_lock(EXTRA)
        EXTRA_STAMP.write_text(sha256(EXTRA), encoding="utf-8")


def has_extra() -> bool:
    """Whether what documentation and validators need is there and up to date."""
    return EXTRA_STAMP.exists() and EXTRA_STAMP.read_text(encoding="utf-8") == sha256(EXTRA)


def install_all() -> None:
    """Install the pinned packages and the package itself, unless they are there."""
    lock, package = wanted()
    is_there = PYTHON.exists() and STAMP.exists()
    have = STAMP.read_text(encoding="utf-8").splitlines() if is_there else []
    if have == [lock, package]:
        return
    if have[:1] != [lock]:
        STAMP.unlink(missing_ok=True)
        say(f"Creating .venv with Python {sys.version.split()[0]}")
        # The base interpreter: .venv's own would have to delete itself.
        run(getattr(sys, "_base_executable", None) or sys.executable, "-m", "venv", "--clear", VENV)
        install_lock(LOCK)
        STAMP.write_text(f"{lock}\n", encoding="utf-8")
    say("Installing the package itself (editable)")
    pip("--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    STAMP.write_text(f"{lock}\n{package}\n", encoding="utf-8")
    say(f"Ready: {PYTHON.relative_to(ROOT)}")


def wanted() -> tuple[str, str]:
    """What the stamp says when the pinned packages, and then the package itself, are up to date."""
    version = ".".join(map(str, sys.version_info[:2]))
    return (
        f"lock {sha256(LOCK)} python {version} in {ROOT}",  # a venv cannot be moved
        f"package {sha256(ROOT / 'pyproject.toml')}",
    )


def sha256(path: Path) -> str:
    """Hash of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def install_lock(lock: Path) -> None:
    """Install every pinned package: with uv, else with pip; both hold each file to its hash."""
    count = sum(1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line[:80])
    if install_uv():
        say(f"Installing up to {count} pinned packages with uv")
        options = ["--python", PYTHON, "--require-hashes", "--compile-bytecode", "-r", lock]
        command = [PYTHON, "-m", "uv", "pip", "install", *options]
        if subprocess.run(command, env=uv_environment()).returncode == 0:
            return
    say(f"uv could not install them; pip installs up to {count} pinned packages (a few minutes)")
    pip("--require-hashes", "-r", lock)


def install_uv() -> bool:
    """Install uv as pinned in the lock file; False where it has no wheel."""
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("uv=="))
    stop = next(i for i in range(start, len(lines)) if not lines[i].endswith("\\"))
    pin = VENV / "uv.txt"
    pin.write_text("\n".join(lines[start : stop + 1]) + "\n", encoding="utf-8")
    say(f"Installing {lines[start].split()[0]} with pip")
    options = ["--quiet", "--require-hashes", "--only-binary=:all:", "-r", pin]
    return subprocess.run([PYTHON, "-m", "pip", "install", *options]).returncode == 0


def uv_environment() -> dict[str, str]:
    """Environment for uv: it does not read pip's settings, so an index set there is passed on."""
    environment = {"UV_HTTP_TIMEOUT": "120", **os.environ}
    index = (
        os.environ.get("PIP_INDEX_URL")
        or pip_setting("install.index-url")
        or pip_setting("global.index-url")
    )
    if index:
        environment.setdefault("UV_DEFAULT_INDEX", index)
    return environment


def pip_setting(name: str) -> str:
    """A value of pip's configuration files, or an empty string."""
    command = [PYTHON, "-m", "pip", "config", "get", name]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def pip(*options: str | Path) -> None:
    """Run pip install in .venv."""
    run(PYTHON, "-m", "pip", "install", "--disable-pip-version-check", *options)


def run(*command: str | Path) -> None:
    """Run a command, or stop with its exit code."""
    code = subprocess.run(command).returncode
    if code != 0:
        say(f"Set-up stopped, this failed: {' '.join(map(str, command))}")
        sys.exit(code)


def say(message: str) -> None:
    """One progress line, in order with the output of the commands."""
    print(f"[set-up] {message}", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted; the next run starts it again.")
