"""The country profile: whom to call, and what a country asks of a controlled delivery on its soil (PROTOCOL 16).

Nothing in it is required but the sender's reference. What is absent is not known: nobody may take it for permitted.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from schemas.labels import CodedValue, Label, Role
from schemas.reports.base import LanguageTag, Line, Part, Reference, Text
from schemas.reports.entry import ReportKind
from schemas.reports.models import ReportModel
from schemas.reports.operations.codes import PlanItem, SubstitutionPlan
from schemas.reports.operations.parts import FurtherItem
from schemas.reports.steps import Step

WholeText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,4}$")]
"""A number of hours or minutes, 1 to 99,999, as decimal text."""

Telephone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()./,#-]{2,38}[0-9]$")]
"""A telephone number as it is dialled, 4 to 41 characters; an extension follows a comma or ``#``."""


class ContactHours(CodedValue):
    """When somebody answers under a number."""

    ALWAYS = "always", "Day and night", "Круглосуточно"
    DAY = "day", "By day", "Днём"
    NIGHT = "night", "By night", "Ночью"


class Permission(CodedValue):
    """Whether a country permits something."""

    YES = "yes", "Permitted", "Допускается"
    CONDITIONS = "conditions", "Permitted on conditions", "Допускается при условиях"
    NO = "no", "Not permitted", "Не допускается"


class LetterOfRequest(CodedValue):
    """When a letter of request must be there."""

    BEFORE = "before", "Before the goods enter", "До ввоза груза"
    AFTER = "after", "Afterwards", "Впоследствии"
    NONE = "none", "Not needed", "Не нужен"


class ProfileContact(Part):
    """A post that can be called. No name of a person: posts stay, persons change.

    Attributes:
        post: the office.
        telephone: its number.
        hours: when somebody answers there.
        note: languages spoken there, what it may decide.
    """

    post: Line
    telephone: Telephone
    hours: ContactHours
    note: Line | None = None


class PermissionRule(Part):
    """Whether something is permitted, and on what conditions.

    Attributes:
        permitted: whether it is.
        conditions: on what conditions, in words.
    """

    permitted: Permission
    conditions: Text | None = None


class OralRule(PermissionRule):
    """Whether a request by word of mouth is accepted.

    Attributes:
        confirmed_within_hours: in how many hours it must follow in writing.
    """

    confirmed_within_hours: WholeText | None = None


class UrgentRule(PermissionRule):
    """Whether goods under surveillance may cross before consent, and what must happen then.

    Attributes:
        report_within_minutes: in how many minutes after the crossing the country must be called.
        report_to: which of its posts is called.
    """

    report_within_minutes: WholeText | None = None
    report_to: Line | None = None


class ProfileReport(ReportModel):
    """A country's profile, written by that country alone.

    Attributes:
        report: ``profile``.
        version: 1.
        contacts: who answers by day and by night.
        authorised_by: posts that may authorise.
        legal_basis: under what law.
        substitution: which of them are permitted.
        substitution_conditions: on what conditions.
        letter_of_request: when it must be there.
        notice_hours: hours that must lie between the request and the goods on its soil, at least.
        longest_validity_hours: hours for which an authority is granted, at most.
        oral_requests: whether one by word of mouth is accepted.
        urgent_crossing: before consent.
        languages: in which a request is read (BCP 47).
        foreign_officers: whether they may be present.
        technical_means: whether they may be used.
        must_interdict: in which cases the goods must be seized whatever was agreed.
        must_state: what a request has to say of what a plan may leave open.
        must_state_further: labels that a request has to have among its `further`.
        further: what a national form has besides.
    """

    report: Literal["profile"] = "profile"
    version: Literal[1] = 1
    contacts: tuple[ProfileContact, ...] = Field(default=(), max_length=32)
    authorised_by: tuple[Line, ...] = Field(default=(), max_length=16)
    legal_basis: Text | None = None
    substitution: tuple[SubstitutionPlan, ...] = Field(default=(), max_length=3)
    substitution_conditions: Text | None = None
    letter_of_request: LetterOfRequest | None = None
    notice_hours: WholeText | None = None
    longest_validity_hours: WholeText | None = None
    oral_requests: OralRule | None = None
    urgent_crossing: UrgentRule | None = None
    languages: tuple[LanguageTag, ...] = Field(default=(), max_length=16)
    foreign_officers: PermissionRule | None = None
    technical_means: PermissionRule | None = None
    must_interdict: tuple[Text, ...] = Field(default=(), max_length=32)
    must_state: tuple[PlanItem, ...] = Field(default=(), max_length=16)
    must_state_further: tuple[Line, ...] = Field(default=(), max_length=32)
    further: tuple[FurtherItem, ...] = Field(default=(), max_length=64)


