"""What can have changed a number: everything that the records of two reports say differs.

A number can only have changed by something it rests on. What the record says of that decides; a
candidate is left out only where the record shows that it had no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.report.fresh.basis import DISTRIBUTION, is_of_export
from analysis.sharing.opening import Report

DATA, CODEBOOK, PARAMETER, CODE, ENVIRONMENT = CAUSES = (
    *("data", "codebook", "parameter", "code", "environment"),
)
UNKNOWN = "not recorded"
"""The cause where nothing differs that the records speak of."""

OF_PAGES = (
    *("desk/", "display/", "explore/", "section/", "report/"),
    *("files.py", "numerals.py", "parameter_cell.py", "parameters.py", "plain.py", "reach.py"),
    "__init__.py",
)
"""Files of the package that have no part in the tables behind all pages."""

ACROSS = frozenset({"p_adjusted", "family", "family_size", "Adjusted p"})
"""Columns whose numbers rest on other items as well."""

Told = dict[str, list[str]]
"""By cause, what differs, in words."""


@dataclass(frozen=True)
class Causes:
    """What differs between the records of two reports."""

    old: Report
    new: Report

    def of_study(self, item: str = "", column: str = "") -> Told:
        """Return what can have changed a number in a table behind all pages.

        Parameters
        ----------
        item : the one that the number is about; empty where it is about none or many.
        column : heading of the number's column.
        """
        told = self._of_input("" if column in ACROSS else item)
        files = [
            name
            for name in self._package
            if not name.startswith(OF_PAGES) and not is_of_export(name)
        ]
        told[CODE] += [f"the package: {name}" for name in files]
        told[ENVIRONMENT] += self._environment
        return {cause: found for cause, found in told.items() if found}

    def of_page(self, page: str, item: str = "", column: str = "") -> Told:
        """Return what can have changed a number in a table of one page."""
        old, new = (report.pages.get(page) for report in (self.old, self.new))
        if old is None or new is None:
            told = self.of_study()
            return told or {CODE: [f"the page {page} is in one report only"]}
        before, after = old["basis"], new["basis"]
        told = _nothing()
        if before.get("study") != after.get("study"):
            told |= self._of_input("" if column in ACROSS else item)
        told[PARAMETER] += _values(old, new)
        told[CODE] += _cells(old, new)
        told[CODE] += [
            f"what the page reads: {name}" for name in _differing(before, after, "reads")
        ]
        if before.get("package") != after.get("package"):
            files = [one for one in self._package if not is_of_export(one)]
            told[CODE] += [f"the package: {name}" for name in files] or ["the package"]
        told[ENVIRONMENT] += self._environment_of(before, after)
        return {cause: found for cause, found in told.items() if found}

    def _of_input(self, item: str) -> Told:
        """What differs in data and codebook: of an item and what it rests on, or of all."""
        told = _nothing()
        old, new = (report.study for report in (self.old, self.new))
        told[DATA] += [f"the answers: {name}" for name in self._files if _is_export(name)]
        told[CODEBOOK] += [f"{name} of the codebook" for name in _differing(old, new, "shared")]
        pairs = [
            (name, *(_both(study["items"].get(name, "")) for study in (old, new)))
            for name in self._items
            if not item or name in self._reach(item)
        ]
        declared = [name for name, before, after in pairs if before[0] != after[0]]
        printed = [name for name, before, after in pairs if before[1] != after[1]]
        told[CODEBOOK] += [f"what the codebook says of {name}" for name in declared]
        told[DATA] += [f"a finding on {name}" for name in printed]
        if not told[DATA] and "findings.csv" in self._files and not item:
            told[DATA].append("findings.csv")
        if not told[CODEBOOK] and not item:
            told[CODEBOOK] += [name for name in self._files if _is_meaning(name)]
        return told

    def _reach(self, item: str) -> set[str]:
        """An item, and all others that it rests on in one of the reports."""
        studies = (self.old.study, self.new.study)
        return {item}.union(*(study["rests_on"].get(item, ()) for study in studies))

    @cached_property
    def _items(self) -> list[str]:
        return _differing(self.old.study, self.new.study, "items")

    @cached_property
    def _files(self) -> list[str]:
        return _differing(self.old.record, self.new.record, "inputs")

    @cached_property
    def _package(self) -> list[str]:
        return _differing(self.old.record, self.new.record, "package")

    @cached_property
    def _environment(self) -> list[str]:
        old, new = self.old.record, self.new.record
        told = [
            f"{name} {old['versions'].get(name, 'none')}, now {new['versions'].get(name, 'none')}"
            for name in _differing(old, new, "versions")
            if name != DISTRIBUTION
        ]
        return [*told, *(["the lock file"] if old["lock"] != new["lock"] else [])]

    def _environment_of(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
        """What differs in what a page ran with; the version of the package itself is code."""
        names = [name for name in ("python", "libraries", "lock") if old[name] != new[name]]
        if self._environment or names in ([], ["libraries"]):
            return self._environment if names else []
        return [{"lock": "the lock file"}.get(name, name) for name in names]


def _nothing() -> Told:
    return {cause: [] for cause in CAUSES}


def _differing(old: Mapping[str, Any], new: Mapping[str, Any], table: str) -> list[str]:
    before, after = old.get(table, {}), new.get(table, {})
    names = dict.fromkeys([*after, *before])
    return [name for name in names if before.get(name) != after.get(name)]


def _both(digests: str) -> tuple[str, str]:
    declared, _, printed = digests.partition(" ")
    return declared, printed


def _is_export(name: str) -> bool:
    return not name.startswith("codebook") and name != "findings.csv"


def _is_meaning(name: str) -> bool:
    """Whether a file of the codebook says more than how the exports are called and hashed."""
    return name.startswith("codebook") and not name.endswith("sources.csv")


def _values(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (shown.get("values") or shown["parameters"] for shown in (old, new))
    for name in dict.fromkeys([*after, *before]):
        if before.get(name) != after.get(name):
            yield f"{name} {before.get(name, 'not set')}, now {after.get(name, 'not set')}"


def _cells(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The cells of a notebook that differ; those that set parameters are no code."""
    before, after = (_code(shown) for shown in (old, new))
    if len(before) != len(after):
        return [f"the notebook has {len(after)} code cells, it had {len(before)}"]
    pairs = enumerate(zip(before, after, strict=True), start=1)
    return [f"code cell {place}" for place, (a, b) in pairs if a != b]


def _code(shown: Mapping[str, Any]) -> Sequence[str]:
    setting: Sequence[int] = shown.get("setting") or ()
    cells = str(shown["basis"]["code"]).split(" ")
    return ["" if place in setting else cell for place, cell in enumerate(cells)]
