"""What in operations a person is called for, once each: found here, kept in the store, told by `clients.actions.news`.

What came as something urgent for us rings by itself until an officer has answered it; what is here is everything else.
Times are the network's, by the corrected clock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from clients.mail.operations import hold_operation, waiting_steps
from clients.mail.state import State
from clients.store import OperationCall
from schemas.addresses import Address, member_of
from schemas.operations.asof import picture_of
from schemas.operations.fold import Folded, fold
from schemas.operations.held import HeldOperation, HeldStep
from schemas.operations.moments import DAY_MS, MINUTE_MS
from schemas.operations.picture import Picture
from schemas.operations.results import StopState
from schemas.operations.terms import ClockKind, Colour, ContradictionKind, MissingHow, Phase

UNCONFIRMED_MS: Final = 2 * MINUTE_MS
"""How long whoever has the goods may take to confirm a stop before a person telephones."""

_RECENT_MS: Final = 7 * DAY_MS
"""What is older calls nobody: a seat that is new here learns of years at once."""

_LOOK_MS: Final = 5_000
"""How often time alone is looked at."""

_REACHES_ALL: Final = frozenset({"open", "plan", "confirm", "close"})
"""Steps that have to reach every participant."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """An operation at a moment, and whose client looks."""

    held: HeldOperation
    folded: Folded
    picture: Picture
    member: Address

    def step(self, digest: str) -> HeldStep | None:
        return next((step for step in self.held.steps if step.digest == digest), None)

    @property
    def answers_for_all(self) -> bool:
        """Whether the own member leads or coordinates it."""
        state = self.folded.state
        return self.member == state.lead or state.parts.get(self.member) == "coordinator"


class OperationCaller:
    """Finds what a person is to be called for, in all operations of a store.

    Args:
        state: what the client believes, with its store.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._mark: object = None
        self._again_ms = 0
        self._folded: dict[str, tuple[object, HeldOperation, Folded]] = {}

    def look(self) -> int:
        """Keep what nobody was called for yet; how much that is.

        Raises:
            SeraiError: the store cannot be read or written now, or is damaged.
        """
        store, now_ms = self._state.store, self._state.system.clock.time_ms()
        mark = store.version, store.operations.mark()
        if mark == self._mark and now_ms < self._again_ms:
            return 0
        found = [call for operation in store.operations.all() for call in self._calls(operation, now_ms)]
        with store.transaction():
            made = sum(store.operations.call(call) for call in found)
        self._mark, self._again_ms = (store.version, store.operations.mark()), now_ms + _LOOK_MS
        return made

    def _calls(self, operation: str, now_ms: int) -> Iterator[OperationCall]:
        mark = self._state.store.operations.mark_of(operation)
        if operation not in self._folded or self._folded[operation][0] != mark:
            held = hold_operation(self._state, operation)
            self._folded[operation] = mark, held, fold(held)
        _, held, folded = self._folded[operation]
        looked = _Looked(held, folded, picture_of(folded, now_ms), self._state.member)
        yield from self._stops(looked, now_ms)
        yield from self._unsent(operation, now_ms)
        yield from self._refusals(looked, now_ms)
        yield from self._losses(looked, now_ms)
        yield from _contradictions(looked, now_ms)
        yield from _not_sent(looked, now_ms)
        if folded.state.phase is not Phase.CLOSED:
            yield from self._overdue(looked, now_ms)
            yield from _endings(looked, now_ms)

    def _rings(self, digest: str) -> bool:
        """Whether it came as something urgent for us, or is our own."""
        item = self._state.store.items.get(digest)
        return item is not None and (item.sent_by_us or (item.inbox and item.lane == "urgent"))

    def _stops(self, looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
        for stop in looked.picture.stops:
            if not self._rings(stop.step) and now_ms - stop.since_ms < _RECENT_MS:
                yield _call(looked, "stopped", stop.step, now_ms, members=(stop.member,))
            holder = looked.picture.control.holder if looked.picture.control else None
            if holder is not None and self._is_unconfirmed(looked, stop, holder, now_ms):
                yield _call(looked, "stop_not_received", stop.step, now_ms, str(holder), (holder,))

    def _is_unconfirmed(self, looked: _Looked, stop: StopState, holder: Address, now_ms: int) -> bool:
        """Whether who has the goods has not confirmed a stop in time, as far as its sender or the hub has noticed."""
        step = looked.step(stop.step)
        if step is None or holder in (looked.member, stop.member) or now_ms < step.accepted_ms + UNCONFIRMED_MS:
            return False
        has = self._state.store.outcomes.has
        if stop.member == looked.member:
            return not any(has(stop.step, holder, outcome) for outcome in ("received", "acknowledged"))
        part = looked.folded.state.parts.get(looked.member)
        return part == "coordinator" and any(has(stop.step, holder, each) for each in ("overdue", "undeliverable"))

    def _unsent(self, operation: str, now_ms: int) -> Iterator[OperationCall]:
        """Own stops that the hub has not taken: nobody has them."""
        for waiting in waiting_steps(self._state, operation):
            outgoing = self._state.store.outbox.get(waiting.row)
            is_late = outgoing is not None and now_ms >= outgoing.made_ms + UNCONFIRMED_MS
            if is_late and waiting.draft.first:
                about = str(waiting.row)
                yield OperationCall(operation, "stop_not_sent", about, now_ms, operation, waiting.draft.to)

    def _refusals(self, looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
        for record in looked.folded.state.steps:
            is_bad = record.decision in ("refused", "withdrawn") and record.void is None
            if is_bad and not self._rings(record.digest) and now_ms - record.accepted_ms < _RECENT_MS:
                kind = str(record.decision)
                yield _call(looked, kind, record.digest, now_ms, members=(member_of(record.signer),))

    def _losses(self, looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
        state = looked.folded.state
        lost = [each for each in state.contradictions if each.kind is ContradictionKind.CONTROL_LOST]
        found = [("lost", each.steps[0], each.owner) for each in lost if each.steps]
        found += [("crossed_urgently", each.step, each.member) for each in state.crossings if each.is_urgent]
        for kind, digest, member in found:
            step = looked.step(digest)
            if step is not None and not self._rings(digest) and now_ms - step.accepted_ms < _RECENT_MS:
                yield _call(looked, kind, digest, now_ms, members=(member,) if member else ())

    def _overdue(self, looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
        """Clocks that ran out, of which we owe something, or by which we asked."""
        for clock in looked.picture.overdue:
            owing, item = clock.owing(now_ms), self._state.store.items.get(clock.step)
            is_ours = item is not None and item.sent_by_us
            is_told = is_ours and clock.kind is ClockKind.ANSWER and item is not None and item.lane == "urgent"
            if is_told or not (is_ours or looked.member in owing) or now_ms - clock.due_ms >= _RECENT_MS:
                continue
            about = f"{clock.due_ms} {clock.about}"  # one call for an answer and a report that are the same thing
            yield _call(looked, "overdue", clock.step, now_ms, about, owing)


def _contradictions(looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
    """What is red, to who has to explain it, and to lead and coordinator."""
    for each in looked.folded.state.contradictions:
        concerns = looked.answers_for_all or each.owner == looked.member
        newest = max((step.accepted_ms for step in looked.held.steps if step.digest in each.steps), default=now_ms)
        if each.colour is Colour.RED and concerns and now_ms - newest < _RECENT_MS:
            about = " ".join((each.kind.value, each.about, *each.steps))
            step = each.steps[0] if each.steps else looked.held.id
            yield _call(looked, "contradiction", step, now_ms, about, (each.owner,) if each.owner else ())


def _endings(looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
    """Authorities that end soon, to whom they concern: the last warning that is due of each."""
    due: dict[tuple[str, Address, int], int] = {}
    for each in looked.picture.warnings:
        if looked.member in each.to and each.at_ms <= now_ms < each.ends_ms:
            key = each.leg, each.member, each.ends_ms
            due[key] = max(each.at_ms, due.get(key, 0))
    for (leg, member, ends_ms), at_ms in due.items():
        yield _call(looked, "ends_soon", looked.held.id, now_ms, f"{leg} {member} {ends_ms} {at_ms}", (member,))


def _not_sent(looked: _Looked, now_ms: int) -> Iterator[OperationCall]:
    """Steps that had to reach us and did not; and, to who leads or coordinates, that there are any at all."""
    for step in looked.held.steps:
        claim = step.cover.operation
        had_to = claim is not None and (claim.do in _REACHES_ALL or claim.decision in ("granted", "conditional"))
        is_new = looked.member not in step.cover.to and step.content is MissingHow.NOT_SENT
        if had_to and is_new and now_ms - step.accepted_ms < _RECENT_MS and _is_named(looked, step):
            yield _call(looked, "not_sent", step.digest, now_ms, members=(member_of(step.cover.iss),))
    leaves = [leaf for leaf in looked.held.leaves if leaf.how is MissingHow.NOT_SENT]
    if leaves and looked.answers_for_all and now_ms - max(leaf.accepted_ms for leaf in leaves) < _RECENT_MS:
        call = _call(looked, "not_sent", looked.held.id, now_ms)
        yield OperationCall(call.operation, call.kind, call.about, now_ms, call.step, (), len(leaves))


def _is_named(looked: _Looked, step: HeldStep) -> bool:
    """Whether the own member had been named before a step was accepted: who joins later was sent nothing before."""
    before = [each for each in looked.held.steps if each.number <= step.number and each.cover.operation is not None]
    return any(looked.member in (each.cover.operation.parts() if each.cover.operation else {}) for each in before)


def _call(
    looked: _Looked, kind: str, step: str, now_ms: int, about: str = "", members: tuple[Address, ...] = ()
) -> OperationCall:
    return OperationCall(looked.held.id, kind, f"{step} {about}".rstrip(), now_ms, step, members)
