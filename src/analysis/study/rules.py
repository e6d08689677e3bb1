"""The answer that an indicator counts, in XLSForm's notation."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.study.conditions import Clause, parse


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
        try:
            clause = parse(text)
        except ValueError:
            clause = None
        if not isinstance(clause, Clause) or clause.sign != "=" or not clause.value:
            raise ValueError("a rule reads ${item} = 'option'")
        return cls(clause.item, clause.value)

    def __str__(self) -> str:
        """Return the rule as it is written.

        >>> str(Rule("checks", "audit"))
        "${checks} = 'audit'"
        """
        return str(Clause(self.item, "=", self.option))
