"""Pages as tagged PDF files, printed by a Chromium or Chrome that is installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from analysis.problems import InputError, Problem
from analysis.report.placing.guardian import Guardian, guarded
from analysis.report.running.lease import short_folder
from analysis.report.running.signals import stoppable

VARIABLE = "CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
SECONDS = 120
FLAGS = (
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)

PAPERS = ("A4", "Letter")
POLICY = re.compile(r'<meta [^>]*http-equiv="Content-Security-Policy"[^>]*>')
PAGE_LINK = re.compile(r'href="(?P<page>[\w-]+)\.html(?P<part>#[^"]*)?"')
FOLD = re.compile(r'<details(?! class="code")(?! open)')
"""What is folded on screen, but for the code of a cell: all code stands at the end as well."""

BESIDE = "file:///"
"""Where the copy that is printed finds the other pages: nowhere that names a folder."""

CLOCK = re.compile(rb"/(?:CreationDate|ModDate) ?\((D:[^)]*)\)")
LINK = re.compile(rb"/URI \(" + BESIDE.encode() + rb"([^)]*)\)")
NODE = re.compile(rb"\(node(\d{8})\)")
NO_CLOCK = b"D:20000101000000+00'00'"


def print_report(
    reports: Path, pages: Sequence[str], *, paper: str = "A4", has_folds: bool = False
) -> list[Path]:
    """Print pages of a report beside their HTML: all of them or none.

    Parameters
    ----------
    reports : the folder of the report.
    pages : names of the pages, without ending; those that were never built are passed over.
    has_folds : whether data and code that are folded on screen are printed as well.

    Raises
    ------
    InputError
        As `pdf_of`; PDF files that were there before stay then.
    Stopped
        When it is asked to stop; they stay then as well.
    """
    find_browser()
    there = [name for name in pages if (reports / f"{name}.html").is_file()]
    with (
        stoppable() as stopper,
        guarded() as guardian,
        _folder(".pdf-", str(reports), guardian) as folder,
    ):
        for name in there:
            copy = for_print(_text_of(reports / f"{name}.html"), paper, has_folds=has_folds)
            (folder / f"{name}.pdf").write_bytes(_printed(copy, f"{name}.html", guardian))
        with stopper.held():
            return [(folder / f"{name}.pdf").replace(reports / f"{name}.pdf") for name in there]


def pdf_of(html: Path, pdf: Path, *, paper: str = "A4", has_folds: bool = False) -> None:
    """Print a page into a PDF file; the same page and browser give the same bytes.

    Links to other pages lead to their PDF files in the same folder.

    Parameters
    ----------
    html : a page of the report.
    pdf : the file to write.
    paper : A4 or Letter.
    has_folds : whether data and code that are folded on screen are printed as well.

    Raises
    ------
    InputError
        When no browser is installed, or it could not print the page.
    """
    copy = for_print(_text_of(html), paper, has_folds=has_folds)
    with guarded() as guardian:
        pdf.write_bytes(_printed(copy, html.name, guardian))


def _text_of(html: Path) -> str:
    return html.read_text(encoding="utf-8")


def _printed(copy: str, name: str, guardian: Guardian) -> bytes:
    """Print a copy of the page with this name, and leave nothing else of it."""
    browser = find_browser()
    with _folder("pdf-", short_folder(), guardian) as folder:
        page, pdf = folder / "page.html", folder / "page.pdf"
        page.write_text(copy, encoding="utf-8")
        told = _print(browser, page, pdf, guardian)
        if not pdf.is_file():
            text = f"{browser} could not print the page: {told or 'it does not say why'}"
            raise InputError(Problem(text, file=name))
        return settled(pdf.read_bytes())


@contextmanager
def _folder(prefix: str, place: str | None, guardian: Guardian) -> Iterator[Path]:
    """Have a folder for as long as the block runs, also when this process is killed."""
    with tempfile.TemporaryDirectory(
        prefix=prefix, dir=place, ignore_cleanup_errors=True
    ) as folder:
        guardian.begun("folder", folder)
        yield Path(folder)
    guardian.done("folder", folder)


def find_browser() -> str:
    """Return the browser that prints: the one named by `CHROMIUM`, else the first installed.

    Raises
    ------
    InputError
        When there is none.
    """
    named = os.environ.get(VARIABLE)
    found = next(_candidates(named), "")
    if not found:
        text = (
            f"{VARIABLE} names no program."
            if named
            else "PDF files need Chromium or Chrome, and none was found. Install one, or name its "
            f"program in the variable {VARIABLE}."
        )
        raise InputError(Problem(text, value=named or ""))
    return found


def _candidates(named: str | None) -> Iterator[str]:
    names = [named] if named else [*NAMES, *ELSEWHERE]
    for name in names:
        if found := shutil.which(name):
            yield found


def _print(browser: str, page: Path, pdf: Path, guardian: Guardian) -> str:
    """Let the browser print; return what it complains of. All it writes is beside the page."""
    command = [browser, *FLAGS, f"--user-data-dir={page.parent / 'profile'}"]
    if sys.platform != "win32" and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox
    process = subprocess.Popen(
        [*command, f"--print-to-pdf={pdf}", page.resolve().as_uri()],
        env={**os.environ, "TMPDIR": str(page.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    guardian.begun("group", process.pid)
    try:
        _, told = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return f"it did not end within {SECONDS} s"
    finally:
        _end(process)
        guardian.done("group", process.pid)
    lines = told.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser with the processes that it has started."""
    with suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def for_print(html: str, paper: str, *, has_folds: bool = False) -> str:
    """Return the copy of a page that is printed: on this paper, with links to PDF files.

    `has_folds` opens what is folded.

    >>> for_print('<a href="b.html#x">b</a></head>', "A4")[:32]
    '<a href="file:///b.pdf#x">b</a><'
    """
    if paper not in PAPERS:
        raise InputError(Problem("unknown paper", value=paper, allowed=PAPERS))
    linked = PAGE_LINK.sub(
        lambda link: f'href="{BESIDE}{link["page"]}.pdf{link["part"] or ""}"', html
    )
    if has_folds:
        linked = FOLD.sub("<details open", linked)
    sized = f"<style>@page {{ size: {paper} }}</style></head>"
    return POLICY.sub("", linked).replace("</head>", sized, 1)


def settled(pdf: bytes) -> bytes:
    """Return a PDF file without the clock, folders and chance of the run that made it.

    Every part stays as long as it is, since the file says where each of them begins.

    >>> settled(b"/CreationDate (D:20260115093000+00'00') /URI (file:///b.pdf) (node00000412)")
    b"/CreationDate (D:20000101000000+00'00') /URI (b.pdf)         (node00000001)"
    """
    numbers = sorted(set(NODE.findall(pdf)))
    rank = {number: b"%08d" % place for place, number in enumerate(numbers, start=1)}
    pdf = NODE.sub(lambda node: b"(node%s)" % rank[node[1]], pdf)
    pdf = CLOCK.sub(lambda clock: clock[0].replace(clock[1], NO_CLOCK[: len(clock[1])]), pdf)
    return LINK.sub(lambda link: (b"/URI (%s)" % link[1]).ljust(len(link[0])), pdf)
