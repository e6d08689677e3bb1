"""How a study is called, speaks, and counts: its settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """The one row of ``settings.csv``: what the study is called and how it speaks.

    `tested` names the groups whose comparisons are tested though there is no list of all that
    could have answered; `limits` the section that says what the report cannot tell;
    `comparability` what holds of each item that does not say how it relates to the cycle before.
    `licence` is the SPDX identifier of the licence for what the study itself makes: the wording of
    its findings, its codebook and the tables computed from them.
    `is_invented` says that the answers of the study are made up, for example to teach with.
    `cell_threshold` is the smallest number of respondents that may stand in a report which is
    shared, where it counts their answers; 0 and 1 let every number stand.
    """

    title: str
    form_id: str
    version: str
    released: str
    description: str
    disclaimer: str
    authors: str
    licence: str
    response_item: str
    duplicate_rule: str
    families: str
    adjustment: str
    tested: tuple[str, ...]
    limits: str
    comparability: str
    is_invented: bool
    cell_threshold: int
