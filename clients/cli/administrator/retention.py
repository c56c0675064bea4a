"""``serai retention``: how long texts are kept here, what is older, and the log of what was deleted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from clients.cli.base import Command, LazyGroup, as_option, client_options, yes_option
from clients.cli.deletions import ALL_KINDS, copies_json, copy_lines, deleted_json, deleted_lines, entry_json, kind_text
from clients.cli.ui import ask, show
from clients.documents.plain import clean, field, utc, wrap
from clients.documents.texts import _, plural
from schemas.addresses import Address
from schemas.reports.kinds import KINDS

if TYPE_CHECKING:
    from clients.actions.retention import Plan, Retention
    from clients.store import Deletion


@click.group(cls=LazyGroup)
def retention() -> None:
    """Set how long texts are kept here, and delete what is older.

    A text is deleted here only: the hub, its sender and its other recipients have theirs. A log keeps what was
    deleted, when, by whom and why, and never what it said.
    """


@retention.command(cls=Command, name="show", examples=("serai retention show", "serai retention show --limit 100"))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@client_options
def show_retention(*, limit: int, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show the rules, and what was deleted, the newest first."""
    from clients.actions.retention import see_retention
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        found = see_retention(client, limit)
    value = {
        "rules": dict(found.rules),
        "deleted": [entry_json(each) for each in found.newest],
        "count": found.count,
        "backups": copies_json(found.copies),
    }
    show(value, _retention_lines(found), as_json=as_json)


@retention.command(
    cls=Command,
    name="set",
    examples=("serai retention set --kind all --days 1095", "serai retention set --kind feedback --off"),
)
@click.option(
    "--kind",
    required=True,
    type=click.Choice([*KINDS, ALL_KINDS], case_sensitive=False),
    metavar="KIND",
    help="Of reports; all is for every kind without a rule of its own.",
)
@click.option("--days", type=click.IntRange(30, 36_525), help="After how many days a text may be deleted.")
@click.option("--off", is_flag=True, help="No rule: nothing of this kind is deleted by its age.")
@client_options
def set_retention(
    *, kind: str, days: int | None, off: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Set after how many days a text may be deleted; nothing is deleted yet.

    There is no rule until somebody sets one.
    """
    from clients.actions.retention import set_rule
    from clients.cli.client import open_client

    if (days is None) != off:
        raise click.UsageError(_("one of --days and --off is needed"))
    with open_client(home, passphrase_fd) as client:
        rules = set_rule(client, kind, days)
    show({"rules": rules}, _rule_lines(rules), as_json=as_json)


@retention.command(cls=Command, name="run", examples=("serai retention run --dry-run", "serai retention run --yes"))
@click.option("--dry-run", is_flag=True, help="Show what would be deleted, and delete nothing.")
@as_option
@yes_option
@client_options
def run_retention(
    *, dry_run: bool, officer: Address | None, yes: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Delete the texts that are older than the rules say.

    What is urgent and not answered, what owes or awaits a reply, and what waits to be sent is never deleted.
    """
    from clients.actions.retention import plan_run, run_rules
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        plan = plan_run(client)
        value = {"kinds": dict(plan.kinds), "kept": plan.kept}
        if dry_run or not plan.digests:
            show({**value, "deleted": []}, _plan_lines(plan), as_json=as_json)
            return
        ask(_plan_lines(plan), _("Delete them for good?"), yes=yes)
        deleted = run_rules(client, plan, officer)
        show({**value, **deleted_json(deleted)}, deleted_lines(deleted), as_json=as_json)


@retention.command(cls=Command, name="destroyed", examples=("serai retention destroyed /media/safe/backup-2026-11",))
@click.argument("folder", type=click.Path(path_type=Path))
@as_option
@yes_option
@client_options
def destroyed(
    folder: Path, *, officer: Address | None, yes: bool, home: Path, passphrase_fd: int | None, as_json: bool
) -> None:
    """Tick off the backup in FOLDER: it is destroyed, and holds nothing any more that was deleted here.

    Serai cannot look whether it is; who says so, and when, stays in serai retention show.
    """
    from clients.actions.retention import tick_off_copy
    from clients.cli.client import open_client

    with open_client(home, passphrase_fd) as client:
        ask(field(_("Backup"), clean(str(folder))), _("Is it destroyed, with every copy of it?"), yes=yes)
        copies = tuple(tick_off_copy(client, folder, officer))
    show({"backups": copies_json(copies)}, copy_lines(copies), as_json=as_json)


# What is shown


def _rule_lines(rules: dict[str, int]) -> list[str]:
    if not rules:
        return field(_("Rules"), _("none: nothing is deleted by its age"))
    lines = []
    for kind, days in sorted(rules.items(), key=lambda each: (each[0] == ALL_KINDS, each[0])):
        text = plural("after {count} day", "after {count} days", days)
        lines += field(_("Rule"), f"{kind_text(kind)}: {text}")
    return lines


def _retention_lines(found: Retention) -> list[str]:
    lines = _rule_lines(dict(found.rules))
    if found.copies:
        lines += field(_("Backups"), _("what was deleted after one was made is in it until it is destroyed"))
        lines += copy_lines(found.copies)
    if not found.count:
        return [*lines, *field(_("Deleted"), _("nothing yet"))]
    lines += field(_("Deleted"), plural("{count} dispatch", "{count} dispatches", found.count))
    for each in found.newest:
        lines += _entry_lines(each)
    if len(found.newest) < found.count:
        lines.append(_("See them: --limit {count}").format(count=found.count))
    return lines


def _entry_lines(entry: Deletion) -> list[str]:
    from clients.actions.numbers import spell_number

    number = "-" if entry.number is None else spell_number(entry.number, entry.status)
    what = f"{number:>12} {utc(entry.at_ms)}  {kind_text(entry.kind)}"
    sender = entry.sender or _("not known")
    age = plural("after {count} day", "after {count} days", entry.days or 0)
    why = entry.reason or _("rule for {kind}: {age}").format(kind=kind_text(entry.rule), age=age)
    text = _("from {sender}; by {officer}: {reason}").format(sender=sender, officer=entry.by, reason=clean(why))
    return [what, wrap(text, " " * 13)]


def _plan_lines(plan: Plan) -> list[str]:
    if not plan.digests:
        lines = [_("Nothing is old enough to be deleted.")]
    else:
        text = plural("{count} dispatch", "{count} dispatches", len(plan.digests))
        lines = field(_("To delete"), text)
        for kind, count in sorted(plan.kinds.items()):
            lines += field("", f"{kind_text(kind)}: {count}")
    if plan.kept:
        text = plural("{count} dispatch", "{count} dispatches", plan.kept)
        lines += field(_("Stays"), text + ": " + _("not answered, waiting for something, or going out"))
    return lines
