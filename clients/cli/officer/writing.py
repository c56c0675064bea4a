"""From what was typed to a dispatch in the outbox: asked, shown, agreed, drafted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from clients.cli.desk import Desk, tell_sent
from clients.cli.faults import Fault, said
from clients.cli.numbers import Spoken, spell_number
from clients.cli.officer.asking import (
    ALL,
    ask_code,
    ask_recipients,
    ask_steps,
    check_answers,
    may_ask,
    missing,
    option_of,
)
from clients.cli.officer.dispatch_view import banner, precedence_text
from clients.cli.officer.report_view import report_lines
from clients.cli.officer.steps import build_report
from clients.cli.texts import _, label, label_of
from clients.cli.ui import WIDTH, agrees, ask, clean, note, utc, wrap
from clients.cli.ui import field as named
from clients.follow import ReportModel
from schemas.addresses import Address, is_officer, parse_member
from schemas.encoding import decode_object, encode_json
from schemas.errors import Code, SeraiError
from schemas.labels import CodedValue, HandlingCode, Precedence, Relation, Status
from schemas.limits import CONTENT_BYTES
from schemas.reports import parse_report
from schemas.reports.review import review_report


def write_and_send(
    desk: Desk, kind: str, answers: dict[str, str], given: Mapping[str, Any], known: Mapping[str, str] | None = None
) -> None:
    """Write a report, show it, send it, tell what became of it.

    Args:
        desk: where.
        kind: of the report.
        answers: what the options have said of the content.
        given: the other options of `clients.cli.officer.send`; ``draft`` is the name of the draft, if it is
            not the kind, ``value`` more for programs, ``taken_up`` says that its draft was offered already.
        known: answers that need not be asked for, unless the options say otherwise.

    Raises:
        SeraiError: it can never be accepted.
        click.UsageError: something is missing, and there is nobody to ask.
    """
    desk.catch_up(given["wait_s"], needed=lambda: not everybody(desk))
    draft = given.get("draft") or kind
    taken_up = answers if given.get("taken_up") else unfinished(desk, draft, answers, given)
    answers = {**(known or {}), **taken_up}
    cover = make_cover(desk, given)
    with keeps_draft(desk, draft):
        report = _report(desk, kind, answers, given)
        cover["to"] = recipients_of(desk, given, cover)
        cover["precedence"] = cover["precedence"] or _precedence(kind, given)
    agree_and_send(desk, Ready(report, cover, draft, value=given.get("value") or {}), given)


@dataclass(frozen=True, slots=True)
class Ready:
    """What is about to be sent.

    Attributes:
        report: its content.
        cover: arguments of `clients.FocalPoint.send`.
        draft: name of the draft that it ends.
        done: what to say when it was accepted; ``{place}`` is its number.
        value: more for programs.
        also: what a person should see beside the content.
    """

    report: ReportModel
    cover: Mapping[str, Any]
    draft: str
    done: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    also: Sequence[str] = ()


def agree_and_send(desk: Desk, ready: Ready, given: Mapping[str, Any]) -> None:
    """Show what will go, to whom and how marked; if a person agrees, send it, and tell what became of it.

    Args:
        desk: where.
        ready: what.
        given: options of `clients.cli.officer.send`.

    Raises:
        SeraiError: it can never be accepted.
    """
    with keeps_draft(desk, ready.draft):
        ask(preview(desk, ready.report, ready.cover, ready.also), _("Send it?"), yes=given["yes"])
    with desk.store.transaction():  # a crash leaves the draft or what was said, never both
        sent = desk.point.send(ready.report, **ready.cover)
        desk.store.drafts.drop(ready.draft)
    to = ", ".join(ready.cover["to"])
    done = ready.done or _("Sent as {number}, to {to}; accepted by the hub.").format(number="{place}", to=to)
    value = {"to": list(ready.cover["to"]), **ready.value}
    tell_sent(desk, sent, given["wait_s"], as_json=given["as_json"], done=done, value=value)


def keep_draft(desk: Desk, name: str, answers: Mapping[str, str]) -> None:
    """Put what was typed on disk, so that it survives a crash."""
    desk.store.drafts.save(name, {"answers": dict(answers), "at_ms": desk.state.system.clock.time_ms()})


@contextmanager
def keeps_draft(desk: Desk, name: str) -> Iterator[None]:
    """Where a person is asked: who goes away is told that what was typed is kept.

    Args:
        desk: where.
        name: of the draft.

    Raises:
        click.Abort: the person went away.
    """
    try:
        yield
    except click.Abort:
        if not desk.store.drafts.load(name):
            raise
        kept = _("Nothing was sent. What you typed is kept: the same command goes on with it.")
        raise click.Abort(kept) from None


def unfinished(desk: Desk, draft: str, answers: dict[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Take up a draft that a crash, or a person, has left.

    Args:
        desk: where.
        draft: its name.
        answers: what the options have said; where they say anything else than the draft, it is not taken up.
        given: options of `clients.cli.officer.send`.
    """
    kept = desk.store.drafts.load(draft)
    if not kept or given["file"] or not may_ask() or given["yes"]:
        return answers
    if any(kept["answers"].get(key) != value for key, value in answers.items()):
        return answers
    note(_("There is an unfinished draft of {time}:").format(time=utc(kept["at_ms"])))
    for key, value in kept["answers"].items():
        note(f"  {key}: {clean(value)}")
    if agrees(_("Go on with it?"), default=True):
        return dict(kept["answers"])
    desk.store.drafts.drop(draft)
    return answers


