"""Clocks, what is not here and what it could change, what is newer than this program."""

from __future__ import annotations

from typing import Final

from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import (
    flow,
    heading,
    left_text,
    leg_text,
    members_text,
    ruled,
    step_text,
    steps_text,
    words_of,
)
from clients.documents.texts import _, label
from schemas.operations.results import Because
from schemas.operations.state import DueClock
from schemas.operations.terms import ClockKind, MissingHow, ResultPart, Rule

_CLOCKS: Final = 20
_NEWER: Final = 20


def clock_lines(view: OperationView) -> list[PictureLine]:
    """What is late, then what is due, the soonest first, and of whom."""
    clocks = [(each, Weight.RED) for each in view.picture.overdue]
    clocks += [(each, Weight.PLAIN) for each in view.picture.running]
    named = {(each.step, each.due_ms) for each, _weight in clocks if each.kind is not ClockKind.ANSWER}
    clocks = [each for each in clocks if each[0].kind is not ClockKind.ANSWER or _key(each[0]) not in named]
    if not clocks:
        return [heading(view, _("CLOCKS: none runs"))]
    lines = [heading(view, _("CLOCKS"))]
    lines += [line for each, weight in clocks[:_CLOCKS] for line in _clock_lines(view, each, weight)]
    if len(clocks) > _CLOCKS:
        lines += flow(_("and {count} more").format(count=len(clocks) - _CLOCKS))
    return lines


def _key(clock: DueClock) -> tuple[str, int]:
    return clock.step, clock.due_ms


def _clock_lines(view: OperationView, clock: DueClock, weight: Weight) -> list[PictureLine]:
    parts = [f"{label(clock.kind)} {left_text(view, clock.due_ms)}"]
    owing = clock.owing(view.now_ms)
    if owing:
        parts.append(members_text(view, owing))
    if clock.about:
        parts.append(leg_text(clock.about))
    parts.append(_("step {steps}").format(steps=step_text(view, clock.step)))
    return flow(", ".join(parts), weight=weight)


def missing_lines(view: OperationView) -> list[PictureLine]:
    """What is not here, by the reason, and which results it could change."""
    by_reason: dict[MissingHow, tuple[list[str], set[ResultPart]]] = {}
    for each in view.state.missing:
        steps, parts = by_reason.setdefault(each.how, ([], set()))
        steps.append(each.digest)
        parts.update(each.could_change)
    if not by_reason:
        return _unread_lines(view)
    lines = [heading(view, _("NOT HERE: {count}").format(count=len(view.state.missing)), Weight.AMBER)]
    for how, (steps, parts) in by_reason.items():
        text = f"{label(how)}: " + _("steps {steps}").format(steps=steps_text(view, steps))
        if parts:
            changed = ", ".join(label(part) for part in ResultPart if part in parts)
            text += "; " + _("could change: {parts}").format(parts=changed)
        lines += flow(ruled(view, text, Because(Rule.F8)), weight=Weight.AMBER)
    return lines + _unread_lines(view)


def _unread_lines(view: OperationView) -> list[PictureLine]:
    """That nobody has asked the hub yet which steps there are."""
    if view.read_ms:
        return []
    text = _("Not known here yet whether there are steps that were not sent to us: serai operation show --fetch.")
    return flow(text, "", Weight.QUIET)


def newer_lines(view: OperationView) -> list[PictureLine]:
    """What is of a later version: shown as written, without effect here."""
    newer = view.state.newer
    if not newer:
        return []
    lines = [heading(view, _("NEWER THAN THIS PROGRAM, without effect here; update it"), Weight.AMBER)]
    for each in newer[:_NEWER]:
        text = _("step {steps}").format(steps=step_text(view, each.step)) + f": {words_of(each.where)}"
        lines += flow(text + (f" = {words_of(each.word)}" if each.word else ""))
    if len(newer) > _NEWER:
        lines += flow(_("and {count} more").format(count=len(newer) - _NEWER))
    return lines
