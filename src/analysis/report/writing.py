"""Writes what a build has to publish: the pages, the index over all of them, and the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from analysis.files import sha256
from analysis.report.entries import read_entry
from analysis.report.frame import Frame
from analysis.report.fresh.glance import outline
from analysis.report.fresh.job import Job
from analysis.report.fresh.verdicts import why_write
from analysis.report.index import render_index
from analysis.report.numbers import NUMBERS, with_values, write_numbers
from analysis.report.outcome import EXPORTED, FRESH, RAN, Outcome
from analysis.report.pages import (
    PageMaker,
    built_before,
    digest_of_frame,
    files_of,
    frame_of,
    index_of,
)
from analysis.report.placing.publish import publish
from analysis.report.record import RECORD, Record, entry_of, make_record, write_record
from analysis.report.running.aside import shared_out
from analysis.report.running.pool import attempt
from analysis.report.scan import every_indicator
from analysis.study import Page
from analysis.study.glossary import glossary
from analysis.study.places import REHEARSAL, SWEEP

FOLDERS = ("notebooks", "tables", "figures", NUMBERS, REHEARSAL, SWEEP)
"""Folders of the reports folder that belong to a report."""


@dataclass(frozen=True)
class Written:
    """The pages of a build, before anybody can see them.

    Attributes
    ----------
    outcomes : one for each page asked for.
    around : digest of what stands around every page.
    """

    outcomes: list[Outcome]
    around: str


def write_pages(job: Job, make: PageMaker, ran: Mapping[str, Outcome], *, jobs: int = 1) -> Written:
    """Write the HTML of every page that needs it; pages link to each other, so all have run.

    `jobs` of them are written at the same time, where this process can be forked.
    """
    outcomes = [_prepared(job, make, page, ran) for page in job.pages]
    while True:
        there = {one.page for one in outcomes if one.is_ok} | built_before(job.study)
        frame, elsewhere = frame_of(job.study, there, job.comments), make.anchors(there)
        around = digest_of_frame(frame, elsewhere)
        outcomes = [_with_frame(job, make, one, around) for one in outcomes]
        exported = _export_all(job, make, outcomes, frame, elsewhere, jobs)
        if there == {one.page for one in exported if one.is_ok} | built_before(job.study):
            return Written(exported, around)
        outcomes = exported  # what was linked is not there after all


def _prepared(job: Job, make: PageMaker, page: Page, ran: Mapping[str, Outcome]) -> Outcome:
    """Have the notebook of a page ready; return how that went."""
    verdict = job.plan.verdicts[page.name]
    if page.name in ran:
        return ran[page.name]
    if verdict.needs == FRESH:
        return Outcome(page.name, page.title, done=FRESH)
    rewrite = partial(make.rewrite, page)
    return attempt(page, rewrite, make.discard, done=EXPORTED, reasons=verdict.reasons)


def _with_frame(job: Job, make: PageMaker, outcome: Outcome, around: str) -> Outcome:
    """Have a page written again that is up to date but for what stands around it."""
    if outcome.done != FRESH or outcome.error:
        return outcome
    before = entry_of(job.known.record, outcome.page)["shown"]["basis"]
    now = {**job.plan.bases[outcome.page], "frame": around}
    reasons = tuple(why_write(now, before, job.known.record))
    if not reasons:
        return outcome
    make.take_over(outcome.page)
    return replace(outcome, done=EXPORTED, reasons=reasons)


def _export_all(
    job: Job,
    make: PageMaker,
    outcomes: Sequence[Outcome],
    frame: Frame,
    elsewhere: Mapping[str, str],
    jobs: int,
) -> list[Outcome]:
    """Write the HTML of every page that did not fail and is not up to date."""
    pages = {page.name: page for page in job.pages}
    due = {one.page: one for one in outcomes if one.is_ok and one.done != FRESH}
    exports = {
        name: partial(make.export, pages[name], frame, elsewhere)
        for name in sorted(due, key=lambda name: -make.size(name))
    }

    def export(name: str) -> Outcome:
        one = due[name]
        written = attempt(
            pages[name], exports[name], make.discard, done=one.done, reasons=one.reasons
        )
        return replace(written, seconds=one.seconds)

    written = shared_out(exports, export, jobs=jobs, otherwise=due.__getitem__)
    return [written.get(one.page, one) for one in outcomes]


def publish_all(job: Job, make: PageMaker, written: Written, processed: Mapping[str, str]) -> None:
    """Write index and record, and put everything in place.

    Parameters
    ----------
    processed : SHA-256 of each computed table.
    """
    staging, index = make.staging, index_of(job.study)
    record = _record(job, make, written)
    (staging / index).write_text(_index(job, make, record), encoding="utf-8")
    record["files"] = {index: sha256(staging / index)}
    record["processed"] = dict(processed)
    told, changed = write_numbers(job.known, staging)
    record = with_values(record | told, job.known.record, staging, written.outcomes)
    write_record(record, staging / RECORD)
    own = [page.name for page in job.study.pages]
    gone = [one["page"] for one in job.known.record.get("pages", []) if one["page"] not in own]
    names = [
        index,
        f"{Path(index).stem}.pdf",
        RECORD,
        *changed,
        *(file for page in gone for file in files_of(page)),
    ]
    for one in written.outcomes:
        if one.is_ok and one.done != FRESH:
            files = files_of(one.page)
            is_gone = one.done == RAN
            names += [n for n in files if is_gone or n.endswith(".pdf") or (staging / n).exists()]
    keep = [*FOLDERS, *(f"{name}{ending}" for name in own for ending in (".html", ".pdf"))]
    publish(staging, job.study.reports, names, keep=keep)


def _record(job: Job, make: PageMaker, written: Written) -> Record:
    asked = {page.name for page in job.pages}
    ran = {one.page for one in written.outcomes if one.is_ok and one.done == RAN}
    bases = {}
    for name, basis in job.plan.bases.items():
        if name in ran:
            bases[name] = {**basis, "frame": written.around}
        elif name in asked:
            before = (entry_of(job.known.record, name).get("shown") or {}).get("basis", {})
            reads = before.get("reads", basis["reads"])
            bases[name] = {**basis, "frame": written.around, "reads": reads}
        elif job.plan.verdicts[name].needs == FRESH:  # still what this study shows
            before = entry_of(job.known.record, name)["shown"]["basis"]
            bases[name] = {**basis, "frame": before.get("frame"), "reads": before["reads"]}
    files = {
        one.page: _files(job, make.staging, one)
        for one in written.outcomes
        if one.is_ok and one.done != FRESH
    }
    record = make_record(
        job.known.facts.inputs,
        written.outcomes,
        job.parameters,
        before=job.known.record,
        pages=[page.name for page in job.study.pages],
        bases=bases,
        files=files,
    )
    if job.plan.has_parts:
        record["digests"] = job.known.parts_as_record()
    return record | {"outline": outline(job.study.pages)}


def _files(job: Job, staging: Path, outcome: Outcome) -> dict[str, str]:
    """Return the SHA-256 of every file of a page as it will stand."""
    before = (entry_of(job.known.record, outcome.page).get("shown") or {}).get("files", {})
    found = {} if outcome.done == RAN else dict(before)
    for name in files_of(outcome.page):
        path = staging / name
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.is_file():
                found[file.relative_to(staging).as_posix()] = sha256(file)
    return dict(sorted(found.items()))


def _index(job: Job, make: PageMaker, record: Record) -> str:
    """Return the HTML of the index."""
    study = job.study
    entries = []
    for page in study.pages:
        is_new = (make.staging / f"{page.name}.html").is_file()
        folder = make.staging if is_new and _has_run(record, page) else study.reports
        entries.append(read_entry(page.name, page.title, folder, record))
    return render_index(
        frame_of(study, {one.name for one in entries if one.anchors}, job.comments),
        entries,
        record,
        description=study.codebook.settings.description,
        citations=[one.citation for one in study.codebook.sources.values()],
        scan=every_indicator(study, entries),
        terms=glossary(),
    )


def _has_run(record: Record, page: Page) -> bool:
    return bool(entry_of(record, page.name).get("outcome") == "ok")
