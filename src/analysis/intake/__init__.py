"""From the exports of a survey tool to one table of responses, with a record of every change."""

from analysis.intake.clean import clean
from analysis.intake.cleaned import Cleaned
from analysis.intake.guard import read_record
from analysis.intake.raw import RawTable, read_raw
from analysis.intake.replay import replay
from analysis.intake.responses import Responses, load_responses

__all__ = [
    "Cleaned",
    "RawTable",
    "Responses",
    "clean",
    "load_responses",
    "read_raw",
    "read_record",
    "replay",
]
