"""What a page holds, in reading order, ready for the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.report.comments import SECTION, Placed
from analysis.report.evidence import Badge, Usual, as_list
from analysis.report.exhibits import Exhibit, Headlines
from analysis.report.markup import opening

RUN_ANCHOR = "how-this-page-was-made"


@dataclass
class Block:
    """One thing on a page: a piece of HTML, an exhibit, a picture, a text as it is, or code.

    Attributes
    ----------
    kind : html, figure, table, picture, plain, log or code.
    html : markup that is safe to place.
    text : what is shown as it is: an output, or code.
    label : what it is called, such as "Code 3".
    anchor : its id.
    place : where it comes from, for errors.
    picture, alt : data address of a picture, and what it shows.
    is_shown : whether code stands beside what it made, too.
    """

    kind: str
    html: str = ""
    text: str = ""
    label: str = ""
    anchor: str = ""
    place: str = ""
    exhibit: Exhibit | None = None
    picture: str = ""
    alt: str = ""
    is_shown: bool = True


@dataclass
class Page:
    """A page of the report, ready for the template.

    Attributes
    ----------
    title, question, lead : HTML of the title, of the question under it, and of what else the
        first cell says.
    blocks : the rest in reading order.
    code : every code cell, for who wants to read all of it.
    places : address of every id that the page may link to.
    comments : what reviewers said of it.
    """

    name: str
    title: str = ""
    question: str = ""
    lead: str = ""
    headlines: Headlines = field(default_factory=Headlines)
    usual: Usual = field(default_factory=Usual)
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    code: list[Block] = field(default_factory=list)
    contents: list[tuple[str, str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, object] = field(default_factory=dict)
    comments: list[Placed] = field(default_factory=list)
    run_anchor: str = RUN_ANCHOR
    comments_anchor: str = SECTION

    @property
    def limits(self) -> str:
        """Anchor of the part of the page that says what limits it; empty when it has none."""
        return next((anchor for anchor, text in self.contents if text == "Limits"), "")

    @staticmethod
    def opening(row: Mapping[str, Any]) -> tuple[str, str]:
        """Return the first sentence of a headline, and the rest."""
        return opening(str(row["text"]))

    def badges(self, words: object) -> list[Badge]:
        """Return the badges of a number with its evidence: none where it is the usual one."""
        return self.usual.badges(as_list(words))

    def comments_on(self, one: Exhibit) -> list[Placed]:
        """Return what reviewers said of an exhibit."""
        return [said for said in self.comments if said.target == one.anchor]

    def quoted(self, one: Exhibit) -> str:
        """Return the id to quote for an exhibit: the same after a rerun and unrelated edits."""
        return f"{self.name}/{one.name}" if self.name else one.name