def _report(desk: Desk, kind: str, answers: dict[str, str], given: Mapping[str, Any]) -> ReportModel:
    if given["file"]:
        return read_file(kind, given["file"])
    check_answers(kind, answers)
    if missing(kind, answers):
        if not may_ask():
            options = ", ".join(option_of(step) for step in missing(kind, answers))
            raise click.UsageError(_("missing: {options}").format(options=options))
        answers = ask_steps(kind, answers, lambda so_far: keep_draft(desk, given.get("draft") or kind, so_far))
    return parse_report(encode_json(build_report(kind, answers)).encode())


def read_file(kind: str, path: Path) -> ReportModel:
    """A report from a file.

    Args:
        kind: what it must be.
        path: of JSON; what every report of the kind has may be left out.

    Raises:
        SeraiError: ``malformed_report``, ``malformed_json``.
    """
    with path.open("rb") as file:
        data = file.read(CONTENT_BYTES + 1)
    try:
        value = decode_object(data.strip(), CONTENT_BYTES)
        report = parse_report(encode_json({"report": kind, "version": 1, **value}).encode())
    except SeraiError as error:
        raise Fault(error.code, f"{path}: {said(error)}", _("Mend the file.")) from None
    if report.report != kind:
        raise Fault(
            Code.MALFORMED_REPORT,
            _("{path} is a {found}, not a {kind}").format(path=path, found=report.report, kind=kind),
            _("Use serai send {kind}.").format(kind=report.report),
        )
    return report


# The cover


def make_cover(desk: Desk, given: Mapping[str, Any]) -> dict[str, Any]:
    """Everything but recipients and precedence; what answers something inherits its marking.

    Args:
        desk: where.
        given: options of `clients.cli.officer.send`.

    Raises:
        SeraiError: ``not_found``; ``status_mismatch`` if what is answered is not marked as the person takes it.
    """
    refs: list[tuple[str, str]] = []
    inherited: dict[str, Any] = {}
    on: Spoken | None = given.get("on_number")
    if on is not None:
        from clients.cli.officer.answering import check_status, find_delivery

        delivery = find_delivery(desk, on.place)
        refs.append(("reply", delivery.digest))
        if delivery.cover is not None:
            for said in (on.status, given["status"]):
                check_status(on.place, delivery.cover.status, said)
            inherited = {name: getattr(delivery.cover, name) for name in ("status", "precedence", "handling")}
    return {
        "status": given["status"] or inherited.get("status") or _network_status(desk),
        "precedence": given["precedence"] or inherited.get("precedence"),
        "handling": given["handling"] or inherited.get("handling") or "H1",
        "refs": refs,
        "reply_by": moment_after(desk, given.get("reply_hours")),
        "officer": desk.signer(given["officer"]),
    }


