"""Whose hands the goods are in, the way and who permits it, exhibits and their books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import Enum
from functools import reduce
from typing import Final

from clients.documents.columns import shorten, width_of
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import (
    amounts_text,
    flow,
    heading,
    leg_text,
    measure_text,
    member_text,
    members_text,
    number_text,
    ruled,
    since_text,
    step_text,
    time_text,
    unit_text,
    until_text,
    words_of,
)
from clients.documents.texts import _, label
from schemas.labels import CodedValue
from schemas.operations.books import Balance, Exhibit, minus, plus
from schemas.operations.picture import LegAuthority
from schemas.operations.results import PlanLeg
from schemas.operations.terms import AuthorityState, Colour, Phase
from schemas.reports.operations.parts import Leg
from schemas.reports.parts import Place

_DEEPEST: Final = 6
_EXHIBITS: Final = 100
_LEG: Final = 6
_SEALS: Final = 4
_ANSWERS: Final = 10
_BAD: Final = frozenset({AuthorityState.REFUSED, AuthorityState.WITHDRAWN, AuthorityState.ENDED, AuthorityState.LAPSED})
_WEIGHTS: Final[Mapping[Colour, Weight]] = {
    Colour.RED: Weight.RED,
    Colour.AMBER: Weight.AMBER,
    Colour.GREEN: Weight.PLAIN,
}


class ExhibitRelation(CodedValue):
    """What an exhibit is of another."""

    ROOT = "root", "exhibit", "доказательство"
    PIECE = "piece", "piece", "часть"
    SAMPLE = "sample", "sample", "образец"
    REMOVED = "removed", "removed from it", "отделено"
    DUMMY = "dummy", "dummy", "муляж"


class ExhibitEnd(CodedValue):
    """What became of an exhibit at last."""

    SEIZED = "seized", "SEIZED", "ИЗЪЯТО"
    DESTROYED = "destroyed", "DESTROYED", "УНИЧТОЖЕНО"
    LOST = "lost", "LOST", "УТРАЧЕНО"


# Control


def control_lines(view: OperationView) -> list[PictureLine]:
    """Whose hands the goods are in, since when, to whom they are offered, since when they are lost; whose soil."""
    control = view.picture.control
    lines = [heading(view, _("GOODS"))]
    if control is None:
        return [*lines, *flow(_("Nobody knows in whose hands they are."), weight=Weight.RED)]
    if control.lost_ms is not None:
        text = _("LOST FROM SIGHT {since}; last in the hands of {member}")
        text = text.format(since=since_text(view, control.lost_ms), member=member_text(view, control.holder))
    else:
        text = _("In the hands of {member} {since}")
        text = text.format(member=member_text(view, control.holder), since=since_text(view, control.since_ms))
    if control.rivals:
        text += "; " + _("CLAIMED TOO BY {members}").format(members=members_text(view, control.rivals))
    if control.offered_to is not None:
        text += "; " + _("offered to {member}").format(member=member_text(view, control.offered_to))
    if control.colour is Colour.AMBER:
        text += "; " + _("one side alone has signed")
    weight = Weight.RED if control.lost_ms is not None or control.rivals else _WEIGHTS[control.colour]
    return [*lines, *flow(ruled(view, text, control.because), weight=weight), *_soil_lines(view)]


def _soil_lines(view: OperationView) -> list[PictureLine]:
    soil = view.picture.soil
    if soil is None or soil.member is None:
        return flow(_("No fact says on whose soil they are."))
    member, since = member_text(view, soil.member), since_text(view, soil.since_ms)
    area = view.outside_area(soil.leg)
    if area:
        text = _("{area}, as told by {member}, {since}").format(area=words_of(area), member=member, since=since)
    else:
        text = _("On the soil of {member} {since}").format(member=member, since=since)
    if soil.leg:
        text += f", {leg_text(soil.leg)}"
    if soil.colour is Colour.AMBER:
        text += "; " + _("by the word of another")
    return flow(text, weight=_WEIGHTS[soil.colour])


# The way


def way_lines(view: OperationView) -> list[PictureLine]:
    """Each leg of the plan, who answers for it, and whether the goods may be on it; the mark is where they are."""
    plan = view.shown_plan
    lines = [heading(view, _("WAY AND AUTHORITY"))]
    by_name = {leg.leg: leg for leg in (plan.legs if plan else ())}
    written = {leg.leg: leg for leg in (view.plan.legs if view.plan else ())}
    if not view.picture.authority and not by_name:
        return [*lines, *flow(_("No legs are known yet."))]
    if not view.picture.authority:
        lines += flow(_("The plan is not in force yet."), weight=Weight.AMBER)
        for leg in by_name.values():
            lines += flow(member_text(view, leg.member), f"  {_padded(words_of(leg.leg), _LEG)} ")
            lines += _about_lines(view, leg, written.get(leg.leg))
    for each in view.picture.authority:
        lines += _authority_lines(view, each, by_name.get(each.leg), written.get(each.leg))
    return lines


def _authority_lines(
    view: OperationView, each: LegAuthority, leg: PlanLeg | None, written: Leg | None
) -> list[PictureLine]:
    soil = view.picture.soil
    name = words_of(each.leg)
    if each.move is not None:
        name = _("move {number}").format(number=step_text(view, each.move))
    parts = [f"{member_text(view, each.member)}: {label(each.state).upper()}"]
    if each.until_ms is not None and each.stands:
        parts.append(until_text(view, each.until_ms))
    elif each.since_ms is not None and each.stands:
        parts.append(since_text(view, each.since_ms))
    elif each.until_ms is not None:
        parts.append(time_text(view, each.until_ms))
    if each.by_word_of is not None and each.by_word_of != each.member:
        parts.append(_("by the word of {member}").format(member=member_text(view, each.by_word_of)))
    if each.decision is not None:
        parts.append(_("step {steps}").format(steps=step_text(view, each.decision)))
    mark = ">" if soil is not None and soil.leg and soil.leg == each.leg else " "
    weight = Weight.GREEN if each.stands else Weight.RED if each.state in _BAD else Weight.AMBER
    text = ruled(view, ", ".join(parts), each.because)
    lines = flow(text, f"{mark} {_padded(name, _LEG)} ", weight, " " * (_LEG + 3))
    return [*lines, *_about_lines(view, leg, written)]


def _about_lines(view: OperationView, leg: PlanLeg | None, written: Leg | None) -> list[PictureLine]:
    about, indent = "; ".join(_leg_texts(view, leg, written)), " " * (_LEG + 3)
    return flow(about, indent, Weight.QUIET, indent) if about else []


def _leg_texts(view: OperationView, leg: PlanLeg | None, written: Leg | None) -> Iterator[str]:
    """Where a leg runs, as its plan has it."""
    if written is not None:
        ends = [place_text(each) for each in (written.origin, written.destination) if each is not None]
        if any(ends):
            yield " - ".join(each for each in ends if each)
        if written.border is not None and place_text(written.border):
            yield _("border {place}").format(place=place_text(written.border))
    if leg is None:
        return
    if leg.spoken_for:
        yield _("{area}, as told by {member}").format(area=words_of(leg.spoken_for), member=leg.member)
    if leg.enters_ms is not None:
        yield _("expected {time}").format(time=time_text(view, leg.enters_ms))
    if leg.leaves_ms is not None:
        yield _("leaves {time}").format(time=time_text(view, leg.leaves_ms))


def place_text(place: Place) -> str:
    """A place in a few words."""
    country = place.country
    named = (country.code or country.as_written or "") if country else ""
    words = [place.name or place.un_locode or "", place.division or "", named]
    return ", ".join(words_of(str(each.value if isinstance(each, Enum) else each)) for each in words if each)


def _padded(text: str, columns: int) -> str:
    text = shorten(text, max(columns, 16))
    return text + " " * max(0, columns - width_of(text))


# Exhibits


def custody_lines(view: OperationView) -> list[PictureLine]:
    """Exhibits as a tree, in whose hands each is, and how the books balance."""
    custody = view.state.custody
    lines = [heading(view, _("EXHIBITS"))]
    if not custody.exhibits and not custody.balances:
        return [*lines, *flow(_("None is registered yet."))]
    for each, depth in exhibit_tree(custody.exhibits):
        lines += _exhibit_lines(view, each, depth)
    if len(custody.exhibits) > _EXHIBITS:
        lines += flow(_("and {count} more").format(count=len(custody.exhibits) - _EXHIBITS))
    for balance in custody.balances:
        lines += _balance_lines(view, balance)
    return lines


def exhibit_tree(exhibits: tuple[Exhibit, ...], most: int = _EXHIBITS) -> list[tuple[Exhibit, int]]:
    """Each exhibit under what it comes of, with its depth; at most so many."""
    below: dict[str | None, list[Exhibit]] = {}
    names = {each.name for each in exhibits}
    for each in exhibits:
        below.setdefault(each.parent if each.parent in names else None, []).append(each)
    found: list[tuple[Exhibit, int]] = []
    waiting = [(each, 0) for each in reversed(below.get(None, []))]
    while waiting and len(found) < most:
        each, depth = waiting.pop()
        found.append((each, depth))
        waiting += [(inner, depth + 1) for inner in reversed(below.pop(each.name, []))]
    return found


def _exhibit_lines(view: OperationView, each: Exhibit, depth: int) -> list[PictureLine]:
    indent = "  " * (1 + min(depth, _DEEPEST))
    relation = next((word for word in ExhibitRelation if word.value == each.relation), None)
    parts = [label(relation) if relation is not None and each.relation != "root" else ""]
    parts.append(amounts_text(each.amounts))
    if each.remaining != each.amounts and each.ended is None:
        parts.append(_("left in it: {amounts}").format(amounts=amounts_text(each.remaining)))
    if each.not_counted_because is not None:
        parts.append(_("not counted yet, because: {reason}").format(reason=words_of(each.not_counted_because)))
    elif not each.amounts and each.relation != "dummy":
        parts.append(_("NOT COUNTED, and nobody says why"))
    if each.ended is not None:
        ended = next((word for word in ExhibitEnd if word.value == each.ended), None)
        parts.append(words_of(each.ended) if ended is None else label(ended))
    elif each.holder is not None:
        hands = _("in the hands of {member} since {time}")
        parts.append(hands.format(member=member_text(view, each.holder), time=time_text(view, each.since_ms)))
    parts += _marks(view, each)
    text = f"{words_of(each.name)}: {'; '.join(part for part in parts if part)}"
    return flow(text, indent, _WEIGHTS[each.colour], indent + "    ")


def _marks(view: OperationView, each: Exhibit) -> Iterator[str]:
    """Who signed for it, to whom it is offered, whether it travels, its seals, its laboratory."""
    if each.colour is Colour.AMBER:
        yield _("one side alone has signed")
    if each.offered_to is not None:
        yield _("offered to {member}").format(member=member_text(view, each.offered_to))
    if each.stays and each.ended is None:
        yield _("does not travel")
    if each.seals:
        numbers = ", ".join(map(words_of, each.seals[:_SEALS]))
        more = len(each.seals) - _SEALS
        numbers += " " + _("and {count} more").format(count=more) if more > 0 else ""
        yield _("seal {numbers}").format(numbers=numbers)
    if each.laboratory is not None:
        yield _("laboratory {number}").format(number=words_of(each.laboratory))


def _balance_lines(view: OperationView, balance: Balance) -> list[PictureLine]:
    """What came in and what became of it; the difference always, with what it is."""
    named = (
        (_("seized {amount}"), balance.seized),
        (_("samples {amount}"), balance.samples),
        (_("removed {amount}"), balance.removed),
        (_("destroyed {amount}"), balance.destroyed),
        (_("lost {amount}"), balance.lost),
    )
    parts = [words.format(amount=number_text(amount)) for words, amount in named if amount]
    open_ = balance.difference
    is_over = view.state.phase is Phase.CLOSED or open_ < 0
    kept = Decimal(0) if is_over else _kept(view, balance)
    if kept:
        parts.append(_("kept {amount}").format(amount=number_text(kept)))
    words = _("DIFFERENCE {amount}") if is_over and open_ else _("on the way {amount}")
    parts.append(words.format(amount=number_text(minus(open_, kept))))
    if balance.not_counted:
        shown = ", ".join(words_of(name) for name in balance.not_counted[:_ANSWERS])
        parts.append(_("not counted yet: {exhibits}").format(exhibits=shown))
    head = _("{kind} in {unit}: in {amount}").format(
        kind=measure_text(balance.measure), unit=unit_text(balance.measure), amount=number_text(balance.came_in)
    )
    return flow(f"= {head} = {' + '.join(parts)}", weight=Weight.RED if is_over and open_ else Weight.PLAIN)


def _kept(view: OperationView, balance: Balance) -> Decimal:
    """How much is in goods that a dummy travels for: they are not on the way."""
    stay = (each for each in view.state.custody.exhibits if each.stays and each.relation in ("root", "piece"))
    return reduce(plus, (each.remaining.get(balance.measure, Decimal(0)) for each in stay), Decimal(0))
