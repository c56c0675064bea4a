"""Questions of a request and of a plan: what is sent, on which way, who answers for each leg, what else is known.

A question asks for one value. Where a form has a list, the questions are those of its first entry (``legs[0]``): what
asks for more of them counts that number on.
"""

from __future__ import annotations

from typing import Any, Final

from schemas.addresses import MemberField
from schemas.reports.base import DecimalText, Instant, Line, Reference, Text
from schemas.reports.drugs import DrugGroup, Unit
from schemas.reports.operations import codes
from schemas.reports.operations.parts import LegName
from schemas.reports.steps import Step


def ask(key: str, question: str, form: Any, path: str = "", **more: Any) -> Step:
    """A step whose help is its question, which is short."""
    return Step(key, question, form, path=path, help=question, **more)


def coded(key: str, question: str, table: Any, path: str, **more: Any) -> tuple[Step, Step]:
    """A code, and the word in its place where it is ``other``."""
    words = ask(f"{key}_words", f"{question}, in words", Line, f"{path}.as_written", after=f"{key}=other")
    return ask(key, question, table, f"{path}.code", **more), words


REFERENCE: Final = ask("reference", "Your own reference number of the operation", Reference, "our_reference")
"""Asked of every step."""

SUMMARY: Final = ask("summary", "In words (Enter for none)", Text, needed=False)
"""Asked last of most."""

_MOST: Final = (
    ask("most", "Not more than, in figures only", DecimalText, "quantity_at_most[0].quantity", needed=False),
    ask("most_unit", "In what unit", Unit, "quantity_at_most[0].unit", after="most"),
    ask(
        "most_unit_words",
        "In what unit, in words",
        Line,
        "quantity_at_most[0].unit_as_written",
        after="most_unit=other",
    ),
    ask("most_group", "Kind of goods", DrugGroup, "quantity_at_most[0].group", after="most"),
    ask("most_goods", "The kind in words", Line, "quantity_at_most[0].name", after="most_group=other"),
)

_LEG: Final = (
    ask("leg", "Name of a leg of the way", LegName, "legs[0].leg", needed=False),
    ask("leg_member", "Who answers for that leg (UZ/NFP)", MemberField, "legs[0].member", after="leg"),
    ask(
        "leg_area",
        "Where it runs, if not on that member's own soil",
        codes.OutsideArea,
        "legs[0].spoken_for.area",
        needed=False,
        after="leg",
    ),
    ask(
        "leg_area_name",
        "Which sea, carrier or country that is",
        Line,
        "legs[0].spoken_for.name",
        after="leg_area",
    ),
    ask(
        "leg_border", "By which border point they come onto it", Line, "legs[0].border.name", needed=False, after="leg"
    ),
    ask("leg_enters", "When they come onto it", Instant, "legs[0].enters", needed=False, after="leg"),
    ask("leg_leaves", "When they leave it", Instant, "legs[0].leaves", needed=False, after="leg"),
)


def _parcel(key: str, question: str, form: Any, path: str) -> Step:
    return ask(key, question, form, path, needed=False, after="variant=parcel")


_NUMBERS: Final = (
    _parcel("postal_item", "Number of the postal item (S10)", Line, "identifiers[kind=postal_item].value"),
    _parcel("waybill", "Number of the air waybill", Line, "identifiers[kind=air_waybill].value"),
    _parcel("operator", "Which post or carrier has it", Line, "parcel.operator"),
    _parcel("hold_until", "Until when it is held", Instant, "parcel.hold_until"),
    _parcel("release", "When it is let go", Instant, "parcel.release"),
    _parcel("delivery_from", "When it is delivered at the earliest", Instant, "parcel.delivery_from"),
    _parcel("delivery_until", "When it is delivered at the latest", Instant, "parcel.delivery_until"),
    ask(
        "flight",
        "Number of the flight",
        Line,
        "identifiers[kind=flight].value",
        needed=False,
        after="variant=passenger",
    ),
    ask("plate", "Number plate", Line, "identifiers[kind=vehicle_plate].value", needed=False),
    ask("container", "Container number", Line, "identifiers[kind=container].value", needed=False),
    ask("ship", "IMO number of the ship", Line, "identifiers[kind=imo_ship].value", needed=False),
    ask("seal", "Number of the seal", Line, "identifiers[kind=seal].value", needed=False),
)

PLAN: Final = (
    REFERENCE,
    ask("group", "Kind of goods", DrugGroup, "goods[0].group"),
    ask("goods", "Their name, as you write it", Line, "goods[0].name"),
    ask("quantity", "How much, in figures only (Enter if not weighed)", DecimalText, "goods[0].quantity", needed=False),
    ask("unit", "In what unit", Unit, "goods[0].unit", after="quantity"),
    ask("unit_words", "In what unit, in words", Line, "goods[0].unit_as_written", after="unit=other"),
    ask("place", "Where the goods are now", Line, "place.name"),
    ask("next_place", "Where they go next", Line, "next_point.place.name"),
    ask("next_from", "When they may be there at the earliest", Instant, "next_point.earliest"),
    ask("next_until", "When they are missed there", Instant, "next_point.latest", needed=False),
    ask("ask_member", "Of whom you ask something (UZ/NFP)", MemberField, "asks[0].member"),
    *coded("ask", "What you ask", codes.RequestedStep, "asks[0].what"),
    ask("ask_until", "By when you ask it", Instant, "asks[0].until", needed=False),
    ask("persons_at_risk", "Whether anybody is at risk", codes.PersonsAtRisk),
    ask("stop_when", "When it must be stopped", Text, "stop_rule.when"),
    ask("stop_by", "Who decides that when nobody can be reached (KZ/NFP)", MemberField, "stop_rule.decided_by"),
    *_LEG,
    *_MOST,
    ask("offence", "What is investigated (Enter if not known yet)", Text, needed=False),
    *coded("variant", "In what it travels", codes.ConsignmentVariant, "variant", needed=False),
    *_NUMBERS,
    ask("substitution", "How much is substituted", codes.SubstitutionPlan, needed=False),
    ask("grounds", "Why a controlled delivery", Text, needed=False),
    SUMMARY,
)
"""Asked of a request; a plan asks besides what is different."""
