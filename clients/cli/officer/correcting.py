"""Correcting and cancelling what the own member sent as N: what is to change is asked, shown, sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from clients.actions.amending import (
    Amendment,
    amending_cover,
    find_amendable,
    find_correctable,
    find_waiting,
    plan_cancellation,
    plan_correction,
    write_withdrawal,
)
from clients.actions.client import Client
from clients.actions.drafting import keep_draft
from clients.actions.forms import missing, steps_to_change
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import Original
from clients.actions.revision import answers_of, revise
from clients.actions.writing import CoverOptions, learn_members, read_report
from clients.cli.client import show_sent
from clients.cli.officer.asking import ask_step, check_answers, may_ask, option_of
from clients.cli.officer.composing import Begun, ReadyDispatch, agree_and_send, keeps_draft, lacks, take_up
from clients.cli.officer.options import SendOptions
from clients.cli.ui import note
from clients.documents.cover_texts import files_move_texts, withdrawn_texts
from clients.documents.plain import WIDTH, clean, wrap
from clients.documents.report_text import report_lines
from clients.documents.texts import _, label, label_of
from clients.mail.withdrawing import unsent_versions
from clients.store import Outgoing
from schemas.encoding import decode_object, encode_json
from schemas.reports import MAX_REPORT_BYTES, ReportModel, encode_report, parse_report
from schemas.reports.base import Text
from schemas.reports.kinds import KINDS
from schemas.reports.steps import Step

_REASON = Step("reason", "Why is it cancelled?", Text)


def correct(
    client: Client, spoken: SpokenNumber, changes: Mapping[str, str], cover: CoverOptions, options: SendOptions
) -> None:
    """Send a new version of what was sent as N.

    Args:
        client: whose.
        spoken: N.
        changes: answers that were typed, by the key of the step.
        cover: what was asked of the cover; its status is checked.
        options: how the command behaves.

    Raises:
        ClientError: what `clients.actions.amending.find_correctable` and `amending_cover` raise.
        SeraiError: it can never be accepted.
        click.UsageError: nothing is changed, or something is missing and there is nobody to ask.
    """
    learn_members(client, options.wait_s)
    original, old = find_correctable(client, spoken, cover.marking.status)
    draft = f"correct {original.digest}"
    with keeps_draft(client, draft):
        report, begun = rewrite(client, old, changes, draft, options)
    if report == old and not begun.files:
        text = _("nothing of {number} is changed; say what is to change, for example --summary")
        raise click.UsageError(text.format(number=original.number))
    amendment = plan_correction(client, original)
    _name_left_out(amendment)
    unsent = unsent_versions([original.digest], client.store)
    also = [*lines_gone(old, report), *begun.also, *(map(wrap, files_move_texts(unsent)) if report.attachments else [])]
    ready = ReadyDispatch(
        report,
        amending_cover(client, amendment, cover),
        draft,
        done=_done_text(_("Sent as {number}, corrects {about}, to {to}; accepted by the hub."), original, amendment.to),
        value={"about": original.index, "rel": "update", "withdrawn": [each.id for each in unsent]},
        also=also if report.attachments else [*also, *withdrawn_lines(unsent)],
        files=begun.files,
        instead_of=[original.digest],
    )
    agree_and_send(client, ready, options)


def cancel(client: Client, spoken: SpokenNumber, reason: str | None, cover: CoverOptions, options: SendOptions) -> None:
    """Withdraw what was sent as N, with all its versions.

    Args:
        client: whose.
        spoken: N.
        reason: why; asked for if it was not typed.
        cover: what was asked of the cover; its status is checked.
        options: how the command behaves.

    Raises:
        ClientError: what `clients.actions.amending.find_amendable` and `amending_cover` raise.
        click.UsageError: no reason was typed, and there is nobody to ask.
    """
    learn_members(client, options.wait_s)
    original = find_amendable(client, spoken, cover.marking.status)
    text = _("Sent as {number}, cancels {about}, to {to}; accepted by the hub.")
    if (found := find_waiting(client, original.digest, "cancel")) is not None:
        sent, waiting = found
        note(_("It was cancelled already, and waits to be sent."))
        value = {"to": list(waiting.to), "about": original.index, "rel": "cancel"}
        done = _done_text(text, original, waiting.to)
        show_sent(client, sent, options.wait_s, as_json=options.as_json, done=done, value=value)
        return
    draft = f"cancel {original.digest}"
    reason = _reason(client, draft, reason, options)
    amendment = plan_cancellation(client, original)
    _name_left_out(amendment)
    digests = [each.digest for each in amendment.versions]
    unsent = unsent_versions(digests, client.store)
    ready = ReadyDispatch(
        write_withdrawal(original, reason, _("withdrawn")),
        amending_cover(client, amendment, cover),
        draft,
        done=_done_text(text, original, amendment.to),
        value={
            "about": original.index,
            "rel": "cancel",
            "cancels": [each.index for each in amendment.versions],
            "withdrawn": [each.id for each in unsent],
        },
        also=withdrawn_lines(unsent),
        instead_of=digests,
    )
    agree_and_send(client, ready, options)


def _done_text(text: str, original: Original, to: tuple[str, ...]) -> str:
    return text.format(number="{place}", about=original.number, to=", ".join(to))


def _name_left_out(amendment: Amendment) -> None:
    if amendment.left_out:
        text = _("Not to {members}: they cannot be written to any more.")
        note(text.format(members=", ".join(amendment.left_out)))


def _reason(client: Client, draft: str, typed: str | None, options: SendOptions) -> str:
    found = take_up(client, draft, {"reason": typed} if typed else {}, options).answers.get("reason")
    if not found:
        if not may_ask():
            raise lacks("--reason")
        found = ask_step(_REASON)
        keep_draft(client, draft, {"reason": found})
    if not _REASON.fits(found):
        raise click.UsageError(_("{option}: this value cannot be used").format(option="--reason"))
    return found


# The new version


def rewrite(
    client: Client, old: ReportModel, changes: Mapping[str, str], draft: str, options: SendOptions
) -> tuple[ReportModel, Begun]:
    """The new version of a report, and what was typed of it, with its files.

    Args:
        client: whose.
        old: the version before it.
        changes: answers that were typed; if there are none, a person is asked.
        draft: name of the draft.
        options: how the command behaves.

    Raises:
        SeraiError: ``malformed_report``.
        click.UsageError: something will not do, or is missing and there is nobody to ask.
    """
    kind, members = old.kind, decode_object(encode_report(old), MAX_REPORT_BYTES)
    if not options.file:
        _check_asked(kind, changes)
        check_answers(kind, changes)
    begun = take_up(client, draft, changes, options, old)
    if options.file:
        return read_report(kind, options.file), begun
    is_typed, changes = bool(changes), begun.answers
    lacking = missing(kind, answers_of(kind, revise(kind, members, changes)))
    if options.may_ask and (lacking or not is_typed):
        changes = ask_changes(kind, members, changes, lambda so_far: keep_draft(client, draft, so_far, begun.files))
    elif lacking:
        raise lacks(*map(option_of, lacking))
    return parse_report(encode_json(revise(kind, members, changes)).encode()), begun


def _check_asked(kind: str, changes: Mapping[str, str]) -> None:
    """Refuse options that say nothing of this kind of report.

    Raises:
        click.UsageError: naming them.
    """
    known = {step.key for step in KINDS[kind].steps}
    strange = ["--" + key.replace("_", "-") for key in changes if key not in known]
    if strange:
        text = _("a {kind} does not have {options}; for more than is asked for use --file")
        raise click.UsageError(text.format(kind=label_of(KINDS.values(), kind).lower(), options=", ".join(strange)))


def ask_changes(
    kind: str,
    old: Mapping[str, Any],
    changes: Mapping[str, str],
    keep: Callable[[Mapping[str, str]], None],
    ask: Callable[[Step], str] = ask_step,
) -> Mapping[str, str]:
    """Ask what is to change, until a person says that all is right.

    Args:
        kind: of the report, or the name of its form.
        old: its members.
        changes: so far.
        keep: puts the changes on disk.
        ask: asks for one answer.
    """
    while True:
        answers = answers_of(kind, revise(kind, old, changes))
        lacking = missing(kind, answers)
        step = lacking[0] if lacking else _chosen(kind, answers)
        if step is None:
            return changes
        changes = {**changes, step.key: ask(step)}
        keep(changes)


def _chosen(kind: str, answers: Mapping[str, str]) -> Step | None:
    """The step that a person wants to answer anew; ``None`` if none."""
    steps = [step for step in steps_to_change(kind, answers) if step.is_due(answers)]
    for number, step in enumerate(steps, 1):
        name, entry = re.split(r" \(|[:?]", _(step.question))[0], re.search(r"_([0-9]+)$", step.key)
        name += f" [{entry[1]}]" if entry else ""
        note(wrap(f"{number:>3}  {name}: {_shown(step, answers.get(step.key, ''))}"))
    while True:
        question = _("What is to change? Its number, or Enter if all is right")
        answer: str = click.prompt(question, default="", show_default=False, err=True).strip()
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(steps):
            return steps[int(answer) - 1]
        note(_("This answer cannot be used; please type it again."))


def _shown(step: Step, answer: str) -> str:
    code = next((each for each in step.codes if each.value == answer), None) if step.codes else None
    return label(code) if code is not None else clean(answer) or "-"


def withdrawn_lines(rows: Sequence[Outgoing]) -> list[str]:
    """What waits to be sent, and is withdrawn with what is cancelled."""
    return list(map(wrap, withdrawn_texts(rows)))


def lines_gone(old: ReportModel, new: ReportModel) -> list[str]:
    """Lines of the old version that are not in the new one, as they are shown."""
    kept = set(report_lines(new))
    gone = [line for line in report_lines(old) if line not in kept]
    return [_("No longer said:"), *gone, "-" * WIDTH] if gone else []
