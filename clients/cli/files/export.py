"""``serai export``: what is in the store, as a file for other programs."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from clients.cli.base import Command, as_option, client_options, permission_option
from clients.cli.types import CodeChoice, KindType, MomentType, NumberType
from clients.cli.ui import STOPPED, note, show
from clients.documents.texts import _
from schemas import labels
from schemas.rules.handling import Use

if TYPE_CHECKING:
    from clients.actions.client import Client
    from clients.actions.exporting import Direction, ExportChoice, ExportOptions
    from clients.documents.export_format import ExportTally
    from schemas.addresses import Address
    from schemas.claims import Status

FORMATS = ("ids-csv", "json", "cap")


@dataclass(frozen=True, slots=True)
class ExportCommand:
    """What was typed.

    Attributes:
        numbers: of single dispatches.
        format_name: one of `FORMATS`.
        since_ms: what was accepted then or later, milliseconds since 1970 UTC; ``None`` by default.
        until_ms: what was accepted before.
        kinds: kinds of report.
        direction: sent or received; ``None`` for both.
        status: how it is marked; ``None`` for any.
        mixed: whether exercise and actual may stand in one file.
        use: for what the file is; ``None`` if nobody says.
        permission: where that is permitted, in words.
        output: the file; ``None`` for standard output.
        officer: who exports; ``None`` if that is clear.
        force: whether a file that is there is replaced.
        as_json: for programs.
    """

    numbers: tuple[int, ...]
    format_name: str
    since_ms: int | None
    until_ms: int | None
    kinds: tuple[str, ...]
    direction: Direction | None
    status: Status | None
    mixed: bool
    use: str | None
    permission: str | None
    output: Path | None
    officer: Address | None
    force: bool
    as_json: bool

    @property
    def options(self) -> ExportOptions:
        """Which dispatches are wanted.

        An alert of CAP is for others, whatever is said.

        Raises:
            click.UsageError: there are numbers and filters: a number says all.
        """
        from clients.actions.exporting import ExportOptions
        from clients.actions.handling import WantedUse

        filters = {name: getattr(self, name) for name in ("since_ms", "until_ms", "kinds", "direction", "status")}
        typed = {name: value for name, value in filters.items() if value}
        if self.numbers and typed:
            raise click.UsageError(_("numbers of dispatches need no filters"))
        if self.format_name == "cap" and self.use not in (None, Use.OTHERS.value):
            raise click.UsageError(_("an alert of CAP is for others: leave --use out"))
        use = Use(self.use or (Use.OTHERS if self.format_name == "cap" else Use.OWN))
        return ExportOptions(self.numbers, mixed=self.mixed, wanted=WantedUse(use, self.permission or ""), **typed)


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
@click.option(
    "--kind", "kinds", type=KindType(), multiple=True, help="Only this kind (another word lists them); may be repeated."
)
@click.option("--sent", "direction", flag_value="sent", help="Only what was sent.")
@click.option("--received", "direction", flag_value="received", help="Only what came.")
@click.option("--status", type=CodeChoice(labels.Status), help="Only what is marked so.")
@click.option("--mixed", is_flag=True, help="Exercise and actual may stand in one file.")
@click.option("--use", type=CodeChoice(Use), help="For what the file is: own (by default), others, court.")
@permission_option
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to this file, which is yours alone; to standard output by default.",
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@as_option
@client_options
def export(*, output: Path | None, home: Path, passphrase_fd: int | None, **typed: Any) -> None:
    """Write dispatches that came or were sent to a file: all, by number N, or by filters.

    ids-csv has the columns of the UNODC file, and holds seizures only; json has everything; cap is the Common Alerting
    Protocol 1.2, one alert for one N, else an Atom feed of alerts. Every row and alert carries its handling code and
    says whether it is an exercise. What its provider does not permit for such a use (see --use) is left out, unless
    you say where it was permitted.
    """
    from clients.cli.client import open_client

    command = ExportCommand(output=None if output == Path("-") else output, **typed)
    options = command.options
    if command.as_json and command.output is None:
        raise click.UsageError(_("--json tells of a file: it needs --output"))
    try:
        with open_client(home, passphrase_fd) as client:
            _export(client, options, command)
    except KeyboardInterrupt:
        note(_("Stopped. No file was written; type the same command again.") if command.output else _("Stopped."))
        sys.exit(STOPPED)


def _export(client: Client, options: ExportOptions, command: ExportCommand) -> None:
    from clients.actions.exporting import choose
    from clients.actions.handing import HandedWay, note_handed
    from clients.documents.export_files import export_pieces, make_format
    from clients.documents.export_format import ExportTally, LeftOut
    from clients.documents.outfile import check_free

    if command.output is not None:
        check_free(command.output, force=command.force)
    by = client.signer(command.officer)
    choice = choose(client, options)
    tally = ExportTally()
    tally.left_out[LeftOut.UNVERIFIED] += choice.unverified

    def pieces(into: ExportTally) -> Iterator[bytes]:
        writer = make_format(command.format_name, client, options.wanted, single=len(options.numbers) == 1)
        return export_pieces(client, choice, writer, into)

    def keep(counted: ExportTally) -> None:
        note_handed(client, counted.digests, by, HandedWay.EXPORT, command.format_name, options.wanted)

    if command.output is None:  # what is written there has left at once: it is made once before, to be counted
        counted = ExportTally()
        deque(pieces(counted), maxlen=0)
        keep(counted)
    with _open(command.output, force=command.force) as file:
        file.writelines(pieces(tally))
        if command.output is not None:  # a file takes its name after this
            keep(tally)
    _tell(choice, tally, command)


@contextmanager
def _open(output: Path | None, *, force: bool) -> Iterator[BinaryIO]:
    from clients.documents.outfile import open_private

    if output is None:
        stream = sys.stdout.buffer
        yield stream
        stream.flush()
        return
    with open_private(output, force=force) as file:
        yield file


def _tell(choice: ExportChoice, tally: ExportTally, command: ExportCommand) -> None:
    """Say what is in the file, and what is not."""
    from clients.cli.files.export_view import tally_json, tally_lines

    lines = tally_lines(choice, tally, command.output)
    if command.output is None:
        for line in lines:
            note(line)
        return
    value = {"file": str(command.output), "format": command.format_name, **tally_json(choice, tally)}
    show(value, lines, as_json=command.as_json)
