"""The ways in which survey tools write headers: a code before the text, an option behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analysis.drafting.text import one_line

_CODE = re.compile(
    r"(?P<code>[A-Za-z]{1,20}\d\w{0,20}|\d+(?:\.\d+)*[a-z]?|[A-Za-z]\w{0,20}(?=\._\.|\[))"
    r"(?P<sub>(?:\[\w*\])*)"
    r"(?:\._\.|\.|\)|:|\s-)?\s*(?P<text>.*)"
)
_LIMESURVEY_CODE = re.compile(r"\w+(\[\w*\])*(?=\. )")
_OF_SURVEYMONKEY = re.compile(r"\s\|\s(open-ended )?response", re.IGNORECASE)
_BARE_CODE = re.compile(r"(?=.*\d)[A-Za-z]{0,20}[\d_./]+[A-Za-z]{0,3}")
_BRACKETED = re.compile(r"(?P<before>.*?)\s*\[(?P<inside>[^\[\]]*)\]\s*")


@dataclass(frozen=True)
class Part:
    """A header read as one option of a question.

    Attributes
    ----------
    stem : what all options of the question share.
    text : the question in words.
    option : the option as the header names it.
    """

    stem: str
    text: str
    option: str


def code_of(header: str, tool: str = "") -> str:
    """Return the code before the text of a question; empty where there is none.

    Any word with a point behind it is a code where the survey tool writes codes so.

    >>> code_of("Q3. Is there a law?"), code_of("pay[SQ1]. Who pays? [State]"), code_of("Law?")
    ('Q3', 'pay[SQ1]', '')
    >>> code_of("law. Is there one?"), code_of("law. Is there one?", "limesurvey")
    ('', 'law')
    """
    line = one_line(header)
    if tool == "limesurvey" and (found := _LIMESURVEY_CODE.match(line)):
        return found[0]
    match = _CODE.fullmatch(line)
    if match is None or not match["text"] or not _is_parted(match, line):
        return ""
    return match["code"] + match["sub"]


def text_of(header: str, tool: str = "") -> str:
    """Return the question in words, without its code.

    >>> text_of("Q3. Is there a law?"), text_of("likert[a]._. [I am paid]"), text_of("Q3")
    ('Is there a law?', 'I am paid', 'Q3')
    """
    line = _OF_SURVEYMONKEY.sub("", one_line(header))
    code = code_of(line, tool)
    rest = line[len(code) :].lstrip("._):- ") if code else line
    match = _BRACKETED.fullmatch(rest)
    if match is None:
        return rest or line
    before, inside = match["before"].strip(), match["inside"].strip()
    if before and inside:
        return f"{before.rstrip(':')}: {inside}"
    return before or inside or line


def is_bare_code(header: str) -> bool:
    """Tell whether a header says nothing of the question but its number.

    >>> is_bare_code("Q3"), is_bare_code("Q3_1"), is_bare_code("staff")
    (True, True, False)
    """
    return _BARE_CODE.fullmatch(one_line(header)) is not None


def _is_parted(match: re.Match[str], line: str) -> bool:
    """Whether something stands between code and text that does not belong to a word."""
    end = match.end("sub")
    return bool(match["sub"]) or line[end : end + 1] in (".", ")", ":") or line[end:][:2] == " -"


def _with_code(header: str) -> Part | None:
    """``Q1[SQ001]``, and ``Q1[SQ001]. Question? [Option]`` with the words of both."""
    match = re.fullmatch(r"(?P<code>\w+)\[(?P<sub>\w+)\][\s._:]*(?P<rest>.*)", header)
    if match is None:
        return None
    words = _BRACKETED.fullmatch(match["rest"])
    text = (words["before"] if words else match["rest"]).strip()
    stem = f"{match['code']}. {text}" if text else match["code"]
    return Part(stem, text, words["inside"].strip() if words else match["sub"])


def _in_brackets(header: str) -> Part | None:
    match = re.fullmatch(r"(?P<stem>.+?)\s*\[(?P<option>[^\[\]]+)\]", header)
    return _part(match)


def _behind_slash(header: str) -> Part | None:
    return _part(re.fullmatch(r"(?P<stem>.+)/(?P<option>[^/]+)", header))


def _numbered(header: str) -> Part | None:
    return _part(re.fullmatch(r"(?P<stem>.*\S)_(?P<option>\d+)", header))


def _behind_mark(header: str) -> Part | None:
    return _part(re.fullmatch(r"(?P<stem>.+?\S)(?:\s[-–—>|]\s|:\s)(?P<option>.*\S)", header))


def _in_round_brackets(header: str) -> Part | None:
    return _part(re.fullmatch(r"(?P<stem>.+?)\s*\((?P<option>[^()]+)\)", header))


def _part(match: re.Match[str] | None) -> Part | None:
    if match is None:
        return None
    stem = match["stem"].strip()
    return Part(stem, text_of(stem), match["option"].strip())


STYLES: Mapping[str, Callable[[str], Part | None]] = MappingProxyType(
    {
        "code[option]": _with_code,
        "question [option]": _in_brackets,
        "question/option": _behind_slash,
        "question_1": _numbered,
        "question: option": _behind_mark,
        "question (option)": _in_round_brackets,
    }
)
"""How a header can name a question and one of its options, the surest first."""


def parts_in(header: str, style: str) -> Part | None:
    """Return the header read in one of the `STYLES`; None where it is not written so.

    >>> parts_in("Which? [Audit]", "question [option]")
    Part(stem='Which?', text='Which?', option='Audit')
    """
    part = STYLES[style](one_line(header))
    return part if part is not None and part.option else None
