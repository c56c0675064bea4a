"""The commands of ``serai``, by name; each lives in a module of its own."""

from __future__ import annotations

import click

from clients.cli.frame import Group

_WHERE = "clients.cli"

LAZY = {
    # The officer
    "help": f"{_WHERE}.help:help_on",
    "watch": f"{_WHERE}.watch:watch",
    "inbox": f"{_WHERE}.inbox:inbox",
    "search": f"{_WHERE}.search:search",
    "show": f"{_WHERE}.show:show_dispatch",
    "acknowledge": f"{_WHERE}.answer:acknowledge",
    "decline": f"{_WHERE}.answer:decline",
    "reply": f"{_WHERE}.respond:reply",
    "feedback": f"{_WHERE}.respond:feedback",
    "correct": f"{_WHERE}.amend:correct",
    "cancel": f"{_WHERE}.amend:cancel",
    "send": f"{_WHERE}.send:send",
    "sent": f"{_WHERE}.sent:sent",
    "import": f"{_WHERE}.importing:import_file",
    "export": f"{_WHERE}.exporting:export",
    "evidence": f"{_WHERE}.evidence:evidence",
    "verify": f"{_WHERE}.verify:verify",
    # The administrator
    "init": f"{_WHERE}.init:init",
    "run": f"{_WHERE}.run:run",
    "status": f"{_WHERE}.status:status",
    "officer": f"{_WHERE}.officer:officer",
    "seat": f"{_WHERE}.seat:seat",
    "renew": f"{_WHERE}.renew:renew",
    "directory": f"{_WHERE}.directory:directory",
    "audit": f"{_WHERE}.audit:audit",
    "doctor": f"{_WHERE}.doctor:doctor",
    "backup": f"{_WHERE}.backup:backup",
    "restore": f"{_WHERE}.backup:restore",
    "completion": f"{_WHERE}.completion:completion",
    # The root
    "root": f"{_WHERE}.root:root",
}


@click.group(cls=Group, lazy=LAZY, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="serai", prog_name="serai")
def serai() -> None:
    """Signed, end-to-end encrypted alerts between agencies.

    An officer reads with watch, inbox and show, answers with acknowledge and decline, and warns with send; help shows
    how the tasks of a shift are done. An administrator begins with init, and lets run hold the line.
    """
