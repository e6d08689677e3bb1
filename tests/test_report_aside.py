"""Work that is shared out among forks: done once each, and nothing is left when one fails."""

from __future__ import annotations

import errno
import gc
import os
import time
from pathlib import Path

import pytest

from analysis.report.running import aside
from analysis.report.running.aside import shared_out

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs forks")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "_is_alone", lambda: True)


def test_each_piece_is_done_once_here_or_there(tmp_path: Path) -> None:
    work = {n: (tmp_path / str(n)).touch for n in range(5)}

    def here(number: int) -> str:
        work[number]()
        return "here"

    done = shared_out(work, here, jobs=2, otherwise=lambda _: "there")
    assert done == {0: "here", 1: "there", 2: "here", 3: "there", 4: "here"}
    assert len(list(tmp_path.iterdir())) == 5


def test_a_fork_that_cannot_be_made_leaves_none_of_those_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fork, made = os.fork, list[int]()

    def failing() -> int:
        if made:
            raise OSError(errno.EAGAIN, "no more processes")
        made.append(fork())
        return made[0]

    monkeypatch.setattr(os, "fork", failing)
    work = {n: (lambda: time.sleep(30)) for n in range(3)}
    with pytest.raises(OSError, match="no more processes"):
        shared_out(work, lambda _: None, jobs=3, otherwise=lambda _: None)
    with pytest.raises(ChildProcessError):  # it was ended and reaped
        os.waitpid(made[0], os.WNOHANG)
    assert gc.get_freeze_count() == 0


def test_what_fails_in_a_fork_is_done_again_here() -> None:
    def fails() -> None:
        raise RuntimeError("in the fork")

    done = shared_out({0: fails, 1: fails}, str, jobs=2, otherwise=lambda _: "there")
    assert done == {0: "0", 1: "1"}
