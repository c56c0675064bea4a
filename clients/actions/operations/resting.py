"""On which step another one is, where nobody names it: the newest that can be meant, if that is clear."""

from __future__ import annotations

from clients.actions.operations.known import KnownOperation
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address, member_of
from schemas.operations.held import HeldStep
from schemas.reports.operations import HandForm, OperationForm
from schemas.reports.operations.codes import HandStage


def rested_on(do: str | None, form: OperationForm, known: KnownOperation | None, member: Address) -> str | None:
    """The digest of the step that another is on; ``None`` if it is on none.

    Args:
        do: what the other does; ``None`` of a cancel.
        form: its content.
        known: the operation.
        member: whose step it is.

    Raises:
        ClientError: ``step_unclear``: it has to be named.
    """
    if known is None:
        return None
    if do in ("plan", "decide", "close"):
        return _newest_plan(known)
    if do == "confirm":
        return _to_confirm(known)
    if do == "move":
        return _own_clock(known, member)
    if isinstance(form, HandForm) and form.stage is HandStage.ACCEPTED:
        return _offer(known, form, member)
    if do is None:
        raise ClientError(LocalCode.STEP_UNCLEAR, number=known.number)
    return None


def _newest_plan(known: KnownOperation) -> str:
    """The last plan of the lead: on it is decided, it is replaced, it is closed."""
    if not known.state.plans:
        raise ClientError(LocalCode.STEP_UNCLEAR, number=known.number)
    return known.state.plans[-1].step


def _to_confirm(known: KnownOperation) -> str:
    """The newest plan, unless it is confirmed: then the one decision whose conditions are not."""
    newest = known.state.plans[-1] if known.state.plans else None
    if newest is not None and newest.confirmed_by is None:
        return newest.step
    open_ = {each.step for each in known.state.decisions if each.decision == "conditional" and not each.confirmed_ms}
    if len(open_) != 1:
        raise ClientError(LocalCode.STEP_UNCLEAR, number=known.number)
    return open_.pop()


def _own_clock(known: KnownOperation, member: Address) -> str | None:
    """The own step by which the next report is owed: this one meets it."""
    owing = {clock.step for clock in known.state.clocks if member in clock.owing(known.picture.moment_ms)}
    own = [step for step in _of_member(known, member, "move", "hand") if step.digest in owing]
    return own[-1].digest if own else None


def _offer(known: KnownOperation, form: HandForm, member: Address) -> str | None:
    """The newest offer of the other side to the own member that nobody has accepted."""
    answered = {
        ref.digest for step in _of_member(known, member, "hand") for ref in step.cover.refs or () if ref.rel == "reply"
    }
    offers = [step for step in _of_member(known, form.other, "hand") if step.digest not in answered]
    return offers[-1].digest if offers else None


def _of_member(known: KnownOperation, member: Address, *does: str) -> list[HeldStep]:
    """Steps of a member that are not struck out, by number."""
    struck = {record.digest for record in known.state.steps if record.struck_out_by is not None}
    found = [
        step
        for step in known.held.steps
        if step.cover.operation is not None
        and step.cover.operation.do in does
        and member_of(step.cover.iss) == member
        and step.digest not in struck
    ]
    return sorted(found, key=lambda step: step.number)
