"""Formulas: TeX to MathML, which browsers draw and screen readers read without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.commands import MATRICES
from latex2mathml.converter import Converter

ARITY = {
    **dict.fromkeys(("mfrac", "mover", "mroot", "msub", "msup", "munder"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
ENVIRONMENTS = frozenset(name.removeprefix("\\") for name in MATRICES)
ALONE = frozenset(["displaymath", "equation", "equation*", "math"])
"""Environments that only say that there is a formula."""

LIKE = {"aligned": "align*", "gather*": "align*", "gathered": "align*"}
LABEL = re.compile(r"\\(?:label\s*\{[^{}]*\}|nonumber|notag)")
DELIMITER = re.compile(r"\\(begin|end)\s*\{([^{}]*)\}")


class FormulaError(Exception):
    """Raised with the reason why a formula cannot be shown."""


class Formulas:
    """Converts the formulas of one page, which count their equations and share their macros."""

    def __init__(self) -> None:
        self._converter = Converter()

    def mathml(self, tex: str, *, is_block: bool = False) -> str:
        r"""Return a formula as MathML.

        Parameters
        ----------
        tex : without the dollar signs around it.
        is_block : whether it stands on lines of its own.

        Raises
        ------
        FormulaError
            When any part of it cannot be converted.

        >>> Formulas().mathml("n_1")
        '<math display="inline"><mrow><msub><mi>n</mi><mn>1</mn></msub></mrow></math>'
        """
        source = DELIMITER.sub(_environment, LABEL.sub("", tex)).strip()
        _check_braces(source)
        self._converter.display = "block" if is_block else "inline"
        try:
            tree = self._converter.convert_to_element(source)
        except Exception as error:  # the library raises whatever its parser stumbles over
            raise FormulaError(str(error) or "it is not complete") from error
        return "".join(_written(tree))


def _environment(delimiter: re.Match[str]) -> str:
    name = delimiter[2].strip()
    if name in ALONE:
        return ""
    name = LIKE.get(name, name)
    if name not in ENVIRONMENTS:
        raise FormulaError(f"the environment {name!r} is not known")
    return f"\\{delimiter[1]}{{{name}}}"


def _check_braces(source: str) -> None:
    depth = 0
    for brace in re.findall(r"[{}]", re.sub(r"\\.", "", source, flags=re.DOTALL)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            break
    if depth:
        raise FormulaError("its braces do not match")


def _written(element: Element) -> Iterator[str]:
    """Write an element, its texts escaped; the converter takes them over as they are."""
    if element.tag in ARITY and len(element) != ARITY[element.tag]:
        raise FormulaError(f"an argument is missing ({element.tag})")
    text = element.text or ""
    if element.tag == "mtext":
        text = re.sub(r"\\([&%$#_{}])", r"\1", text)
    if "\\" in text:
        raise FormulaError(f"{text.strip()} is not known")
    attributes = "".join(
        f' {name}="{escape(value)}"' for name, value in element.items() if name != "xmlns"
    )
    yield f"<{element.tag}{attributes}>{escape(unescape(text), quote=False)}"
    for child in element:
        yield from _written(child)
    yield f"</{element.tag}>"
