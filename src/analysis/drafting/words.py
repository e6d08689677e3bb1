"""What words tell of a column: yes and no, marks, reasons for silence, scales, words in headers.

English, French, German, Italian, Spanish and Russian, all in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from analysis.intake.spelling import folded

YES = frozenset({"yes", "y", "true", "oui", "ja", "sí", "si", "sì", "да"})
NO = frozenset({"no", "n", "false", "non", "nein", "нет"})

SELECTED_WORDS = YES | {"1", "x", "✓", "✔", "☑", "☒", "checked", "selected", "ticked"}
NOT_SELECTED_WORDS = NO | {"0", "☐", "unchecked", "not selected", "not checked", "not ticked"}
MARK_WORDS = SELECTED_WORDS | NOT_SELECTED_WORDS
"""How a tool says of one option that it was chosen, or not."""

MISSING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        folded(word): status
        for status, words in {
            "dont_know": (
                "don't know|do not know|dont know|i don't know|dk|not sure|unsure|unknown|"
                "not known|can't say|cannot say|hard to say|"
                "ne sait pas|je ne sais pas|weiß nicht|weiss nicht|ich weiß nicht|"
                "non so|no sabe|no sé|не знаю|затрудняюсь ответить"
            ),
            "no_answer": (
                "no answer|no response|not answered|not stated|not specified|not provided|"
                "no data|no information|refused|refusal|declined to answer|prefer not to say|"
                "prefer not to answer|rather not say|missing|(blank)|blank|null|nan|na|#n/a|..|"
                "sans réponse|pas de réponse|keine angabe|keine antwort|k.a.|k. a.|"
                "nessuna risposta|sin respuesta|no contesta|нет ответа"
            ),
            "not_applicable": (
                "n/a|n.a.|n. a.|not applicable|inapplicable|does not apply|"
                "sans objet|non applicable|nicht zutreffend|trifft nicht zu|entfällt|"
                "non applicabile|no aplica|не применимо|неприменимо"
            ),
        }.items()
        for word in words.split("|")
    }
)
"""Words that stand where an answer should, and the status that they mean."""

MISSING_NUMBERS = frozenset(
    {-1, -7, -8, -9, -66, -77, -88, -97, -98, -99, -999, -9999}
    | {66, 77, 88, 97, 98, 99, 777, 888, 998, 999, 7777, 8888, 9998, 9999}
)
"""Numbers that often stand for a missing answer; one digit is too short to tell."""

SCALES: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "agreement": (
            "strongly disagree|totally disagree|completely disagree|fully disagree|"
            "pas du tout d'accord|stimme überhaupt nicht zu|stimme gar nicht zu",
            "disagree|pas d'accord|stimme nicht zu",
            "somewhat disagree|slightly disagree|rather disagree|tend to disagree|"
            "plutôt pas d'accord|stimme eher nicht zu",
            "neither agree nor disagree|neither agree or disagree|neutral|undecided|neither|"
            "ni d'accord ni pas d'accord|teils teils|weder noch",
            "somewhat agree|slightly agree|rather agree|tend to agree|plutôt d'accord|"
            "stimme eher zu",
            "agree|d'accord|stimme zu",
            "strongly agree|totally agree|completely agree|fully agree|tout à fait d'accord|"
            "stimme voll zu|stimme voll und ganz zu",
        ),
        "satisfaction": (
            "very dissatisfied|extremely dissatisfied|completely dissatisfied|very unsatisfied|"
            "sehr unzufrieden|très insatisfait",
            "dissatisfied|unsatisfied|not satisfied|unzufrieden|insatisfait",
            "somewhat dissatisfied|slightly dissatisfied|rather dissatisfied|eher unzufrieden",
            "neither satisfied nor dissatisfied|neutral|neither|teils teils",
            "somewhat satisfied|slightly satisfied|rather satisfied|eher zufrieden",
            "satisfied|zufrieden|satisfait",
            "very satisfied|extremely satisfied|completely satisfied|sehr zufrieden|très satisfait",
        ),
        "frequency": (
            "never|not at all|jamais|nie|mai|nunca|никогда",
            "almost never|hardly ever|very rarely|fast nie|casi nunca",
            "rarely|seldom|rarement|selten|raramente|rara vez|редко",
            "occasionally|from time to time|gelegentlich",
            "sometimes|parfois|manchmal|qualche volta|a veces|иногда",
            "often|frequently|regularly|souvent|oft|häufig|spesso|a menudo|часто",
            "usually|very often|most of the time|meistens|très souvent|sehr oft",
            "almost always|nearly always|fast immer|casi siempre",
            "always|toujours|immer|sempre|siempre|всегда",
        ),
        "quality": (
            "very poor|very bad|terrible|sehr schlecht|très mauvais",
            "poor|bad|schlecht|mauvais",
            "fair|average|acceptable|adequate|mittelmäßig|moyen",
            "good|gut|bon",
            "very good|sehr gut|très bon",
            "excellent|ausgezeichnet",
        ),
        "importance": (
            "not at all important|not important|unimportant|unwichtig",
            "slightly important|of little importance|a little important|eher unwichtig",
            "moderately important|somewhat important|fairly important|neutral|eher wichtig",
            "important|wichtig",
            "very important|sehr wichtig|très important",
            "extremely important|essential",
        ),
        "likelihood": (
            "very unlikely|extremely unlikely",
            "unlikely",
            "somewhat unlikely",
            "neither likely nor unlikely|neutral|neither",
            "somewhat likely",
            "likely",
            "very likely|extremely likely",
        ),
        "extent": (
            "not at all|überhaupt nicht|pas du tout",
            "a little|slightly|to a small extent|to a limited extent|un peu",
            "somewhat|moderately|partly|partially|to some extent|to a moderate extent|teilweise",
            "a lot|considerably|largely|mostly|to a large extent|beaucoup",
            "completely|fully|entirely|totally|to a great extent|to a very large extent|"
            "vollständig|tout à fait",
        ),
        "level": (
            "none",
            "very low|sehr niedrig",
            "low|niedrig|faible",
            "medium|moderate|mittel|moyen",
            "high|hoch|élevé",
            "very high|sehr hoch",
        ),
    }
)
"""Words of ordered answers, from low to high; what stands in one line has one place."""

EXCLUSIVE = re.compile(
    r"(none|neither|nothing)( of .*| at all| applies)?|not any|no(ne)?|"
    r"aucun(e)?( d.*)?|rien( de .*)?|kein(e|er|es)?( der .*| von .*| davon| dieser .*)?|nichts.*|"
    r"ningun[oa]( de .*)?|nada|nessun[oa]( de.*| di .*)?|niente|"
    r"нет|ничего( из .*)?|ни один.*|никак.*|ничто"
)
"""How an option is called that says that no other holds."""

DEGREE = re.compile(
    r"\b(very|quite|rather|somewhat|fairly|extremely|slightly|more|less|at least|at most|under|"
    r"over|sehr|eher|ziemlich|weniger|mehr|unter|über|très|plutôt|assez|moins|plus|muy|bastante|más|"
    r"menos|molto|abbastanza|più|meno|очень|скорее|довольно|более|менее)\b|^\W*\d"
)
"""What a word of a scale begins with, or has in it."""

NAME_WORDS = frozenset(
    "respondent respondents participant who name country countries state organisation "
    "organization institution agency company ngo school member pays land staat paese país "
    "организация страна".split()
)
ID_WORDS = frozenset("id identifier code token key number no nr".split())
"""Words in the header of a column that says who answered."""

SUBMISSION_HEADERS = frozenset(
    "response_id responseid id_response_id uuid index submission_id submissionid instanceid "
    "meta_instanceid row row_number record recordid case_id caseid".split()
)
"""Headers of numbers that a tool gives to a submission, not to a respondent."""

SUBMITTED_HEADERS: Sequence[str] = (
    "submitted_at submitdate submit_date date_submitted submission_date submission_time "
    "date_of_submission submitdate_date_submitted time_of_submission completion_time "
    "completed_at recordeddate recorded_date end_date enddate end datestamp "
    "datestamp_date_last_action date_last_action last_update timestamp when creation_date "
    "date_created"
).split()
"""Headers that say when an answer was handed in, the best first."""

PERSONAL_HEADERS = frozenset(
    "ipaddr ipaddr_ip_address ipaddress ip_address locationlatitude locationlongitude "
    "recipientlastname recipientfirstname recipientemail email email_address e_mail first_name "
    "last_name phone phone_number username user_name submitted_by".split()
)
"""Headers of columns that identify people."""

TOOL_HEADERS = frozenset(
    "startdate start_date start startdate_date_started date_started lastpage lastpage_last_page "
    "startlanguage startlanguage_start_language refurl refurl_referrer_url seed seed_seed "
    "progress duration duration_in_seconds finished status userlanguage distributionchannel "
    "externalreference externaldatareference collector_id collector uuid validation_status tags "
    "notes version deviceid interviewtime interviewtime_total_time user_agent".split()
)
"""Headers of columns that a tool adds to the questions."""


def word_key(text: str) -> str:
    """Return the text as the words of this module are spelled.

    >>> word_key(" Don’t  know. ")
    "don't know"
    """
    key = folded(" ".join(text.replace("’", "'").replace("´", "'").split()))
    return key if key in MISSING_WORDS else key.rstrip(".")


def _ranked(lines: Sequence[str]) -> Mapping[str, int]:
    return {word_key(word): rank for rank, line in enumerate(lines) for word in line.split("|")}


RANKS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {family: _ranked(lines) for family, lines in SCALES.items()}
)
"""The place of each word on its scale."""
