"""The commands of ``serai``, by name; each lives in a module of its own."""

from __future__ import annotations

import click

from clients.cli.frame import Group

_WHERE = "clients.cli"

LAZY = {
    # The officer
    "help": f"{_WHERE}.help:help_on",
    "watch": f"{_WHERE}.officer.watch:watch",
    "inbox": f"{_WHERE}.officer.inbox:inbox",
    "search": f"{_WHERE}.officer.search:search",
    "show": f"{_WHERE}.officer.show:show_dispatch",
    "acknowledge": f"{_WHERE}.officer.answer:acknowledge",
    "decline": f"{_WHERE}.officer.answer:decline",
    "reply": f"{_WHERE}.officer.respond:reply",
    "feedback": f"{_WHERE}.officer.respond:feedback",
    "correct": f"{_WHERE}.officer.amend:correct",
    "cancel": f"{_WHERE}.officer.amend:cancel",
    "send": f"{_WHERE}.officer.send:send",
    "sent": f"{_WHERE}.officer.sent:sent",
    "import": f"{_WHERE}.files.importing:import_file",
    "export": f"{_WHERE}.files.exporting:export",
    "evidence": f"{_WHERE}.officer.evidence:evidence",
    "verify": f"{_WHERE}.officer.verify:verify",
    # The administrator
    "init": f"{_WHERE}.administrator.init:init",
    "run": f"{_WHERE}.administrator.run:run",
    "status": f"{_WHERE}.administrator.status:status",
    "officer": f"{_WHERE}.administrator.officer:officer",
    "seat": f"{_WHERE}.administrator.seat:seat",
    "renew": f"{_WHERE}.administrator.renew:renew",
    "directory": f"{_WHERE}.administrator.directory:directory",
    "audit": f"{_WHERE}.administrator.audit:audit",
    "doctor": f"{_WHERE}.administrator.doctor:doctor",
    "backup": f"{_WHERE}.administrator.backup:backup",
    "restore": f"{_WHERE}.administrator.backup:restore",
    "completion": f"{_WHERE}.completion:completion",
    # The root
    "root": f"{_WHERE}.root.commands:root",
}


@click.group(cls=Group, lazy=LAZY, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="serai", prog_name="serai")
def serai() -> None:
    """Signed, end-to-end encrypted alerts between agencies.

    An officer reads with watch, inbox and show, answers with acknowledge and decline, and warns with send; help shows
    how the tasks of a shift are done. An administrator begins with init, and lets run hold the line.
    """
