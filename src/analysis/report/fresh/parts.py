"""The study as digests: one for each item, figure and section, and one for what all share."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.reach import Reach
from analysis.report.fresh.basis import Basis, digest
from analysis.study import Codebook, Study
from analysis.study.vocabulary import RESPONDENT_ID

if TYPE_CHECKING:
    from analysis.results import Results

# What stands around a page, not on it. A page is written again when that changes, but not run.
AROUND = frozenset(
    "title form_id version released description disclaimer authors limits comparability "
    "cell_threshold".split()
)
NO_CONTENT = frozenset({"row"})  # where in a file something stands


@dataclass(frozen=True)
class Parts:
    """Digests of a study.

    Attributes
    ----------
    codebook, findings, counts : by item: what is declared, printed and computed of it.
    figures, sections : by name; a section's is of itself and, behind a space, of its findings.
    shared : of what every page may show, by name.
    bases : by item, the items that its findings are a part of.
    order : of everything that has a place in a list: its item, figure or section, and its name.
    """

    codebook: Mapping[str, str]
    findings: Mapping[str, str]
    counts: Mapping[str, str]
    figures: Mapping[str, str]
    sections: Mapping[str, str]
    shared: Mapping[str, str]
    bases: Mapping[str, frozenset[str]]
    order: Sequence[tuple[str, str]]

    def as_record(self) -> Basis:
        """Return the digests as JSON holds them; see `of_record`."""
        record = {one.name: getattr(self, one.name) for one in fields(self)}
        return record | {"bases": {item: sorted(bases) for item, bases in self.bases.items()}}

    @classmethod
    def of_record(cls, record: Basis) -> Parts:
        """Return what `as_record` has written."""
        bases = {item: frozenset(bases) for item, bases in record["bases"].items()}
        order = [(key, name) for key, name in record["order"]]
        return cls(**{**record, "bases": bases, "order": order})

    def within(self, reach: Reach) -> Basis:
        """Return the digests of what a page can show."""
        items = set(reach.items).union(*(self.bases.get(name, ()) for name in reach.items))
        shown = {*items, *reach.figures, *reach.sections}
        order = [list(one) for one in self.order if one[0] in shown]
        return {
            "items": {
                name: " ".join(
                    of.get(name, "")[:8] for of in (self.codebook, self.findings, self.counts)
                )
                for name in self.codebook
                if name in items
            },
            "figures": {name: self.figures[name][:8] for name in reach.figures},
            "sections": {name: self.sections[name] for name in reach.sections},
            "shared": dict(self.shared),
            "order": _written(order)[:8],
        }


EVERYWHERE = ("", RESPONDENT_ID)
"""Whose rows of the value map have a part in the answers to all questions."""


def parts_of(study: Study, results: Results) -> Parts:
    """Return the digests of a study and of the tables computed from it."""
    book = study.codebook
    findings = results.findings
    has_item = findings["item"].fillna("").astype(str).ne("")
    counts, loose = _counts(results, book)
    of_sections = _by_key(findings, findings["section"])
    settings = {n: value for n, value in asdict(book.settings).items() if n not in AROUND}
    shared = {
        "settings": settings,
        "cycles": [book.cycles, list(book.eligible.items())],
        "respondents": [list(map(asdict, book.respondents.values())), dict(book.bases)],
        "sources": list(map(asdict, book.sources.values())),
        "value_map": [
            _plain(one) for one in book.value_map if one.list_name in ("", RESPONDENT_ID)
        ],
        "tables": [loose, study.is_rehearsal, results.responses is not None],
    }
    return Parts(
        codebook={name: _written(_declared(book, name)) for name in book.items},
        findings=_by_key(findings[has_item], findings.loc[has_item, "item"]),
        counts=counts,
        figures={name: _written(_plain(one)) for name, one in book.figures.items()},
        sections={
            name: f"{_written(_plain(one))[:8]} {of_sections.get(name, '')[:8]}"
            for name, one in book.sections.items()
        },
        shared={name: _written(one)[:8] for name, one in shared.items()},
        bases=_bases(findings, book),
        order=[*_order(book), *_order_of_findings(findings)],
    )


def _bases(findings: pd.DataFrame, book: Codebook) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item, base in zip(findings["item"], findings["base"], strict=True):
        if base in book.indicators:
            found[str(item)].add(book.indicators[base].rule.item)
    return {item: frozenset(bases) for item, bases in found.items()}


def _order(book: Codebook) -> Iterator[tuple[str, str]]:
    for table in (book.items, book.figures, book.sections):
        yield from ((name, name) for name in table)
    yield from ((row.rule.item, name) for name, row in book.indicators.items())


def _order_of_findings(findings: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for row in findings[["item", "section", "finding_id"]].fillna("").itertuples(index=False):
        yield (str(row.item or row.section), str(row.finding_id))


def _declared(book: Codebook, name: str) -> object:
    """All that the codebook says of one item."""
    item = book.items[name]
    options = book.choices.get(item.choice_list, {})
    return [
        _plain(item),
        [[o, text, book.offered.get((item.choice_list, o))] for o, text in options.items()],
        [o for o in options if (item.choice_list, o) in book.exclusive],
        [_plain(row) for row in book.indicators.values() if row.rule.item == name],
        [_plain(one) for one in book.columns if one.item == name],
        [_plain(one) for one in book.value_map if one.list_name == item.choice_list != ""],
        [_plain(step) for (of, _), step in book.crosswalk.items() if of == name],
        book.within.get(name),
    ]


def _counts(results: Results, book: Codebook) -> tuple[dict[str, str], list[str]]:
    """Digest the rows of each item in all computed tables; tables without items as a whole."""
    items: dict[str, list[str]] = defaultdict(list)
    loose = []
    item_of = {name: row.rule.item for name, row in book.indicators.items()}
    for one in fields(results):
        table = getattr(results, one.name)
        if not isinstance(table, pd.DataFrame) or one.name == "findings":
            continue
        if "indicator" in table or "item" in table:
            named = table["item"] if "item" in table else table["indicator"].map(item_of)
            for item, found in _by_key(table, named).items():
                items[item].append(f"{one.name} {found}")
        else:
            loose.append(f"{one.name} {digest(*map(repr, _rows(table)))}")
    return {name: digest(*found) for name, found in items.items()}, loose


def _by_key(table: pd.DataFrame, keys: Iterable[object]) -> dict[str, str]:
    """Digest the rows of each key, in their order."""
    rows: dict[str, list[str]] = defaultdict(list)
    for key, row in zip(keys, _rows(table), strict=True):
        rows[str(key)].append(repr(row))
    return {key: digest(*found) for key, found in rows.items()}


def _rows(table: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    return table.itertuples(index=False, name=None)


def _plain(value: object) -> object:
    """A row of the codebook without the place that it has in its file."""
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return {
        one.name: _plain(getattr(value, one.name))
        for one in fields(value)
        if one.name not in NO_CONTENT
    }


def _written(value: object) -> str:
    return digest(json.dumps(value, sort_keys=True, default=_unwritable))


def _unwritable(value: Any) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)
