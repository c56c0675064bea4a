"""``serai status``: how this client stands, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.administrator.expiry import ending_text
from clients.cli.alarms import alarm_text
from clients.cli.base import Command, client_options
from clients.cli.handed import handed_text
from clients.cli.ui import show
from clients.documents.plain import field, utc
from clients.documents.texts import _

if TYPE_CHECKING:
    from clients.actions.status import ClientStatus


@click.command(cls=Command, examples=("serai status", "serai status --json"))
@client_options
def status(*, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show whether the client is connected, what waits to be sent, and what waits for an officer."""
    from clients.actions.status import read_status
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        found = read_status(client)
    show(_json(found), _lines(found), as_json=as_json)


def _json(found: ClientStatus) -> dict[str, Any]:
    holder, newest = found.holder, found.newest_alarm
    return {
        "member": found.member,
        "seat": found.seat,
        "network": found.network,
        "holder": None if holder is None else {"pid": holder.pid, "what": holder.what, "since_ms": holder.since_ms},
        "live": found.live,
        "fault": found.fault,
        "ledger_size": found.ledger_size,
        "outbox_waiting": found.outbox_waiting,
        "returned": found.returned,
        "urgent_waiting": found.urgent_waiting,
        "owing": found.owing,
        "undone": found.undone,
        "profile_draft": found.profile_draft,
        "handed_changed": found.handed_changed,
        "as_of_ms": found.true_ms or None,
        "unsigned": found.unsigned,
        "audited_at_ms": found.audited_at_ms,
        "whole_audit_since_ms": found.whole_audit_since_ms,
        "newer": list(found.newer),
        "unjudged": list(found.unjudged),
        "alarms": found.alarms,
        "newest_alarm": {"kind": newest.kind, "detail": newest.detail} if newest else None,
        "endings": [ending_text(ending) for ending in found.endings],
    }


def _lines(found: ClientStatus) -> list[str]:
    newest = " - " + alarm_text(found.newest_alarm) if found.newest_alarm else ""
    return [
        *field(_("Member"), f"{found.member}, {found.seat}"),
        *field(_("Connection"), _line_words(found)),
        *field(_("True as of"), utc(found.true_ms) if found.true_ms else _("not known")),
        *field(_("Ledger"), str(found.ledger_size)),
        *field(_("To be sent"), str(found.outbox_waiting)),
        *(field(_("Signature"), unsigned_text(found.unsigned)) if found.unsigned else []),
        *(
            field(_("CAME BACK"), _("{count}, not sent; see serai sent").format(count=found.returned))
            if found.returned
            else []
        ),
        *field(_("For an officer"), str(found.urgent_waiting)),
        *field(_("We owe"), str(found.owing)),
        *field(_("Not done"), str(found.undone)),
        *(field(_("Profile"), _("a draft waits: serai profile countersign")) if found.profile_draft else []),
        *(field(_("CHANGED"), handed_text(found.handed_changed)) if found.handed_changed else []),
        *field(_("Last audit"), utc(found.audited_at_ms) if found.audited_at_ms else _("never")),
        *(field("", _whole_text(found.whole_audit_since_ms)) if found.whole_audit_since_ms else []),
        *(field(_("Newer"), newer_text(found.newer)) if found.newer else []),
        *(field(_("Not judged"), unjudged_text(found.unjudged)) if found.unjudged else []),
        *field(_("Alarms"), str(found.alarms) + newest),
        *[line for ending in found.endings for line in field(_("Warning"), ending_text(ending))],
    ]


def _whole_text(since_ms: int) -> str:
    return _("one from the first leaf goes on, begun {time}").format(time=utc(since_ms))


def unsigned_text(count: int) -> str:
    """That something came back to be signed again."""
    return _("{count} of it must be signed again by its officer: serai sign").format(count=count)


def newer_text(codes: Sequence[int]) -> str:
    """That the ledger has what this program does not know."""
    text = _("statements newer than this program (type {codes}); update it")
    return text.format(codes=", ".join(map(str, codes)))


def unjudged_text(addresses: Sequence[str]) -> str:
    """That something was said of addresses which this program cannot read."""
    text = _("{addresses}: this program cannot read what was said last; nothing is sealed to them. Update it")
    return text.format(addresses=", ".join(addresses))


def _line_words(found: ClientStatus) -> str:
    if found.holder is None:
        return _("serai run is not running; start it")
    line = _("connected") if found.live else _("not connected: {fault}").format(fault=found.fault or _("not yet"))
    return f"{line} ({found.holder.what}, {found.holder.pid})"
