"""``serai doctor``: what is wrong with this client, and how to fix it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from clients.cli.base import Command, client_options
from clients.cli.ui import FAILED, paint, show
from clients.documents.plain import wrap
from clients.documents.texts import _, label

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


@click.command(cls=Command, examples=("serai doctor",))
@client_options
def doctor(*, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Look at clock, TLS, disk, swap, file modes, expiry, hub and versions; show how to fix what is wrong.

    Exit status 1 if there is a fault.
    """
    from clients.actions.checks import (
        Grade,
        check_folder,
        check_hub,
        check_memory,
        check_store,
        check_versions,
        unusable,
    )
    from clients.actions.home import Home
    from clients.actions.progress import Work
    from clients.cli.client import open_client
    from clients.documents.findings import finding_json, finding_remedy, finding_text
    from clients.system import System
    from schemas.errors import SeraiError

    client_home = Home(home)
    client_home.read_settings()
    findings = [*check_versions(), *check_folder(client_home), *check_memory()]
    try:
        with open_client(home, passphrase_fd, check=True) as client, client.progress(Work.CHECKING):
            findings += [*check_store(client), *check_hub(client, System())]
    except (SeraiError, OSError) as error:
        findings.append(unusable(error))
    words = {Grade.OK: _("ok"), Grade.WARNING: _("WARNING"), Grade.FAULT: _("FAULT")}
    values, lines = [], []
    for each in findings:
        text, remedy = finding_text(each), finding_remedy(each)
        values.append(finding_json(each))
        grade = paint(f"{words[each.grade]:<9}", fg=_COLOURS[each.grade])
        first, *rest = wrap(f"{label(each.check)}: {text}", " " * 10).splitlines()
        lines += [grade + first[9:], *rest]
        lines += [wrap(_("fix: {mend}").format(mend=remedy), " " * 12)] if remedy else []
    show({"findings": values}, lines, as_json=as_json)
    if any(each.grade is Grade.FAULT for each in findings):
        sys.exit(FAILED)
