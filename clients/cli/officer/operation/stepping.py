"""A step from what was typed to the outbox: judged, shown, agreed, signed."""

from __future__ import annotations

from clients.actions.client import Client
from clients.actions.operations.commands import PreparedStep, StepCommand, prepare_step, send_step
from clients.actions.operations.deconflicting import PlanStanding
from clients.actions.operations.finding import find_step
from clients.actions.operations.known import KnownOperation, read_operation
from clients.actions.operations.recipients import others_of, read_recipients
from clients.actions.reaching import unreachable
from clients.cli.client import show_sent
from clients.cli.officer.attachment_view import file_lines
from clients.cli.officer.composing import keeps_draft
from clients.cli.officer.operation.asking_desk import offer_question, question_lines
from clients.cli.officer.operation.filling import TypedStep, WrittenStep, amend_step, write_step
from clients.cli.officer.operation.recipients import ask_recipients
from clients.cli.officer.operation.review import review_lines
from clients.cli.ui import ask, note
from clients.documents.faults import title_of
from clients.documents.operations.deconfliction import standing_json
from clients.documents.operations.review import step_name
from clients.documents.plain import clean, wrap
from clients.documents.texts import _
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.claims.operations import FACTS


def take_step(client: Client, typed: TypedStep, operation: str | None) -> None:
    """Write a step, show it, sign it, send it, and say what became of it.

    Args:
        client: whose.
        typed: what was typed.
        operation: digest of the operation; ``None`` to open one.

    Raises:
        SeraiError: it can never be accepted; what `prepare_step` and `send_step` raise.
        click.UsageError: something is missing, and there is nobody to ask.
        click.Abort: the person refused, or went away.
    """
    if not typed.by_machine:
        client.signer(typed.command.cover.officer)  # who signs is clear before anything is asked
    known = None if operation is None else read_operation(client, operation)
    on = find_step(client, operation, typed.on) if operation is not None and typed.on else None
    draft = " ".join(filter(None, ("operation", typed.do, operation, on)))
    options = typed.command.options
    with keeps_draft(client, draft):
        written = write_step(client, typed, known, draft)
        to = _recipients(client, typed, known)
        prepared = _judged(client, typed, _command(typed, written, operation, on, to))
        while prepared is None:
            before, written = written, amend_step(client, typed, known, draft, written)
            is_changed = (written.answers, written.parts) != (before.answers, before.parts)
            prepared = _judged(client, typed, _command(typed, written, operation, on, to), may_amend=is_changed)
        also = [*written.begun.also, *file_lines(written.begun.files, prepared.report, prepared.cover)]
        standing = offer_question(client, typed.command, prepared)
        lines = [*review_lines(client, known, prepared, also), *question_lines(client, prepared, standing)]
        ask(lines, _("Sign it and send it?"), yes=options.yes)
    held = unreachable(client.state, prepared.cover.to)
    sent, *rest = send_step(client, prepared, written.begun.files, draft=draft)
    done = _("{step} sent as {number}, to {to}; accepted by the hub.")
    done = done.format(step=step_name(prepared), number="{place}", to=", ".join(prepared.cover.to))
    value = {**_value(known, prepared, standing), "unreachable": {member: why.value for member, why in held.items()}}
    show_sent(client, sent, options.wait_s, as_json=options.as_json, done=done, value=value, after=rest)


def _judged(client: Client, typed: TypedStep, command: StepCommand, *, may_amend: bool = True) -> PreparedStep | None:
    """The step, judged; ``None`` if something in it cannot be right, and its officer is there to put it right.

    Raises:
        SeraiError: what `prepare_step` raises, where nobody can put it right, or has.
    """
    options = typed.command.options
    try:
        return prepare_step(client, command)
    except ClientError as error:
        if error.code is not LocalCode.ENTRIES_IMPOSSIBLE or options.file or not (may_amend and options.may_ask):
            raise
        note(wrap(f"serai: {clean(title_of(error))}"))
        return None


def _command(
    typed: TypedStep, written: WrittenStep, operation: str | None, on: str | None, to: tuple[Address, ...]
) -> StepCommand:
    return StepCommand(
        written.form,
        operation,
        on,
        written.decision,
        tuple(written.parts.items()) or None,
        typed.legs,
        to,
        marking=typed.command.cover.marking,
        officer=typed.command.cover.officer,
        by_machine=typed.by_machine,
    )


def _recipients(client: Client, typed: TypedStep, known: KnownOperation | None) -> tuple[Address, ...]:
    """Who gets it beside those who need it: as typed; of a fact or a note a person is asked."""
    if known is None or typed.command.to:
        others = others_of(known, client.member) if known is not None else []
        return read_recipients(typed.command.to, others)
    if not typed.command.options.may_ask or typed.do not in FACTS | {"note"}:
        return ()
    return ask_recipients(known, client.member, needed=typed.do == "note")


def _value(known: KnownOperation | None, prepared: PreparedStep, standing: PlanStanding | None) -> dict[str, object]:
    """What programs learn of a step besides what became of it."""
    return {
        "operation": known.id if known is not None else None,
        "do": prepared.command.do or "cancel",
        "decision": prepared.command.decision,
        "on": prepared.rests_on,
        "to": list(prepared.cover.to),
        "left_out": list(prepared.left_out),
        "newer_plan": prepared.newer_plan,
        "decide_again": [{"leg": leg, "member": member} for leg, member in prepared.again],
        "not_known": [item.value for item in prepared.open_items],
        "unmet": [{"member": each.member, "demand": each.kind.value, "words": each.words} for each in prepared.unmet],
        "clockless": list(prepared.clockless),
        "newer_profile": prepared.newer_profile,
        "deconfliction": standing_json(standing) if standing is not None else None,
    }
