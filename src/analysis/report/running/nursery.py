"""The process that kernels are forked from: it has imported what they need and nothing else.

It runs no thread and opens no socket of Jupyter, so that a fork of it is as clean as a new
process. It lives as long as the build that started it: when the build is gone, however it ended,
it ends its kernels and itself.
"""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import json
import os
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from analysis.report.running.memory import limit_memory_of

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36

Request = dict[str, Any]


def serve(control: int, modules: Sequence[str]) -> None:
    """Answer requests for kernels until the other end of the socket `control` is closed.

    `modules` are imported first. It returns in the nursery when the build is gone, never in a
    kernel.
    """
    del sys.path[0]  # the folder that the build was called from; a kernel adds its own
    client = socket.socket(fileno=control)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the build, which then ends us
    _linux_only(PR_SET_CHILD_SUBREAPER, 1)
    before = dict(os.environ)
    if not _preload(client, modules):
        return
    set_by_imports = {name: text for name, text in os.environ.items() if name not in before}
    _tell(client, {"ready": os.getpid(), "threads": _threads()})
    request = _Parent(client).serve()
    if request is not None:
        client.detach()
        request["environment"] = {**set_by_imports, **request["environment"]}
        _become_kernel(request)
        os._exit(0)


class _Parent:
    """Forks, reaps and reports until the build is gone."""

    def __init__(self, client: socket.socket) -> None:
        self.client = client
        self.kernels: set[int] = set()
        self.wake, self.woken = os.pipe()
        for end in (self.wake, self.woken):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> Request | None:
        """Return what a kernel was asked to be, in that kernel; None when the build is gone."""
        buffer = b""
        while True:
            readable, _, _ = select.select([self.client.fileno(), self.wake], [], [])
            if self.wake in readable:
                os.read(self.wake, 4096)
                self.reap()
            if self.client.fileno() not in readable:
                continue
            received = _received(self.client)
            if not received:
                self.end_all()
                return None
            *lines, buffer = (buffer + received).split(b"\n")
            for line in lines:
                request: Request = json.loads(line)
                if self.fork(request):
                    return request

    def fork(self, request: Request) -> bool:
        """Fork a kernel and tell its number; return True in the kernel."""
        try:
            pid = os.fork()
        except OSError as error:
            _tell(self.client, {"asked": request["asked"], "error": str(error)})
            return False
        if pid == 0:
            signal.set_wakeup_fd(-1)
            for end in (self.wake, self.woken, self.client.fileno()):
                os.close(end)
            return True
        self.kernels.add(pid)
        _tell(self.client, {"asked": request["asked"], "pid": pid})
        return False

    def reap(self) -> None:
        """Take note of every kernel that has ended, and end what it left running."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in self.kernels:
                    self.kernels.remove(pid)
                    _end_group(pid)
                    _tell(self.client, {"ended": pid, "code": os.waitstatus_to_exitcode(status)})

    def end_all(self) -> None:
        """End every kernel and whatever else has this process as its parent."""
        with contextlib.suppress(ChildProcessError):
            while True:
                for pid in self.kernels | _children():
                    _end_group(pid)
                    with contextlib.suppress(OSError):
                        os.kill(pid, signal.SIGKILL)
                ended, _ = os.waitpid(-1, 0)  # what it had started is ours now
                self.kernels.discard(ended)


def _preload(client: socket.socket, modules: Sequence[str]) -> bool:
    """Import what kernels need; False when the build is gone meanwhile."""
    with _as_if_in_a_kernel():
        for name in modules:
            with contextlib.suppress(Exception):  # a cell that needs it will say what is wrong
                importlib.import_module(name)
            if _is_gone(client):
                return False
    gc.collect()
    gc.freeze()  # what is there now is shared with every kernel, and no collection looks at it
    return True


@contextlib.contextmanager
def _as_if_in_a_kernel() -> Iterator[None]:
    """Let libraries that look for a kernel as they are imported find one.

    pandas, for one, shows tables in another width when it believes to be on a terminal, and keeps
    the encoding of the output as a kernel writes it.
    """
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=True)
    with open(1, "w", encoding="UTF-8", closefd=False) as output:
        sys.stdout = output
        try:
            yield
        finally:
            sys.stdout = sys.__stdout__
            del vars(builtins)["get_ipython"]


def _become_kernel(request: Request) -> None:
    """Turn a forked process into the kernel that `python -m ipykernel_launcher` would be."""
    parent = os.getppid()
    os.setsid()
    end_with_parent(parent)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _redirect(Path(request["log"]))
    os.environ.clear()
    os.environ.update(request["environment"])
    tempfile.tempdir = None  # another folder than ours
    os.chdir(request["folder"])
    if request["memory"]:
        limit_memory_of(0, request["memory"])
    _reseed()
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [str(launcher and launcher.origin), *request["arguments"]]
    app_class = importlib.import_module("ipykernel.kernelapp").IPKernelApp
    app = app_class.instance(parent_handle=parent)
    app.initialize(request["arguments"])
    app.start()


def _redirect(log: Path) -> None:
    """Read from nowhere, and write to a file what is not an output of a cell."""
    for target, file, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(file, flags, 0o600)
        os.dup2(opened, target)
        os.close(opened)


def _reseed() -> None:
    """Give this process random numbers of its own; `random` sees to itself after a fork."""
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


def _end_group(pid: int) -> None:
    with contextlib.suppress(OSError):  # every kernel leads a group of its own
        os.killpg(pid, signal.SIGKILL)


def _children() -> set[int]:
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    except OSError:
        return set()
    return {int(word) for word in text.split()}


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))  # noqa: PTH208 - only how many
    except OSError:
        return 1


def end_with_parent(parent: int) -> None:
    """Let this process end with its parent, which is not to have died before."""
    _linux_only(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _linux_only(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, int(value), 0, 0, 0)


def _tell(client: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # a build that is gone is noticed in the next turn
        client.sendall(json.dumps(message).encode() + b"\n")


def _received(client: socket.socket) -> bytes:
    try:
        return client.recv(65536)
    except OSError:
        return b""


def _is_gone(client: socket.socket) -> bool:
    """Whether the build has closed its end; it asks for nothing before we are ready."""
    readable, _, _ = select.select([client], [], [], 0)
    return bool(readable) and not client.recv(1, socket.MSG_PEEK)
