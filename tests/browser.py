"""A browser for tests: Debian's Chromium, told what to do over a pipe, so that no port is open."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root in containers; the pages are our own
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-pipe",
)
SECONDS = 60


def chromium() -> str:
    """Return the browser; without one skip the test, or fail it where all tests must run."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        told = f"no browser: install one of {', '.join(NAMES)}"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    return found


class Browser:
    """One browser, one page at a time."""

    def __init__(self, process: subprocess.Popen[bytes], requests: int, replies: int) -> None:
        self._process, self._requests, self._replies = process, requests, replies
        self._buffer, self._count, self._session = b"", 0, ""
        self.events: list[dict[str, Any]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command of the DevTools protocol and return its result."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": parameters}
        if self._session and not method.startswith(("Target.", "Browser.")):
            message["sessionId"] = self._session
        os.write(self._requests, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._next()
            if reply.get("id") == self._count:
                if "error" in reply:
                    raise RuntimeError(f"{method}: {reply['error']}")
                return dict(reply["result"])
            self.events.append(reply)

    def open(self, page: Path | str, *, width: int = 1200, scheme: str = "light") -> None:
        """Open a file or an address in a new page and wait until it has loaded."""
        if self._session:
            self.call("Page.close")
            self._session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = session["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")
        self.resize(width)
        self.prefer(scheme)
        self.events.clear()
        url = page if isinstance(page, str) else page.resolve().as_uri()
        self.call("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def resize(self, width: int, height: int = 900) -> None:
        """Set the size of the window."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, scheme: str, media: str = "screen") -> None:
        """Show the page as to a reader who prefers light or dark, on screen or in print."""
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=media, features=features)

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, awaited."""
        reply = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in reply:
            raise RuntimeError(str(reply["exceptionDetails"]))
        return reply["result"].get("value")

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key, which writes a text."""
        about = {"key": key, "windowsVirtualKeyCode": code, "text": text}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, **about)

    def picture(self, *, whole: bool = False) -> bytes:
        """Return what is seen, or the whole page, as a PNG."""
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    def wait_for(self, event: str) -> None:
        """Wait until the browser tells of an event."""
        while not any(one.get("method") == event for one in self.events):
            self.events.append(self._next())

    def told(self, *methods: str) -> list[dict[str, Any]]:
        """Return what the events of some kinds say, since the page was opened."""
        return [one["params"] for one in self.events if one.get("method") in methods]

    def _next(self) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._replies], [], [], end - time.monotonic())
            part = os.read(self._replies, 1 << 20) if ready else b""
            if not part:
                raise TimeoutError(f"the browser said nothing for {SECONDS} s")
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a browser with an empty profile and end it with the block."""
    program = chromium()
    (requests_out, requests), (replies, replies_in) = os.pipe(), os.pipe()
    # The browser reads commands from descriptor 3 and answers on 4, so neither may be one of ours.
    theirs = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, 10) for one in (requests_out, replies_in)]

    def hand_over() -> None:
        os.dup2(theirs[0], 3)
        os.dup2(theirs[1], 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}"],
            env={**os.environ, "TMPDIR": profile},  # what it leaves when it is ended goes as well
            pass_fds=(3, 4),
            preexec_fn=hand_over,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for one in (requests_out, replies_in, *theirs):
            os.close(one)
        try:
            yield Browser(process, requests, replies)
        finally:
            os.close(requests)
            os.close(replies)
            process.terminate()
            process.wait(SECONDS)
