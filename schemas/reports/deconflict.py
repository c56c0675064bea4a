"""Deconfliction: the question whether somebody else is after the same, and the desk's answer (PROTOCOL 16).

Neither has room for a case. The question says by what a consignment would be known again; the answer says with whom to
talk, and not about which of these.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.addresses import MemberField
from schemas.identifiers import IdentifierKind
from schemas.labels import CodedValue, Label, Role
from schemas.reports.base import Day, Line, Part, Reference, UnLocode
from schemas.reports.entry import ReportKind
from schemas.reports.narrow import NarrowReport
from schemas.reports.steps import Step

MOST_NUMBERS: Final = 16
"""Numbers that one question may have."""

MOST_POINTS: Final = 16
"""Border points that one question may have."""

MOST_DAYS: Final = 7
"""Days of one border point."""


AnswerReference = Annotated[str, StringConstraints(pattern=r"^D-[0-9]{1,16}$")]
"""The desk's own reference: ``D-`` and the number of the question that it answers; words do not fit in."""


class ComparisonResult(CodedValue):
    """What the desk has found."""

    NONE = "none", "Nobody else has asked about the same", "Больше никто об этом не спрашивал"
    TALK_TO = "talk_to", "TALK TO", "СВЯЖИТЕСЬ С"
    NOT_COMPARED = "not_compared", "NOT COMPARED: call the desk", "НЕ СВЕРЕНО: позвоните туда"


class ComparedNumber(Part):
    """A number by which something that moves would be known again.

    Attributes:
        kind: what kind of number.
        value: the number as written; the desk makes it comparable.
    """

    kind: IdentifierKind
    value: Line


class ComparedPoint(Part):
    """A border point, and the days on which something is expected there.

    Attributes:
        un_locode: its UN/LOCODE: one spelling in every alphabet.
        name: its name as written, which meets the same name in the same alphabet only.
        first_day: the day, or the first of several.
        last_day: the last of several, at most `MOST_DAYS` in all.
    """

    un_locode: UnLocode | None = None
    name: Line | None = None
    first_day: Day
    last_day: Day | None = None

    @model_validator(mode="after")
    def _is_bounded(self) -> Self:
        if self.un_locode is None and self.name is None:
            raise ValueError("needs un_locode or name")
        days = (date.fromisoformat(self.last_day or self.first_day) - date.fromisoformat(self.first_day)).days + 1
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"last_day: 1 to {MOST_DAYS} days")
        return self


class DeconflictReport(NarrowReport):
    """The question, to one desk: is somebody else after the same?

    Attributes:
        report: ``deconflict``.
        version: 1.
        numbers: by which it would be known again.
        points: where it crosses a border, and when.
    """

    report: Literal["deconflict"] = "deconflict"
    version: Literal[1] = 1
    numbers: tuple[ComparedNumber, ...] = Field(default=(), max_length=MOST_NUMBERS)
    points: tuple[ComparedPoint, ...] = Field(default=(), max_length=MOST_POINTS)

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        if not self.numbers and not self.points:
            raise ValueError("needs numbers or points")
        return self


class DeconflictAnswer(NarrowReport):
    """The desk's answer, to one who asked. Its references are the desk's own and, given back, that of who asked.

    Attributes:
        report: ``deconflict_answer``.
        version: 1.
        our_reference: the desk's own, by the number of the question.
        result: what was found.
        talk_to: members that have asked about the same.
    """

    report: Literal["deconflict_answer"] = "deconflict_answer"
    version: Literal[1] = 1
    our_reference: AnswerReference
    result: ComparisonResult
    talk_to: tuple[MemberField, ...] = Field(default=(), max_length=64)

    @model_validator(mode="after")
    def _names_whom(self) -> Self:
        if (self.result is ComparisonResult.TALK_TO) != bool(self.talk_to):
            raise ValueError("talk_to, and only that, names members")
        return self


def _ask(key: str, question: str, form: object, path: str, *, needed: bool = False, after: str = "") -> Step:
    """A step whose help is its question, which is short."""
    return Step(key, question, form, needed=needed, after=after, path=path, help=question)


def _number(key: str, question: str, kind: IdentifierKind) -> Step:
    return _ask(key, question, Line, f"numbers[kind={kind.value}].value")


DECONFLICT: Final = ReportKind(
    name="deconflict",
    label=Label("Deconfliction question", "Запрос на сверку"),
    short=Label("Ask first", "Сверка"),
    model=DeconflictReport,
    senders=(Role.EXCHANGE,),
    purpose="Ask a desk whether somebody else is after the same.",
    headline="{numbers[0].kind} {numbers[0].value} {points[0].un_locode} {points[0].name}",
    has_own_commands=True,
    steps=(
        _ask("reference", "Your own reference number of this question", Reference, "our_reference", needed=True),
        _number("plate", "Number plate", IdentifierKind.VEHICLE_PLATE),
        _number("trailer", "Number plate of the trailer", IdentifierKind.TRAILER_PLATE),
        _number("container", "Container number", IdentifierKind.CONTAINER),
        _number("vin", "Vehicle identification number (VIN)", IdentifierKind.VIN),
        _number("ship", "IMO number of the ship", IdentifierKind.IMO_SHIP),
        _number("wagon", "Number of the railway wagon", IdentifierKind.RAIL_WAGON),
        _number("waybill", "Number of the air waybill", IdentifierKind.AIR_WAYBILL),
        _number("parcel", "Number of the parcel", IdentifierKind.POSTAL_ITEM),
        _number("phone", "Telephone number in use", IdentifierKind.PHONE),
        _ask("border", "UN/LOCODE of a border point (KZKDR)", UnLocode, "points[0].un_locode"),
        _ask("day", "On which day it is there (2026-11-24)", Day, "points[0].first_day", needed=True, after="border"),
        _ask("last_day", "Until which day, if not that one only", Day, "points[0].last_day", after="border"),
    ),
)
"""The question in the registry of kinds; ``serai operation deconflict`` writes it."""

DECONFLICT_ANSWER: Final = ReportKind(
    name="deconflict_answer",
    label=Label("Deconfliction answer", "Результат сверки"),
    short=Label("Compared", "Сверено"),
    model=DeconflictAnswer,
    senders=(Role.EXCHANGE,),
    purpose="Tell who asked whether somebody else is after the same.",
    headline="{result} {talk_to[0]} ({your_reference})",
    has_own_commands=True,
    steps=(
        _ask("reference", "The desk's own reference (D-10423)", AnswerReference, "our_reference", needed=True),
        _ask("your_reference", "Their reference number of what you answer", Reference, "your_reference"),
        _ask("result", "What was found", ComparisonResult, "result", needed=True),
        _ask("talk_to", "With whom to talk (UZ/NFP)", MemberField, "talk_to[0]", needed=True, after="result=talk_to"),
    ),
)
"""The answer in the registry of kinds; a desk's program writes it."""
