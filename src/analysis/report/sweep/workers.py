"""Who runs the tasks of a sweep: threads of this process, or a Dask cluster."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from analysis.problems import InputError, Problem
from analysis.report.running.lease import stop_kernels
from analysis.report.sweep.task import render
from analysis.report.sweep.workplace import leave

CONNECT_SECONDS = 30


class Promise(Protocol):
    """A result that will come."""

    def result(self) -> bytes:
        """Wait for it."""


@dataclass(frozen=True)
class Workers:
    """Run tasks.

    Attributes
    ----------
    submit : takes a task, returns at once.
    stop : lets everything that was promised come to an end without a result.
    """

    submit: Callable[[bytes], Promise]
    stop: Callable[[], None]


@contextmanager
def own_workers(jobs: int) -> Iterator[Workers]:
    """Run tasks in this process, `jobs` at a time."""
    promises: list[Future[bytes]] = []
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="task")

    def submit(task: bytes) -> Promise:
        promises.append(pool.submit(render, task))
        return promises[-1]

    def stop() -> None:
        for promise in promises:
            promise.cancel()
        while not all(promise.done() for promise in promises):
            stop_kernels()
            time.sleep(0.02)

    try:
        yield Workers(submit, stop)
    finally:
        stop()
        pool.shutdown()
        leave()


@contextmanager
def dask_workers(address: str) -> Iterator[Workers]:
    """Run tasks on a Dask cluster, which runs those of a lost worker again on another one.

    Raises
    ------
    InputError
        When `distributed` is not installed, or no worker answers.
    """
    try:
        from distributed import Client
    except ImportError:
        text = "Dask is not installed here: pip install distributed."
        raise InputError(Problem(text, column="--dask", value=address)) from None
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        text = f"no Dask scheduler answers ({error})."
        raise InputError(Problem(text, column="--dask", value=address)) from None
    promises: list[Any] = []

    def submit(task: bytes) -> Promise:
        promises.append(client.submit(render, task, pure=False))
        promise: Promise = promises[-1]
        return promise

    def stop() -> None:
        client.cancel(promises)

    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            text = "the Dask scheduler has no workers; start some with `dask worker ADDRESS`."
            raise InputError(Problem(text, column="--dask", value=address)) from None
        try:
            yield Workers(submit, stop)
        finally:
            stop()
