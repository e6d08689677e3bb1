"""Which country or territory a respondent means: by the exact name or code, never by a guess.

Names in six languages and ISO 3166 codes come from the Unicode CLDR through Babel. What CLDR leaves
out (formal, former and own names, abbreviations) stands with a reason in `country_aliases.csv`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from analysis.intake.spelling import folded, trimmed

ALIASES = Path(__file__).with_name("country_aliases.csv")

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "ru": "Russian",
    "es": "Spanish",
}
ALPHA_2, ALPHA_3, NUMERIC = "ISO alpha-2 code", "ISO alpha-3 code", "ISO numeric code"
CODES = frozenset({ALPHA_2, ALPHA_3, NUMERIC})

# From here on CLDR numbers what ISO 3166 leaves to users.
FIRST_PRIVATE_NUMBER = 900

# What respondents put before a name in these languages; in Russian nothing.
ARTICLES = frozenset("the le la les l die der das il lo i gli el los las".split())
_MARKS = re.compile(r"([a-zα-ω])[\u0300-\u036f]+")
_POINT = re.compile(r"(?<=\w\w)\.|\.\Z")
# As ISO 3166 lists names: "Gambia (the)".
_ARTICLE_AFTER = re.compile(r"\s*(?:\((?:the|la|le|les|l['’])\)|, the)\Z")
_BETWEEN = re.compile(r"[\s,()'’‘`´\u02bb\u02bc\u2010-\u2015-]+")
# What casefolding and taking off the accents leave apart, and the German way to write an umlaut.
_SAME = str.maketrans({"ё": "е", "ı": "i", "&": " and "})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# A suggestion must be this much alike, by this much more than the next territory, and this long.
CLOSE, AHEAD, SHORTEST = 0.8, 0.03, 4


@dataclass(frozen=True)
class Name:
    """One spelling of a territory: its ISO 3166 alpha-2 code and the kind of name."""

    territory: str
    kind: str


def territory(text: str) -> str | None:
    """Return the ISO 3166 alpha-2 code of the territory that a text names exactly.

    Letter case, accents, outer spaces, hyphens, commas, brackets, the point of an abbreviation and
    an article do not matter; in codes only outer spaces, and letter case where they
    have three letters: `no` and `it` are words. XK stands for Kosovo, to which ISO 3166 gives no
    code.

    Returns
    -------
    str or None
        None when no territory or more than one has this name.

    Examples
    --------
    >>> [territory(text) for text in ("TURKIYE", "Côte d'Ivoire", "Ivory Coast", "jpn", "392")]
    ['TR', 'CI', 'CI', 'JP', 'JP']
    >>> [territory(text) for text in ("Congo", "Japn", "")]
    [None, None, None]
    """
    name = _named(text)
    return name.territory if name else None


def name_language(text: str) -> str | None:
    """Return which kind of name `territory` found in a text.

    A spelling that several languages share counts as the first of `LANGUAGES`.

    >>> [name_language(text) for text in ("Japon", "JPN", "Ivory Coast", "Atlantis")]
    ['French name', 'ISO alpha-3 code', 'alias: short name in English', None]
    """
    name = _named(text)
    return name.kind if name else None


def english_name(text: str) -> str | None:
    """Return the English name of the territory that a text names exactly.

    >>> english_name("Brésil"), english_name("Atlantis")
    ('Brazil', None)
    """
    from babel import Locale

    code = territory(text)
    return str(Locale("en").territories[code]) if code else None


def same_territory(first: str, second: str) -> bool:
    """Tell whether both texts name one territory.

    >>> same_territory("Ivory Coast", "CIV"), same_territory("Niger", "Nigeria")
    (True, False)
    """
    code = territory(first)
    return code is not None and code == territory(second)


def match_roster(cell: str, roster: Sequence[str]) -> str | None:
    """Return the entry of a list that names the same territory as a cell.

    Returns
    -------
    str or None
        The entry as the list spells it; None when none or more than one names the territory.

    Examples
    --------
    >>> match_roster("JPN", ["Brazil", "Japan"])
    'Japan'
    >>> match_roster("JPN", ["Japan", "Japon"]) is None
    True
    """
    code = territory(cell)
    same = [name for name in roster if territory(name) == code] if code else []
    return same[0] if len(same) == 1 else None


@cache
def nearest_territory(text: str) -> str | None:
    """Return the territory that a message may suggest for a text; it is never taken for meant.

    Returns
    -------
    str or None
        None when no name is close, or two territories are about equally close.

    Examples
    --------
    >>> nearest_territory("Ivroy Coast"), nearest_territory("Congo"), nearest_territory("Atlantis")
    ('CI', None, None)
    """
    # A spreadsheet takes the zeros from the front of a numeric code.
    if exact := territory(text) or territory(trimmed(text).zfill(3)):
        return exact
    matcher = SequenceMatcher(b=_key(text), autojunk=False)
    alike: dict[str, float] = defaultdict(float)
    for known, name in _table().names.items():
        matcher.set_seq1(known)
        if len(known) >= SHORTEST and matcher.quick_ratio() >= CLOSE:
            alike[name.territory] = max(alike[name.territory], matcher.ratio())
    scores = sorted([0, 0, *alike.values()])
    if scores[-1] < CLOSE or scores[-1] - scores[-2] < AHEAD:
        return None
    return max(alike, key=lambda code: alike[code])


def suggested(text: str) -> tuple[str, ...]:
    """Return the English names of the territories that a text nearly names, or that share it.

    >>> suggested("Ivroy Coast"), suggested("Congo"), suggested("Atlantis")
    (('Côte d’Ivoire',), ('Congo - Kinshasa', 'Congo - Brazzaville'), ())
    """
    near = nearest_territory(text)
    codes = (near,) if near else _table().shared.get(_key(text), ())
    return tuple(name for code in codes if (name := english_name(code)))


def ambiguous_names() -> dict[str, tuple[str, ...]]:
    """Return the spellings that several territories have: none of them is ever matched.

    Returns
    -------
    dict
        From the spelling, as it is compared, to the codes of the territories.

    Examples
    --------
    >>> ambiguous_names()["congo"]
    ('CD', 'CG')
    """
    return dict(_table().shared)


@dataclass(frozen=True)
class _Table:
    """The spellings of one territory, and those of several; both as they are compared."""

    names: Mapping[str, Name]
    shared: Mapping[str, tuple[str, ...]]


@cache
def _table() -> _Table:
    first: dict[str, Name] = {}
    owners: dict[str, set[str]] = defaultdict(set)
    for text, name in _spellings():
        low = folded(text)
        for key in {_key(spelling) for spelling in {low, low.translate(_UMLAUTS)}}:
            first.setdefault(key, name)
            owners[key].add(name.territory)
    shared = {key: tuple(sorted(codes)) for key, codes in owners.items() if len(codes) > 1}
    return _Table({key: name for key, name in first.items() if key not in shared}, shared)


def _spellings() -> Iterator[tuple[str, Name]]:
    """Yield each spelling; of several kinds that one spelling has, the first one is told."""
    from babel import Locale
    from babel.core import get_global

    successors: Mapping[str, Sequence[str]] = get_global("territory_aliases")
    numeric = {code for code in successors if code.isdigit() and int(code) < FIRST_PRIVATE_NUMBER}
    official = {successors[code][0] for code in numeric if len(successors[code]) == 1}
    with ALIASES.open(encoding="utf-8", newline="") as file:
        aliases = list(csv.DictReader(file, strict=True))
    known = official | {row["territory"] for row in aliases}
    for language, word in LANGUAGES.items():
        names = Locale(language).territories
        yield from ((names[code], Name(code, f"{word} name")) for code in sorted(known))
    for row in aliases:
        yield row["alias"], Name(row["territory"], f"alias: {row['reason']}")
    yield from ((code, Name(code, ALPHA_2)) for code in sorted(official))
    for code, codes in successors.items():
        is_alpha_3 = len(code) == 3 and code.isalpha()
        if (code in numeric or is_alpha_3) and official.issuperset(codes):
            kind = NUMERIC if code in numeric else ALPHA_3
            yield from ((code, Name(successor, kind)) for successor in codes)


@cache
def _named(text: str) -> Name | None:
    key = _key(text)
    names = _table().names
    if key in names:
        kind = names[key].kind
        is_meant = folded(text) == key and (kind != ALPHA_2 or trimmed(text).isupper())
        return names[key] if kind not in CODES or is_meant else None
    article, _, rest = key.partition(" ")
    name = names.get(rest) if article in ARTICLES else None
    return name if name and name.kind not in CODES else None


def _key(text: str) -> str:
    """Return what all accepted spellings of one name have in common."""
    apart = unicodedata.normalize("NFD", _ARTICLE_AFTER.sub("", folded(text)))
    joined = unicodedata.normalize("NFC", _MARKS.sub(r"\1", apart)).translate(_SAME)
    return _BETWEEN.sub(" ", _POINT.sub("", joined)).strip()
