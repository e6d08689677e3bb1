"""Names and codes of countries as respondents type them: taken when exact, else only suggested."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations, pairwise, product
from pathlib import Path
from string import ascii_uppercase
from typing import Literal, get_args

import pandas as pd
import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from studies import CHOICES
from surveys import answers, read_and_clean, survey

from analysis.intake.countries import (
    ALIASES,
    CODES,
    LANGUAGES,
    ambiguous_names,
    match_roster,
    name_language,
    nearest_territory,
    same_territory,
    territory,
)
from analysis.intake.identity import ANY_COUNTRY, read_ids
from analysis.intake.raw import RawTable
from analysis.intake.spelling import folded
from analysis.study.codebook import Mapped

# The 57 participating States of the OSCE: codes of ISO 3166-1 as the United Nations Statistics
# Division lists them (M49, 2024), short names as UNTERM has them in English, French and Russian.
STATES = """
AL ALB 008 Albania|Albanie|Албания
AD AND 020 Andorra|Andorre|Андорра
AM ARM 051 Armenia|Arménie|Армения
AT AUT 040 Austria|Autriche|Австрия
AZ AZE 031 Azerbaijan|Azerbaïdjan|Азербайджан
BY BLR 112 Belarus|Bélarus|Беларусь
BE BEL 056 Belgium|Belgique|Бельгия
BA BIH 070 Bosnia and Herzegovina|Bosnie-Herzégovine|Босния и Герцеговина
BG BGR 100 Bulgaria|Bulgarie|Болгария
CA CAN 124 Canada|Canada|Канада
HR HRV 191 Croatia|Croatie|Хорватия
CY CYP 196 Cyprus|Chypre|Кипр
CZ CZE 203 Czechia|Tchéquie|Чехия
DK DNK 208 Denmark|Danemark|Дания
EE EST 233 Estonia|Estonie|Эстония
FI FIN 246 Finland|Finlande|Финляндия
FR FRA 250 France|France|Франция
GE GEO 268 Georgia|Géorgie|Грузия
DE DEU 276 Germany|Allemagne|Германия
GR GRC 300 Greece|Grèce|Греция
VA VAT 336 Holy See|Saint-Siège|Святой Престол
HU HUN 348 Hungary|Hongrie|Венгрия
IS ISL 352 Iceland|Islande|Исландия
IE IRL 372 Ireland|Irlande|Ирландия
IT ITA 380 Italy|Italie|Италия
KZ KAZ 398 Kazakhstan|Kazakhstan|Казахстан
KG KGZ 417 Kyrgyzstan|Kirghizistan|Кыргызстан
LV LVA 428 Latvia|Lettonie|Латвия
LI LIE 438 Liechtenstein|Liechtenstein|Лихтенштейн
LT LTU 440 Lithuania|Lituanie|Литва
LU LUX 442 Luxembourg|Luxembourg|Люксембург
MT MLT 470 Malta|Malte|Мальта
MD MDA 498 Republic of Moldova|République de Moldova|Республика Молдова
MC MCO 492 Monaco|Monaco|Монако
MN MNG 496 Mongolia|Mongolie|Монголия
ME MNE 499 Montenegro|Monténégro|Черногория
NL NLD 528 Netherlands|Pays-Bas|Нидерланды
MK MKD 807 North Macedonia|Macédoine du Nord|Северная Македония
NO NOR 578 Norway|Norvège|Норвегия
PL POL 616 Poland|Pologne|Польша
PT PRT 620 Portugal|Portugal|Португалия
RO ROU 642 Romania|Roumanie|Румыния
RU RUS 643 Russian Federation|Fédération de Russie|Российская Федерация
SM SMR 674 San Marino|Saint-Marin|Сан-Марино
RS SRB 688 Serbia|Serbie|Сербия
SK SVK 703 Slovakia|Slovaquie|Словакия
SI SVN 705 Slovenia|Slovénie|Словения
ES ESP 724 Spain|Espagne|Испания
SE SWE 752 Sweden|Suède|Швеция
CH CHE 756 Switzerland|Suisse|Швейцария
TJ TJK 762 Tajikistan|Tadjikistan|Таджикистан
TR TUR 792 Türkiye|Türkiye|Турция
TM TKM 795 Turkmenistan|Turkménistan|Туркменистан
UA UKR 804 Ukraine|Ukraine|Украина
GB GBR 826 United Kingdom|Royaume-Uni|Соединенное Королевство
US USA 840 United States of America|États-Unis d'Amérique|Соединенные Штаты Америки
UZ UZB 860 Uzbekistan|Ouzbékistan|Узбекистан
"""
LINES = [line.split(" ", 3) for line in STATES.strip().splitlines()]

# The formal name of these is the short one (UNTERM); Hungary and Montenegro had another before.
SHORT_NAME_IS_FORMAL = set("BA CA GE HU IE ME MN RO TM UA VA".split())

# What is declared as the name of more than one territory.
SHARED = set("congo kongo конго korea coree corea корея".split()) | {"virgin islands"}


def aliases() -> list[dict[str, str]]:
    with ALIASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def names_in_babel() -> list[tuple[str, str, str]]:
    """Every name of an assigned code: the language, the code, the name."""
    return [
        (language, code, name)
        for language in LANGUAGES
        for code, name in sorted(Locale(language).territories.items())
        if territory(code) == code
    ]


def all_names() -> list[tuple[str, str]]:
    """Every name that is no code, each with its territory."""
    babel = [(code, name) for _, code, name in names_in_babel()]
    return [
        *((code, name) for code, name in babel if territory(name)),
        *((row["territory"], row["alias"]) for row in aliases() if territory(row["alias"])),
    ]


@pytest.mark.parametrize(("alpha_2", "alpha_3", "numeric", "names"), LINES)
def test_a_participating_state_is_known_by_its_codes_and_its_names(
    alpha_2: str, alpha_3: str, numeric: str, names: str
) -> None:
    for text in (alpha_2, alpha_3, numeric, *names.split("|")):
        assert territory(text) == alpha_2, text


def test_there_are_57_participating_states() -> None:
    assert len({line[0] for line in LINES}) == 57


def test_every_participating_state_has_its_formal_name_in_six_languages() -> None:
    languages = defaultdict(set)
    for row in aliases():
        if row["reason"].startswith("formal name in "):
            languages[row["territory"]].add(row["reason"].removeprefix("formal name in "))
    # CLDR has the formal name: Republic of Moldova in German, Holy See in Spanish as in Italian.
    for code in {line[0] for line in LINES} - SHORT_NAME_IS_FORMAL:
        assert languages[code] >= set(LANGUAGES.values()), code


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("TR", "Türkiye|Turkey|Turkiye|TÜRKİYE|Tuerkei|Türkei|Republic of Türkiye|Турция"),
        ("CZ", "Czech Republic|the Czech Republic|Czechia|Tchéquie (la)|Chequia|Česko|Cesko"),
        ("VA", "Holy See|The Holy See|Vatican|Vatican City|Holy See (Vatican City State)|Vatikan"),
        ("RO", "ROM|ROU|Rumania|Roumania|România"),
        ("GB", "UK|U.K.|U.K|Great Britain|the United Kingdom|Grande-Bretagne|Großbritannien"),
        ("GB", "GROSSBRITANNIEN|Gran Bretaña|Великобритания|Соединённое Королевство"),
        ("US", "USA|U.S.|U.S.A.|the US|The United States|United States of America|США|EE.UU."),
        ("RU", "Russia|Russian Federation|The Russian Federation|Russland|Rußland|РФ"),
        ("MD", "Moldova|Republic of Moldova|Moldova, Republic of|Moldova (Republic of)|Молдавия"),
        ("MD", "Moldavie|Moldau|Republik Moldau|Moldova, Rep."),
        ("MK", "FYROM|The former Yugoslav Republic of Macedonia|North Macedonia|Macedonia"),
        ("MK", "Macedonia (the former Yugoslav Republic of)|Ex-République yougoslave de Macédoine"),
        ("MK", "l'ex-République yougoslave de Macédoine|Macédoine|Macédoine du Nord"),
        ("MK", "Die ehemalige jugoslawische Republik Mazedonien|Nordmazedonien|Македония|БЮРМ"),
        ("MK", "Бывшая югославская Республика Македония|ex Repubblica jugoslava di Macedonia"),
        ("MK", "ex República Yugoslava de Macedonia|Северна Македонија"),
        ("BA", "Bosnia & Herzegovina|Bosnia-Herzegovina|BiH|Bosnien-Herzegowina|Bosnie"),
        ("KG", "Kyrgyz Republic|Kirgistan|Киргизия|Кыргызская Республика|Kirghizistan"),
        ("NL", "Netherlands (the)|The Netherlands|Netherlands|Holland|les Pays-Bas|Pays-Bas (les)"),
        ("NL", "die Niederlande|Kingdom of the Netherlands|Netherlands (Kingdom of the)|Nederland"),
        ("SK", "Slovak Republic|Slovensko|Slowakische Republik|Словацкая Республика"),
        ("BY", "Belorussia|Weißrussland|Weissrussland|Белоруссия|Belarus|Biélorussie"),
        ("GR", "Hellas|Hellenic Republic|EL|ΕΛΛΑΔΑ|Ελλάδα|GRE"),
        ("DE", "GER|DEU|Federal Republic of Germany|Bundesrepublik Deutschland|ФРГ"),
        ("AT", "AUT|AT|Oesterreich|ÖSTERREICH|O\u0308sterreich|Republic of Austria|040"),
        ("CH", "SUI|die Schweiz|La Suisse|Swiss Confederation"),
        ("IT", "l'Italie|l’Italia|Italian Republic"),
        ("CY", "Κύπρος|ΚΥΠΡΟΣ|Kıbrıs|KIBRIS|Republic of Cyprus"),
        ("CI", "Côte d'Ivoire|Côte d’Ivoire|Cote d`Ivoire|COTE D IVOIRE|Ivory Coast|Кот-д'Ивуар"),
        ("LC", "St. Lucia|St Lucia|Saint Lucia|Sainte-Lucie"),
        ("CD", "Democratic Republic of the Congo|Congo, Dem. Rep.|DR Congo|Congo-Kinshasa|COD"),
        ("CG", "Republic of the Congo|Congo, Rep.|Congo (Brazzaville)|Congo – Brazzaville|COG"),
        ("KR", "South Korea|Republic of Korea|Korea, Republic of|Korea, Rep.|Республика Корея"),
        ("KP", "North Korea|DPRK|Democratic People's Republic of Korea|КНДР"),
        ("XK", "Kosovo|XKX|XK|Косово|Kosova"),
    ],
)  # fmt: skip
def test_common_variants_are_known(code: str, texts: str) -> None:
    for text in texts.split("|"):
        assert territory(text) == code, text


@pytest.mark.parametrize(
    "text",
    ["", " ", "?", "the", "None", "n/a", "n.a.", "N.A.", "-", "other", "test", "0", "1", "S-1",
     "40", "8", "999", "998", "EU", "European Union", "UN", "World", "001", "ZZ", "XX", "AA",
     "Germny", "Austria Vienna", "Austria/Germany", "Austria, Germany", "Georgia (US)",
     "Georgia, LA", "Georgia, USA", "New Jersey", "New Mexico", "New Guinea", "Northern Ireland",
     "England", "America", "Northern Cyprus", "Republika Srpska", "Yugoslavia", "YUG", "SCG",
     "Serbia and Montenegro", "Czechoslovakia", "Soviet Union", "Congo", "the Congo", "Congo (the)",
     "Korea", "Virgin Islands", "Niger-ia", "NO.", "(US)", "the NO", "die IT", "SLO", "MON"],
)  # fmt: skip
def test_what_names_no_territory_or_not_one_alone_is_not_taken(text: str) -> None:
    assert territory(text) is None
    assert name_language(text) is None
    assert match_roster(text, ["Georgia", "Norway", "Italy", "Congo - Kinshasa"]) is None


NEVER_CONFUSED = [
    "Niger|Nigeria",
    "Ireland|Iran|Iceland|Iraq|Island",
    "Guinea|Guinea-Bissau|Equatorial Guinea|Papua New Guinea|Guyana|French Guiana|Ghana",
    "North Korea|South Korea",
    "Congo - Kinshasa|Congo - Brazzaville",
    "Slovakia|Slovenia",
    "Austria|Australia",
    "Latvia|Lithuania|Lettland|Litauen|Libya|Liberia|Lebanon",
    "Dominica|Dominican Republic",
    "Georgia|South Georgia & South Sandwich Islands",
    "Samoa|American Samoa",
    "Sudan|South Sudan",
    "Mali|Malawi|Malta|Maldives|Malaysia",
    "Moldova|Mongolia|Monaco|Montenegro|Morocco|Macao|Mauritius|Mauritania|Martinique",
    "Sweden|Switzerland|Eswatini|Swaziland",
    "Belgium|Belize|Belarus",
    "Turkey|Turkmenistan|Turks & Caicos Islands",
    "Norway|Northern Mariana Islands|North Macedonia",
    "Netherlands|Caribbean Netherlands",
    "AT|AU|AUT|AUS",
    "NER|NGA|NE|NG|IR|IE|IS|IRL|IRN|ISL",
    "SVK|SVN|SK|SI|SE|CH|CHE|SWE",
    "St. Martin|Sint Maarten",
    "Palestine|Israel",
    "U.S. Virgin Islands|British Virgin Islands",
]
SAME = {frozenset(pair.split("|")) for pair in (
    "Iceland|Island", "Latvia|Lettland", "Lithuania|Litauen", "Eswatini|Swaziland",
    "AT|AUT", "AU|AUS", "NER|NE", "NGA|NG", "IR|IRN", "IE|IRL", "IS|ISL",
    "SVK|SK", "SVN|SI", "SE|SWE", "CH|CHE",
)}  # fmt: skip


@pytest.mark.parametrize("texts", NEVER_CONFUSED)
def test_names_that_look_alike_are_never_confused(texts: str) -> None:
    for pair in combinations(texts.split("|"), 2):
        assert territory(pair[0]), pair
        assert same_territory(*pair) == (frozenset(pair) in SAME), pair


def test_every_name_that_babel_has_is_known_or_declared_as_shared() -> None:
    assert len(names_in_babel()) == 6 * 250
    unknown = {name for _, code, name in names_in_babel() if territory(name) != code}
    assert unknown == {"Congo"}


def test_only_declared_names_are_shared() -> None:
    codes = {text for text in ambiguous_names() if text.isdigit() or len(text) == 3}
    assert set(ambiguous_names()) - codes == SHARED
    assert not any(territory(text) for text in ambiguous_names())
    declared = Counter(r["alias"] for r in aliases() if r["reason"] == "name of more than one")
    assert set(declared.values()) == {2}
    assert {unicodedata.normalize("NFC", text) for text in declared} == {
        "Congo", "Kongo", "Конго", "Korea", "Corée", "Corea", "Корея", "Virgin Islands",
    }  # fmt: skip


def test_every_alias_names_a_known_territory_once_and_says_why() -> None:
    rows = aliases()
    assert set(rows[0]) == {"territory", "alias", "reason"}
    spellings = [(row["territory"], row["alias"]) for row in rows]
    assert len(spellings) == len(set(spellings))
    assert [code for code, _ in spellings] == sorted(code for code, _ in spellings)
    for row in rows:
        assert all(cell and cell == cell.strip() for cell in row.values()), row
        assert territory(row["territory"]) == row["territory"], row
        assert row["reason"] == "name of more than one" or (
            territory(row["alias"]) == row["territory"]
        ), row


def test_every_official_territory_has_one_code_of_each_kind() -> None:
    letters = ["".join(text) for size in (2, 3) for text in product(ascii_uppercase, repeat=size)]
    texts = [*letters, *(f"{number:03}" for number in range(1000))]
    kinds = Counter(name_language(text) for text in texts)
    assert {kind: kinds[kind] for kind in CODES} == dict.fromkeys(CODES, 249)
    territories = {territory(text) for text in texts if name_language(text) in CODES}
    assert len(territories) == 249


def confused_by(change: Callable[[str], Iterable[str]]) -> set[str]:
    """The changed names that are the name of another territory than before."""
    return {
        text
        for code, name in all_names()
        if len(name) > 4
        for text in change(name)
        if territory(text) not in (None, code) and name_language(text) not in CODES
    }


def test_a_name_that_lacks_a_letter_never_names_another_territory() -> None:
    lacking = confused_by(lambda name: (name[:at] + name[at + 1 :] for at in range(len(name))))
    # San Marino in French is one letter away from Saint-Martin.
    assert lacking == {"Saint Marin", "Saint-Marin"}


def test_a_name_with_two_letters_swapped_never_names_another_territory() -> None:
    swapped = confused_by(
        lambda name: (
            name[:at] + b + a + name[at + 2 :] for at, (a, b) in enumerate(pairwise(name))
        )
    )
    assert swapped == set()


Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = get_args(Form)


@given(
    st.sampled_from(all_names()),
    st.sampled_from([str.upper, str.lower, str.title, str.swapcase]),
    st.sampled_from(FORMS),
    st.sampled_from(["", " ", "\u00a0", "\ufeff", "\t\n"]),
)
def test_letter_case_unicode_form_and_outer_spaces_do_not_matter(
    pair: tuple[str, str], case: Callable[[str], str], form: Form, space: str
) -> None:
    code, name = pair
    text = unicodedata.normalize(form, case(name))
    assert territory(space + text + space) == code


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert territory(text) is None or territory(text) == territory(territory(text) or "")
    assert (territory(text) is None) == (name_language(text) is None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Germany", "English name"),
        ("Allemagne", "French name"),
        ("Deutschland", "German name"),
        ("Germania", "Italian name"),
        ("Германия", "Russian name"),
        ("Alemania", "Spanish name"),
        ("die Deutschland", "German name"),
        ("DE", "ISO alpha-2 code"),
        ("de", None),
        ("no", None),
        ("DEU", "ISO alpha-3 code"),
        ("276", "ISO numeric code"),
        ("GER", "alias: IOC code"),
        ("ROM", "alias: former ISO code"),
        ("UK", "alias: code of the European Union"),
        ("Turkey", "alias: former name in English"),
        ("Česko", "alias: name in Czech"),
        ("Kyrgyz Republic", "alias: formal name in English"),
        ("XK", "alias: user-assigned code"),
        ("Gemany", None),
    ],
)
def test_the_kind_of_name_is_told(text: str, kind: str | None) -> None:
    assert name_language(text) == kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Germny", "DE"),
        ("Switzlerand", "CH"),
        ("Azerbeijan", "AZ"),
        ("Kyrgystan", "KG"),
        ("Bosnia and Hercegovinia", "BA"),
        ("Deutshland", "DE"),
        ("Гемания", "DE"),
        ("Germany", "DE"),
        ("40", "AT"),
        ("8", "AL"),
        # As near to Slovenia as to Slovakia.
        ("Slovekia", None),
        ("Congo", None),
        ("Korea", None),
        ("England", None),
        ("GRM", None),
        # One letter more than the former code of Romania.
        ("Roma", None),
        ("", None),
        ("Atlantis", None),
    ],
)
def test_a_near_miss_is_suggested_and_never_taken(text: str, code: str | None) -> None:
    assert nearest_territory(text) == code
    assert territory(text) is None or text == "Germany"


ROSTER = ["Czech Republic", "Germany", "Holy See", "North Macedonia", "Türkiye", "United Kingdom"]


@pytest.mark.parametrize(
    ("cell", "entry"),
    [
        ("Tchéquie", "Czech Republic"),
        (" CZE ", "Czech Republic"),
        ("Vatican City", "Holy See"),
        ("FYROM", "North Macedonia"),
        ("Turkey", "Türkiye"),
        ("UK", "United Kingdom"),
        ("Germany", "Germany"),
        ("France", None),
        ("Germny", None),
        ("", None),
    ],
)
def test_a_cell_takes_the_spelling_of_the_list(cell: str, entry: str | None) -> None:
    assert match_roster(cell, ROSTER) == entry
    assert match_roster(cell, tuple(reversed(ROSTER))) == entry


def test_two_entries_of_one_territory_are_not_told_apart() -> None:
    assert match_roster("CZE", ["Czechia", "Czech Republic"]) is None
    assert match_roster("DEU", ["Czechia", "Czech Republic", "Germany"]) == "Germany"


def test_entries_that_name_no_territory_never_match() -> None:
    assert match_roster("Congo", ["Congo", "Korea"]) is None
    assert match_roster("S-1", ["S-1"]) is None
    assert match_roster("Atlantis", ["S-1", "Germany"]) is None
    assert match_roster("DEU", []) is None


def test_nothing_is_the_same_as_an_unknown_name() -> None:
    assert not same_territory("Atlantis", "Atlantis")
    assert same_territory("Greece", "EL")


def test_what_ambiguous_names_returns_cannot_change_the_table() -> None:
    ambiguous_names().clear()
    assert territory("Congo") is None
    assert ambiguous_names()["congo"] == ("CD", "CG")


def test_names_are_loaded_when_they_are_first_needed() -> None:
    code = (
        "import sys; from analysis.intake import countries; before = 'babel' in sys.modules; "
        "countries.territory('Japan'); print(before, 'babel' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert re.split(r"\s+", result.stdout.strip()) == ["False", "True"]


def test_an_id_in_another_language_becomes_the_entry_of_the_list() -> None:
    rows = [["Who", "Law"], ["Autriche", "yes"], ["ROM", "yes"], ["Germny", "yes"]]
    raw = RawTable("a.csv", pd.DataFrame(rows[1:], columns=rows[0], index=[2, 3, 4], dtype="str"))
    roster = ["Austria", "Germany", "Romania"]
    ids, problems = read_ids(raw, "Who", roster, named="countries")
    assert list(ids.after) == ["Austria", "Romania", "Germny"]
    assert [one.rule for one in ids.meanings][:2] == [
        "country name: French name",
        "country name: alias: former ISO code",
    ]
    (problem,) = problems
    assert (problem.row, problem.value, problem.suggestion) == (4, "Germny", "Germany")
    plain_ids, more = read_ids(raw, "Who", roster)
    assert list(plain_ids.after) == ["Autriche", "ROM", "Germny"]
    assert len(more) == 3


def spelled(*rows: tuple[str, str]) -> dict[str, Mapped]:
    mapped = [Mapped("respondent_id", raw, name, "as it writes", 2) for raw, name in rows]
    return {folded(row.raw): row for row in mapped}


def test_the_value_map_says_who_is_meant_by_a_spelling_of_an_export_alone() -> None:
    cells = ["8", "KOS ", "Georgia", "Rouge", "XX"]
    rows = pd.DataFrame({"Who": cells}, index=range(2, 7), dtype="str")
    raw = RawTable("a.csv", rows)
    known = spelled(("8", "Albanie"), ("kos", "Kosovo"), ("Georgia", "Georgia"), ("XX", "Atlantis"))
    ids, problems = read_ids(raw, "Who", None, named="countries", spelled=known)
    assert list(ids.after) == ["Albania", "Kosovo", "Georgia", "Rouge", "Atlantis"]
    assert [one.rule for one in ids.meanings][:3] == [
        "value map: as it writes",
        "value map: as it writes",
        "",
    ]
    assert [(one.row, one.value) for one in problems] == [(5, "Rouge"), (6, "Atlantis")]
    ids, problems = read_ids(raw, "Who", ["KOSOVO", "Albania", "georgia", "XX"], spelled=known)
    assert list(ids.after) == ["Albanie", "KOSOVO", "georgia", "Rouge", "Atlantis"]
    assert [one.value for one in problems] == ["Albanie", "Rouge", "Atlantis"]
    ids, problems = read_ids(raw, "Who", None, spelled=known)
    assert (list(ids.after)[:2], problems) == (["Albanie", "Kosovo"], [])


def test_a_second_submission_is_told_as_it_is_written(tmp_path: Path) -> None:
    folder = survey(tmp_path)
    folder.study.add_column(CHOICES, "named")
    folder.study.edit(CHOICES, "states", named="countries")
    folder.put(answers("Vatican"), answers("Santa Sede"))
    (folder.path / "codebook/respondents.csv").unlink()
    (problem,) = read_and_clean(folder).cleaned.problems
    assert (problem.row, problem.value) == (3, "Santa Sede")
    assert "a second submission; the first one stands in row 2" in problem.message
    assert problem.message.endswith("It is read as 'Vatican City'.")


def test_without_a_list_countries_get_one_name_in_every_cycle() -> None:
    rows = pd.DataFrame({"Who": ["Österreich", "AUT", " Japon"]}, index=[2, 3, 4], dtype="str")
    ids, problems = read_ids(RawTable("a.csv", rows), "Who", None, named="countries")
    assert list(ids.after) == ["Austria", "Austria", "Japan"]
    assert problems == []


@pytest.mark.parametrize(
    ("cell", "allowed"),
    [
        ("Kazahkstan", ["Kazakhstan"]),
        ("Рос\u0063ия", ["Russia"]),  # with a Latin letter
        ("Congo", ["Congo - Kinshasa", "Congo - Brazzaville"]),
        ("8", ["Albania"]),
        ("England", [ANY_COUNTRY]),
        ("Atlantis", [ANY_COUNTRY]),
        ("no", [ANY_COUNTRY]),
    ],
)
def test_without_a_list_what_is_no_country_is_named_and_never_taken(
    cell: str, allowed: list[str]
) -> None:
    rows = pd.DataFrame({"Who": ["France", cell, ""]}, index=[2, 3, 4], dtype="str")
    raw = RawTable("a.csv", rows)
    blank, problem = read_ids(raw, "Who", None, named="countries")[1]
    assert (blank.row, blank.message) == (4, "the respondent_id is blank.")
    assert (problem.file, problem.row, problem.column, problem.value) == ("a.csv", 3, "Who", cell)
    assert list(problem.allowed) == allowed
    assert len(read_ids(raw, "Who", None)[1]) == 1
