"""An operation on one screen, in the order in which a duty officer needs it.

First what is wrong and whether the goods may go on, then whose move it is and by when, then everything else. No
line is wider than 80 columns, and no text of others can pass for a line of ours.
"""

from __future__ import annotations

from itertools import chain
from typing import Final

from clients.documents.columns import across, shorten, width_of
from clients.documents.operations.consignment import consignment_lines
from clients.documents.operations.doubts import clock_lines, missing_lines, newer_lines
from clients.documents.operations.goods import control_lines, custody_lines, way_lines
from clients.documents.operations.telephone import telephone_lines
from clients.documents.operations.verdict import amber_lines, move_lines, red_lines, verdict_lines
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import (
    flow,
    marking,
    member_text,
    part_text,
    step_text,
    time_text,
    words_of,
)
from clients.documents.plain import WIDTH, utc
from clients.documents.report_text import goods_text
from clients.documents.texts import _, label
from schemas.operations.terms import Phase, Rule
from schemas.reports.operations.codes import PersonsAtRisk

_BLOCKS: Final = (
    verdict_lines,
    red_lines,
    move_lines,
    telephone_lines,
    amber_lines,
    control_lines,
    way_lines,
    custody_lines,
    clock_lines,
    missing_lines,
    newer_lines,
)


def picture_lines(view: OperationView) -> list[PictureLine]:
    """The screen of an operation; the rules that its lines name are explained beneath them."""
    band = _band(view)
    lines = [*band, *_head_lines(view)]
    lines += chain.from_iterable(block(view) for block in _BLOCKS)
    if view.why:
        lines += [PictureLine(f"[{rule.value}] {label(rule)}", Weight.QUIET) for rule in Rule]
    return [*lines, *band]


def _band(view: OperationView) -> list[PictureLine]:
    mark = marking(view)
    return [PictureLine(across(mark, WIDTH), Weight.MARKING)] if mark else []


def _head_lines(view: OperationView) -> list[PictureLine]:
    now = utc(view.now_ms)
    title = shorten(title_text(view), WIDTH - len(now) - 2)
    lines = [PictureLine(title + " " * (WIDTH - width_of(title) - len(now)) + now, Weight.HEADING)]
    lines += flow(_lead_text(view), "")
    if view.goes_on_from:
        lines += flow(
            _("Goes on from {operations}, whose lead is gone").format(operations=_named(view.goes_on_from)), ""
        )
    if view.goes_on_in:
        lines += flow(_("GOES ON IN {operations}").format(operations=_named(view.goes_on_in)), "", Weight.AMBER)
    if view.plan is None:
        return [*lines, *flow(_("What the plan says is not here."), "", Weight.AMBER)]
    goods = "; ".join(goods_text(each) for each in view.plan.goods[:3])
    more = len(view.plan.goods) - 3
    goods += " " + _("and {count} more").format(count=more) if more > 0 else ""
    lines += flow(words_of(goods), "")
    lines += consignment_lines(view)
    if view.plan.persons_at_risk is not PersonsAtRisk.NONE:
        lines += flow(label(view.plan.persons_at_risk).upper(), "", Weight.RED)
    return lines + _stop_rule(view)


def _named(operations: tuple[str, ...]) -> str:
    return ", ".join(words_of(each) for each in operations)


def _stop_rule(view: OperationView) -> list[PictureLine]:
    if view.plan is None:
        return []
    rule = view.plan.stop_rule
    who = member_text(view, rule.decided_by) + (f", {words_of(rule.post)}" if rule.post else "")
    text = _("Stop if: {when}; decides alone, if nobody can be reached: {who}")
    return flow(text.format(when=words_of(rule.when), who=who), "")


def title_text(view: OperationView) -> str:
    """How an operation is called: by the lead's own reference."""
    if view.plan is not None:
        return _("Operation {reference}").format(reference=words_of(str(view.plan.our_reference)))
    return _("Operation {reference}").format(reference=step_text(view, view.state.id))


def _lead_text(view: OperationView) -> str:
    state, plan = view.state, view.shown_plan
    phase = label(state.phase)
    if state.phase is Phase.CLOSED and state.closed_by is not None:
        phase += f" ({step_text(view, state.closed_by)})"
    parts = [_("Lead {member}").format(member=member_text(view, state.lead)), phase]
    if view.picture.in_force is not None and plan is not None:
        confirmed = "" if plan.confirmed_ms is None else ", " + time_text(view, plan.confirmed_ms)
        parts.append(_("plan in force {number}").format(number=step_text(view, plan.step)) + confirmed)
    own = state.parts.get(view.own)
    if own is not None:
        parts.append(_("you: {part}").format(part=part_text(own)))
    return "; ".join(parts)
