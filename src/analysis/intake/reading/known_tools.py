"""The exports of survey tools: their header rows, separators, and columns of their own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

USUAL_SEPARATOR = "semicolon"
"""What stands between several answers in one cell where nobody says otherwise."""


@dataclass(frozen=True)
class Tool:
    """The exports of one survey tool.

    Attributes
    ----------
    own : matches the headers of the columns that the tool adds itself.
    beside : matches, behind the header of another column, those that it adds to a question.
    repeats : whether an item with several answers has a column for all of them and one an option.
    header_rows, has_questions : see `analysis.intake.reading.cells.Heading`.
    separator : what stands between several answers in one cell, one of `SEPARATORS`.
    above : what the rows above the header begin with.
    """

    own: re.Pattern[str]
    beside: re.Pattern[str] | None = None
    repeats: bool = False
    header_rows: int = 1
    has_questions: bool = False
    separator: str = USUAL_SEPARATOR
    above: tuple[str, ...] = ()


def _any(words: str, *patterns: str) -> re.Pattern[str]:
    """A pattern for headers, one a line, and for others; letter case does not matter."""
    lines = [re.escape(line.strip()) for line in words.strip().splitlines()]
    return re.compile("|".join([*lines, *patterns]), re.IGNORECASE)


_FORM = """
    start
    end
    today
    username
    deviceid
    phonenumber
    subscriberid
    simserial
    simid
    devicephonenum
    email
    audit
    audit_URL
    start-geopoint
"""
"""What a form records by itself (XLSForm's metadata)."""

TOOLS_KNOWN: Mapping[str, Tool] = MappingProxyType(
    {
        "limesurvey": Tool(
            own=_any(
                """
                id
                submitdate
                lastpage
                startlanguage
                seed
                token
                startdate
                datestamp
                ipaddr
                refurl
                interviewtime
                Response ID
                Date submitted
                Last page
                Start language
                Access code
                Date started
                Date last action
                IP address
                Referrer URL
                Total time
                """,
                r"groupTime\d+",
                r"(Group|Question) time: .*",
                r"(id|submitdate|lastpage|startlanguage|seed|token|startdate|datestamp|ipaddr"
                r"|refurl|interviewtime)\. .*",
            ),
            beside=re.compile("Time"),
        ),
        "eusurvey": Tool(
            own=_any(
                """
                Invitation Number
                Contribution Id
                User Name
                Creation Date
                Last Update
                Languages
                Total Score
                """
            ),
            above=("Alias", "Export Date"),
        ),
        "kobo": Tool(
            own=_any(
                _FORM,
                r"_(id|uuid|submission_time|validation_status|notes|status|submitted_by|tags|index"
                r"|attachments|geolocation|xform_id_string|bamboo_dataset_id)",
                r"_parent_(table_name|index)|_submission__\w+",
                r"__version__|_version_(_\d+)?",
                r"formhub/uuid|(meta/)?(instanceID|instanceName|rootUuid|deprecatedID)",
            ),
            beside=re.compile(r"_URL|_(latitude|longitude|altitude|precision)"),
            repeats=True,
            separator="space",
        ),
        "odk": Tool(
            own=_any(
                _FORM,
                r"SubmissionDate|KEY|PARENT_KEY|SubmitterID|SubmitterName|Status|ReviewState"
                r"|AttachmentsPresent|AttachmentsExpected|Edits|FormVersion|isEncrypted",
                r"(meta[-/:.])?(instanceID|instanceName|deprecatedID)",
                r"meta[-/:.]entity.*|SET-OF-.*",
            ),
            beside=re.compile(r"[-:](Latitude|Longitude|Altitude|Accuracy)"),
            repeats=True,
            separator="space",
        ),
        "qualtrics": Tool(
            own=_any(
                """
                StartDate
                EndDate
                Status
                IPAddress
                Progress
                Duration (in seconds)
                Finished
                RecordedDate
                ResponseId
                ResponseSet
                RecipientLastName
                RecipientFirstName
                RecipientEmail
                ExternalReference
                ExternalDataReference
                LocationLatitude
                LocationLongitude
                LocationAccuracy
                DistributionChannel
                UserLanguage
                """,
                r"Q_(RecaptchaScore|RelevantID\w+|DuplicateRespondent|BallotBoxStuffing"
                r"|TotalDuration|URL|DataPolicyViolations)",
                r".+_DO(_.+)?",
            ),
            header_rows=3,
            has_questions=True,
            separator="comma",
        ),
        "surveymonkey": Tool(
            own=_any(
                """
                Respondent ID
                Collector ID
                Start Date
                End Date
                Date Created
                Date Modified
                IP Address
                Email Address
                First Name
                Last Name
                respondent_id
                collector_id
                date_created
                date_modified
                ip_address
                email_address
                first_name
                last_name
                """,
                r"custom(_| data )\d+",
            ),
            header_rows=2,
        ),
    }
)
