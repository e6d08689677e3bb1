"""Kernels of a build: its own interpreter, no ports, nothing shared, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from traitlets import Dict, Unicode
from traitlets.config import Config

# A Unix socket path ends at about 100 characters; the names inside the folder need 20 of them.
LONGEST_FOLDER = 70

# What a kernel must not inherit from the person who builds, so that everyone gets the same bytes.
ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "OMP_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
}

_running: set[subprocess.Popen[bytes]] = set()


class ReportKernelManager(AsyncKernelManager):
    """Starts `python3` kernels with the build's interpreter, whatever kernelspecs are installed.

    Attributes
    ----------
    runtime : folder for the connection file and the sockets of this one kernel.
    environment : variables set for the kernel beside the inherited ones.
    """

    runtime = Unicode().tag(config=True)
    environment = Dict().tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.transport = "tcp" if sys.platform == "win32" else "ipc"
        self.connection_file = str(Path(self.runtime, "kernel.json"))

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            env=dict(self.environment),
        )

    async def _async_launch_kernel(self, kernel_cmd: list[str], **kwargs: Any) -> None:
        await super()._async_launch_kernel(kernel_cmd, **kwargs)
        _running.add(self.provisioner.process)  # type: ignore[union-attr]


@contextmanager
def private_kernel(environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Give the engine options for one kernel and remove all it left when the block ends.

    Parameters
    ----------
    environment : variables for the kernel, over those of `ENVIRONMENT`.

    Yields
    ------
    Keyword arguments for `papermill.execute_notebook` (or an `nbclient.NotebookClient`).
    """
    with tempfile.TemporaryDirectory(
        prefix="k-", dir=_short_folder(), ignore_cleanup_errors=True
    ) as runtime:
        variables = ENVIRONMENT | {"IPYTHONDIR": str(Path(runtime, "ipython"))} | dict(environment)
        settings = {"runtime": runtime, "environment": variables}
        try:
            yield {
                "kernel_name": "python3",
                "kernel_manager_class": ReportKernelManager,
                "config": Config({"ReportKernelManager": settings}),
                # A history shared by parallel kernels is a database that is locked now and then.
                "extra_arguments": ["--HistoryManager.enabled=False"],
                "shutdown_kernel": "immediate",
            }
        finally:
            # jupyter_client opens an event loop for each thread and leaves it open.
            ensure_event_loop().close()
    _forget_ended()


def stop_kernels() -> None:
    """End every kernel that this process has started and that still runs, with its children."""
    _forget_ended()
    for process in list(_running):
        with suppress(OSError):
            if sys.platform == "win32":
                process.kill()
            else:  # jupyter_client starts each kernel as the leader of its own group
                os.killpg(process.pid, signal.SIGKILL)


def _forget_ended() -> None:
    _running.difference_update([p for p in list(_running) if p.poll() is not None])


def _short_folder() -> str | None:
    """Return a temporary folder short enough for sockets; None stands for the usual one."""
    too_long = len(tempfile.gettempdir()) > LONGEST_FOLDER
    return "/tmp" if too_long and sys.platform != "win32" else None
