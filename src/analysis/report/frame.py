"""What every page of the report shares: its frame, its style and its security policy."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from analysis.report.comments import Comment

TEMPLATE = Path(__file__).parent / "template"


@dataclass(frozen=True)
class Link:
    """A page of the report as other pages point to it."""

    title: str
    href: str


@dataclass(frozen=True)
class Frame:
    """What stands around a page when it is part of a report; all of it may be empty.

    Attributes
    ----------
    report : title of the report.
    index : address of the first page.
    stamp : a word to write all over the page; empty for a report of real numbers.
    pages : every page in order.
    current : position of this page in `pages`; None outside a report and for the index.
    limits : the page that says what the report cannot tell.
    comments : what reviewers said, of whichever page.
    """

    report: str = ""
    index: str = ""
    authors: str = ""
    disclaimer: str = ""
    version: str = ""
    released: str = ""
    stamp: str = ""
    pages: tuple[Link, ...] = ()
    current: int | None = None
    limits: Link | None = None
    comments: tuple[Comment, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every page of the report is there, so that none is linked in the index."""
        return all("#" not in page.href for page in self.pages)


def style(frame: Frame) -> str:
    """Return the style sheet that every page carries in itself."""
    sheets = ["style.css", "print.css"]
    rules = [(TEMPLATE / sheet).read_text(encoding="utf-8").strip() for sheet in sheets]
    return "\n".join([*rules, *([_stamp_rule(frame.stamp)] if frame.stamp else [])])


def _stamp_rule(word: str) -> str:
    """A veil of the word over everything, so that no part of the page is without it."""
    tile = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="150" height="64">'
        '<text x="75" y="38" text-anchor="middle" transform="rotate(-12 75 32)" fill="#b00020" '
        'fill-opacity="0.28" font-family="sans-serif" font-weight="bold" font-size="17">'
        f"{escape(word)}</text></svg>"
    )
    picture = base64.b64encode(tile.encode()).decode()
    return (
        "body::after{content:'';position:fixed;inset:0;z-index:9;pointer-events:none;"
        f"background:url(data:image/svg+xml;base64,{picture});"
        "-webkit-print-color-adjust:exact;print-color-adjust:exact}\n"
        ".stamp{margin:0;padding:.6rem 1rem;background:#b00020;color:#fff;font-weight:700;"
        "text-align:center;-webkit-print-color-adjust:exact;print-color-adjust:exact}"
    )


def security_policy(style_sheet: str) -> str:
    """Return a content security policy that allows this style sheet and embedded pictures only."""
    digest = base64.b64encode(hashlib.sha256(style_sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
