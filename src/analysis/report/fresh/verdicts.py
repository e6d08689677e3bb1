"""Why a page has to run again, or only to be written again; without looking at any clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.files import sha256
from analysis.problems import listed
from analysis.report.fresh.basis import Basis, package_files, versions
from analysis.report.outcome import EXPORTED, FRESH, RAN

SHOWN = 4
OF_ITEMS = ("what the codebook says of {}", "a finding on {}", "a number on {}")
OF_SECTIONS = ("what the codebook says of section {}", "a finding in section {}")


@dataclass(frozen=True)
class Verdict:
    """What a page needs, one of `RAN`, `EXPORTED` and `FRESH`, and why."""

    needs: str
    reasons: tuple[str, ...] = ()


def verdict(
    now: Basis, entry: Mapping[str, Any], record: Mapping[str, Any], reports: Path
) -> Verdict:
    """Return what a page needs.

    Parameters
    ----------
    now : what the page rests on now.
    entry : the page in the record of the build before; empty when it was never built.
    record : the whole record.
    reports : the folder that the build before wrote to.
    """
    shown = entry.get("shown") or {}
    if not shown.get("basis"):
        return Verdict(RAN, (_never(entry),))
    reasons = [*_failure(entry), *why_run(now, shown["basis"], record)]
    lost, damaged = _files_amiss(shown.get("files", {}), entry["page"], reports)
    amiss = [f"{_some(lost)} is missing"] if lost else []
    amiss += [f"{_some(damaged)} is not as it was written"] if damaged else []
    if reasons or any(not name.endswith(".html") for name in lost + damaged):
        return Verdict(RAN, (*reasons, *amiss))
    reasons = [*why_write(now, shown["basis"], record), *amiss]
    return Verdict(EXPORTED, tuple(reasons)) if reasons else Verdict(FRESH)


def _never(entry: Mapping[str, Any]) -> str:
    return "it failed in the last build" if entry.get("outcome") == "failed" else "never built"


def _failure(entry: Mapping[str, Any]) -> Iterator[str]:
    if entry.get("outcome") == "failed":
        yield "it failed in the last build"


def why_run(now: Basis, before: Basis, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield every reason to run a page again."""
    yield from _changed_code(now["code"], before["code"])
    if now["parameters"] != before["parameters"]:
        yield from _changed_parameters(now["parameters"], before["parameters"])
    for name in _different(now["reads"], before["reads"]):
        yield f"the file {name} has changed"
    yield from _changed_study(now["study"], before["study"])
    if now["package"] != before["package"]:
        yield f"the package has changed{_which_files(record)}"
    if now["lock"] != before["lock"]:
        yield "the lock file has changed"
    if now["python"] != before["python"]:
        yield f"Python is {now['python']}, it was {before['python']}"
    elif now["libraries"] != before["libraries"]:
        yield f"a library has changed{_which_versions(record)}"


def why_write(now: Basis, before: Basis, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield every reason to write the HTML of a page again."""
    if now["prose"] != before["prose"]:
        yield "its text has changed"
    if now["template"] != before["template"]:
        yield f"the template has changed{_which_files(record)}"
    if now["comments"] != before.get("comments", ""):
        yield "the comments of reviewers have changed"
    if now.get("frame", before.get("frame")) != before.get("frame"):
        yield "title, contents or links of the report have changed"


def _changed_code(present: str, past: str) -> Iterator[str]:
    if present == past:
        return
    now, before = present.split(" "), past.split(" ")
    if len(now) != len(before):
        yield f"its code has {len(now)} cells, it had {len(before)}"
        return
    cells = [n for n, pair in enumerate(zip(now, before, strict=True), 1) if pair[0] != pair[1]]
    yield f"code cell {_some([str(n) for n in cells])} has changed"


def _changed_parameters(now: Mapping[str, Any], before: Mapping[str, Any]) -> Iterator[str]:
    for name in _different(now, before):
        new, old = (values.get(name, "the default") for values in (now, before))
        yield f"the parameter {name} is {new}, it was {old}"


def _changed_study(now: Basis, before: Basis) -> Iterator[str]:
    """Yield what of the study has changed, by name."""
    if now == before:
        return
    for name in _different(now.get("inputs", {}), before.get("inputs", {})):
        yield f"the input file {name} has changed"
    if now.keys() != before.keys():
        yield "it shows another part of the study"
        return
    told = list(_changed_parts(now.get("items", {}), before.get("items", {}), OF_ITEMS))
    yield from told
    sections = now.get("sections", {}), before.get("sections", {})
    for reason in _changed_parts(*sections, OF_SECTIONS):
        if not (reason.startswith("a finding") and any("finding" in one for one in told)):
            yield reason
    figures = _different(now.get("figures", {}), before.get("figures", {}))
    if figures:
        yield f"the figure {_some(figures)} of the codebook has changed"
    shared = _different(now.get("shared", {}), before.get("shared", {}))
    if shared:
        yield f"{_some(shared)} of the study has changed"
    if now.get("order") != before.get("order"):
        yield "the order of its items or findings has changed"


def _changed_parts(
    now: Mapping[str, str], before: Mapping[str, str], kinds: Sequence[str]
) -> Iterator[str]:
    """Yield what has changed of items or sections, each of which has a digest of each kind."""
    told: dict[str, list[str]] = {}
    for name in _different(now, before):
        if name not in now or name not in before:
            told.setdefault("it shows {} now" if name in now else "it showed {}", []).append(name)
            continue
        pairs = zip(kinds, now[name].split(" "), before[name].split(" "), strict=True)
        kind = next(kind for kind, new, old in pairs if new != old)
        told.setdefault(f"{kind} has changed", []).append(name)
    for kind, names in told.items():
        yield kind.format(_some(names))


def _different(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    names = dict.fromkeys([*now, *before])
    return [name for name in names if now.get(name) != before.get(name)]


def _which_files(record: Mapping[str, Any]) -> str:
    changed = _different(package_files(), record.get("package", {}))
    return f": {_some(changed)}" if changed else ""


def _which_versions(record: Mapping[str, Any]) -> str:
    changed = _different(versions(), record.get("versions", {}))
    return f": {_some(changed)}" if changed else ""


def _files_amiss(files: Mapping[str, str], page: str, reports: Path) -> tuple[list[str], list[str]]:
    """Return the files of a page that are not there, and those that hold something else."""
    lost = [name for name in files if not (reports / name).is_file()]
    damaged = [n for n, is_ in files.items() if n not in lost and sha256(reports / n) != is_]
    there = {
        path.relative_to(reports).as_posix()
        for kind in ("tables", "figures")
        for path in (reports / kind / page).glob("*")
    }
    return lost, damaged + sorted(there - set(files))


def _some(names: Sequence[str]) -> str:
    """Name the first few."""
    more = len(names) - SHOWN
    return listed([*names[:SHOWN], f"{more} more"]) if more > 0 else listed(names)
