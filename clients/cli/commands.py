"""The commands of ``serai``, by name; each lives in a module of its own."""

from __future__ import annotations

import click

from clients.cli.base import LazyGroup

_WHERE = "clients.cli"

LAZY = {
    # The officer
    "help": f"{_WHERE}.help:help_on",
    "desk": f"{_WHERE}.administrator.desk:desk",
    "watch": f"{_WHERE}.officer.watch:watch",
    "inbox": f"{_WHERE}.officer.inbox:inbox",
    "search": f"{_WHERE}.officer.search:search",
    "show": f"{_WHERE}.officer.show:show_dispatch",
    "acknowledge": f"{_WHERE}.officer.answer:acknowledge",
    "decline": f"{_WHERE}.officer.answer:decline",
    "reply": f"{_WHERE}.officer.respond:reply",
    "feedback": f"{_WHERE}.officer.respond:feedback",
    "forward": f"{_WHERE}.officer.forward:forward",
    "correct": f"{_WHERE}.officer.amend:make_correct",
    "cancel": f"{_WHERE}.officer.amend:cancel",
    "send": f"{_WHERE}.officer.send:send",
    "sent": f"{_WHERE}.officer.sent:sent",
    "sign": f"{_WHERE}.officer.sign:sign",
    "operation": f"{_WHERE}.officer.operation.group:operation",
    "profile": f"{_WHERE}.officer.profile:profile",
    "attachment": f"{_WHERE}.officer.attachment:attachment",
    "item": f"{_WHERE}.officer.item:item",
    "import": f"{_WHERE}.files.import_:import_file",
    "print": f"{_WHERE}.officer.print_:print_dispatches",
    "export": f"{_WHERE}.files.export:export",
    "log": f"{_WHERE}.officer.log:log",
    "evidence": f"{_WHERE}.officer.evidence:evidence",
    "verify": f"{_WHERE}.officer.verify:verify",
    "delete": f"{_WHERE}.officer.delete:delete",
    # The administrator
    "init": f"{_WHERE}.administrator.init:init",
    "run": f"{_WHERE}.administrator.run:run",
    "status": f"{_WHERE}.administrator.status:status",
    "alarms": f"{_WHERE}.administrator.alarm:alarms",
    "alarm": f"{_WHERE}.administrator.alarm:alarm",
    "officer": f"{_WHERE}.administrator.officer:officer",
    "passphrase": f"{_WHERE}.administrator.passphrase:passphrase",
    "seat": f"{_WHERE}.administrator.seat:seat",
    "renew": f"{_WHERE}.administrator.renew:renew",
    "directory": f"{_WHERE}.administrator.directory:directory",
    "audit": f"{_WHERE}.administrator.audit:audit",
    "doctor": f"{_WHERE}.administrator.doctor:doctor",
    "time": f"{_WHERE}.administrator.clock:time",
    "backup": f"{_WHERE}.administrator.backup:backup",
    "restore": f"{_WHERE}.administrator.backup:restore",
    "retention": f"{_WHERE}.administrator.retention:retention",
    "completion": f"{_WHERE}.completion:completion",
    # The root
    "root": f"{_WHERE}.root.commands:root",
}


@click.group(cls=LazyGroup, lazy=LAZY, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="serai", prog_name="serai")
def serai() -> None:
    """Signed, end-to-end encrypted alerts between agencies.

    An officer reads with watch, inbox and show, answers with acknowledge and decline, and warns with send; help shows
    how the tasks of a shift are done. An administrator begins with init, and starts run, which keeps the client
    connected.
    """