def _ask(key: str, question: str, form: object, path: str = "", *, needed: bool = False, after: str = "") -> Step:
    """A step whose help is its question, which is short."""
    return Step(key, question, form, needed=needed, after=after, path=path, help=question)


def _rule(key: str, question: str) -> tuple[Step, Step]:
    """Whether something is permitted, and on what conditions."""
    words = f"{question}: on what conditions"
    return (
        _ask(key, question, Permission, f"{key}.permitted"),
        _ask(f"{key}_conditions", words, Text, f"{key}.conditions", after=key),
    )


PROFILE: Final = ReportKind(
    name="profile",
    label=Label("Country profile", "Профиль страны"),
    short=Label("Profile", "Профиль"),
    model=ProfileReport,
    senders=(Role.EXCHANGE,),
    purpose="State whom to call in your country, and what it asks of a controlled delivery.",
    headline="{our_reference}",
    has_own_commands=True,
    steps=(
        _ask("reference", "Your own reference number of this profile", Reference, "our_reference", needed=True),
        _ask("contact", "Post that others call", Line, "contacts[0].post"),
        _ask("telephone", "Its telephone number", Telephone, "contacts[0].telephone", needed=True, after="contact"),
        _ask("hours", "When somebody answers there", ContactHours, "contacts[0].hours", needed=True, after="contact"),
        _ask("contact_note", "Languages spoken there, what it may decide", Line, "contacts[0].note", after="contact"),
        _ask("authorised_by", "Post that authorises", Line, "authorised_by[0]"),
        _ask("legal_basis", "Under what law", Text),
        _ask("substitution", "Which substitution is permitted", SubstitutionPlan, "substitution[0]"),
        _ask("substitution_conditions", "On what conditions goods are substituted", Text),
        _ask("letter_of_request", "When a letter of request must be there", LetterOfRequest),
        _ask("notice_hours", "Notice that you need, in hours", WholeText),
        _ask("longest_validity_hours", "How long an authority holds at most, in hours", WholeText),
        *_rule("oral_requests", "Requests by word of mouth"),
        _ask(
            "oral_hours",
            "In how many hours they follow in writing",
            WholeText,
            "oral_requests.confirmed_within_hours",
            after="oral_requests",
        ),
        *_rule("urgent_crossing", "Crossing before your consent, in urgent cases"),
        _ask(
            "urgent_minutes",
            "In how many minutes after it you must be called",
            WholeText,
            "urgent_crossing.report_within_minutes",
            after="urgent_crossing",
        ),
        _ask(
            "urgent_post",
            "Which of your posts is called then",
            Line,
            "urgent_crossing.report_to",
            after="urgent_crossing",
        ),
        _ask("languages", "Language in which you read requests (ru)", LanguageTag, "languages[0]"),
        *_rule("foreign_officers", "Foreign officers"),
        *_rule("technical_means", "Technical means"),
        _ask("must_interdict", "In what case the goods must be seized whatever was agreed", Text, "must_interdict[0]"),
        _ask("must_state", "What a request must state", PlanItem, "must_state[0]"),
        _ask("must_state_further", "What else a request must state, in words", Line, "must_state_further[0]"),
        _ask("summary", "In words (Enter for none)", Text),
    ),
)
"""The profile in the registry of kinds. It ships empty for every country: no legal fact is invented."""
