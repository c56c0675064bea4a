"""What is wrong, whether the goods may go on, and whose move it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import (
    amount_text,
    due_text,
    flow,
    heading,
    leg_text,
    measure_text,
    member_text,
    ruled,
    since_text,
    steps_text,
    time_text,
    until_text,
    words_of,
)
from clients.documents.texts import _, label, label_of
from schemas.operations.picture import Block, OwedStep
from schemas.operations.results import StopState
from schemas.operations.state import Contradiction
from schemas.operations.terms import BlockKind, Colour, ContradictionKind, OwedKind, Phase, StopEnd
from schemas.operations.words import StepKind
from schemas.reports.operations.codes import StopReason, StopWish

_OF_LEGS: Final = frozenset(
    {
        ContradictionKind.CROSSING_UNAUTHORISED,
        ContradictionKind.CROSSING_ENDED_SINCE,
        ContradictionKind.UNKNOWN_DIGEST,
        ContradictionKind.NOT_ITS_LEG,
    }
)
_LEGS_OWED: Final = frozenset({OwedKind.DECIDE, OwedKind.DECIDE_AGAIN, OwedKind.CONFIRM_CONDITIONS})


def verdict_lines(view: OperationView) -> list[PictureLine]:
    """Stops first, then whether the goods may go on, and if not, why."""
    lines = _waiting_lines(view)
    lines += [line for stop in view.picture.stops for line in _stop_lines(view, stop)]
    if view.picture.stops:
        lines += _who_decides(view)
    blocks = [block for block in view.picture.blocks if block.kind is not BlockKind.STOPPED]
    if view.picture.may_go:
        return [*lines, heading(view, _("THE GOODS MAY GO ON"), Weight.GREEN)]
    if view.state.phase is Phase.CLOSED:
        return [*lines, heading(view, _("CLOSED: nothing goes on"))]
    lines.append(heading(view, _("THE GOODS MAY NOT GO ON"), Weight.RED))
    reasons = list(dict.fromkeys(_block_text(view, block) for block in blocks))
    return [*lines, *(line for text in reasons for line in flow(text, weight=Weight.RED))]


def _waiting_lines(view: OperationView) -> list[PictureLine]:
    """Own steps that nobody else has yet, and steps that a new epoch has dropped."""
    lines = []
    if view.waiting:
        steps = ", ".join(words_of(label_of(StepKind, do)) for do in view.waiting)
        lines += flow(_("WAITING TO BE SENT: {steps}").format(steps=steps), "", Weight.RED)
    if view.is_dropped:
        text = _("The ledger has begun a new epoch: some steps are not offered again yet.")
        lines += flow(text, "", Weight.RED)
    return lines


def _stop_lines(view: OperationView, stop: StopState) -> list[PictureLine]:
    text = _("STOPPED by {member} {since}")
    text = text.format(member=member_text(view, stop.member), since=since_text(view, stop.since_ms))
    if stop.until_ms is not None:
        text += ", " + until_text(view, stop.until_ms)
    words = []
    if stop.is_decision:
        words.append(_("refused or withdrew with the goods on its soil"))
    if stop.reason is not None:
        words.append(words_of(label_of(StopReason, stop.reason)))
    if stop.wish is not None:
        words.append(_("wish: {wish}").format(wish=words_of(label_of(StopWish, stop.wish))))
    text += f": {'; '.join(words)}" if words else ""
    return flow(ruled(view, text, stop.because), "", Weight.RED)


def _who_decides(view: OperationView) -> list[PictureLine]:
    soil = view.picture.soil
    if soil is None or soil.member is None:
        return flow(_("Nobody knows on whose soil the goods are: ask everybody by telephone."), weight=Weight.RED)
    if view.outside_area(soil.leg):
        text = _("{member} speaks for where the goods are: it decides what is done; the wishes of others are wishes.")
        return flow(text.format(member=member_text(view, soil.member)))
    text = _("The goods are on the soil of {member}: it decides what is done; the wishes of others are wishes.")
    return flow(text.format(member=member_text(view, soil.member)))


def _block_text(view: OperationView, block: Block) -> str:
    parts = [label(block.kind)]
    if block.leg:
        parts.append(leg_text(block.leg))
    if block.member is not None:
        parts.append(member_text(view, block.member))
    if block.kind is BlockKind.NO_AUTHORITY:
        found = (each for each in view.picture.authority if each.leg == block.leg and each.member == block.member)
        parts += [_("ends before the goods come there") if each.stands else label(each.state) for each in found][:1]
    text = ": ".join([parts[0], ", ".join(parts[1:])]) if parts[1:] else parts[0]
    return ruled(view, text, block.because)


# What contradicts


def red_lines(view: OperationView) -> list[PictureLine]:
    """Contradictions that somebody must explain; none can be hidden."""
    found = [each for each in view.state.contradictions if each.colour is Colour.RED]
    if not found:
        return []
    title = _("RED: {count}").format(count=len(found))
    texts = (contradiction_text(view, each) for each in found)
    return [heading(view, title, Weight.RED), *(line for text in texts for line in flow(text, weight=Weight.RED))]


def amber_lines(view: OperationView) -> list[PictureLine]:
    """What is to be checked, authorities that end soon, and stops that somebody else ended."""
    found = [each for each in view.state.contradictions if each.colour is not Colour.RED]
    texts = [contradiction_text(view, each) for each in found]
    texts += list(dict.fromkeys(_ending_texts(view)))
    texts += [_ended_text(view, stop) for stop in view.state.stops if stop.how is StopEnd.ENDED_BY_LEAD]
    if not texts:
        return []
    title = _("TO BE CHECKED: {count}").format(count=len(texts))
    return [heading(view, title, Weight.AMBER), *(line for text in texts for line in flow(text))]


def contradiction_text(view: OperationView, each: Contradiction) -> str:
    """What does not fit together, who has to explain it, and by which steps it is seen."""
    text = label(each.kind)
    if each.about:
        text += ", " + (leg_text(each.about) if each.kind in _OF_LEGS else words_of(each.about))
    for measure, amount in each.difference:
        text += f", {measure_text(measure)} {amount_text(amount, measure)}"
    if each.owner is not None:
        text += "; " + _("to explain: {member}").format(member=member_text(view, each.owner))
    if each.steps:
        text += "; " + _("steps {steps}").format(steps=steps_text(view, each.steps))
    return ruled(view, text, each.because)


def _ending_texts(view: OperationView) -> Iterable[str]:
    for each in view.picture.warnings:
        if each.at_ms <= view.now_ms < each.ends_ms:
            text = _("Authority for leg {leg} of {member} ends soon: {until}")
            until = until_text(view, each.ends_ms)
            yield text.format(leg=words_of(each.leg), member=member_text(view, each.member), until=until)


def _ended_text(view: OperationView, stop: StopState) -> str:
    text = _("The stop of {member} was ended by the lead {time}")
    time = "?" if stop.ended_ms is None else time_text(view, stop.ended_ms)
    return ruled(view, text.format(member=member_text(view, stop.member), time=time), stop.because)


# Whose move


def move_lines(view: OperationView) -> list[PictureLine]:
    """Who has to do what next, by when: the own member first, then the soonest."""
    owed = sorted(_owed(view), key=lambda each: (each.member != view.own, _due(each)))
    if not owed:
        return [heading(view, _("NEXT MOVE: nobody owes anything"))]
    return [heading(view, _("NEXT MOVE")), *(line for each in owed for line in _owed_lines(view, each))]


def _owed(view: OperationView) -> list[OwedStep]:
    """What is owed; that a step is to be answered is left out where it stands there how."""
    found = view.picture.whose_move
    named = {(each.member, step) for each in found if each.kind is not OwedKind.ANSWER for step in each.steps}
    return [
        each for each in found if each.kind is not OwedKind.ANSWER or {(each.member, s) for s in each.steps} - named
    ]


def _due(each: OwedStep) -> tuple[bool, int]:
    return each.due_ms is None, each.due_ms or 0


def _owed_lines(view: OperationView, each: OwedStep) -> list[PictureLine]:
    late = each.due_ms is not None and each.due_ms <= view.now_ms
    parts = [f"{member_text(view, each.member)}: {label(each.kind)}"]
    if each.about:
        parts.append(leg_text(each.about) if each.kind in _LEGS_OWED else words_of(each.about))
    parts.append(_("no time is set") if each.due_ms is None else due_text(view, each.due_ms))
    if each.steps:
        parts.append(_("step {steps}").format(steps=steps_text(view, each.steps)))
    mark = "> " if each.member == view.own else "  "
    return flow(", ".join(parts), mark, Weight.RED if late else Weight.PLAIN)
