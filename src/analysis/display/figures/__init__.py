"""The forms that a figure can take. Each takes a tidy frame and draws it on one visual scale.

All counts of respondents share one axis from 0 to the number that could have answered, so that
figures can be compared across the report. A pale bar is what those who did not take part could
still add; it is never a finding.
"""

from analysis.display.figures.bounds import bounds
from analysis.display.figures.change import certainty, dumbbell
from analysis.display.figures.counts import bars, dots, strip
from analysis.display.figures.shares import ranges, shares

__all__ = ["bars", "bounds", "certainty", "dots", "dumbbell", "ranges", "shares", "strip"]
