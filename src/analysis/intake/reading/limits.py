"""How large an export may be: bounds that no survey reaches and that keep memory and time small."""

from __future__ import annotations

MOST_BYTES = 200_000_000
"""Size of a file, and of a workbook when it is unpacked."""

MOST_CELLS = 20_000_000
"""Rows times columns of an export."""

MOST_CHARACTERS = 131_072
"""Length of one cell, as the reader of delimited text has it; Excel itself holds 32,767."""

MOST_ROWS = 1_048_576
"""Rows of a sheet, as in Excel."""

MOST_SEEN = 100_000_000
"""Cells of a sheet that are looked at, blank ones among them."""

MOST_RAGGED = 1000
"""So many rows with too many cells end the reading of a sheet."""

MOST_PARTS = 10_000
"""Files inside a workbook."""

PACKED_AT_MOST = 200
"""How many times larger than packed a part of a workbook may be; real ones are below 50."""

SLACK = 1_000_000
"""Bytes up to which a part of a workbook may be packed more tightly."""

SHOWN = 20
"""So many places with the same thing wrong are listed one by one; the others are counted."""

EXAMPLES = 3
"""So many cells with the same spelling are listed: one decision mends them all."""