def _network_status(desk: Desk) -> str:
    epochs = desk.state.epochs
    return epochs[-1].document.status if epochs else "actual"


def moment_after(desk: Desk, hours: float | None) -> int | None:
    """A time so many hours from now, in seconds since 1970 UTC."""
    return None if hours is None else desk.state.system.clock.time_s() + int(hours * 3600)


def _precedence(kind: str, given: Mapping[str, Any]) -> str:
    if kind != "warning":
        return "routine"
    if not may_ask() or given["yes"]:
        return "priority"
    return ask_code(_("How urgent is it?"), Precedence)


def everybody(desk: Desk) -> list[Address]:
    """Members that can be written to, without the own."""
    state = desk.state
    found = []
    for address in sorted(state.directory.addresses()):
        current = state.directory.current(address, state.place)
        if not is_officer(address) and address != state.member and current is not None and "exchange" in current.roles:
            found.append(address)
    return found


def recipients_of(desk: Desk, given: Mapping[str, Any], cover: Mapping[str, Any]) -> list[Address]:
    """Whom it goes to: as typed, whoever is answered, or as a person says.

    Raises:
        SeraiError: ``unknown_recipient`` if the directory does not have one.
        click.UsageError: nobody was named, and there is nobody to ask.
    """
    known = everybody(desk)
    named = [word.upper() for each in given["to"] for word in each.replace(",", " ").split()]
    if not named and cover["refs"]:
        item = desk.store.items.get(cover["refs"][0][1])
        sender = desk.delivery(item).sender if item is not None else None
        named = [sender] if sender else []
    if not named:
        if not may_ask():
            raise click.UsageError(_("missing: {options}").format(options="--to"))
        named = ask_recipients(known)
    if named in ALL:
        named = list(known)
    members = [parse_member(each) for each in dict.fromkeys(named)]
    strangers = [each for each in members if each not in known and each != desk.state.member]
    if strangers and desk.state.directory.epochs:
        raise Fault(
            Code.UNKNOWN_RECIPIENT,
            _("nobody can be written to as {members}").format(members=", ".join(strangers)),
            _("See serai directory --all; a member whose key was revoked needs a new one."),
        )
    return members


# The preview


def preview(desk: Desk, report: ReportModel, cover: Mapping[str, Any], also: Sequence[str] = ()) -> list[str]:
    """What will go, to whom, and how it is marked."""
    status = cover["status"]
    lines = [*banner(status), _("This will be sent:"), *cover_lines(desk, cover)]
    lines += ["-" * WIDTH, *report_lines(report), "-" * WIDTH, *also]
    for doubt in review_report(report):
        warning = doubt.finding.warning
        words = label(warning) if isinstance(warning, CodedValue) else ""
        lines.append(wrap(_("LOOK AGAIN {path}: {words}").format(path=doubt.path, words=words)))
    return [*lines, *banner(status)]


def cover_lines(desk: Desk, cover: Mapping[str, Any]) -> list[str]:
    """To whom something will go, who signs it, and how it is marked."""
    status = cover["status"]
    lines = []
    for rel, digest in cover.get("refs", ()):
        place = desk.store.items.place_of(digest)
        lines += named(label_of(Relation, rel), digest if place is None else spell_number(place, status))
    lines += [line for member in cover["to"] for line in named(_("To"), _named(desk, member))]
    lines += named(_("Signed by"), str(cover["officer"]))
    lines += [f"{_('Urgency'):<14} {precedence_text(cover['precedence'])}"]
    lines += named(_("Status"), label_of(Status, status).upper())
    lines += named(_("Handling"), label_of(HandlingCode, cover["handling"]))
    if cover["reply_by"]:
        lines += named(_("Reply by"), utc(cover["reply_by"] * 1000))
    return lines


def _named(desk: Desk, member: Address) -> str:
    credentials = desk.state.directory.credentials(member)
    name = clean(credentials[-1].statement.claims.name) if credentials else _("not known here yet")
    held = " - " + _("SUSPENDED, will be held") if desk.state.directory.is_suspended(member, desk.state.place) else ""
    return f"{member} ({name}){held}"
