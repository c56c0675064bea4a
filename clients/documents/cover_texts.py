"""What is about to be sent, as named texts: to whom, how it is marked, what goes with it, what is no longer said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clients.actions.client import Client
from clients.actions.numbers import spell_number
from clients.actions.reaching import unreachable
from clients.documents.dispatch_texts import reply_texts
from clients.documents.named import NamedText, strong
from clients.documents.plain import clean
from clients.documents.report_text import report_texts
from clients.documents.texts import _, label, label_of
from clients.formats.traces import Trace
from clients.mail.compose import Ref
from clients.mail.cover import Cover
from clients.store import Outgoing
from schemas.addresses import Address
from schemas.claims import lane_of
from schemas.labels import HandlingCode, Relation, Status
from schemas.reports import ReportModel
from schemas.rules.handling import handling_that_holds


def addressed_texts(client: Client, cover: Cover, report: ReportModel | None = None) -> list[NamedText]:
    """What it refers to, to whom it goes, who signs it."""
    status, texts = cover.status or client.network_status, []
    for ref in cover.refs:
        brings = ref.outgoing is not None and ref.rel == "update" and report is not None and report.attachments
        name = _("Pictures of") if brings else label_of(Relation, ref.rel)
        texts.append(NamedText(name, _referred(client, ref, status)))
    texts += [NamedText(_("To"), member_text(client, member)) for member in cover.to]
    return [*texts, NamedText(_("Signed by"), cover.signer or client.member)]


def marked_texts(client: Client, cover: Cover, report: ReportModel | None = None) -> list[NamedText]:
    """How it is marked, its precedence aside; a report may permit less than was asked."""
    handling = handling_that_holds(cover.handling, report.handling_codes if report else ())
    texts = [
        NamedText(_("Status"), label_of(Status, cover.status or client.network_status).upper()),
        NamedText(_("Handling"), label_of(HandlingCode, handling)),
    ]
    return texts + (reply_texts(cover.expects.by, cover.expects.members) if cover.expects else [])


def _referred(client: Client, ref: Ref, status: str) -> str:
    """What it refers to, by its number; what has none yet by that of its item."""
    outgoing = client.store.outbox.get(ref.outgoing) if ref.outgoing is not None else None
    index = outgoing.index if outgoing else client.store.items.place_of(ref.digest or "")
    if index is not None:
        return spell_number(index, status)
    return _("item {number}").format(number=ref.outgoing) if ref.outgoing is not None else ref.digest or ""


def member_text(client: Client, member: Address) -> str:
    """A member with its name, and why it cannot read now what is sent to it."""
    why = unreachable(client.state, [member]).get(member)
    return f"{member} ({member_name(client, member)})" + (f" - {label(why)}" if why else "")


def member_name(client: Client, member: Address) -> str:
    """What a member calls itself, as far as the directory has it here."""
    credentials = client.state.directory.credentials(member)
    return clean(credentials[-1].statement.claims.name) if credentials else _("not known here yet")


# Files


class SeenFile(Protocol):
    """A file that is about to go, as somebody has looked at it."""

    @property
    def said(self) -> frozenset[Trace]:
        """What a picture says beside what it shows."""

    @property
    def is_cleaned(self) -> bool:
        """Whether that was left out."""

    @property
    def as_it_is(self) -> bool:
        """Whether it stays in it, on purpose."""

    @property
    def is_lie(self) -> bool:
        """Whether its name stands for another type."""

    @property
    def is_program(self) -> bool:
        """Whether a machine would run it."""


def note_texts(file: SeenFile) -> list[NamedText]:
    """What an officer should see of a file before it goes: what was removed from it, what stays, what it is."""
    said = ", ".join(label(each) for each in Trace if each in file.said)
    if file.is_cleaned:
        removed = _("removed from it: {what}").format(what=said) if said else _("nothing to remove from it")
        texts = [NamedText("", removed)]
    elif file.as_it_is and said:
        texts = [strong("", _("STAYS in it: {what}").format(what=said))]
    else:
        texts = [NamedText("", _("not cleaned: it may say who made it, where and when"))]
    if file.is_program:
        texts.append(strong("", _("LOOK AGAIN: it is a program")))
    elif file.is_lie:
        texts.append(strong("", _("LOOK AGAIN: its name says that it is something else")))
    return texts


def waiting_text(cover: Cover) -> str:
    """Whether a text waits for its files."""
    if lane_of(cover.precedence) == "urgent":
        return _("The text goes at once; the attachments follow when they are uploaded.")
    return _("It waits until its attachments are uploaded.")


# What changes


def gone_texts(old: ReportModel, new: ReportModel) -> list[NamedText]:
    """What the old version says and the new one does not."""
    kept = report_texts(new)
    return [each for each in report_texts(old) if each not in kept]


def withdrawn_texts(rows: Sequence[Outgoing]) -> list[str]:
    """What waits to be sent, and is withdrawn with what is cancelled."""
    pictures = [each.id for each in rows if each.draft.get("attachments")]
    corrections = [each.id for each in rows if each.id not in pictures]
    texts = [_("Withdrawn too, with its files that wait: item {number}").format(number=each) for each in pictures]
    return texts + [
        _("Withdrawn too, a correction that waits: item {number}").format(number=each) for each in corrections
    ]


def files_move_texts(rows: Sequence[Outgoing]) -> list[str]:
    """That files that wait go with a new version."""
    text = _("Its files that wait go with this version, not with item {number}")
    return [text.format(number=each.id) for each in rows]
