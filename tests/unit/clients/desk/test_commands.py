"""Whatever an officer can do by a command can be done at a desk; what stays at the command line says why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import click

from clients.cli.commands import serai
from clients.desk.app import make_app
from clients.desk.desk import Desk

AT_THE_DESK: Final = {
    "watch": "WS /api/live",
    "acknowledge": "POST /api/dispatches/{digest}/answer",
    "decline": "POST /api/dispatches/{digest}/answer",
    "reply": "POST /api/drafts/{name}/sign",
    "feedback": "POST /api/drafts/{name}/sign",
    "forward": "POST /api/drafts/{name}/sign",
    "correct": "POST /api/drafts/{name}/sign",
    "cancel": "POST /api/drafts/{name}/sign",
    "send warning": "POST /api/drafts/{name}/sign",
    "send seizure": "POST /api/drafts/{name}/sign",
    "send feedback": "POST /api/drafts/{name}/sign",
    "sign": "POST /api/signatures/sign",
    "operation deconflict": "POST /api/drafts/{name}/sign",
    "operation print": "POST /api/operations/{operation}/print",
    "operation evidence": "POST /api/evidence",
    "operation watch": "POST /api/operations/{operation}/check-in",
    "profile edit": "POST /api/drafts/{name}/sign",
    "profile countersign": "POST /api/drafts/{name}/sign",
    "attachment save": "POST /api/attachments/{digest}/{number}/save",
    "item resend": "POST /api/items/{number}/resend",
    "item discard": "POST /api/items/{number}/discard",
    "print": "POST /api/print",
    "export": "POST /api/export",
    "evidence": "POST /api/evidence",
    "alarm close": "POST /api/alarms/{number}/close",
    **{
        f"operation {do}": "POST /api/drafts/{name}/sign"
        for do in ("open", "plan", "confirm", "decide", "stop", "move", "hand", "exhibit", "result", "note")
    },
    "operation close": "POST /api/drafts/{name}/sign",
    "operation cancel": "POST /api/drafts/{name}/sign",
}
"""Commands that do something, and where a desk does it."""

READ: Final = frozenset(
    {
        "help",
        "inbox",
        "search",
        "show",
        "sent",
        "log",
        "operation list",
        "operation show",
        "operation account",
        "profile list",
        "profile show",
        "attachment list",
        "item show",
        "status",
        "alarms",
        "alarm show",
        "directory",
        "audit",
        "doctor",
    }
)
"""Commands that show: the desk's screens read the same (`tests/unit/clients/desk/test_reading.py`)."""

AT_THE_COMMAND_LINE: Final = {
    "import": "a file of seizures is agreed row by row, by an administrator",
    "operation compare": "done by the process that is connected, by itself",
    "verify": "a stranger's machine checks evidence: no store, no desk",
    "delete": "deleting by order is the administrator's, with the order in hand",
    "init": "setting up a member",
    "run": "the process that the desk is",
    "desk": "the process that the desk is",
    "officer": "keys of officers are made where they are certified",
    "passphrase": "changing what opens the store",
    "seat": "setting up a machine",
    "renew": "keys of the member",
    "time": "a third clock's word, of an administrator",
    "backup": "setting up a machine",
    "restore": "setting up a machine",
    "retention": "rules of the agency",
    "completion": "a shell's",
    "root": "offline, on another machine",
}
"""Commands that have no place at a desk, and why."""


def commands(group: click.Group, prefix: str = "") -> Iterator[str]:
    """The names of all commands, those of groups with the name of their group."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command, whole = group.get_command(context, name), f"{prefix}{name}"
        if isinstance(command, click.Group) and whole not in AT_THE_COMMAND_LINE:
            yield from commands(command, f"{whole} ")
        else:
            yield whole


def test_every_command_has_its_place() -> None:
    """At the desk, among what is read, or at the command line with the reason; and none that is not there."""
    found = set(commands(serai))
    places = {*AT_THE_DESK, *READ, *AT_THE_COMMAND_LINE}
    assert found - places == set()
    assert places - found <= {"desk", "log"}


async def test_every_route_is_there(desk: Desk) -> None:
    """What stands in the table is what the application has."""
    paths = make_app(desk).openapi()["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(AT_THE_DESK.values()) - routes == {"WS /api/live"}
