"""One notebook, run by papermill from its first cell to its last, or an error that says where."""

from __future__ import annotations

import logging
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode

from analysis.report.outcome import (
    CODE_ERROR,
    CRASH,
    INTERRUPTED,
    OUT_OF_MEMORY,
    TIMEOUT,
    PageError,
    last_lines,
)
from analysis.report.running.kernels import private_kernel
from analysis.report.running.lease import ORDINARY, Kernels, Lease

# What goes wrong is told once, in the summary of the build.
logging.getLogger("papermill").addHandler(logging.NullHandler())

IOPUB_SECONDS = 600
START_SECONDS = 120
INJECTED = "injected-parameters"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}

# What differs from one run or machine to the next without being a result: a mark of it, its
# pattern, and what is written instead.
VOLATILE = (
    ("ipykernel_", re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py"), "<cell>"),
    ("0x", re.compile(r"\b0x[0-9a-fA-F]{6,16}\b"), "0x..."),
)


@dataclass
class Watch:
    """What the kernel itself said about each cell while the notebook ran.

    The notebook's metadata is no witness: cells that a dead kernel never reached are
    marked as completed there.
    """

    current: int | None = None
    replies: dict[int, str] = field(default_factory=dict)

    def started(self, cell: NotebookNode, cell_index: int) -> None:
        """Note which cell is running."""
        self.current = cell_index

    def replied(self, cell: NotebookNode, cell_index: int, execute_reply: Any) -> None:
        """Note the kernel's own verdict on a cell."""
        self.replies[cell_index] = execute_reply["content"]["status"]


def execute(
    notebook: NotebookNode,
    parameters: Mapping[str, object],
    *,
    folder: Path,
    environment: Mapping[str, str],
    kernels: Kernels = ORDINARY,
) -> NotebookNode:
    """Run a notebook in a kernel of its own and return it with its outputs, normalised.

    Parameters
    ----------
    notebook : the notebook as committed; it is not changed.
    parameters : typed values, checked before.
    folder : working directory of the kernel.
    environment : variables for the kernel beside the fixed ones.
    kernels : how the kernel is had, and what it may use.

    Raises
    ------
    PageError
        When a cell raised, timed out, killed its kernel or did not run.
    """
    watch = Watch()
    source = nbformat.from_dict(notebook)
    seconds = kernels.limits.cell
    with private_kernel(environment, kernels) as (lease, options):
        try:
            executed = papermill.execute_notebook(
                source,
                None,
                dict(parameters),
                language="python",
                progress_bar=False,
                request_save_on_cell_execute=False,
                start_timeout=START_SECONDS,
                execution_timeout=seconds or None,
                iopub_timeout=seconds or IOPUB_SECONDS,
                raise_on_iopub_timeout=True,
                record_timing=False,
                resources={"metadata": {"path": str(folder)}},
                on_cell_start=watch.started,
                on_cell_executed=watch.replied,
                **options,
            )
        except papermill.PapermillExecutionError as error:
            watch.current = error.cell_index
            kind = _kind_of(error.ename)
            raise _failed(source, parameters, watch, kind, error.ename, error.evalue) from error
        except Exception as error:
            raise _failed(source, parameters, watch, *_cause(error, lease)) from error
    _check_every_cell_ran(executed, watch)
    return normalised(executed, secrets=(str(folder), *environment.values()))


def with_outputs_of(executed: NotebookNode, source: NotebookNode) -> NotebookNode:
    """Return a notebook as if it had run, with the outputs of an earlier run of the same code.

    Parameters
    ----------
    executed : the earlier run, with the cell that set its parameters where there was one.
    source : the notebook as committed, with the same code cells.
    """
    made: NotebookNode = papermill.execute_notebook(
        nbformat.from_dict(source),
        None,
        dict(executed.metadata.papermill.parameters),
        language="python",
        prepare_only=True,
    )
    ran = iter([cell for cell in executed.cells if cell.cell_type == "code"])
    for cell in made.cells:
        if cell.cell_type == "code":
            before = next(ran)
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
    if "language_info" in executed.metadata:
        made.metadata.language_info = executed.metadata.language_info
    return normalised(made)


def normalised(notebook: NotebookNode, *, secrets: tuple[str, ...] = ()) -> NotebookNode:
    """Return the notebook without paths, clocks, random ids and addresses in memory.

    Parameters
    ----------
    notebook : an executed notebook.
    secrets : further paths that must not appear in the text of outputs.
    """
    clean: NotebookNode = nbformat.from_dict(notebook)
    parameters = clean.metadata.get("papermill", {}).get("parameters", {})
    clean.metadata.kernelspec = dict(KERNELSPEC)
    clean.metadata.papermill = {"parameters": parameters}
    clean.metadata.get("language_info", {}).pop("version", None)
    for cell in clean.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = _without_volatile(output.text, secrets)
            elif "text/plain" in output.get("data", {}):
                output.data["text/plain"] = _without_volatile(output.data["text/plain"], secrets)
    return clean


def _without_volatile(text: str, secrets: tuple[str, ...]) -> str:
    for mark, pattern, replacement in VOLATILE:
        if mark in text:
            text = pattern.sub(replacement, text)
    for path in sorted({*secrets, sys.prefix, str(Path.home())}, key=len, reverse=True):
        if len(path) > 1:
            text = text.replace(path, "...")
    return text


def _check_every_cell_ran(executed: NotebookNode, watch: Watch) -> None:
    """Raise unless the kernel reported success for every code cell that holds code."""
    own = 0
    for index, cell in enumerate(executed.cells):
        if cell.cell_type != "code":
            continue
        own += INJECTED not in cell.metadata.get("tags", [])
        if not cell.source.strip():
            continue
        errors = [out for out in cell.outputs if out.output_type == "error"]
        is_ok = watch.replies.get(index) == "ok" and cell.execution_count is not None
        if errors or not is_ok:
            error = errors[0].ename if errors else "NotRun"
            message = errors[0].evalue if errors else "the cell was never run to its end."
            if error == "SystemExit":
                message = "the cell ended the kernel, so the cells after it never ran."
            raise PageError(error, message, cell=own, line=first_line(cell.source))


def _kind_of(error: str) -> str:
    """Return the kind of outcome that an error in a cell stands for."""
    if error.endswith("MemoryError"):
        return OUT_OF_MEMORY
    return INTERRUPTED if error == "KeyboardInterrupt" else CODE_ERROR


def _cause(error: Exception, lease: Lease) -> tuple[str, str, str]:
    """Tell why a notebook came to no end: kind of outcome, name and message."""
    if lease.ended_by:
        return lease.ended_by, "", lease.why
    if isinstance(error, CellTimeoutError):
        return TIMEOUT, "", f"the cell took longer than {lease.limits.cell} seconds."
    code = None if lease.process is None else lease.process.poll()
    if code is None:
        return CRASH, type(error).__name__, str(error)
    ended = f"the kernel ended by itself with exit code {code}."
    if code < 0:
        ended = f"the kernel was ended from outside or failed: {_signal_name(-code)}."
    return CRASH, "", "\n".join([last_lines(lease.last_words, 3), ended]).strip()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _failed(
    source: NotebookNode,
    parameters: Mapping[str, object],
    watch: Watch,
    kind: str,
    error: str,
    message: str,
) -> PageError:
    """Name the cell, counted among the code cells that the author sees, and the cause."""
    index = watch.current
    if index is None:
        return PageError(error, message, kind=kind)
    tagged = [i for i, cell in enumerate(source.cells) if "parameters" in tags_of(cell)]
    injected_at = (tagged[0] + 1 if tagged else 0) if parameters else len(source.cells)
    index -= index > injected_at  # papermill put one cell of its own before this one
    code = [i for i, cell in enumerate(source.cells[: index + 1]) if cell.cell_type == "code"]
    line = first_line(source.cells[index].source)
    return PageError(error, message, kind=kind, cell=len(code), line=line)


def first_line(source: str) -> str:
    r"""Return the first line of a cell that holds code.

    >>> first_line("\n# load\nstudy = load_study()")
    '# load'
    """
    return next((line.strip() for line in source.splitlines() if line.strip()), "")


def tags_of(cell: Mapping[str, Any]) -> list[str]:
    """Return the tags of a cell."""
    return list(cell["metadata"].get("tags", []))
