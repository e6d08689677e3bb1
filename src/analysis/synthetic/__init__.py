"""Synthetic responses: invented answers that give every count the source prints.

They let the way from a raw export to the report be rehearsed. They show that the way works, and
nothing about the respondents: whatever the source does not print is an input of this stage, and
``invented.csv`` lists it.
"""

from analysis.synthetic.inputs import Inputs
from analysis.synthetic.synthesis import synthesize

__all__ = ["Inputs", "synthesize"]
