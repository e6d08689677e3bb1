"""Warm kernels: forked from a process that has done the imports; see `nursery`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.report.running.environment import nursery_environment

START_SECONDS = 120
END_SECONDS = 10
SERVE = """\
import sys
from analysis.report.running.nursery import serve
serve(int(sys.argv[1]), sys.argv[2:])
"""
BARE = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "tornado.platform.asyncio",
    "encodings.utf_8_sig",
)
"""The modules of a kernel."""

PRELOADED = (
    *BARE,
    "analysis.section",
    "analysis.study.loading",
    "seaborn",
    "matplotlib.style",
    "matplotlib.backends.backend_mixed",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PpmImagePlugin",
    "pandas.core.methods.to_dict",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
)
"""The modules of a kernel and of the sections that run in it."""


class NurseryError(RuntimeError):
    """Raised when no kernel can be forked; ordinary kernels can still be started."""


class Forked:
    """A forked kernel, used like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._has_ended = threading.Event()

    def ended(self, code: int) -> None:
        """Take note of how it ended."""
        self.returncode = code
        self._has_ended.set()

    def poll(self) -> int | None:
        """Return how it ended, as `subprocess.Popen.poll` does; None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended."""
        if not self._has_ended.wait(timeout):
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Starts the process that forks kernels, and talks to it; safe to use from many threads."""

    def __init__(self, modules: Sequence[str] = PRELOADED) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", SERVE, str(theirs.fileno()), *modules],
                env=nursery_environment(),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._socket = ours
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._asked = 0
        self._is_ready = self._is_gone = False
        self._problem = ""
        self._replies: dict[int, dict[str, Any]] = {}
        self._kernels: dict[int, Forked] = {}
        self._early: dict[int, int] = {}
        self._listener = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """Number of the process, which leads a group of its own."""
        return self._process.pid

    def wait_ready(self) -> None:
        """Wait until it can fork or it is sure that it cannot."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_ready or self._is_gone, START_SECONDS)

    @property
    def is_gone(self) -> bool:
        """Whether it has ended, so that no kernel of it runs any more."""
        return self._is_gone

    def fork(
        self,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        memory: int = 0,
    ) -> Forked:
        """Fork a kernel.

        Parameters
        ----------
        arguments : what follows `python -m ipykernel_launcher` on the command line of a kernel.
        environment : all of its variables.
        folder : its working folder.
        log : file for what it writes outside of cells.
        memory : bytes of data that it may have; 0 for no limit.

        Raises
        ------
        NurseryError
            When the nursery has not come up, is not fit to fork, or has gone.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_ready or self._is_gone, START_SECONDS)
            if self._problem or self._is_gone or not self._is_ready:
                raise NurseryError(self._problem or "the process that forks kernels has ended.")
            self._asked += 1
            number = self._asked
            request = {
                "asked": number,
                "arguments": list(arguments),
                "environment": dict(environment),
                "folder": str(folder),
                "log": str(log),
                "memory": memory,
            }
            try:
                self._socket.sendall(json.dumps(request).encode() + b"\n")
            except OSError as error:
                raise NurseryError(str(error)) from error
            self._changed.wait_for(lambda: number in self._replies or self._is_gone, START_SECONDS)
            reply = self._replies.pop(number, {"error": "the process that forks kernels ended."})
            if "error" in reply:
                raise NurseryError(reply["error"])
            kernel = Forked(reply["pid"])
            if kernel.pid in self._early:
                kernel.ended(self._early.pop(kernel.pid))
            else:
                self._kernels[kernel.pid] = kernel
            return kernel

    def close(self) -> None:
        """End the process and every kernel of it."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
            self._process.wait()
        self._listener.join()
        self._socket.close()

    def _listen(self) -> None:
        """Pass on what the nursery tells until it is gone."""
        with contextlib.suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                with self._changed:
                    self._take(json.loads(line))
                    self._changed.notify_all()
        with self._changed:
            self._is_gone = True
            for kernel in self._kernels.values():  # they die with it
                kernel.ended(-signal.SIGKILL)
            self._kernels.clear()
            self._changed.notify_all()

    def _take(self, told: Mapping[str, Any]) -> None:
        if "ready" in told:
            self._is_ready = True
            if told["threads"] != 1:
                self._problem = f"{told['threads']} threads run where kernels would be forked."
        elif "asked" in told:
            self._replies[told["asked"]] = dict(told)
        elif told["ended"] in self._kernels:
            self._kernels.pop(told["ended"]).ended(told["code"])
        else:  # it ended before anybody knew of it
            self._early[told["ended"]] = told["code"]


def can_fork() -> bool:
    """Tell whether kernels are forked here: on Linux; macOS has libraries that bear no fork."""
    return sys.platform == "linux" and hasattr(os, "fork")
