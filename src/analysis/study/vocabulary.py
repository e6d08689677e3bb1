"""The words of a codebook that have a meaning of their own, and what they can stand for."""

from __future__ import annotations

import re

COMPARABILITY = ("identical", "equivalent", "changed", "new", "dropped", "asserted_by_source")
"""How an item relates to the same item of the cycle before; empty where nobody says."""

COMPARABLE = ("identical", "equivalent", "asserted_by_source")
"""The levels over which a change may be computed."""

FORMS = ("strip", "bars", "dumbbell", "bounds", "dots", "range", "shares")
"""How a figure can look; `analysis.display.figures` has a function for each."""

WITH_OPTIONS = ("select_one", "select_multiple", "rank")
"""The types of question that name a list of options."""

NUMBERS = ("integer", "decimal")
"""The types of question that are answered with a number."""

TEXT = "text"
"""The type of question that is answered in the respondent's own words."""

SEVERAL = ("select_multiple", "rank")
"""The types of question with an answer an option: chosen or not, or on which rank."""

RESPONDENT_UNIT = "respondents"
"""The unit of an item whose answers count respondents, not cases or countries."""

RESPONDENT_ID, SUBMITTED = "respondent_id", "submitted_at"
KEY_ITEMS = (RESPONDENT_ID, SUBMITTED)
"""What a column can hold beside the items: who answered, and when (ISO 8601, or sortable)."""

IGNORED = "ignored"
"""What ``columns.csv`` says of columns that are left out on purpose, by header or by how it
begins (``meta/*``)."""

SELECTED_LIST = "selected"
SELECTED, NOT_SELECTED = "selected", "not_selected"
"""The two answers of one option of an item that is spread over columns."""

RANKED_AT = re.compile(r"#([1-9][0-9]*)")
"""As option of an item of type ``rank``: the column that holds the option on this rank."""

ANSWERED, UNIT_NONRESPONSE = "answered", "unit_nonresponse"
DONT_KNOW, NO_ANSWER = "dont_know", "no_answer"
NOT_APPLICABLE, NOT_ASKED = "not_applicable", "not_asked"
MISSING = (DONT_KNOW, NO_ANSWER, NOT_APPLICABLE, NOT_ASKED)
STATUSES = (ANSWERED, *MISSING, UNIT_NONRESPONSE)
"""What a cell of the response table can be; never empty."""

QUARANTINE = "quarantine"
"""In the value map: the spelling is refused for the reason given, and the cell has no answer."""

DUPLICATE_RULES = ("refuse", "latest", "most_complete")
"""What to do with two submissions of one respondent."""

WIDE, LONG = "wide", "long"
SHAPES = (WIDE, LONG)
"""How an export is laid out: one row a submission, or one row an answer."""

FAMILIES = ("section", "report")
"""What the tests of one family share: a section, or the whole report."""

ADJUSTMENTS = ("holm", "bh")
"""How the p-values of a family are adjusted: Holm, or Benjamini-Hochberg for screening."""

ITEM_TYPES = (
    *WITH_OPTIONS,
    *("integer", "decimal", "range", "date", "time", "datetime", "text"),
)
"""The types of question that become items."""

NO_QUESTION = (
    *("note", "calculate", "hidden", "acknowledge", "trigger"),
    *("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
    *("username", "email", "audit", "start-geopoint", "background-audio", "background-geopoint"),
    *("geopoint", "geotrace", "geoshape", "image", "photo", "audio", "video", "file", "barcode"),
    *("imei", "osm", "xml-external", "csv-external"),
)
"""The types of row in a form that the analysis has no use for; they become no item."""

COUNTRIES = "countries"
NAMINGS = (COUNTRIES,)
"""What the ids of a group are names of, so that they match in other languages too."""

ORDERED = "likert"
"""The appearance, in XLSForm's word, of a question whose options are ordered."""
