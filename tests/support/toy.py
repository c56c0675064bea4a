"""A kind of report that Serai does not have: what a later version would add, in one entry of the registry."""

from __future__ import annotations

from typing import Literal

from schemas.labels import CodedValue, Label, Role
from schemas.reports.base import Coded, Line, Reference, Text
from schemas.reports.entry import ReportKind
from schemas.reports.models import ReportModel
from schemas.reports.steps import Step


class Toy(CodedValue):
    """What kind of toy it is."""

    KITE = "kite", "Kite", "Воздушный змей"
    OTHER = "other", "Other", "Иное"


class ToyReport(ReportModel):
    """A toy that was found.

    Attributes:
        report: ``toy``.
        version: 1.
        toy: what kind.
        colour: as its finder calls it.
    """

    report: Literal["toy"] = "toy"
    version: Literal[1] = 1
    toy: Coded[Toy]
    colour: Line | None = None


TOY = ReportKind(
    name="toy",
    label=Label("Found toy", "Найденная игрушка"),
    short=Label("Toy", "Игрушка"),
    model=ToyReport,
    senders=(Role.EXCHANGE,),
    purpose="Report a toy.",
    headline="{toy.code}, {colour}: {identifiers[kind=seal].value}",
    steps=(
        Step("reference", "Your number of it", Reference, path="our_reference", help="Your number of it."),
        Step("toy", "What kind of toy?", Toy, path="toy.code", help="Kind of toy: kite, other."),
        Step("toy_words", "What, in words?", Line, after="toy=other", path="toy.as_written", help="The kind in words."),
        Step("colour", "What colour?", Line, needed=False, help="Its colour."),
        Step("tag", "Its tag?", Line, needed=False, path="identifiers[kind=seal].value", help="Its tag."),
        Step("summary", "In words", Text, needed=False, help="In words."),
    ),
)
