"""Pictures inside the page: as data addresses, from outputs, attachments and files."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from analysis.report.exhibits import as_text

MIMES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
"""The kinds of pictures that a page may hold, the best first."""

UNCHANGED = " !$'()*+,-./;=?@[]_~"
"""What stands for itself in an address inside double quotes."""

SIGNATURES = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}

CODED = re.compile(r"[A-Za-z0-9+/]+={0,2}")
ADDRESS = re.compile(r"data:image/svg\+xml(?P<coded>(?:;[\w=-]+)*),(?P<content>.*)", re.DOTALL)
ACTING = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignObject|iframe|object|embed|handler|animate\w*|set)\b|"
    rb"[\s\"'/]on\w+\s*=|javascript:|<!ENTITY|@import|"
    rb"\b(?:href|src)\s*=\s*[\"']?\s*(?![\s\"']|#|data:image/(?:png|jpeg|gif|webp)[;,])|"
    rb"url\(\s*[\"']?(?!\s*[\"']?#)",
    re.IGNORECASE,
)
"""What acts or calls out in an SVG, were it opened by itself."""


def acts(svg: bytes) -> bool:
    """Tell whether an SVG would do more than show, were it opened by itself.

    >>> acts(b"<svg onload='x()'/>"), acts(b"<svg><use href='#a'/></svg>")
    (True, False)
    """
    return ACTING.search(svg) is not None or b"\x00" in svg


def is_still(address: str) -> bool:
    """Tell whether the picture in a data address only shows."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        return not address[:15].casefold().startswith("data:image/svg")
    content = unquote_to_bytes(found["content"])
    if found["coded"].endswith(";base64"):
        try:
            content = base64.b64decode(content)
        except binascii.Error:
            return False
    return not acts(content)


def svg_address(svg: str) -> str:
    """Return an SVG as a data address: shorter than base64.

    What refers to a part of the picture does not look like an address of the page.

    >>> svg_address("<svg><path fill='url(#a)'/></svg>")
    "data:image/svg+xml,%3Csvg%3E%3Cpath fill='url%28%23a)'/%3E%3C/svg%3E"
    """
    address = quote(svg.strip(), safe=UNCHANGED).replace("url(", "url%28")
    return f"data:image/svg+xml,{address}"


def output_address(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the best picture of an output as (kind, data address); empty when it has none."""
    for mime in MIMES:
        if mime not in data:
            continue
        content = as_text(data[mime])
        if mime == "image/svg+xml":
            if acts(content.encode()):
                continue
            content = base64.b64encode(content.encode()).decode()
        content = "".join(content.split())
        if CODED.fullmatch(content):
            return mime, f"data:{mime};base64,{content}"
    return "", ""


def file_address(source: str, folder: Path, attachments: Mapping[str, Any]) -> str:
    """Return a picture that prose refers to as a data address.

    Parameters
    ----------
    source : as written: `attachment:NAME`, or the path of a file.
    folder : of the notebook; only files in it are read.
    attachments : of the cell: content by MIME type, by name.

    Returns
    -------
    The empty text when there is no such picture.
    """
    if source.startswith("attachment:"):
        name = unquote(source.removeprefix("attachment:"))
        return output_address(attachments.get(name, {}))[1]
    try:
        file = (folder / unquote(source)).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            return ""
        content = file.read_bytes()
    except (OSError, ValueError):
        return ""
    mime = next((kind for start, kind in SIGNATURES.items() if content.startswith(start)), "")
    if file.suffix == ".svg" and b"<svg" in content[:2000] and not acts(content):
        mime = "image/svg+xml"
    return f"data:{mime};base64,{base64.b64encode(content).decode()}" if mime else ""
