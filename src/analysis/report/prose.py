"""The prose of a page: Markdown with formulas, footnotes and pictures, to safe markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

from mistune import BlockState
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    MathBlockParser,
    MathInlineParser,
)

from analysis.report.formulas import FormulaError, Formulas
from analysis.report.outcome import PageError

NOTE = r"\[\^(?P<note_key>[\w-]+)\](?!:)"
NOTE_TEXT = (
    r"^ {0,3}\[\^(?P<note_text_key>[\w-]+)\]:[ \t]*"
    r"(?P<note_text>[^\n]*(?:\n(?! {0,3}\[\^)[^\n]*\S[^\n]*)*(?:\n+(?: {2,}|\t)[^\n]+)*)"
)
# A dollar sign is money after a letter of a currency (US$), before a space (or, where a formula
# would end, after one), and before the digits of a second amount.
INLINE_MATH = (
    r"(?<![$\\A-Z])\$(?=[^\s$])(?P<math_inline_tex>(?:(?!\n\s*\n)(?:[^$]|(?<=\\)\$))+?)"
    r"(?<![\s\\])\$(?![\d$])"
)
CHECKBOX = re.compile(r'<input class="task-list-item-checkbox"[^>]*?(?P<checked>checked)?\s*/>')
TABLE_CAPTION = re.compile(
    r"<table>(?P<rows>(?:(?!</?table>).)*)</table>\s*<p>(?:Table)?:\s+(?P<caption>.*?)</p>",
    re.DOTALL,
)


@dataclass
class Note:
    """A footnote: its key and text as written, and how often the prose of the page refers to it."""

    key: str
    text: str
    uses: int = 0


@dataclass
class Prose:
    """Turns the Markdown of one page into markup that has yet to be sanitised.

    Attributes
    ----------
    is_strict : whether a footnote without a text stops the page.
    notes : the footnotes in the order in which the page refers to them.
    place : of the cell at hand, for errors.
    """

    is_strict: bool = False
    notes: list[Note] = field(default_factory=list)
    place: str = ""
    formulas: Formulas = field(default_factory=Formulas)
    _texts: dict[str, str] = field(default_factory=dict)
    _is_output: bool = False

    def gather(self, sources: Iterable[str]) -> None:
        """Read the footnotes of all cells, so that a cell can refer to those of another."""
        for source in sources:
            for key, text in self._own_texts(source).items():
                self._texts.setdefault(key, text)

    def render(self, source: str, place: str, *, is_output: bool = False) -> str:
        """Return the markup of one cell, unsafe as it was written.

        What an output refers to has no link back: an output gives no anchors.

        Raises
        ------
        PageError
            When a formula cannot be converted or a footnote has no text.
        """
        self.place, self._is_output = place, is_output
        texts = self._texts | self._own_texts(source)
        html = str(_markdown(self, texts.get).render(source))
        html = re.sub(r"<p>\s*</p>\s*", "", html)
        html = CHECKBOX.sub(lambda box: "☑ " if box["checked"] else "☐ ", html)
        return TABLE_CAPTION.sub(r"<table><caption>\g<caption></caption>\g<rows></table>", html)

    def footnotes(self) -> list[str]:
        """Return the markup of every footnote, each with links back to where it is used."""
        written = []
        for number, note in enumerate(self.notes, start=1):
            html = self.render(note.text, f"footnote [^{note.key}]").strip()
            if html.count("<p>") == 1:
                html = html.removeprefix("<p>").removesuffix("</p>")
            back = "".join(
                f' <a href="#{anchor}" aria-label="Back to the text at note {number}">↩</a>'
                for anchor in (_place_of(number, use) for use in range(1, note.uses + 1))
            )
            written.append(f"{html}{back}")
        return written

    def formula(self, tex: str, *, is_block: bool) -> str:
        """Return a formula as MathML."""
        try:
            return self.formulas.mathml(tex, is_block=is_block)
        except FormulaError as error:
            text = f"{self.place}: the formula {tex.strip()!r} cannot be converted: {error}."
            raise PageError("FormulaError", text) from error

    def refer(self, key: str, text: str | None) -> str:
        """Return a reference to a footnote."""
        if text is None:
            if self.is_strict:
                told = f"{self.place}: there is no text for the footnote [^{key}]."
                raise PageError("FootnoteError", told)
            return escape(f"[^{key}]")
        note = Note(key, text)
        number = next(
            (at for at, one in enumerate(self.notes, 1) if (one.key, one.text) == (key, text)), 0
        )
        if not number:
            self.notes.append(note)
            number = len(self.notes)
        anchor = ""
        if not self._is_output:
            self.notes[number - 1].uses += 1
            anchor = f'id="{_place_of(number, self.notes[number - 1].uses)}" '
        link = f'<a {anchor}href="#note-{number}" aria-label="Note {number}">{number}</a>'
        return f"<sup>{link}</sup>"

    def _own_texts(self, source: str) -> dict[str, str]:
        markdown = _markdown(self, lambda _: None)
        state = markdown.block.state_cls()
        state.process(source.replace("\r\n", "\n"))
        markdown.block.parse(state)
        return dict(state.env.get("note_texts", {}))


def _place_of(number: int, use: int) -> str:
    """The anchor of one reference to a footnote."""
    return f"note-{number}-at" + (f"-{use}" if use > 1 else "")


def _markdown(prose: Prose, text_of: Callable[[str], str | None]) -> MarkdownWithMath:
    """Return a parser for one cell."""

    def read_note(_: Any, found: re.Match[str], state: Any) -> int:
        key = found["note_key"]
        state.append_token({"type": "note", "raw": key})
        return found.end()

    def read_text(_: Any, found: re.Match[str], state: BlockState) -> int:
        lines = found["note_text"].splitlines()
        text = "\n".join(line.strip() for line in lines).strip()
        state.env.setdefault("note_texts", {}).setdefault(found["note_text_key"], text)
        return found.end()

    renderer = _Renderer(prose)
    renderer.register("note", lambda _, key: prose.refer(key, text_of(key)))
    markdown = MarkdownWithMath(renderer, MathBlockParser(), _Inline(hard_wrap=False))
    markdown.inline.register("note", NOTE, read_note, before="link")
    markdown.block.register("note_of_page", NOTE_TEXT, read_text, before="ref_link")
    return markdown


class _Inline(MathInlineParser):
    """Reads a dollar sign as money where it cannot begin or end a formula."""

    SPECIFICATION: ClassVar = {**MathInlineParser.SPECIFICATION, "inline_math_tex": INLINE_MATH}


class _Renderer(IPythonRenderer):  # type: ignore[misc, unused-ignore]
    """Writes formulas as MathML, and pictures as they are given."""

    def __init__(self, prose: Prose) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.prose = prose

    def block_math(self, body: str) -> str:
        return self.prose.formula(body, is_block=True)

    def inline_math(self, body: str) -> str:
        return self.prose.formula(body, is_block=False)

    def latex_environment(self, name: str, body: str) -> str:
        tex = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return self.prose.formula(tex, is_block=True)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return f'<img alt="{escape(text)}" src="{escape(url)}">'
