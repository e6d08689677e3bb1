"""What every page of the report shares: its frame, its style and its security policy."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

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
    pages : every page in order.
    current : position of this page in `pages`; None outside a report and for the index.
    """

    report: str = ""
    index: str = ""
    disclaimer: str = ""
    version: str = ""
    released: str = ""
    pages: tuple[Link, ...] = ()
    current: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every page of the report is there, so that none is linked in the index."""
        return all("#" not in page.href for page in self.pages)


def style() -> str:
    """Return the style sheet that every page carries in itself."""
    return (TEMPLATE / "style.css").read_text(encoding="utf-8").strip()


def security_policy(style_sheet: str) -> str:
    """Return a content security policy that allows this style sheet and embedded pictures only."""
    digest = base64.b64encode(hashlib.sha256(style_sheet.encode()).digest()).decode()
    return (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
