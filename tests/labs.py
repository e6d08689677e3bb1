"""The real JupyterLab for tests: started by the command, driven in a browser."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from browser import Browser

SECONDS = 90
NOTEBOOK = "window.jupyterapp.shell.currentWidget"
IS_READY = (
    "(s => !!(s && s.isReady && s.session && s.session.kernel && "
    f"s.session.kernel.status === 'idle'))({NOTEBOOK} && {NOTEBOOK}.sessionContext)"
)
HAS_RUN = (
    f"{NOTEBOOK}.content.widgets.filter(one => one.model.type === 'code')"
    ".every(one => one.model.executionCount && one.model.executionState !== 'running')"
)
ERRORS = (
    f"{NOTEBOOK}.content.widgets.flatMap(one => one.model.type === 'code' ? "
    "one.model.outputs.toJSON().filter(out => out.output_type === 'error')"
    ".map(out => out.evalue) : [])"
)
DIALOG = "[...document.querySelectorAll('.jp-Dialog')].map(one => one.textContent).join()"


class Lab:
    """One server and one browser window on it."""

    def __init__(self, url: str, token: str, browser: Browser) -> None:
        self.browser = browser
        browser.open(f"{url}lab?reset&token={token}", width=1500)
        browser.resize(1500, 1200)
        self.until("!!window.jupyterapp")
        browser.ask("window.jupyterapp.restored.then(() => true)")

    def open(self, notebook: str) -> None:
        """Open a notebook in a tab and wait for its kernel."""
        path = f"{{path: {notebook!r}}}"
        self.browser.ask(f"(window.jupyterapp.commands.execute('docmanager:open', {path}), true)")
        self.until(f"!!{NOTEBOOK} && {NOTEBOOK}.title.label === {notebook!r} && {IS_READY}")

    def run_all(self) -> list[str]:
        """Run all cells as the menu does; return what went wrong in them."""
        self.browser.ask("(window.jupyterapp.commands.execute('notebook:run-all-cells'), true)")
        self.until(HAS_RUN)
        return list(self.browser.ask(ERRORS))

    def until(self, condition: str) -> Any:
        """Wait until a JavaScript expression is true; return what it is."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            value = self.browser.ask(condition)
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(f"{condition}; dialogs: {self.browser.ask(DIALOG)!r}")


@contextmanager
def running_server(folder: Path, *options: str) -> Iterator[Mapping[str, Any]]:
    """Run `analysis lab` with files of its own in `folder`; give what it says of itself."""
    own = {f"JUPYTER_{kind}_DIR": str(folder / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "analysis", "lab", *options, "--no-browser", "--"),
                *("--ServerApp.port=0", "--allow-root", "--LabApp.expose_app_in_browser=True"),
                *(f"--LabApp.workspaces_dir={folder}/w", f"--LabApp.user_settings_dir={folder}/s"),
            ],
            cwd=folder,
            env={**os.environ, **own, "IPYTHONDIR": str(folder / "ipython")},
            stdout=log,
            stderr=log,
        )
    try:
        yield _said(process, folder)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _said(process: subprocess.Popen[bytes], folder: Path) -> Mapping[str, Any]:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        for file in folder.glob("RUNTIME/jpserver-*.json"):
            try:
                return dict(json.loads(file.read_text(encoding="utf-8")))
            except ValueError:  # half written
                continue
        time.sleep(0.05)
    raise RuntimeError((folder / "log.txt").read_text(encoding="utf-8"))
