"""Kernels of a build: its own interpreter, no ports, nothing shared, nothing left behind."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import ensure_event_loop

from analysis.report.running.environment import NOT_INHERITED, fixed_environment
from analysis.report.running.lease import LOG, ORDINARY, Kernels, Lease, short_folder
from analysis.report.running.memory import limit_memory_of
from analysis.report.running.warm import NurseryError


class ReportClient(AsyncKernelClient):
    """Talks to a kernel; is ready as soon as the kernel says so."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and what it publishes arrives."""
        give_up = time.monotonic() + (timeout or float("inf"))
        while not await self._answers(self.kernel_info()):
            if not await self._async_is_alive():
                raise RuntimeError("the kernel ended before it was ready.")
            if time.monotonic() > give_up:
                raise RuntimeError(f"the kernel was not ready after {timeout:.0f} seconds.")

    async def _answers(self, asked: str) -> bool:
        """Whether reply and end of a request both arrive; what comes before them is dropped."""
        with suppress(Empty):
            while True:
                reply = await self.shell_channel.get_msg(timeout=1)
                if reply["parent_header"].get("msg_id") == asked:
                    break
            while True:
                told = await self.iopub_channel.get_msg(timeout=0.2)
                is_own = told["parent_header"].get("msg_id") == asked
                if is_own and told["content"].get("execution_state") == "idle":
                    self._handle_kernel_info_reply(reply)
                    return True
        return False


class ReportProvisioner(LocalProvisioner):
    """Starts the process of a kernel: forks it where there is a nursery, else as usual."""

    lease: Lease
    process: Any

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel and wait until its sockets are there."""
        for name in NOT_INHERITED:
            kwargs["env"].pop(name, None)
        process = self._forked(cmd, kwargs)
        if process is None:
            with (self.lease.runtime / LOG).open("ab") as log:
                await super().launch_kernel(cmd, stdout=log, stderr=log, **kwargs)
            process = self.process
            limit_memory_of(process.pid, self.lease.limits.memory)
        self.lease.started(process)
        await self._wait_for_sockets()
        return self.connection_info

    def _forked(self, cmd: list[str], kwargs: Mapping[str, Any]) -> Any:
        """Fork the kernel; None where that cannot be."""
        nursery = self.lease.kernels.nursery
        if nursery is None:
            return None
        try:
            kernel: Any = nursery.fork(
                cmd[cmd.index("-f") :],
                environment=kwargs["env"],
                folder=Path(kwargs.get("cwd") or Path.cwd()),
                log=self.lease.runtime / LOG,
                memory=self.lease.limits.memory,
            )
        except NurseryError:
            return None
        self.process, self.pid, self.pgid = kernel, kernel.pid, kernel.pid
        return kernel

    async def _wait_for_sockets(self) -> None:
        """Let nobody connect before the kernel listens: a try that fails costs a pause."""
        info: Any = self.connection_info
        if info["transport"] != "ipc":
            return
        ports = [info[f"{name}_port"] for name in ("shell", "iopub", "control", "hb")]
        files = [Path(f"{info['ip']}-{port}") for port in ports]
        while await self.poll() is None and not all(file.exists() for file in files):
            await asyncio.sleep(0.005)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel and wait until it is gone."""
        await super().kill(restart)
        give_up = time.monotonic() + 5
        while await self.poll() is None and time.monotonic() < give_up:
            await asyncio.sleep(0.002)


class ReportKernelManager(AsyncKernelManager):
    """Starts `python3` kernels with the build's interpreter, whatever kernelspecs are installed.

    Each kernel of a build has a subclass of its own that holds its lease. Without a lease it is
    like any other kernel: it has ports, and its files lie where Jupyter keeps them.
    """

    lease: Lease | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.client_factory = ReportClient
        if self.lease:
            self.transport = "tcp" if sys.platform == "win32" else "ipc"
            self.connection_file = str(self.lease.runtime / "kernel.json")

    @property
    def kernel_spec(self) -> KernelSpec:
        """The only kernel there is."""
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
            env=dict(self.lease.environment if self.lease else fixed_environment()),
        )

    async def _async_pre_start_kernel(self, **kw: Any) -> tuple[list[str], dict[str, Any]]:
        if self.lease:
            self.kernel_id = self.kernel_id or self.lease.runtime.name
            self.provisioner = ReportProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
            self.provisioner.lease = self.lease
        return await super()._async_pre_start_kernel(**kw)


@contextmanager
def private_kernel(
    environment: Mapping[str, str], kernels: Kernels = ORDINARY
) -> Iterator[tuple[Lease, dict[str, Any]]]:
    """Give the engine options for one kernel and remove all it left when the block ends.

    Parameters
    ----------
    environment : variables for the kernel, over those that all kernels get.
    kernels : how it is had.

    Yields
    ------
    The lease, and keyword arguments for `papermill.execute_notebook` (or an
    `nbclient.NotebookClient`).
    """
    with tempfile.TemporaryDirectory(
        prefix="k-", dir=kernels.folder or short_folder(), ignore_cleanup_errors=True
    ) as runtime:
        temporary = Path(runtime, "tmp")  # what a cell that is ended had there goes with its kernel
        temporary.mkdir()
        own = {"IPYTHONDIR": str(Path(runtime, "ipython")), "TMPDIR": str(temporary)}
        variables = {**fixed_environment(), **own, **environment}
        lease = Lease(Path(runtime), variables, kernels)
        options = {
            "kernel_name": "python3",
            "kernel_manager_class": type("Leased", (ReportKernelManager,), {"lease": lease}),
            # A history shared by parallel kernels is a database that is locked at times.
            "extra_arguments": ["--HistoryManager.enabled=False"],
            "shutdown_kernel": "immediate",
        }
        try:
            with lease.watched():
                yield lease, options
        finally:
            _close_event_loop()


def _close_event_loop() -> None:
    """Close the event loop that jupyter_client opens for each thread and leaves open."""
    loop = ensure_event_loop()
    if not loop.is_running():
        waiting = asyncio.all_tasks(loop)
        for task in waiting:  # for words that a dead kernel will never say
            task.cancel()
        loop.run_until_complete(asyncio.gather(*waiting, return_exceptions=True))
        loop.close()
