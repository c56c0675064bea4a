"""Whom to call, on the screen of an operation: the numbers of the profiles beside every clock, refusal and stop."""

from __future__ import annotations

from typing import Final

from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import MINUTE_MS, flow, heading, left_text, member_text, words_of
from clients.documents.profiles import contact_text
from clients.documents.texts import _
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.operations.results import Crossing
from schemas.operations.terms import AuthorityState, Phase
from schemas.operations.words import Decision

_REFUSALS: Final = frozenset({AuthorityState.REFUSED, AuthorityState.WITHDRAWN})
_REFUSING: Final = frozenset({Decision.REFUSED.value, Decision.WITHDRAWN.value})
_CONTACTS: Final = 4
"""How many numbers of one country stand there; the others are in its profile."""


def telephone_lines(view: OperationView) -> list[PictureLine]:
    """The numbers of all whom a clock, a stop, a refusal or the goods concern; and that one is not known."""
    members = concerned(view)
    urgent = _urgent_lines(view)
    if view.profiles is None or not (members or urgent):
        return []
    lines = [heading(view, _("TELEPHONE")), *urgent]
    return [*lines, *(line for member in members for line in _member_lines(view, member))]


def is_called_about(cover: Dispatch) -> bool:
    """Whether a dispatch is a stop, a refusal or a withdrawal, beside which the numbers of its country stand."""
    claim = cover.operation
    return claim is not None and (claim.do == "stop" or claim.decision in _REFUSING)


def concerned(view: OperationView) -> list[Address]:
    """Who may have to be called: who stops, who has the goods, who refused, who owes; each once, without the own."""
    if view.state.phase is Phase.CLOSED:
        return []
    picture = view.picture
    found = [stop.member for stop in picture.stops]
    found += [member for member in (_soil(view), picture.control.holder if picture.control else None) if member]
    found += [each.member for each in picture.authority if each.state in _REFUSALS]
    found += [member for clock in (*picture.overdue, *picture.running) for member in clock.owing(view.now_ms)]
    return [member for member in dict.fromkeys(found) if member != view.own]


def _soil(view: OperationView) -> Address | None:
    return view.picture.soil.member if view.picture.soil is not None else None


def _member_lines(view: OperationView, member: Address) -> list[PictureLine]:
    form = (view.profiles or {}).get(member)
    if form is None or not form.contacts:
        text = _("{member}: whom to call is not known; ask now").format(member=member_text(view, member))
        return flow(text, weight=Weight.AMBER)
    texts = [f"{member_text(view, member)}: {words_of(contact_text(each))}" for each in form.contacts[:_CONTACTS]]
    return [line for text in texts for line in flow(text)]


def _urgent_lines(view: OperationView) -> list[PictureLine]:
    """Of each urgent crossing, by when the country that was entered must be called, as its profile has it."""
    if view.state.phase is Phase.CLOSED or view.profiles is None:
        return []
    return [line for each in view.state.crossings if each.is_urgent for line in _urgent(view, each)]


def _urgent(view: OperationView, crossing: Crossing) -> list[PictureLine]:
    form = (view.profiles or {}).get(crossing.member) if crossing.member is not None else None
    rule = form.urgent_crossing if form is not None else None
    named = "?" if crossing.member is None else member_text(view, crossing.member)
    if rule is None or rule.report_within_minutes is None:
        text = _("URGENT CROSSING, {member}: by when it must be called is not known; ask now").format(member=named)
        return flow(text, weight=Weight.RED)
    due_ms = crossing.occurred_ms + int(rule.report_within_minutes) * MINUTE_MS
    text = _("URGENT CROSSING, {member}: it must be called {left}").format(member=named, left=left_text(view, due_ms))
    if rule.report_to is not None:
        text += f", {words_of(rule.report_to)}"
    return flow(text, weight=Weight.RED)
