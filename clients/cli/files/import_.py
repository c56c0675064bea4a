"""``serai import``: a file of seizures becomes seizure reports, each line once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.base import Command, as_option, client_options, wait_option, yes_option
from clients.cli.types import CodeChoice
from clients.cli.ui import DONE, FAILED, QUEUED, STOPPED, note, show
from clients.documents.plain import json_line
from clients.documents.texts import _
from schemas.labels import HandlingCode, Precedence, Status

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.import_queue import ImportOutcome, QueuedLines
    from clients.actions.importing import ImportPlan
    from clients.actions.writing import CoverOptions
    from clients.mail.cover import Cover
    from schemas.claims import Status as StatusWord


@dataclass(frozen=True, slots=True)
class ImportCommand:
    """What was typed.

    Attributes:
        file: the file.
        to: recipients.
        cover: what was asked of the cover.
        refused_file: where rows are written of which no report can be made.
        skips: whether repeated rows are left out.
        wait_s: how long the hub may be silent.
        yes: whether somebody has agreed beforehand.
        as_json: for programs.
    """

    file: Path
    to: tuple[str, ...]
    cover: CoverOptions
    refused_file: Path | None
    skips: bool
    wait_s: float
    yes: bool
    as_json: bool


@click.command(
    "import",
    cls=Command,
    examples=(
        "serai import ids-2026.csv.gz --to ALL",
        "serai import ids-2026.csv --to UZ/NFP --to KG/NFP --yes --refused mend.csv",
    ),
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--to", multiple=True, metavar="MEMBER", help="Recipient; may be repeated, or ALL.")
@click.option("--precedence", type=CodeChoice(Precedence), help="Precedence: how urgent it is.")
@click.option("--handling", type=CodeChoice(HandlingCode), help="What recipients may do with it; H1 by default.")
@click.option("--status", type=CodeChoice(Status), help="As the network says, by default.")
@click.option(
    "--refused",
    "refused_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the rows of which no report can be made here, to be fixed and imported.",
)
@click.option(
    "--skip-repeated",
    "skips",
    is_flag=True,
    help="Leave out rows that repeat rows of another file: for a file that grows.",
)
@as_option
@wait_option
@yes_option
@client_options
def import_file(*, home: Path, passphrase_fd: int | None, **typed: Any) -> None:
    """Send the seizures of your own country from a UNODC file, plain or gzip.

    Before anything goes it shows how many reports there are, to whom they go, how they are marked, and which rows
    cannot be used. Each line is sent once: import the same file again, under whatever name, and only what is missing
    goes. It may be stopped or killed at any time; the same command goes on.
    """
    from clients.actions.import_queue import QueuedLines
    from clients.actions.writing import CoverOptions, Marking
    from clients.cli.client import open_client

    marking = Marking(typed.pop("status"), typed.pop("precedence"), typed.pop("handling"))
    command, queued = ImportCommand(cover=CoverOptions(marking, typed.pop("officer")), **typed), QueuedLines()
    try:
        with open_client(home, passphrase_fd) as client:
            status = _import(client, command, queued)
    except KeyboardInterrupt:
        _tell_stopped(queued, as_json=command.as_json)
        sys.exit(STOPPED)
    sys.exit(status)


def _import(client: Client, command: ImportCommand, queued: QueuedLines) -> int:
    from clients.actions.import_queue import queue_lines, settle
    from clients.actions.writing import begin_cover, learn_members
    from clients.cli.officer.composing import decide_recipients

    learn_members(client, command.wait_s)
    partial = begin_cover(client, command.cover)
    plan = _read(client, command, partial.status)
    cover = partial.complete((), "routine")
    if plan.new:
        cover = partial.complete(decide_recipients(client, command.to), "routine")
        _agree(client, plan, cover, yes=command.yes)
    queue_lines(client, plan, cover, queued)
    return _tell(plan, settle(client, queued, command.wait_s), command, cover)


def _read(client: Client, command: ImportCommand, status: StatusWord) -> ImportPlan:
    from clients.actions.importing import ImportOptions, read_plan, start_plan
    from clients.documents.unusable_rows import write_unusable

    plan = start_plan(client, ImportOptions(command.file, status, command.skips))
    unusable = read_plan(client, plan)
    if command.refused_file is not None:
        write_unusable(command.refused_file, unusable, command.file)
    else:
        for _each in unusable:
            pass
    return plan


def _agree(client: Client, plan: ImportPlan, cover: Cover, *, yes: bool) -> None:
    """Show what would go, and go on only if a person agrees."""
    from clients.cli.files.import_view import plan_lines
    from clients.cli.officer.cover_view import cover_lines
    from clients.cli.officer.dispatch_view import banner
    from clients.cli.ui import ask
    from clients.documents.plain import WIDTH
    from clients.documents.report_text import report_lines
    from clients.documents.texts import plural

    status = cover.status or client.network_status
    lines = [*banner(status), _("This will be sent:"), *plan_lines(plan), *cover_lines(client, cover)]
    if plan.first is not None:
        lines += [_("The first of them:"), "-" * WIDTH, *report_lines(plan.first), "-" * WIDTH]
    question = plural("Send {count} report?", "Send {count} reports?", plan.new)
    ask([*lines, *banner(status)], question, yes=yes)


def _tell(plan: ImportPlan, outcome: ImportOutcome, command: ImportCommand, cover: Cover) -> int:
    """Say what became of every row; gives the exit code."""
    from clients.cli.files.import_view import outcome_json, outcome_lines

    status = FAILED if outcome.refused else QUEUED if outcome.queued else DONE
    value = {**outcome_json(plan, outcome, command.refused_file), "to": list(cover.to)}
    if status == FAILED and command.as_json:
        click.echo(json_line({"ok": False, **value, "exit": FAILED}))
    else:
        show(value, outcome_lines(plan, outcome, cover.to, command.refused_file), as_json=command.as_json)
    if outcome.queued:
        note(_("What is queued goes out with the next command that reaches the hub, or serai run."))
    return status


def _tell_stopped(queued: QueuedLines, *, as_json: bool) -> None:
    count = len(queued.lines)
    if as_json:
        click.echo(json_line({"ok": False, "in_outbox": count, "exit": STOPPED}))
    if count:
        note(_("Stopped. Rows waiting to be sent: {count}; they go out, nothing is lost.").format(count=count))
    else:
        note(_("Stopped. Nothing was sent."))
    note(_("To go on, type the same command again: no row is sent twice."))
