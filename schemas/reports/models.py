"""The forms of reports: warning, seizure, feedback, version 1.

A form is known when its kind names it (`schemas.reports.kinds`). Each has a minimal form that
an officer fills in a minute; everything else may follow as an update. A report is the sealed
content of a dispatch of the same ``kind``. A later version has another number; a reader that does
not know it shows the whole as it was written (`schemas.reports.reading`).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from schemas.limits import ATTACHMENTS
from schemas.reports.attachments import Attachment
from schemas.reports.base import Coded, CountryCode, LanguageTag, Moment, Part, Reference, Text
from schemas.reports.codes import FeedbackOutcome, RequestedAction
from schemas.reports.grading import Grading, Handling, HandlingEuropol, HandlingTlp, Provider
from schemas.reports.parts import (
    Agency,
    Company,
    Concealment,
    Conveyance,
    Goods,
    Identifier,
    Packaging,
    Persons,
    Place,
    Route,
)
from schemas.reports.places import DetectionMethod


class ReportModel(Part):
    """A report of any kind: what every one may say.

    Attributes:
        our_reference: the sender's own number of this report.
        your_reference: the recipient's number of what it concerns.
        language: language of the free text, which is kept as sent.
        summary: the case in words.
        grading: source and information, graded.
        handling: what the provider permits; several may hold together.
        provider: whose report it is, where its sender passes it on.
        goods: what it is about.
        place: where.
        agency: who acted.
        route: from where to where.
        conveyances: what carries or carried it.
        identifiers: numbers of things.
        concealment: how it was hidden.
        packaging: how it was packed.
        persons: how many persons, in what role.
        companies: who sends, carries, receives.
        attachments: files that come with it.
        attachments_follow: how many come in an update, because the report did not wait for them.
    """

    our_reference: Reference
    your_reference: Reference | None = None
    language: LanguageTag = "und"
    summary: Text | None = None
    grading: Grading | None = None
    handling: tuple[Handling, ...] = Field(default=(), max_length=4)
    provider: Provider | None = None
    goods: tuple[Goods, ...] = Field(default=(), max_length=100)
    place: Place | None = None
    agency: Agency | None = None
    route: Route | None = None
    conveyances: tuple[Conveyance, ...] = Field(default=(), max_length=20)
    identifiers: tuple[Identifier, ...] = Field(default=(), max_length=100)
    concealment: Concealment | None = None
    packaging: Packaging | None = None
    persons: tuple[Persons, ...] = Field(default=(), max_length=50)
    companies: tuple[Company, ...] = Field(default=(), max_length=50)
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=ATTACHMENTS)
    attachments_follow: Annotated[int, Field(strict=True, ge=1, le=ATTACHMENTS)] | None = None

    @property
    def handling_codes(self) -> tuple[str, ...]:
        """Those of H0 to H3 that it names."""
        return tuple(each.code.value for each in self.handling if isinstance(each, HandlingEuropol))

    @property
    def tlp_colours(self) -> tuple[str, ...]:
        """Those of the Traffic Light Protocol that it names."""
        return tuple(each.code.value for each in self.handling if isinstance(each, HandlingTlp))

    @property
    def kind(self) -> str:
        """The kind, which each form states as its constant member ``report``."""
        return str(type(self).model_fields["report"].default)


class WarningReport(ReportModel):
    """A shipment to look out for. Minimal form: our reference, what is asked, the summary.

    Attributes:
        report: ``warning``.
        version: 1.
        requested_action: what the sender asks for.
        summary: the profile in words.
        expected_from: earliest time at which it may arrive.
        expected_until: latest time.
        indicators: why it is suspicious.
    """

    report: Literal["warning"] = "warning"
    version: Literal[1] = 1
    requested_action: Coded[RequestedAction]
    summary: Text
    expected_from: Moment | None = None
    expected_until: Moment | None = None
    indicators: Text | None = None


class SeizureReport(ReportModel):
    """A seizure that was made. Minimal form: our reference, date, country, goods.

    Attributes:
        report: ``seizure``.
        version: 1.
        date: day, or time with offset, of the seizure.
        country: where it was made.
        goods: what was seized, at least one kind.
        detection_method: what led to it.
    """

    report: Literal["seizure"] = "seizure"
    version: Literal[1] = 1
    date: Moment
    country: CountryCode
    goods: tuple[Goods, ...] = Field(min_length=1, max_length=100)
    detection_method: Coded[DetectionMethod] | None = None


class FeedbackReport(ReportModel):
    """What came of a warning or a seizure. Minimal form: both references and the outcome.

    Attributes:
        report: ``feedback``.
        version: 1.
        your_reference: the number of the report that this answers.
        answers: which kind of report that was.
        outcome: what came of it.
        date: when.
        seizure_reference: our number of the seizure report, if one was made.
    """

    report: Literal["feedback"] = "feedback"
    version: Literal[1] = 1
    your_reference: Reference
    answers: Literal["warning", "seizure"] | None = None
    outcome: Coded[FeedbackOutcome]
    date: Moment | None = None
    seizure_reference: Reference | None = None
