"""Steps of operations: prepared and judged, reviewed by their officer, signed and queued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from clients.actions.client import Client
from clients.actions.operations.content import complete_form, expectation_of, legs_owned, with_earlier_decisions
from clients.actions.operations.demanding import frozen_profile, newer_profile, rest_on_profiles
from clients.actions.operations.entries import EntryContext, EntryFault, ImpossibleEntry, impossible_entries
from clients.actions.operations.known import KnownOperation, read_operation
from clients.actions.operations.resting import rested_on
from clients.actions.writing import Marking, check_asked, reachable_members, send_report
from clients.errors import ClientError, LocalCode
from clients.mail.attaching import MeasuredFile
from clients.mail.compose import Expectation, Ref, StepMark, check_draft
from clients.mail.cover import Cover
from clients.mail.sent import Sent
from clients.mail.steps import judge_draft, mark_step, reference_to
from schemas.addresses import Address
from schemas.claims import Handling, Precedence, Status, counted_precedence
from schemas.encoding import decode_object
from schemas.operations.demands import UnmetDemand
from schemas.operations.digests import common_digest, legs_of
from schemas.operations.steps import NotedStep
from schemas.operations.writing import USUAL, StepIntent, advised_recipients, decide_again, newer_plan, noted
from schemas.reports import MAX_REPORT_BYTES, encode_report
from schemas.reports.operations import MoveForm, OperationForm, PlanContent, StopForm
from schemas.reports.operations.codes import CrossingGround, PlanItem
from schemas.rules.status import status_to_answer

_HANDLING: Handling = "H1"


@dataclass(frozen=True, slots=True)
class StepCommand:
    """What somebody wants to do in an operation. What it does follows from the form.

    Attributes:
        form: the content; of a decision without the legs: those of the own member, as `legs` names them.
        operation: digest of its ``open``; ``None`` to open one.
        on: digest of the step that it confirms, decides, answers, closes or strikes out; what is meant, if ``None``.
        decision: of a ``decide``.
        participants: of a plan all, of a movement the one that it adds; those of the plan before, if ``None``.
        legs: names of those on which is decided; all of the own member if there are none.
        to: recipients beside those that the table names.
        related: digests of other dispatches that it is about.
        marking: how it is to be marked; the status is that of the operation.
        officer: who signs; ``None`` if that is clear.
        by_machine: whether the member's own key signs, without an officer.
        expects: the answer that is asked for; what the form asks, if ``None``.
    """

    form: OperationForm
    operation: str | None = None
    on: str | None = None
    decision: str | None = None
    participants: tuple[tuple[Address, str], ...] | None = None
    legs: tuple[str, ...] = ()
    to: tuple[Address, ...] = ()
    related: tuple[str, ...] = ()
    marking: Marking = field(default_factory=Marking)
    officer: Address | None = None
    by_machine: bool = False
    expects: Expectation | None = None

    @property
    def do(self) -> str | None:
        """What it does; ``None`` where it strikes something out."""
        name = str(type(self.form).model_fields["do"].default)
        return None if name == "cancel" else name

    @property
    def draft_name(self) -> str:
        """Under which its draft is kept: one for each thing that is done in an operation, on one step."""
        return " ".join(("operation", self.do or "cancel", self.operation or "", self.on or "")).rstrip()


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """A step that can be signed, for its officer to look at.

    Attributes:
        command: what was wanted.
        report: what goes.
        cover: to whom, how marked, on what.
        rests_on: digest of the step that it names; ``None`` if it names none.
        left_out: who should get it, and cannot be sent to now.
        newer_plan: a plan that is newer than the one it rests on.
        again: legs on which is decided already, and on which has to be decided again after it: leg and member.
        open_items: what a plan leaves open.
        clockless: who is asked for something in the form at another time than the clock of the cover has.
        unmet: what a plan does not meet of the profiles on which it rests.
        old_profile: digest of the own profile on which the plan rests, where a newer one counts.
        newer_profile: digest of that newer one.
        put_right: entries of a stop that could not be right, and were left out: it is not held back.
    """

    command: StepCommand
    report: OperationForm
    cover: Cover
    rests_on: str | None = None
    left_out: tuple[Address, ...] = ()
    newer_plan: str | None = None
    again: tuple[tuple[str, Address], ...] = ()
    open_items: tuple[PlanItem, ...] = ()
    clockless: tuple[Address, ...] = ()
    put_right: tuple[ImpossibleEntry, ...] = ()
    unmet: tuple[UnmetDemand, ...] = ()
    old_profile: str | None = None
    newer_profile: str | None = None


def prepare_step(client: Client, command: StepCommand) -> PreparedStep:
    """All that follows from what somebody wants to do, judged as the hub will judge it; nothing is kept.

    Args:
        client: whose.
        command: what is wanted.

    Raises:
        ClientError: ``no_operation``; ``step_unclear`` if it is not clear on what it is; ``entries_impossible``;
            ``nobody_reached``; ``plan_unreadable``; what `Client.signer` and `check_asked` raise.
        SeraiError: with the code with which the hub would refuse it, and the reason.
    """
    known = None if command.operation is None else read_operation(client, command.operation)
    signer = client.state.default_signer() if command.by_machine else client.signer(command.officer)
    on = command.on or rested_on(command.do, command.form, known, client.member)
    steps = noted(known.held) if known is not None else {}
    rests_on = steps.get(on) if on is not None else None
    if on is not None and rests_on is None:
        raise ClientError(LocalCode.NO_STEP, named=on[:8], number=known.number if known else "")
    form, put_right = _checked(client, command, known, on, rests_on)
    parts = _participants(command, known, form, on)
    intent = StepIntent(
        client.member, command.do, form, command.decision, dict(parts), rests_on, _is_here(known, client.member)
    )
    to, left_out = _recipients(client, command, known, intent)
    expects, clockless = expectation_of(form, client.member, command.expects, client.state.system.clock.time_ms())
    refs = (*((reference_to(command.do, on, rests_on),) if on and rests_on else ()), *_related(command))
    check_asked(expects, to, signer)
    cover = _cover(client, command, known, intent, to, refs)
    mark = StepMark(command.operation, command.do, command.decision, parts)
    cover = replace(
        cover,
        signer=signer,
        expects=expects,
        operation=mark_step(client.state, known.held, mark) if known is not None else mark,
    )
    form, unmet = rest_on_profiles(client, form, parts or (), cover.status or client.network_status)
    frozen = frozen_profile(known, on, client.member) if command.do == "decide" else None
    newer = newer_profile(client, frozen, cover.status or client.network_status)
    draft = client.point.draft(form, cover)
    check_draft(draft, client.state.keys.network)
    judge_draft(client.state, draft, known.held if known is not None else None)
    return PreparedStep(
        command,
        form,
        cover,
        on,
        left_out,
        newer_plan(known.state, on) if known is not None and on is not None else None,
        _again(known, form, on, command),
        form.open_items if isinstance(form, PlanContent) else (),
        clockless,
        put_right,
        unmet,
        frozen if newer is not None else None,
        newer,
    )


def send_step(
    client: Client, prepared: PreparedStep, files: Sequence[MeasuredFile] = (), *, draft: str | None = None
) -> list[Sent]:
    """Sign a step that its officer has looked at, and put it into the outbox; a crash leaves that or its draft.

    What has come since counts: its `after` is made anew, and a plan that nobody was told of holds it back, unless
    it is a stop.

    Args:
        client: whose.
        prepared: what was shown.
        files: that go with it; what is urgent does not wait for them.
        draft: name of the draft that it ends; that of its command if ``None``.

    Returns:
        What goes at once, and the files that follow, if they do.

    Raises:
        ClientError: ``plan_changed`` if a newer plan came meanwhile; what `prepare_step`, `Client.unlock` and
            `clients.actions.writing.send_report` raise.
    """
    client.reread()
    now = prepare_step(client, replace(prepared.command, on=prepared.rests_on))
    is_stop = prepared.command.do == "stop"
    if now.newer_plan != prepared.newer_plan and not is_stop:
        raise ClientError(LocalCode.PLAN_CHANGED)
    # A stop goes to everybody who has become known since, too.
    cover = now.cover if is_stop else replace(prepared.cover, operation=now.cover.operation)
    judge_draft(client.state, client.point.draft(prepared.report, cover))
    return send_report(client, prepared.report, cover, draft or prepared.command.draft_name, files)


# The content


def _checked(
    client: Client,
    command: StepCommand,
    known: KnownOperation | None,
    on: str | None,
    rests_on: NotedStep | None,
) -> tuple[OperationForm, tuple[ImpossibleEntry, ...]]:
    """The form, whole; a stop without what cannot be right in it."""
    plan = known.state.plan(on) if known is not None else None
    form = complete_form(command.form, client.member, plan, command.legs)
    parts = _participants(command, known, form, on)
    form = with_earlier_decisions(form, known, parts)
    context = EntryContext(
        client.member,
        client.state.system.clock.time_ms(),
        command.decision,
        dict(parts),
        legs_owned(plan) if plan is not None else None,
        has_offer=rests_on is not None and rests_on.do == "hand",
        has_profile=frozen_profile(known, on, client.member) is not None,
    )
    impossible = tuple(impossible_entries(form, context))
    if impossible and isinstance(form, StopForm):
        return form.model_copy(update={"until": None}), impossible
    if impossible:
        faults: dict[EntryFault, None] = dict.fromkeys(each.fault for each in impossible)
        raise ClientError(LocalCode.ENTRIES_IMPOSSIBLE, entries=list(faults), where=[each.where for each in impossible])
    return form, ()


def _participants(
    command: StepCommand, known: KnownOperation | None, form: OperationForm, on: str | None
) -> tuple[tuple[Address, str], ...]:
    if command.participants is not None:
        return command.participants
    if command.do == "plan" and known is not None:
        plan = known.state.plan(on)
        return tuple(plan.parts.items()) if plan is not None else ()
    if command.do == "move" and known is not None:
        return _entered(known, form)
    return ()


def _entered(known: KnownOperation, form: OperationForm) -> tuple[tuple[Address, str], ...]:
    """An urgent crossing adds the country that was entered, if nobody has named it."""
    soil = form.soil if isinstance(form, MoveForm) and form.ground is CrossingGround.URGENT else None
    is_new = soil is not None and soil not in known.state.parts and soil != known.state.lead
    return ((soil, "transit"),) if is_new and soil is not None else ()


# The cover


def _is_here(known: KnownOperation | None, member: Address) -> bool:
    soil = known.picture.soil if known is not None else None
    return soil is not None and soil.member == member


def _recipients(
    client: Client, command: StepCommand, known: KnownOperation | None, intent: StepIntent
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    advised = advised_recipients(known.state if known is not None else None, intent)
    wanted = tuple(dict.fromkeys((*advised, *command.to)))
    reachable = {*reachable_members(client), client.member}
    to = tuple(each for each in wanted if each in reachable)
    if not to:
        raise ClientError(LocalCode.NOBODY_REACHED)
    return to, tuple(each for each in wanted if each not in reachable)


def _related(command: StepCommand) -> tuple[Ref, ...]:
    return tuple(Ref("related", digest) for digest in command.related)


def _cover(
    client: Client,
    command: StepCommand,
    known: KnownOperation | None,
    intent: StepIntent,
    to: tuple[Address, ...],
    refs: tuple[Ref, ...],
) -> Cover:
    asked = command.marking
    precedence = asked.precedence or cast("Precedence", _usual(known, refs))
    return Cover(
        to=to,
        status=_status(client, command, known),
        precedence="flash" if intent.is_alarming else precedence,
        handling=asked.handling or _handling(known),
        refs=refs,
    )


def _usual(known: KnownOperation | None, refs: tuple[Ref, ...]) -> str:
    """As urgent as what it answers, where that is more than usual; a check-in does not ring because of a loss."""
    answered = next((ref.digest for ref in refs if ref.rel in ("reply", "cancel") and ref.digest), None)
    step = known.step(answered) if known is not None else None
    if step is None or step.cover.operation is None or step.cover.operation.do not in ("open", "plan"):
        return USUAL
    found = counted_precedence(step.cover.precedence)
    return found if found in ("immediate", "flash") else USUAL


def _status(client: Client, command: StepCommand, known: KnownOperation | None) -> Status:
    if known is None:
        return command.marking.status or client.network_status
    status = status_to_answer(known.state.status)
    if command.marking.status is not None and command.marking.status != status:
        raise ClientError(
            LocalCode.MARKED_OTHERWISE,
            number=known.number,
            found=status,
            status=command.marking.status,
            index=known.number,
        )
    return status


def _handling(known: KnownOperation | None) -> Handling:
    """As the request is marked."""
    opened = known.step(known.id) if known is not None else None
    return cast("Handling", opened.cover.handling) if opened is not None else _HANDLING


# What follows


def _again(
    known: KnownOperation | None, form: OperationForm, on: str | None, command: StepCommand
) -> tuple[tuple[str, Address], ...]:
    """Legs on which has to be decided again after it."""
    if known is None:
        return ()
    if isinstance(form, PlanContent):
        legs, common = _digests(form)
        return decide_again(known.state, legs, common)
    newest = known.state.plan(newer_plan(known.state, on)) if on is not None and command.do == "decide" else None
    before = known.state.plan(on)
    if newest is None or before is None:
        return ()
    old = {leg.leg: leg.digest for leg in before.legs}
    changed = newest.common != before.common
    return tuple((leg.leg, leg.member) for leg in newest.legs if changed or old.get(leg.leg) != leg.digest)


def _digests(form: PlanContent) -> tuple[Mapping[str, str], str]:
    """The digests of a plan that was not sent yet: of its legs, and of its common part."""
    value = decode_object(encode_report(form), MAX_REPORT_BYTES, fractions=True)
    return legs_of(value), common_digest(value)
