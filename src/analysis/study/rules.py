"""Rules in XLSForm's notation: the answer that an indicator counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = r"\$\{\s*(?P<item>[\w.-]+)\s*\}"
_OPTION = r"(?:'(?P<option>[^']+)'|\"(?P<quoted>[^\"]+)\")"
_EQUALS = re.compile(rf"{_ITEM}\s*=\s*(?:{_OPTION}|(?P<number>\d+))")
_SELECTED = re.compile(rf"selected\(\s*{_ITEM}\s*,\s*{_OPTION}\s*\)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


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
