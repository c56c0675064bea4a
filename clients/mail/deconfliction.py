"""Questions of deconfliction and their answers as this client holds them (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Collection

from clients.mail.compose import DispatchDraft, draft_from_json
from clients.mail.operations import hold_dispatches
from clients.mail.state import State
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.operations.deconfliction import (
    ANSWER_KIND,
    COMPARED_DAYS,
    KIND,
    AskedDesk,
    DeskView,
    asked_desks,
    compare_questions,
    counts,
    told_by,
)
from schemas.operations.held import HeldStep
from schemas.operations.moments import DAY_MS
from schemas.reports import read_report
from schemas.reports.deconflict import DeconflictAnswer

_MOST_WAITING = 1_000


def read_questions(state: State, status: str) -> list[AskedDesk]:
    """The own member's questions within a status, with what the desks have answered.

    Args:
        state: what this client believes, with its store.
        status: an exercise's are not there for what is actual.
    """
    return asked_desks(_held(state, (KIND, ANSWER_KIND)), state.member, status)


def find_answered(state: State, answer: str, cover: Dispatch) -> AskedDesk | None:
    """The own question that a dispatch answers; ``None`` where it is not by the desk that was asked.

    Args:
        state: what this client believes, with its store.
        answer: digest of the answer.
        cover: its own.
    """
    found = {each.digest: each for each in read_questions(state, cover.status)}
    held = {each.digest: each for each in _held(state, (KIND, ANSWER_KIND))}
    named = [ref.digest for ref in cover.refs or () if ref.rel == "reply"]
    return next(
        (found[each] for each in named if each in found and answer in held and counts(held[answer], held[each])), None
    )


def read_desk(state: State, status: str) -> DeskView:
    """What the own member finds as a desk: all questions to it that stand now, within a status.

    Args:
        state: what this client believes, with its store.
        status: within which is compared.
    """
    now_ms = state.system.clock.time_ms()
    return compare_questions(_held(state, (KIND,), now_ms), state.member, status, now_ms)


def read_told(state: State, view: DeskView) -> dict[str, frozenset[Address]]:
    """Whom the own member's answers have named, by the digest of the question; those that wait to be sent, too.

    Of an answer whose text was deleted here it is not known whom it named: then all are, who had asked before it.

    Args:
        state: what this client believes, with its store.
        view: what is found now.
    """
    now_ms = state.system.clock.time_ms()
    answers = _held(state, (ANSWER_KIND,), now_ms)
    found, readable = told_by(answers, state.member), {each.digest for each in answers}
    for each in view.standing:
        digest = each.question.digest
        given = [ref for ref in state.store.references.to(digest, "reply") if ref.member == state.member]
        deleted = [ref for ref in given if ref.kind == ANSWER_KIND and ref.source not in readable]
        for answer in deleted:
            asked = (other.question for other in view.standing)
            before = {other.member for other in asked if other.accepted_ms <= answer.accepted_at_ms}
            found[digest] = found.get(digest, frozenset()) | before
    for row in state.store.outbox.waiting(_MOST_WAITING):
        outgoing = state.store.outbox.get(row)
        draft = draft_from_json(outgoing.draft) if outgoing is not None else None
        if not isinstance(draft, DispatchDraft) or draft.kind != ANSWER_KIND:
            continue
        form = read_report(draft.content.encode(), ANSWER_KIND).form
        named = frozenset(form.talk_to) if isinstance(form, DeconflictAnswer) else frozenset()
        for ref in draft.refs:
            if ref.rel == "reply" and ref.digest is not None:
                found[ref.digest] = found.get(ref.digest, frozenset()) | named
    return found


def question_mark(state: State) -> frozenset[str]:
    """What changes whenever a question has come: digests of all that are here."""
    return frozenset(each.source for each in state.store.references.of_kind(KIND))


def _held(state: State, kinds: Collection[str], now_ms: int | None = None) -> list[HeldStep]:
    """Dispatches of these kinds, and what cancels or corrects them; of a desk those that are not too old to count.

    Corrections are of the kind themselves; the bound of a day asks for the whole day of the oldest that counts.
    """
    references = state.store.references
    since_ms = 0 if now_ms is None else now_ms - (COMPARED_DAYS + 1) * DAY_MS
    listed = [each.source for kind in kinds for each in references.of_kind(kind) if each.accepted_at_ms >= since_ms]
    cancels = [each.source for digest in listed for each in references.to(digest, "cancel")]
    found = hold_dispatches(state, dict.fromkeys((*listed, *cancels)))
    return [each for each in found if isinstance(each, HeldStep)]
