"""``serai export``: what is in the store, as a file for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from clients.cli.files.chosen import MomentType, NumberType, Wanted, check_filters
from clients.cli.frame import Command, choice, client_options
from clients.cli.texts import _
from clients.cli.ui import STOPPED, note, show
from schemas.labels import Kind, Status

if TYPE_CHECKING:
    from clients.cli.desk import Desk
    from clients.cli.files.chosen import Choice
    from clients.cli.files.export_formats import Exported, Format, Tally

FORMATS = ("ids-csv", "json", "cap")
_FILTERS = ("since_ms", "until_ms", "kinds", "direction", "status")


@click.command(
    cls=Command,
    examples=(
        "serai export --format json --output all.json",
        "serai export --format ids-csv --since 2026-11-01 --output november.csv",
        "serai export 10423 --format cap > alert.xml",
    ),
)
@click.argument("numbers", metavar="[N]...", type=NumberType(), nargs=-1)
@click.option("--format", "format_name", type=click.Choice(FORMATS), required=True, help="What the file is to be.")
@click.option("--since", "since_ms", type=MomentType(), metavar="TIME", help="What was accepted then or later.")
@click.option(
    "--until", "until_ms", type=MomentType(end=True), metavar="TIME", help="What was accepted before; a day counts."
)
@click.option("--kind", "kinds", type=choice(Kind), multiple=True, help="Only this kind; may be repeated.")
@click.option("--sent", "direction", flag_value="sent", help="Only what was sent.")
@click.option("--received", "direction", flag_value="received", help="Only what came.")
@click.option("--status", type=choice(Status), help="Only what is marked so.")
@click.option("--mixed", is_flag=True, help="Exercise and actual may stand in one file.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to this file, which is yours alone; to standard output if not said.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@client_options
def export(*, numbers: tuple[int, ...], home: Path, passphrase_fd: int | None, **given: Any) -> None:
    """Write dispatches that came or were sent to a file: all, by number N, or by filters.

    ids-csv has the columns of the UNODC file, and holds seizures only; json has everything; cap is the Common Alerting
    Protocol 1.2, one alert for one N, else an Atom feed of alerts. Every row and alert carries its handling code and
    says whether it is an exercise: what the sender permits holds for the file too.
    """
    from clients.cli.desk import open_desk

    output = None if given["output"] == Path("-") else given["output"]
    filters = {name: given[name] for name in _FILTERS}
    check_filters(numbers, filters)
    if given["as_json"] and output is None:
        raise click.UsageError(_("--json tells of a file: it needs --output"))
    wanted = Wanted(numbers, **{name: value for name, value in filters.items() if value})
    try:
        with open_desk(home, passphrase_fd) as desk:
            _export(desk, wanted, output, given)
    except KeyboardInterrupt:
        note(_("Stopped. No file was written; type the same command again.") if output else _("Stopped."))
        sys.exit(STOPPED)


def _export(desk: Desk, wanted: Wanted, output: Path | None, given: dict[str, Any]) -> None:
    from clients.cli.files.chosen import choose
    from clients.cli.files.export_formats import Tally, make_format
    from clients.cli.outfile import check_free

    if output is not None:
        check_free(output, force=given["force"])
    chosen = choose(desk, wanted, mixed=given["mixed"])
    tally = Tally()
    tally.left_out["unverified"] += chosen.unverified
    writer = make_format(given["format_name"], desk, single=len(wanted.numbers) == 1)
    with _open(output, force=given["force"]) as file:
        for piece in _pieces(desk, chosen, writer, tally):
            file.write(piece)
    _tell(chosen, tally, output, given)


@contextmanager
def _open(output: Path | None, *, force: bool) -> Iterator[BinaryIO]:
    from clients.cli.outfile import open_private

    if output is None:
        stream = sys.stdout.buffer
        yield stream
        stream.flush()
        return
    with open_private(output, force=force) as file:
        yield file


def _pieces(desk: Desk, chosen: Choice, writer: Format, tally: Tally) -> Iterator[bytes]:
    from clients.cli.progress import Progress

    newest = _exported(desk, chosen.digests[-1]) if chosen.digests else None
    yield writer.begin(chosen.status, newest.delivery.accepted_at_ms if newest else 0)
    with Progress(_("Exporting"), len(chosen.digests), plain=True) as progress:
        for digest in chosen.digests:
            each = _exported(desk, digest)
            if each is not None:
                yield writer.write(each, tally)
            progress.advance()
    yield writer.end()


def _exported(desk: Desk, digest: str) -> Exported | None:
    from clients.cli.files.export_formats import Exported

    item = desk.store.items.get(digest)
    delivery = desk.delivery(item) if item is not None else None
    if item is None or delivery is None or delivery.cover is None:
        return None
    return Exported(item, delivery, delivery.cover)


def _tell(chosen: Choice, tally: Tally, output: Path | None, given: dict[str, Any]) -> None:
    """Say what is in the file, and what is not."""
    from clients.cli.files.export_view import tally_json, tally_lines

    lines = tally_lines(chosen, tally, output)
    if output is None:
        for line in lines:
            note(line)
        return
    value = {"file": str(output), "format": given["format_name"], **tally_json(chosen, tally)}
    show(value, lines, as_json=given["as_json"])
