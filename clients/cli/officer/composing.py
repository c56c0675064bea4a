"""From what was typed to a dispatch in the outbox: asked, shown, agreed, sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import click

from clients.actions.client import Client
from clients.actions.drafting import keep_draft, kept_draft, measure_files, measure_kept
from clients.actions.forms import missing
from clients.actions.numbers import SpokenNumber
from clients.actions.reaching import unreachable
from clients.actions.writing import (
    CoverOptions,
    PassedOn,
    begin_cover,
    reachable_members,
    read_report,
    read_typed_recipients,
    send_report,
    usual_precedence,
    write_report,
)
from clients.cli.client import show_sent
from clients.cli.officer.asking import ask_code, ask_recipients, ask_steps, check_answers, may_ask, option_of
from clients.cli.officer.attachment_view import fate_lines, file_lines
from clients.cli.officer.cover_view import preview
from clients.cli.officer.options import SendOptions
from clients.cli.ui import agrees, ask, note
from clients.documents.plain import clean, utc
from clients.documents.texts import _
from clients.mail.attaching import MeasuredFile
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.claims import Precedence as PrecedenceWord
from schemas.labels import Precedence
from schemas.reports import ReportModel
from schemas.reports.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Begun:
    """What a person has typed of a report: in this command, or before it was cut off.

    Attributes:
        answers: by the key of the step.
        files: that go with it.
        also: what a person should see of its files at the review.
    """

    answers: Mapping[str, str]
    files: Sequence[MeasuredFile] = ()
    also: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Composition:
    """What a person wants to send, as far as it was typed.

    Attributes:
        kind: of the report.
        begun: its content so far, and its files.
        options: of the cover.
        to: its recipients, as they were typed.
        on: the number of the dispatch that it answers.
        known: answers that need not be asked for, unless others were typed.
        draft: name of its draft.
        value: more for programs, of what was sent.
    """

    kind: str
    begun: Begun
    options: CoverOptions
    draft: str
    to: Sequence[str] = ()
    on: SpokenNumber | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    value: Mapping[str, Any] = field(default_factory=dict)


def write_and_send(client: Client, composition: Composition, options: SendOptions) -> None:
    """Write a report, show it, send it, and say what became of it.

    Args:
        client: whose.
        composition: what was typed.
        options: how the command behaves.

    Raises:
        SeraiError: it can never be accepted.
        click.UsageError: something is missing, and there is nobody to ask.
    """
    begun = composition.begun
    partial = begin_cover(client, composition.options, composition.on)
    with keeps_draft(client, composition.draft):
        report = _report(client, composition, options)
        to = decide_recipients(client, composition.to, partial.sender)
        cover = partial.complete(to, partial.precedence or _precedence(composition.kind, options))
    value, files, also = composition.value, begun.files, begun.also
    ready = ReadyDispatch(report, cover, composition.draft, value=value, files=files, also=also)
    agree_and_send(client, ready, options)


@dataclass(frozen=True, slots=True)
class ReadyDispatch:
    """What is about to be sent.

    Attributes:
        report: its content.
        cover: where it goes, and how it is marked.
        draft: name of the draft that it ends.
        done: what to say when it was accepted; ``{place}`` is its number.
        value: more for programs.
        also: what a person should see beside the content.
        files: that go with it.
        instead_of: digests of what it cancels or corrects.
        passes_on: what of others it passes on.
    """

    report: ReportModel
    cover: Cover
    draft: str
    done: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    also: Sequence[str] = ()
    files: Sequence[MeasuredFile] = ()
    instead_of: Sequence[str] = ()
    passes_on: PassedOn | None = None


def agree_and_send(client: Client, ready: ReadyDispatch, options: SendOptions) -> None:
    """Show what will go, to whom and how marked; if a person agrees, send it, and say what became of it.

    Args:
        client: whose.
        ready: what.
        options: how the command behaves.

    Raises:
        SeraiError: it can never be accepted.
        click.Abort: the person refused, or went away.
    """
    held = unreachable(client.state, ready.cover.to)
    with keeps_draft(client, ready.draft):
        also = [*ready.also, *file_lines(ready.files, ready.report, ready.cover)]
        ask(preview(client, ready.report, ready.cover, also), _("Send it?"), yes=options.yes)
        if held and ready.cover.precedence == "flash" and not options.yes:
            text = _("{members} cannot read it now. Send this flash without anybody there knowing?")
            ask([], text.format(members=", ".join(held)), yes=False)
    what, beside = (ready.report, ready.cover, ready.draft), (ready.instead_of, ready.passes_on)
    sent, *rest = send_report(client, *what, ready.files, *beside)
    to = ", ".join(ready.cover.to)
    done = ready.done or _("Sent as {number}, to {to}; accepted by the hub.").format(number="{place}", to=to)
    why = {member: each.value for member, each in held.items()}
    value = {"to": list(ready.cover.to), "unreachable": why, **ready.value}
    show_sent(client, sent, options.wait_s, as_json=options.as_json, done=done, value=value, after=rest)


# Drafts


@contextmanager
def keeps_draft(client: Client, name: str) -> Iterator[None]:
    """Where a person is asked: if the person goes away, say that what was typed is kept.

    Args:
        client: whose.
        name: of the draft.

    Raises:
        click.Abort: the person went away.
    """
    try:
        yield
    except click.Abort:
        if kept_draft(client, name) is None:
            raise
        kept = _("Nothing was sent. What you typed is kept: the same command goes on with it.")
        raise click.Abort(kept) from None


def take_up(
    client: Client, name: str, answers: Mapping[str, str], options: SendOptions, report: ReportModel | None = None
) -> Begun:
    """Go on with a draft that a crash, or a person, has left, if the person wants that.

    Args:
        client: whose.
        name: of the draft.
        answers: what was typed now; where it says anything else than the draft, that is another case.
        options: how the command behaves; files that were typed now go instead of those of the draft.
        report: what the files go with, which may have attachments already.

    Raises:
        ClientError: a file cannot go.
        OSError: a file cannot be read.
    """
    typed = Begun(dict(answers), measure_files(client, options.files, report))
    kept = kept_draft(client, name)
    if kept is None or options.file or not options.may_ask or not kept.agrees_with(answers):
        return typed
    note(_("There is an unfinished draft of {time}:").format(time=utc(kept.at_ms)))
    for key, value in kept.answers.items():
        note(f"  {key}: {clean(value)}")
    for each in () if options.files else kept.files:
        note(f"  attach: {clean(str(each.file.path))}")
    if not agrees(_("Go on with it?"), default=True):
        client.store.drafts.drop(name)
        return typed
    if options.files:
        return Begun(dict(kept.answers), typed.files)
    files, fates = measure_kept(client, kept.files, report)
    return Begun(dict(kept.answers), files, fate_lines(fates))


# What is asked


def _report(client: Client, composition: Composition, options: SendOptions) -> ReportModel:
    kind, begun = composition.kind, composition.begun
    answers = {**composition.known, **begun.answers}
    if options.file:
        return read_report(kind, options.file)
    check_answers(kind, answers)
    if lacking := missing(kind, answers):
        if not may_ask():
            raise lacks(*map(option_of, lacking))
        answers = ask_steps(kind, answers, lambda so_far: keep_draft(client, composition.draft, so_far, begun.files))
    return write_report(kind, answers)


def lacks(*options: str) -> click.UsageError:
    """Something is missing, and there is nobody to ask."""
    return click.UsageError(_("missing: {options}").format(options=", ".join(options)))


def _precedence(kind: str, options: SendOptions) -> PrecedenceWord:
    """How urgent it is: a person decides, unless it tells of the past."""
    if KINDS[kind].is_past or not options.may_ask:
        return usual_precedence(kind)
    return cast("PrecedenceWord", ask_code(_("How urgent is it?"), Precedence))


def decide_recipients(client: Client, typed: Sequence[str], sender: Address | None = None) -> tuple[Address, ...]:
    """Whom it goes to: as typed, or whoever is answered, or as a person decides.

    Args:
        client: whose.
        typed: addresses, or the word for everybody.
        sender: of what is answered.

    Raises:
        ClientError: ``recipients_unknown``.
        SeraiError: ``malformed_address``.
        click.UsageError: nobody was named, and there is nobody to ask.
    """
    words: Sequence[str] = [word.upper() for each in typed for word in each.replace(",", " ").split()]
    if not words and sender is not None:
        words = [sender]
    if not words and not may_ask():
        raise lacks("--to")
    known = reachable_members(client)
    return read_typed_recipients(client, words or ask_recipients(known))
