"""What was noted of steps of operations, computed again from their covers, by rules of its own (see `recount`)."""

from __future__ import annotations

from collections.abc import Sequence

from broker.core.admission.effects import StepNote
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch
from schemas.encoding import Digest, decode_digest
from schemas.operations.steps import NotedStep

_ALWAYS_TO_ALL = ("open", "plan", "confirm", "close")
_TAKEN_BACK = ("stop", "move", "hand", "exhibit", "result")


class StepRecount:
    """The steps of a ledger, read again in its order.

    Attributes:
        steps: what is noted, by place.
    """

    def __init__(self) -> None:
        self.steps: dict[int, NotedStep] = {}
        self._named: dict[Digest, set[Address]] = {}

    def take(self, cover: Dispatch, digest: Digest, index: int, replied: Sequence[int]) -> StepNote | None:
        """The next dispatch; ``None`` if it is no step.

        Args:
            cover: of the dispatch.
            digest: its own.
            index: its place.
            replied: places of what it names by ``reply``, or of what that brings again.
        """
        claim = cover.operation
        if claim is None or (claim.do is None and "reseal" in [ref.rel for ref in cover.refs or ()]):
            return None
        operation = digest if claim.id is None else decode_digest(claim.id)
        decided = next((self.steps[place] for place in replied if place in self.steps), None)
        parts = {each.member: each.part for each in claim.participants or ()}
        audience = _audience(cover, claim.do, decided)
        step = NotedStep(operation, claim.do, claim.decision, cover.iss, parts, audience)
        known = self._named.get(operation, set())
        to_all = bool(known) and known <= {*cover.to, step.member}
        if claim.do in _ALWAYS_TO_ALL or claim.decision in ("granted", "conditional"):
            to_all = to_all or decided is None or decided.do != "move"
        return self._keep(index, StepNote(step, self._joining(step, known), to_all))

    def trust(self, index: int, note: StepNote | None) -> None:
        """What stands in the database of a step whose text is gone, or names one: it cannot be computed."""
        if note is not None:
            self._keep(index, note)

    def _joining(self, step: NotedStep, known: set[Address]) -> tuple[Address, ...]:
        if step.do == "open":
            return tuple(dict.fromkeys((step.member, *step.parts)))
        return tuple(member for member in step.parts if member not in known)

    def _keep(self, index: int, note: StepNote) -> StepNote:
        self.steps[index] = note.step
        if note.joining:
            self._named.setdefault(note.step.operation, set()).update(note.joining)
        return note


def _audience(cover: Dispatch, do: str | None, decided: NotedStep | None) -> tuple[Address, ...]:
    member = member_of(cover.iss)
    if do in ("open", "plan") and cover.operation is not None:
        staying = [each.member for each in cover.operation.participants or () if each.part != "left"]
        return tuple(dict.fromkeys([member, *staying]))
    if do in _TAKEN_BACK:
        return tuple(dict.fromkeys([member, *cover.to]))
    if do != "decide" or decided is None:
        return ()
    return (decided.member,) if decided.do == "move" else decided.audience


def answers(cover: Dispatch, rel: str, *, own: bool) -> bool:
    """Whether a dispatch, which was admitted, answers a step that it names so: any step that replies does."""
    claim = cover.operation
    if claim is None or claim.do is None:
        return False
    return rel == "reply" or (rel == "countersign" and own)
