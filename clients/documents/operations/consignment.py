"""What travels, on the screen of an operation: in what, under which numbers, and of a parcel until when it is held."""

from __future__ import annotations

from collections.abc import Iterator

from clients.documents.operations.view import OperationView, PictureLine
from clients.documents.operations.words import flow, time_text, words_of
from clients.documents.texts import _, label
from schemas.operations.moments import moment_ms
from schemas.reports.operations import PlanContent
from schemas.reports.operations.parts import ParcelDetails

_MOST_NUMBERS = 6


def consignment_lines(view: OperationView) -> list[PictureLine]:
    """By what somebody at a border, in a harbour or at a post office knows it."""
    if view.plan is None:
        return []
    found = [*_numbers(view.plan)]
    lines = flow("; ".join(found), "") if found else []
    parcel = "; ".join(_parcel(view, view.plan.parcel)) if view.plan.parcel is not None else ""
    return [*lines, *(flow(parcel, "") if parcel else [])]


def _numbers(plan: PlanContent) -> Iterator[str]:
    """The conveyance in a word, and the first of its numbers."""
    if plan.variant is not None:
        yield words_of(plan.variant.as_written or label(plan.variant.code))
    numbers = [*plan.identifiers, *(each for conveyance in plan.conveyances for each in conveyance.identifiers)]
    for each in numbers[:_MOST_NUMBERS]:
        yield f"{label(each.kind)} {words_of(each.value)}"
    if len(numbers) > _MOST_NUMBERS:
        yield _("and {count} more").format(count=len(numbers) - _MOST_NUMBERS)


def _parcel(view: OperationView, parcel: ParcelDetails) -> Iterator[str]:
    """Who carries it, until when it is held, when it is let go and delivered."""
    if parcel.operator is not None:
        yield words_of(parcel.operator)
    if parcel.hold_until is not None:
        yield _("held until {time}").format(time=time_text(view, moment_ms(parcel.hold_until)))
    if parcel.release is not None:
        yield _("let go {time}").format(time=time_text(view, moment_ms(parcel.release)))
    first, last = parcel.delivery_from, parcel.delivery_until
    if first is not None and last is not None:
        times = {"first": time_text(view, moment_ms(first)), "last": time_text(view, moment_ms(last))}
        yield _("delivered between {first} and {last}").format(**times)
    elif first is not None:
        yield _("delivered from {time} on").format(time=time_text(view, moment_ms(first)))
    elif last is not None:
        yield _("delivered until {time}").format(time=time_text(view, moment_ms(last)))
