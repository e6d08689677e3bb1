"""The names of a codebook as tables: questions, options, indicators."""

from __future__ import annotations

import pandas as pd

from analysis.study.codebook import Codebook


def items_of(book: Codebook) -> pd.DataFrame:
    """Return the questions: one row each, with the wording, and whom and when they were put to."""
    rows = [
        (
            *(item.name, item.type.partition(" ")[0], item.label, item.section),
            *(" ".join(item.respondents), " ".join(item.asked), item.comparability),
            *(item.choice_list, item.relevant, item.unit, item.is_paraphrase),
        )
        for item in book.items.values()
    ]
    columns = (
        *("item", "type", "label", "section", "respondents", "asked", "comparability"),
        *("list_name", "relevant", "unit", "is_paraphrase"),
    )
    return pd.DataFrame(rows, columns=list(columns))


def options_of(book: Codebook) -> pd.DataFrame:
    """Return the options of the lists that a question uses: one row each."""
    used = {item.choice_list for item in book.items.values()}
    rows = [
        (name, option, label, " ".join(book.offered[name, option]))
        for name, options in book.choices.items()
        if name in used
        for option, label in options.items()
    ]
    return pd.DataFrame(rows, columns=["list_name", "option", "label", "offered"])


def indicators_of(book: Codebook) -> pd.DataFrame:
    """Return the indicators: one row each, with what counts as yes."""
    rows = [
        (name, one.label, one.phrase, str(one.rule), one.rule.item, one.base)
        for name, one in book.indicators.items()
    ]
    columns = ["indicator", "label", "phrase", "rule", "item", "base"]
    return pd.DataFrame(rows, columns=columns)
