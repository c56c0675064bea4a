"""``serai import``: a file of seizures becomes seizure reports, each line once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from clients.cli.frame import Command, as_option, choice, client_options, wait_option, yes_option
from clients.cli.texts import _
from clients.cli.ui import DONE, FAILED, QUEUED, STOPPED, json_line, note, show
from schemas.labels import HandlingCode, Precedence, Status

if TYPE_CHECKING:
    from clients.cli.desk import Desk
    from clients.cli.files.seizure_file import Plan
    from clients.cli.files.seizure_queue import Queued
    from clients.store import OutState


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
@click.option("--precedence", type=choice(Precedence), help="How urgent it is.")
@click.option("--handling", type=choice(HandlingCode), help="What recipients may do with it; H1 if not said.")
@click.option("--status", type=choice(Status), help="As the network says, if not said.")
@click.option(
    "--refused",
    "refused_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the rows of which no report can be made here, to be mended and imported.",
)
@click.option(
    "--skip-repeated",
    "skips",
    is_flag=True,
    help="Leave out rows that say just what rows of another file said: for a file that grows.",
)
@as_option
@wait_option
@yes_option
@client_options
def import_file(*, file: Path, home: Path, passphrase_fd: int | None, **given: Any) -> None:
    """Send the seizures of your own country from a UNODC file, plain or gzip.

    Before anything goes it shows how many reports there are, to whom they go, how they are marked, and which rows
    cannot be used. Each line is sent once: import the same file again, under whatever name, and only what is missing
    goes. It may be stopped or killed at any time; the same command goes on.
    """
    from clients.cli.desk import open_desk
    from clients.cli.files.seizure_queue import Queued

    queued = Queued()
    try:
        with open_desk(home, passphrase_fd) as desk:
            status = _import(desk, file, given, queued)
    except KeyboardInterrupt:
        _tell_stopped(queued, as_json=given["as_json"])
        sys.exit(STOPPED)
    sys.exit(status)


def _import(desk: Desk, file: Path, given: dict[str, Any], queued: Queued) -> int:
    from clients.cli.files.seizure_queue import put_all, settle
    from clients.cli.officer.writing import everybody, make_cover, recipients_of

    desk.catch_up(given["wait_s"], needed=lambda: not everybody(desk))
    cover = make_cover(desk, given)
    plan = _read(desk, file, cover, given)
    cover |= {"to": [], "precedence": cover["precedence"] or "routine"}
    if plan.new:
        cover["to"] = recipients_of(desk, given, cover)
        _agree(desk, plan, cover, yes=given["yes"])
    put_all(desk, plan, cover, queued)
    states = settle(desk, queued, given["wait_s"])
    return _tell(desk, plan, queued, states, given, list(cover["to"]))


def _read(desk: Desk, file: Path, cover: dict[str, Any], given: dict[str, Any]) -> Plan:
    from clients.cli.files.refused_rows import write_refused
    from clients.cli.files.seizure_file import read_plan, start_plan

    plan = start_plan(file, desk.state.member, cover["status"], skips=given["skips"])
    refused = read_plan(plan, desk.store)
    if given["refused_file"] is not None:
        write_refused(given["refused_file"], refused, file)
    else:
        for _each in refused:
            pass
    return plan


def _agree(desk: Desk, plan: Plan, cover: dict[str, Any], *, yes: bool) -> None:
    """Show what would go, and go on only if a person agrees."""
    from clients.cli.files.seizure_view import plan_lines
    from clients.cli.officer.dispatch_view import banner
    from clients.cli.officer.report_view import report_lines
    from clients.cli.officer.writing import cover_lines
    from clients.cli.texts import plural
    from clients.cli.ui import WIDTH, ask

    lines = [*banner(cover["status"]), _("This will be sent:"), *plan_lines(plan), *cover_lines(desk, cover)]
    if plan.first is not None:
        lines += [_("The first of them:"), "-" * WIDTH, *report_lines(plan.first), "-" * WIDTH]
    question = plural("Send {count} report?", "Send {count} reports?", plan.new)
    ask([*lines, *banner(cover["status"])], question, yes=yes)


def _tell(
    desk: Desk, plan: Plan, queued: Queued, states: dict[int, OutState], given: dict[str, Any], to: list[str]
) -> int:
    """Say what became of every row; gives the exit code."""
    from clients.cli.files.seizure_view import Outcome, outcome_json, outcome_lines

    outcome = Outcome.of(desk, queued, states)
    status = FAILED if outcome.refused else QUEUED if outcome.queued else DONE
    value = {**outcome_json(plan, outcome, given["refused_file"]), "to": to}
    if status == FAILED and given["as_json"]:
        click.echo(json_line({"ok": False, **value, "exit": FAILED}))
    else:
        show(value, outcome_lines(plan, outcome, to, given["refused_file"]), as_json=given["as_json"])
    if outcome.queued:
        note(_("What is queued goes out with the next command that reaches the hub, or serai run."))
    return status


def _tell_stopped(queued: Queued, *, as_json: bool) -> None:
    count = len(queued.lines)
    if as_json:
        click.echo(json_line({"ok": False, "in_outbox": count, "exit": STOPPED}))
    if count:
        note(_("Stopped. Rows in the outbox: {count}; they go out, nothing is lost.").format(count=count))
    else:
        note(_("Stopped. Nothing was sent."))
    note(_("To go on, type the same command again: no row is sent twice."))
