"""Makes the SVG files of matplotlib small: the same picture in a quarter of the bytes.

Coordinates are rounded to what print can show (glyphs to 1/40 pt, all else to 1/100 pt), paths are
written relative, and what is drawn several times is written once.
"""

from __future__ import annotations

import itertools
import re
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from xml.etree.ElementTree import Element, SubElement, fromstring

from analysis.display.vector_numbers import HUNDREDTHS, NUMBER, number_text, relative, shortened

HREF = "{http://www.w3.org/1999/xlink}href"
GLYPH = "scale(0.015625)"
GLYPH_UNITS = 4  # units of a glyph for one of matplotlib's text units, of which a line has 100
REPEATED = 3
"""How often a text must stand in a picture to be written once and used."""

REFERENCE = re.compile(r"url\(#([^)]+)\)")
DRAWN_AS = {"stroke-linecap": "butt", "stroke-dashoffset": "0", "stroke-width": "1"}
"""What holds without being said."""

KEPT = ("xmlns", "width", "height", "viewBox", "stroke-linejoin")


def compact(svg: str) -> str:
    """Return an SVG file of matplotlib in fewer bytes.

    Parameters
    ----------
    svg : the file as text, with glyphs as paths.

    Returns
    -------
    One line without ids, comments and metadata that nothing refers to. The same file gives the
    same bytes.

    >>> square = '<path style="fill: #ffffff" d="M 1 1 L 3 1.004 L 3 3 L 1 3 z"/>'
    >>> compact(f'<svg xmlns="http://www.w3.org/2000/svg"><g id="a">{square}</g></svg>')[-42:]
    "<path fill='#fff' d='M1 1h2v2h-2z'/></svg>"
    """
    root = fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    defs = Element("defs")
    glyphs = _glyphs(root)
    body = Element("svg", {"stroke-linejoin": "round"})
    for child in root:
        body.extend(list(_simplified(child, glyphs, defs)))
    _share_texts(body, defs)
    _group_marks(body)
    picture = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **root.attrib, **body.attrib})
    for name in set(picture.attrib) - set(KEPT):
        del picture.attrib[name]
    if len(defs):
        picture.append(defs)
    picture.extend(body)
    _rename(picture)
    return "".join(_written(picture))


def _glyphs(root: Element) -> dict[str, bool]:
    """Return the ids of all glyphs, and of each whether it leaves ink."""
    paths = (path for path in root.iter("path") if path.get("transform") == GLYPH)
    return {path.attrib["id"]: "d" in path.attrib for path in paths}


def _simplified(element: Element, glyphs: Mapping[str, bool], defs: Element) -> Iterator[Element]:
    """Yield what is left of an element; what it defines goes to `defs`."""
    if element.tag in ("metadata", "style"):
        return
    children = [new for child in element for new in _simplified(child, glyphs, defs)]
    if element.tag == "defs":
        defs.extend(children)
        return
    attributes = dict(_attributes(element))
    if element.tag == "path":
        scale = GLYPH_UNITS / 64 if attributes.get("id") in glyphs else HUNDREDTHS
        if "d" not in attributes:
            return
        attributes["d"] = relative(attributes["d"], scale)
    if element.tag == "use" and not glyphs.get(attributes["href"], True):
        return
    if element.tag == "g":
        if not children:
            return
        attributes.pop("id", None)
        _set_glyphs(attributes, children, glyphs)
        if not attributes:
            yield from children
            return
    if element.tag not in ("clipPath", "pattern", "path"):
        attributes.pop("id", None)
    yield _made(element.tag, attributes, children)


