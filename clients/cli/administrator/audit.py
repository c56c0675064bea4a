"""``serai audit``: follow every leaf of the ledger since the last time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, client_options, wait_option
from clients.cli.ui import FAILED, show
from clients.documents.plain import clean, field
from clients.documents.texts import _

if TYPE_CHECKING:
    from clients.line.audit_report import AuditReport


@click.command(cls=Command, examples=("serai audit",))
@wait_option
@client_options
def audit(*, wait_s: float, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Follow every leaf of the ledger since the last audit.

    Recomputes the tree, demands every public statement, finds each own statement at its number, and compares what
    others have seen. serai run does it daily. Exit status 1 if anything does not fit.
    """
    from clients.actions.audit import audit_ledger
    from clients.actions.progress import Work
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        with client.progress(Work.AUDITING):
            report = audit_ledger(client, wait_s)
        show({**report.to_json(), "holds": report.holds}, _lines(report), as_json=as_json)
        if not report.holds:
            sys.exit(FAILED)


def _lines(report: AuditReport) -> list[str]:
    if report.result is None:
        return [*field(_("Not done"), clean(report.error))]
    result = report.result
    lines = [
        *field(_("Followed"), _("from {start} to {end}").format(start=result.start, end=result.size)),
        *field(_("Public"), str(result.public)),
        *field(_("Own, found"), str(result.own)),
        *field(_("Views"), str(result.views)),
        *(
            field(
                _("Newer"), _("{count} entries, of types newer than this program; update it").format(count=result.newer)
            )
            if result.newer
            else []
        ),
    ]
    faults = [line for fault in result.faults for line in field(_("FAULT"), clean(fault))]
    return [*lines, *(faults or [_("The ledger holds.")])]
