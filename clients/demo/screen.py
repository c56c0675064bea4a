"""What the demonstration shows to a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from clients.demo.exchange import Tell
from clients.demo.outcome import DemoOutcome
from clients.demo.parties import DESK, MEMBERS, NEIGHBOUR, OFFICERS_PASSPHRASE, PASSPHRASE
from clients.demo.rows import Rows, line_ranges
from clients.documents.faults import remedy_of, title_of
from clients.errors import ClientError
from schemas.errors import SeraiError


class DemoScreen:
    """Progress on standard error, results on standard output."""

    def __init__(self) -> None:
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, what: str) -> None:
        """A step that begins."""
        self._err.print(f"[dim]{what} ...[/dim]")

    def show_rows(self, rows: Rows) -> None:
        """Rows that are not sent, each with its line number and the reason."""
        for bad in rows.unusable:
            column = f" ({bad.column})" if bad.column else ""
            self._err.print(f"line {bad.line} not usable: {bad.reason.label.en}{column}", markup=False)
        for country, lines in sorted(rows.foreign.items()):
            where = ", ".join(line_ranges(lines))
            self._err.print(
                f"{len(lines)} rows of {country} not sent, no focal point here: lines {where}", markup=False
            )
        self._err.print(f"{rows.count} seizures to send; each goes to {len(MEMBERS) - 1} recipients")

    @contextmanager
    def progress(self, total: int) -> Iterator[Tell]:
        """A bar over so many deliveries; what begins meanwhile has a line of its own, which stays."""
        columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err) as progress:
            task = progress.add_task("exchanging", total=total)

            def tell(done: int, what: str) -> None:
                if what != progress.tasks[task].description:
                    progress.print(f"[dim]after {done} of {total} deliveries: {what}[/dim]")
                progress.update(task, completed=done, description=what)

            yield tell

    def show_typed(self, command: str, said: str) -> None:
        """A command as it was typed, and what it said."""
        self._err.print(f"\n[bold]{escape(command)}[/bold]")
        self._err.print(said.rstrip("\n"), markup=False)

    def show_outcome(self, outcome: DemoOutcome, kept: Path | None) -> None:
        """What each inbox holds and what each audit found."""
        table = Table("member", *("sent", "received", "acknowledged", "ledger followed", "alarms"))
        for column in table.columns[1:]:
            column.justify = "right"
        for member, count in outcome.counts.items():
            audit = outcome.audits[member]
            sent = len(outcome.reports.get(member, ()))
            followed = f"{audit.size} leaves" if not audit.faults else f"{len(audit.faults)} faults"
            numbers = (sent, len(count.digests), count.acknowledged, followed, outcome.alarms[member])
            table.add_row(member, *(str(number) for number in numbers))
        self._out.print(table)
        if kept:
            text = f"Everything is in {kept}; the passphrase of the stores is: {PASSPHRASE}"
            self._out.print(f"{text}\nthat of every officer: {OFFICERS_PASSPHRASE}", markup=False)

    def say_more(self) -> None:
        """What else there is to see."""
        self._err.print("The same network in a browser, live: make demo DESK=1", markup=False)

    def show_desk(self) -> None:
        """What can be done at the desk that is opened now."""
        self._err.print(
            f"\nThe desk of {DESK}, as its officers see it: they type {OFFICERS_PASSPHRASE!r}. Neighbours acknowledge "
            f"what it sends; {NEIGHBOUR} warns it in a moment. Ctrl-C ends all of it.",
            markup=False,
        )

    def show_fault(self, error: SeraiError) -> None:
        """Why it did not work, and what to do."""
        if isinstance(error, ClientError):
            what, remedy = title_of(error), remedy_of(error)
        else:
            what, remedy = f"{error.problem.title} {error.detail}", error.problem.remedy
        self._err.print(f"{what}\n{remedy} ({error.code.value})", markup=False)
