"""The shape of a record, for one that somebody else may have written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.study.places import SYNTHETIC

TEXTS: Any = {"*": str}
SHAPE: Any = {
    "command": str,
    "files": TEXTS,
    "inputs": TEXTS,
    "inputs_digest": str,
    "lock": (str, type(None)),
    "numbers": TEXTS,
    "outline": [{"page": str, "title": str}],
    "package": TEXTS,
    "pages": [{"page": str, "outcome": str, "shown": (dict, type(None))}],
    "study": {
        **dict.fromkeys(("authors", "disclaimer", "id", "released", "title", "version"), str),
        "indicators": {"*": [str]},
        "items": TEXTS,
        "rests_on": {"*": [str]},
        "shared": TEXTS,
    },
    "versions": TEXTS,
}
SHOWN: Any = {
    "basis": {
        **dict.fromkeys(("code", "libraries", "lock", "package", "python"), str),
        "reads": TEXTS,
    },
    "files": TEXTS,
    "inputs": str,
    "parameters": TEXTS,
}


def has_shape(record: Mapping[str, Any]) -> bool:
    """Tell whether a record has all that is read of it, each of the kind that a build writes."""
    if not _fits(record, SHAPE) or record["study"].get("stamp") not in ("", SYNTHETIC):
        return False
    if not all(len(found) == 2 for found in record["study"]["indicators"].values()):
        return False
    shown = [one["shown"] for one in record["pages"] if one["shown"]]
    return "python" in record["versions"] and all(_fits(one, SHOWN) for one in shown)


def _fits(value: object, shape: Any) -> bool:
    """Whether a value is of a type, a list of one shape, or a table of known or any names.

    >>> _fits({"a": ["x"]}, {"a": [str]}), _fits({"a": [1]}, {"*": [str]}), _fits({}, {"a": str})
    (True, False, False)
    """
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(one, shape[0]) for one in value)
    if not isinstance(shape, dict):
        return isinstance(value, shape)
    if not isinstance(value, dict):
        return False
    if "*" in shape:
        return all(_fits(one, shape["*"]) for one in value.values())
    return all(name in value and _fits(value[name], own) for name, own in shape.items())
