"""``serai status``: how this client stands, at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _
from clients.cli.ui import field, show, utc


@click.command(cls=Command, examples=("serai status", "serai status --json"))
@client_options
def status(*, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show whether there is a line, what waits to be sent, and what waits for an officer."""
    from clients.cli.administrator.expiry import endings
    from clients.cli.administrator.urgent import Urgent
    from clients.cli.desk import open_desk

    with open_desk(home, passphrase_fd) as desk:
        holder, store = desk.holder, desk.store
        alarms = store.trust.alarms()
        value: dict[str, Any] = {
            "member": store.keys.member,
            "seat": desk.settings.seat,
            "network": store.keys.network,
            "holder": None if holder is None else {"pid": holder.pid, "what": holder.what, "since_ms": holder.since_ms},
            "live": holder is not None and holder.live,
            "fault": holder.fault if holder and not holder.live else "",
            "ledger_size": desk.state.place.index,
            "outbox_waiting": store.outbox.waiting_count(),
            "urgent_waiting": len(Urgent(store).look()),
            "audited_at_ms": int(store.trust.audit_result.get("at_ms", 0)),
            "alarms": len(alarms),
            "newest_alarm": None if not alarms else {"kind": alarms[-1].kind, "detail": alarms[-1].detail},
            "endings": [ending.text for ending in endings(desk.state)],
        }
    show(value, _lines(value, alarms), as_json=as_json)


def _lines(value: dict[str, Any], alarms: Sequence[Any]) -> list[str]:
    from clients.cli.alarms import alarm_text

    holder = value["holder"]
    if holder is None:
        line = _("nobody holds it; start serai run")
    else:
        line = _("up") if value["live"] else _("down: {fault}").format(fault=value["fault"] or _("not yet"))
        line += f" ({holder['what']}, {holder['pid']})"
    newest = " - " + alarm_text(alarms[-1]) if alarms else ""
    return [
        *field(_("Member"), f"{value['member']}, {value['seat']}"),
        *field(_("Line"), line),
        *field(_("Ledger"), str(value["ledger_size"])),
        *field(_("To be sent"), str(value["outbox_waiting"])),
        *field(_("For an officer"), str(value["urgent_waiting"])),
        *field(_("Last audit"), utc(value["audited_at_ms"]) if value["audited_at_ms"] else _("never")),
        *field(_("Alarms"), str(value["alarms"]) + newest),
        *[line for text in value["endings"] for line in field(_("Warning"), text)],
    ]
