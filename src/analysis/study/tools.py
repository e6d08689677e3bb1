"""The columns that survey tools put into an export by themselves, beside the questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

OF_THEIR_OWN = frozenset(
    {
        *("_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status"),
        *("_submitted_by", "_tags", "_index", "_parent_index", "_parent_table_name"),
        *("_attachments", "_geolocation", "_xform_id_string", "_bamboo_dataset_id"),
        *("__version__", "_version_", "formhub/uuid", "instanceid", "instancename"),
        *("meta/instanceid", "meta/instancename", "meta/rootuuid", "meta/deprecatedid"),
        *("meta-instanceid", "meta-instancename", "meta-entity", "meta-audit", "meta/audit"),
        *("submissiondate", "submitterid", "submittername", "attachmentspresent"),
        *("attachmentsexpected", "reviewstate", "formversion", "formdef_version"),
    }
)
"""Headers in small letters that KoboToolbox and ODK write, and that nothing else is called."""

TOGETHER: Mapping[frozenset[str], frozenset[str]] = MappingProxyType(
    {
        frozenset({"key", "submissiondate"}): frozenset({"key", "deviceid", "edits", "status"}),
        frozenset({"submitdate", "lastpage"}): frozenset(
            {
                *("id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate"),
                *("datestamp", "ipaddr", "refurl"),
            }
        ),
    }
)
"""Headers that mean what a tool means by them only where others stand beside them: ODK Central,
LimeSurvey."""

SUBMITTED_HEADERS = ("submitted_at", "_submission_time", "submissiondate", "submitdate")
"""Headers in small letters of the column that says when somebody answered, the best one first."""


def of_a_tool(headers: Collection[str]) -> frozenset[str]:
    """Return the headers that a survey tool wrote by itself, from all headers in small letters.

    >>> sorted(of_a_tool({"_uuid", "id", "law"}))
    ['_uuid']
    >>> sorted(of_a_tool({"id", "submitdate", "lastpage", "law"}))
    ['id', 'lastpage', 'submitdate']
    """
    there = frozenset(headers)
    known = OF_THEIR_OWN.union(*(own for marks, own in TOGETHER.items() if marks <= there))
    return there & known


def parts_of(name: str, path: Sequence[str]) -> Iterator[str]:
    """Return the headers that tools make of a place or picture beside its own.

    >>> list(parts_of("spot", ()))[:2]
    ['_spot_latitude', 'spot-Latitude']
    """
    for part in ("latitude", "longitude", "altitude", "precision", "accuracy"):
        yield "/".join((*path, f"_{name}_{part}"))
        yield "-".join((*path, name, part.capitalize()))
    yield "/".join((*path, f"{name}_URL"))
