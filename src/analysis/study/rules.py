"""Rules in XLSForm's notation: the answer that an indicator counts, or that leads to a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = r"\$\{\s*(?P<item>[^{}]+?)\s*\}"
_OPTION = r"(?:'(?P<option>[^']+)'|\"(?P<quoted>[^\"]+)\")"
_EQUALS = re.compile(rf"{_ITEM}\s*=\s*(?:{_OPTION}|(?P<number>\d+))")
_SELECTED = re.compile(rf"selected\(\s*{_ITEM}\s*,\s*{_OPTION}\s*\)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_AND = re.compile(r"\sand\s")


@dataclass(frozen=True)
class Rule:
    """The answer that an indicator counts: option `option` of item `item`.

    >>> Rule.parse("${fees_prohibited} = 'yes'")
    Rule(item='fees_prohibited', option='yes')
    >>> Rule.parse("selected(${checks}, 'audit')")
    Rule(item='checks', option='audit')
    """

    item: str
    option: str

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read a rule in XLSForm's notation; `ValueError` when it is not of that form."""
        for pattern in (_EQUALS, _SELECTED):
            match = pattern.fullmatch(text.strip())
            if match is not None:
                found = match.groupdict()
                option = found["option"] or found["quoted"] or found.get("number")
                return cls(found["item"], str(option))
        raise ValueError("a rule reads ${item} = 'option'")

    def __str__(self) -> str:
        """Return the rule as it is written.

        >>> str(Rule("checks", "audit"))
        "${checks} = 'audit'"
        """
        quote = '"' if "'" in self.option else "'"
        return f"${{{self.item}}} = {quote}{self.option}{quote}"


def joined(conditions: list[str]) -> str:
    """Return one condition that holds where all of them do; empty where there is none.

    >>> joined(["${a} = 'yes'", "", "${b} = 'x' or ${b} = 'y'"])
    "${a} = 'yes' and (${b} = 'x' or ${b} = 'y')"
    """
    given = [text.strip() for text in conditions if text.strip()]
    if len(given) < 2:
        return "".join(given)
    has_or = [re.search(r"\bor\b", _QUOTED.sub("", text)) for text in given]
    return " and ".join(
        f"({text})" if wide else text for text, wide in zip(given, has_or, strict=True)
    )


def all_of(text: str) -> tuple[Rule, ...]:
    """Read rules that must all hold, joined by ``and``; outer brackets do not matter.

    >>> all_of("${a} = 'yes' and (selected(${b}, 'x'))")
    (Rule(item='a', option='yes'), Rule(item='b', option='x'))

    Raises
    ------
    ValueError
        A part is not of the form ``${item} = 'option'``.
    """
    bare = _without_brackets(text.strip())
    parts = _parts(bare)
    if len(parts) == 1:
        return (Rule.parse(bare),)
    return tuple(rule for part in parts for rule in all_of(part))


def _masked(text: str) -> str:
    """The text with everything in quotes blanked, so that only the notation is left."""
    return _QUOTED.sub(lambda match: "_" * len(match[0]), text)


def _depths(text: str) -> list[int]:
    """How many brackets are open behind each character."""
    depth, depths = 0, []
    for letter in _masked(text):
        depth += (letter == "(") - (letter == ")")
        depths.append(depth)
    return depths


def _without_brackets(text: str) -> str:
    while text.startswith("(") and 0 not in _depths(text)[:-1] and text.endswith(")"):
        text = text[1:-1].strip()
    return text


def _parts(text: str) -> list[str]:
    """What the outermost ``and`` stands between."""
    depths, start, parts = _depths(text), 0, []
    for match in _AND.finditer(_masked(text)):
        if depths[match.start()] == 0:
            parts.append(text[start : match.start()].strip())
            start = match.end()
    return [*parts, text[start:].strip()]