def _made(tag: str, attributes: Mapping[str, str], children: Iterable[Element] = ()) -> Element:
    element = Element(tag, dict(attributes))
    element.extend(children)
    return element


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element, its style among them, in their shortest form."""
    for name, value in element.attrib.items():
        if name == "style":
            pairs = (part.split(":", 1) for part in value.split(";") if part.strip())
            styles = ((key.strip(), text.strip()) for key, text in pairs)
            is_used = "id" in element.attrib  # where what is not said is taken from the use
            for key, text in styles:
                if is_used or DRAWN_AS.get(key) != text:
                    yield key, shortened(text)
        elif name == HREF:
            yield "href", value.removeprefix("#")
        elif name == "transform" and element.tag == "path" and value == GLYPH:
            continue
        elif name in ("id", "d"):
            yield name, value
        else:
            yield name, shortened(value)


def _set_glyphs(
    attributes: dict[str, str], children: Iterable[Element], glyphs: Mapping[str, bool]
) -> None:
    """Let the glyphs in a group fit their smaller units: all at once, or beside lines each."""
    set_glyphs = [one for one in children if one.get("href") in glyphs]
    if set_glyphs and len(set_glyphs) == len(list(children)):
        attributes["transform"] = _shrunk(attributes["transform"])
        for glyph in set_glyphs:
            _place(glyph)
    else:
        for glyph in set_glyphs:
            glyph.set("transform", f"{glyph.get('transform', '')}scale({1 / GLYPH_UNITS})")


def _place(glyph: Element) -> None:
    """Write the place of a glyph in a text in units of glyphs."""
    found = re.fullmatch(r"translate\(([^ )]+) ([^ )]+)\)(.*)", glyph.get("transform", ""))
    if found is None:
        return
    x, y = (number_text(round(float(part) * GLYPH_UNITS)) for part in found.groups()[:2])
    if found[3]:
        glyph.set("transform", f"translate({x} {y}){found[3]}")
        return
    del glyph.attrib["transform"]
    for name, place in (("x", x), ("y", y)):
        if place != "0":
            glyph.set(name, place)


def _shrunk(transform: str) -> str:
    """Return the transform of a text for glyphs whose units are smaller."""
    before, scale, after = transform.rpartition("scale(")
    ends = [number_text(float(number) / GLYPH_UNITS) for number in NUMBER.findall(after)]
    return f"{before}{scale}{' '.join(ends)})"


def _share_texts(body: Element, defs: Element) -> None:
    """Write a text that stands in the picture several times once."""
    texts = [one for one in body.iter("g") if all(child.tag == "use" for child in one)]
    keys = ["".join(itertools.chain(*map(_written, text))) for text in texts]
    often = Counter(keys)
    shared: dict[str, str] = {}
    for text, key in zip(texts, keys, strict=True):
        if often[key] < REPEATED or len(text) < REPEATED or "transform" not in text.attrib:
            continue
        if key not in shared:
            shared[key] = f"text-{len(shared)}"
            defs.append(_made("g", {"id": shared[key]}, list(text)))
        for child in list(text):
            text.remove(child)
        text.tag = "use"
        text.attrib["href"] = shared[key]


def _group_marks(parent: Element) -> None:
    """Say once what marks that follow each other have in common."""

    def look(mark: Element) -> tuple[tuple[str, str], ...]:
        own = ("href", "x", "y")
        return tuple(pair for pair in mark.items() if pair[0] not in own)

    children = list(parent)
    for child in children:
        parent.remove(child)
        _group_marks(child)
    for common, run in itertools.groupby(children, look):
        marks = list(run)
        is_alike = len(marks) > 1 and all(mark.tag == "use" for mark in marks)
        if is_alike and common and not {"opacity", "transform"} & {name for name, _ in common}:
            group = SubElement(parent, "g", dict(common))
            for mark in marks:
                own = {key: value for key, value in mark.items() if (key, value) not in common}
                group.append(_made("use", own))
        else:
            parent.extend(marks)


def _rename(picture: Element) -> None:
    """Give short ids to what is referred to, the shortest to what is used most; drop the rest."""
    uses = Counter(
        name
        for element in picture.iter()
        for key, value in element.items()
        for name in ([value] if key == "href" else REFERENCE.findall(value))
    )
    letters = string.ascii_letters
    names = itertools.chain(letters, (a + b for a in letters for b in letters))
    short = dict(zip((name for name, _ in uses.most_common()), names, strict=False))
    for element in picture.iter():
        for key, value in list(element.items()):
            if key == "href":
                element.set(key, f"#{short[value]}")
            elif key == "id" and value not in short:
                del element.attrib[key]
            elif key == "id":
                element.set(key, short[value])
            else:
                element.set(key, REFERENCE.sub(lambda ref: f"url(#{short[ref[1]]})", value))


def _written(element: Element) -> Iterator[str]:
    attributes = "".join(f" {key}='{escape(value)}'" for key, value in element.items())
    if not len(element):
        yield f"<{element.tag}{attributes}/>"
        return
    yield f"<{element.tag}{attributes}>"
    for child in element:
        yield from _written(child)
    yield f"</{element.tag}>"
