"""Arranges the cells of an executed notebook for who reads: results first, code folded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from analysis.report.cells import Cell, read_cells
from analysis.report.comments import SECTION, Placed, ids_on, placed
from analysis.report.content import RUN_ANCHOR, Block, Page
from analysis.report.evidence import Usual, as_list
from analysis.report.exhibits import (
    HEADLINES,
    KINDS,
    meta_of,
    read_exhibits,
    read_headlines,
    read_parameters,
)
from analysis.report.frame import Frame
from analysis.report.markup import relink
from analysis.report.outcome import PageError
from analysis.report.pieces import Pieces, exhibit_block, own_markup
from analysis.report.sanitise import Trust, sanitised

TAKEN = ("all-code", "contents", "headlines", "main", "notes", RUN_ANCHOR, SECTION)
BADGE = re.compile(r' ?<span class="evidence (?P<word>\w+)">[^<]*</span>')
FIRST_PARAGRAPH = re.compile(r"\s*<p>(.*?)</p>", re.DOTALL)


def make_page(
    notebook: Mapping[str, Any],
    frame: Frame,
    elsewhere: Mapping[str, str],
    *,
    name: str = "",
    folder: Path = Path(),
) -> Page:
    """Arrange a page.

    Parameters
    ----------
    notebook : an executed notebook; it is not changed.
    frame : what the page is part of; its own pages make the page strict about what it lacks.
    elsewhere : the address of every id on other pages.
    name : of the page.
    folder : of the notebook, for pictures beside it.

    Raises
    ------
    PageError
        When something on the page lacks what it needs, or cannot be shown.
    """
    return _Maker(notebook, frame, name, folder).page(elsewhere)


class _Maker:
    """Makes one page; what is found on the way is kept here."""

    def __init__(self, notebook: Mapping[str, Any], frame: Frame, name: str, folder: Path) -> None:
        self.notebook, self.frame = notebook, frame
        self.made = Page(name=name, headlines=read_headlines(notebook))
        self.exhibits = read_exhibits(notebook)
        self.cells = read_cells(notebook)
        self.own = self._own()
        self.pieces = Pieces(self._taken(), folder, is_strict=bool(frame.pages))

    def page(self, elsewhere: Mapping[str, str]) -> Page:
        """Return the page."""
        made, pieces = self.made, self.pieces
        pieces.prose.gather(cell.source for cell in self.cells if cell.is_prose)
        for cell in self.cells:
            made.blocks.extend(self._text(cell) if cell.is_prose else self._code(cell))
        made.title = pieces.headings.title or escape(made.name)
        made.notes = pieces.notes()
        made.contents = pieces.headings.contents
        made.parameters = read_parameters(self.notebook)
        made.places = {**elsewhere, **{anchor: f"#{anchor}" for anchor in pieces.taken}}
        if not self.frame.stamp:  # in a rehearsal every number says what it rests on
            made.usual = self._usual()
            self._unmark(made.usual.words)
        if self.frame.pages:
            self._link(elsewhere)
        made.comments = self._comments(elsewhere)
        if made.comments:
            made.contents = [*made.contents, (SECTION, "Comments of reviewers")]
        return made

    def _comments(self, elsewhere: Mapping[str, str]) -> list[Placed]:
        """Return what reviewers said of something on this page."""
        name, code = self.made.name, self.made.code
        not_there = {*TAKEN, *(block.anchor for block in code if not block.is_shown)}
        own = [one for one, address in elsewhere.items() if address == f"{name}.html#{one}"]
        ids = ids_on(name, self.exhibits, self.pieces.taken - not_there, own)
        return placed(self.frame.comments, ids)

    def _own(self) -> dict[int, Block]:
        """Return what the library shows, by the position of its output on the page."""
        exhibits = iter(self.exhibits)
        found = {}
        for cell in self.cells:
            for position, output in cell.outputs:
                meta = meta_of(output)
                if meta.get("kind") in KINDS:
                    found[position] = exhibit_block(next(exhibits), cell.place)
                elif meta and "text/html" in output.get("data", {}):
                    found[position] = Block("html", own_markup(output), place=cell.place)
        return found

    def _taken(self) -> set[str]:
        """Return the ids that are given whatever the prose says."""
        taken = {*TAKEN, *(one.anchor for one in self.exhibits)}
        taken |= {f"{SECTION}-{number + 1}" for number in range(len(self.frame.comments))}
        for cell in self.cells:
            taken |= {cell.anchor, f"all-{cell.anchor}"} - {"", "all-"}
        for block in self.own.values():
            for anchor in sanitised(block.html, Trust.PACKAGE).ids:
                if anchor in taken:
                    raise PageError("DuplicateAnchor", f"{block.place} repeats the id {anchor!r}.")
                taken.add(anchor)
        return taken

    def _text(self, cell: Cell) -> Iterator[Block]:
        if cell.is_left_out:
            return
        had_title = bool(self.pieces.headings.title)
        html = self.pieces.text(cell)
        if self.pieces.headings.title and not had_title:
            question = FIRST_PARAGRAPH.match(html)
            self.made.question = question[1] if question else ""
            self.made.lead = html[question.end() :].strip() if question else html
        elif html:
            yield Block("html", html, place=cell.place)

    def _code(self, cell: Cell) -> Iterator[Block]:
        code = Block("code", text=cell.source, label=cell.label, anchor=cell.anchor)
        shown = [block for at, output in cell.outputs for block in self._shown(at, output, cell)]
        yield from shown
        code.is_shown = bool(shown)
        if cell.source.strip():
            self.made.code.append(code)
            yield from [code] * code.is_shown

    def _shown(self, at: int, output: Mapping[str, Any], cell: Cell) -> Iterator[Block]:
        """Yield what the page shows of one output at this place: a block or nothing."""
        if at not in self.own:
            yield from self.pieces.output(output, cell)
        elif HEADLINES not in output["data"]:  # those stand at the top
            block = self.own[at]
            if block.kind == "html":
                block.html = self.pieces.headings.settle(block.html)
            yield block

    def _usual(self) -> Usual:
        """Return what most numbers of the page rest on."""
        shown = [as_list(one.meta.get("evidence")) for one in self.exhibits]
        for block in self.made.blocks:
            shown += [[badge["word"]] for badge in BADGE.finditer(block.html)]
        return Usual.of(shown)

    def _unmark(self, usual: tuple[str, ...]) -> None:
        """Take the badges of the usual evidence off the statements."""
        for block in self.made.blocks:
            block.html = BADGE.sub(
                lambda badge: "" if (badge["word"],) == usual else badge[0], block.html
            )

    def _link(self, elsewhere: Mapping[str, str]) -> None:
        """Point links at the page that holds their target.

        A report that is not complete loses links; in a complete one a lost link is an error.
        """
        here = self.pieces.taken
        lost: dict[str, str] = {}
        self.made.lead, missing = relink(self.made.lead, here, elsewhere)
        lost.update(dict.fromkeys(missing, "the first cell"))
        for block in self.made.blocks:
            block.html, missing = relink(block.html, here, elsewhere)
            lost.update(dict.fromkeys(missing, block.place))
        if lost and self.frame.is_complete:
            places = ", ".join(f"#{anchor} ({place})" for anchor, place in lost.items())
            raise PageError("LostLink", f"no page of the report has the target of {places}.")
