"""Operations in a list: one line of 80 columns for each, with what is due next."""

from __future__ import annotations

from typing import Final

from clients.actions.numbers import spell_number
from clients.documents.columns import shorten, width_of
from clients.documents.operations.view import OperationView, PictureLine, Weight
from clients.documents.operations.words import left_text, marking, words_of
from clients.documents.plain import WIDTH, utc
from clients.documents.texts import _, label, label_of
from schemas.addresses import Address
from schemas.operations.results import StepRecord
from schemas.operations.state import DueClock
from schemas.operations.terms import BlockKind, Phase
from schemas.operations.words import Decision, StepKind

_NUMBER: Final = 12
_REFERENCE: Final = 12
_VERDICT: Final = 10


def row_line(view: OperationView) -> PictureLine:
    """An operation in a line: number, verdict, reference, and what is due next, of whom, by when."""
    verdict, weight = verdict_word(view)
    number = view.number_of(view.state.id)
    named = words_of(view.state.id)[:8] if number is None else spell_number(number, view.state.status)
    reference = "?" if view.plan is None else words_of(str(view.plan.our_reference))
    mark = f"{marking(view)} " if marking(view) and view.state.status != "exercise" else ""
    text = f"{_padded(named, _NUMBER)} {_padded(verdict, _VERDICT)} {_padded(reference, _REFERENCE)} "
    return PictureLine(shorten(text + mark + next_text(view), WIDTH), weight)


def next_text(view: OperationView) -> str:
    """What is due next, of whom, by when: the own move goes before what others owe at the same time."""
    owed = [each for each in view.picture.whose_move if each.due_ms is not None]
    clocks = [(each.due_ms, True, label(each.kind), each.owing(view.now_ms)) for each in _clocks(view)]
    steps = [(each.due_ms or 0, each.member != view.own, label(each.kind), (each.member,)) for each in owed]
    found = min([*clocks, *steps], default=None, key=lambda each: each[:2])
    if found is not None:
        due_ms, _is_theirs, what, members = found
        who = ", ".join(_who(view, member) for member in members[:2])
        return f"{left_text(view, due_ms)}: {who} {what}" if who else f"{left_text(view, due_ms)}: {what}"
    waiting = next(iter(view.picture.whose_move), None)
    if waiting is None:
        return _("nothing is due")
    return f"{_who(view, waiting.member)} {label(waiting.kind)}"


def _who(view: OperationView, member: Address) -> str:
    return _("YOU:") if member == view.own else member


def next_clock_ms(view: OperationView) -> int | None:
    """When the next thing is due, or was; ``None`` if nothing is."""
    owed = (each.due_ms for each in view.picture.whose_move if each.due_ms is not None)
    return min([*owed, *(each.due_ms for each in _clocks(view))], default=None)


def _clocks(view: OperationView) -> list[DueClock]:
    return [*view.picture.overdue, *view.picture.running]


def verdict_word(view: OperationView) -> tuple[str, Weight]:
    """Whether the goods may go on, in a word, and how much it weighs."""
    if view.state.phase is Phase.CLOSED:
        return _("CLOSED"), Weight.QUIET
    if view.picture.stops:
        return _("STOPPED"), Weight.RED
    kinds = {block.kind for block in view.picture.blocks}
    if BlockKind.LOST in kinds:
        return _("LOST"), Weight.RED
    if view.picture.may_go:
        return _("MAY GO"), Weight.GREEN
    return _("MAY NOT GO"), Weight.AMBER


def _padded(text: str, columns: int) -> str:
    text = shorten(text, columns)
    return text + " " * max(0, columns - width_of(text))


def step_line(view: OperationView, record: StepRecord) -> str:
    """A step in a line: number, when, by whom, what, and whether it has no effect or is struck out."""
    number, when = spell_number(record.number, view.state.status), utc(record.accepted_ms)[5:16]
    words = [label_of(StepKind, record.do) if record.do is not None else _("Struck out or sent again")]
    if record.decision is not None:
        words.append(label_of(Decision, record.decision).upper())
    if record.struck_out_by is not None:
        words.append(_("STRUCK OUT"))
    if record.void is not None:
        words.append(_("WITHOUT EFFECT"))
    mark = f"{marking(view)} " if marking(view) else ""
    return shorten(f"{number:>12} {when} {record.signer:<16} {mark}{words_of(', '.join(words))}", WIDTH)
