"""``serai doctor``: what is wrong with this client, and how to mend it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _, label_of
from clients.cli.ui import FAILED, paint, show, wrap
from schemas.labels import CodedValue

if TYPE_CHECKING:
    from schemas.errors import SeraiError

_COLOURS = {"ok": "green", "warning": "yellow", "fault": "red"}


class Check(CodedValue):
    """What is looked at."""

    VERSIONS = "versions", "versions", "версии"
    MODES = "modes", "modes", "права доступа"
    DISK = "disk", "disk", "диск"
    STORE = "store", "store", "хранилище"
    EXPIRY = "expiry", "expiry", "сроки ключей"
    LINE = "line", "line", "линия"
    AUDIT = "audit", "audit", "проверка журнала"
    ALARMS = "alarms", "alarms", "тревоги"
    TLS = "tls", "TLS", "TLS"
    HUB = "hub", "hub", "узел"
    CLOCK = "clock", "clock", "часы"


def _told(error: SeraiError | OSError) -> tuple[str, str]:
    """What happened to this client, and how to mend it here; the protocol's own words are about the hub."""
    from clients.cli.faults import Fault, at_home, file_fault, said

    fault = file_fault(error) if isinstance(error, OSError) else at_home(error) or error
    return said(fault), fault.hint if isinstance(fault, Fault) else _(fault.problem.remedy)


@click.command(cls=Command, examples=("serai doctor",))
@client_options
def doctor(*, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Look at clock, TLS, disk, file modes, expiry, hub and versions; say how to mend what is wrong.

    Exit status 1 if there is a fault.
    """
    from clients.cli.administrator.checks import Finding, check_folder, check_hub, check_store, check_versions
    from clients.cli.desk import open_desk
    from clients.cli.home import Home
    from clients.cli.progress import Progress
    from schemas.errors import SeraiError

    place = Home(home)
    place.read_settings()
    findings = [*check_versions(), *check_folder(place)]
    try:
        with open_desk(home, passphrase_fd, check=True) as desk, Progress(_("Checking")):
            findings += [*check_store(desk), *check_hub(desk)]
    except (SeraiError, OSError) as error:
        findings.append(Finding("store", "fault", *_told(error)))
    words = {"ok": _("ok"), "warning": _("WARNING"), "fault": _("FAULT")}
    lines = []
    for each in findings:
        grade = paint(f"{words[each.grade]:<9}", fg=_COLOURS[each.grade])
        first, *rest = wrap(f"{label_of(Check, each.check)}: {each.text}", " " * 10).splitlines()
        lines += [grade + first[9:], *rest]
        lines += [wrap(_("mend: {mend}").format(mend=each.mend), " " * 12)] if each.mend else []
    show({"findings": [asdict(each) for each in findings]}, lines, as_json=as_json)
    if any(each.grade == "fault" for each in findings):
        sys.exit(FAILED)
