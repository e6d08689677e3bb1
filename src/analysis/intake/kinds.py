"""Questions without options: what an answer looks like, and the one notation that it is kept in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from types import MappingProxyType
from typing import NamedTuple

from analysis.intake.guard import unguarded
from analysis.intake.spelling import folded, trimmed
from analysis.study.vocabulary import NUMBERS

WHOLE = "whole number without decimals"
COMMA = "decimal comma"
PER_CENT = "per cent: divided by 100"
MIDNIGHT = "date without its midnight"
APOSTROPHE = "apostrophe before a formula taken off"
"""The rules by which an answer is brought into one notation, as the ledger names them."""

_WHOLE = re.compile(r"(?P<number>[+-]?[0-9]+)(?P<zeros>\.0+)?")
_POINT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")
_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<midnight>[T ]00:00(:00(\.0+)?)?)?")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].+)?")
_RANK = re.compile(r"(?P<number>[1-9][0-9]{0,4})(?P<zeros>\.0+)?")
_SERIAL = re.compile(r"[2-6][0-9]{4}(\.[0-9]+)?")
_SERIALS_BEGIN = date(1899, 12, 30)

RANK = "rank"
"""The kind of a column that says on which rank an option is."""


class Kept(NamedTuple):
    """An answer as it is kept, and the rule that made it so; empty where nothing changed."""

    text: str
    rule: str = ""


def _whole(text: str) -> Kept | None:
    match = _WHOLE.fullmatch(text)
    return match and Kept(match["number"], WHOLE if match["zeros"] else "")


def _decimal(text: str) -> Kept | None:
    if not text.endswith("%"):
        return _number(text)
    number = _number(trimmed(text[:-1]))
    if number is None:
        return None
    exact = Context(prec=len(number.text) + 2)
    return Kept(_plain(exact.scaleb(Decimal(number.text), -2)), PER_CENT)


def _number(text: str) -> Kept | None:
    if _POINT.fullmatch(text):
        return Kept(text)
    # Of "1,200" nobody knows whether it is more than one or more than a thousand.
    if _COMMA.fullmatch(text) and not _THOUSANDS.fullmatch(text):
        return Kept(text.replace(",", "."), COMMA)
    return None


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(text: str) -> Kept | None:
    match = _DAY.fullmatch(text)
    if match is None or not _is(date.fromisoformat, match["day"]):
        return None
    return Kept(match["day"], MIDNIGHT if match["midnight"] else "")


def _time(text: str) -> Kept | None:
    return Kept(text) if _TIME.fullmatch(text) and _is(time.fromisoformat, text) else None


def _moment(text: str) -> Kept | None:
    return Kept(text) if _MOMENT.fullmatch(text) and _is(datetime.fromisoformat, text) else None


def _rank(text: str) -> Kept | None:
    match = _RANK.fullmatch(text)
    return match and Kept(match["number"], WHOLE if match["zeros"] else "")


def _text(text: str) -> Kept:
    kept = unguarded(text)
    return Kept(kept, APOSTROPHE if kept != text else "")


def _is(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    return True


_KINDS: Mapping[str, tuple[Callable[[str], Kept | None], str]] = MappingProxyType(
    {
        "integer": (_whole, "a whole number"),
        "decimal": (_decimal, "a number, also with a decimal comma or a per cent sign"),
        "date": (_date, "a date as year-month-day"),
        "time": (_time, "a time as hours:minutes"),
        "datetime": (_moment, "a date and time as year-month-dayThours:minutes"),
        "text": (_text, "any text"),
        RANK: (_rank, "a rank, 1 for the first"),
    }
)


def said(kind: str) -> str:
    """Return what an answer to a question of a kind looks like, for messages."""
    return _KINDS[kind][1]


def kept(kind: str, text: str) -> Kept | None:
    """Return an answer in the one notation that it is kept in; None where it is no such answer.

    A number with a per cent sign is a hundredth of it. A comma is a decimal comma, unless it could
    part thousands.

    >>> kept("integer", "3.0"), kept("decimal", "45 %"), kept("decimal", "0,45")
    (Kept(text='3', rule='whole number without decimals'), \
Kept(text='0.45', rule='per cent: divided by 100'), Kept(text='0.45', rule='decimal comma'))
    >>> kept("decimal", "1,200")
    >>> kept("date", "2021-03-01 00:00:00").text
    '2021-03-01'
    """
    return _KINDS[kind][0](text)


def same_answer(kind: str, text: str) -> str:
    """Return what two spellings have in common that mean one answer to a question of a kind.

    Numbers are compared by their value, one with a per cent sign or a plus only with others that
    have it; codes of options without needless zeros; all else as `analysis.intake.spelling.folded`
    does. An empty kind stands for a question with options.

    >>> same_answer("integer", "-99,0") == same_answer("decimal", " -99") == "-99"
    True
    >>> same_answer("", "1.0"), same_answer("", "1.5"), same_answer("text", "1.0")
    ('1', '1.5', '1.0')
    """
    spelled = trimmed(text)
    match = _WHOLE.fullmatch(spelled) if not kind else None
    if match is not None:
        return match["number"]
    sign = "%" if spelled.endswith("%") else ""
    number = _number(trimmed(spelled.removesuffix("%"))) if kind in NUMBERS else None
    if number is None or spelled.startswith("+"):
        return folded(text)
    return f"{_plain(Decimal(number.text))}{sign}"


def hint(kind: str, text: str) -> str:
    """Return what a cell may be that is no answer of its kind, as a sentence; mostly nothing.

    >>> hint("date", "44256")
    '44256 may be how Excel stores 2021-03-01; give the cells the format of a date and save.'
    """
    if kind in ("date", "datetime") and _SERIAL.fullmatch(text):
        day = _SERIALS_BEGIN + timedelta(days=int(float(text)))
        return (
            f"{text} may be how Excel stores {day}; give the cells the format of a date and save."
        )
    return ""
