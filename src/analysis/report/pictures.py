"""Pictures inside the page: as data addresses, from outputs, attachments and files."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

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
        if mime in data:
            content = as_text(data[mime])
            if mime == "image/svg+xml":
                content = base64.b64encode(content.encode()).decode()
            return mime, f"data:{mime};base64,{''.join(content.split())}"
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
    if file.suffix == ".svg" and b"<svg" in content[:2000]:
        mime = "image/svg+xml"
    return f"data:{mime};base64,{base64.b64encode(content).decode()}" if mime else ""
