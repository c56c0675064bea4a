"""``serai sent``: what was sent, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from clients.cli.base import Command, client_options
from clients.cli.ui import show
from clients.documents.texts import _

MOST: Final = 10_000
"""The highest limit."""


@click.command(cls=Command, examples=("serai sent", "serai sent --limit 100"))
@click.option("--limit", default=18, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")
@client_options
def sent(*, limit: int, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show what this member has sent, and what recipients did; then what waits to go.

    What the hub has refused came back: it stands first, with what to do about it. Then comes what is not done: urgent
    and not acknowledged by all, declined, not delivered, not confirmed or not answered in time. serai acknowledge N
    takes it from there: an officer has seen it.
    """
    from clients.actions.asof import read_as_of
    from clients.actions.lists import list_sent
    from clients.actions.reading import waiting
    from clients.actions.returned import list_returned, not_sent_to
    from clients.cli.client import open_client
    from clients.cli.officer.item_view import back_lines, not_sent_lines
    from clients.cli.officer.sent_view import sent_line
    from clients.documents.items import item_json
    from clients.documents.lists import as_of_json, as_of_text, left_out_json, left_out_lines, nothing_text
    from clients.documents.sent_rows import sent_report_json
    from clients.mail.compose import DispatchDraft

    with open_client(home, passphrase_fd) as client:
        found, as_of = list_sent(client, limit), read_as_of(client)
        page = found.page
        queued = [(each, draft) for each, draft in waiting(client) if isinstance(draft, DispatchDraft)]
        back = list_returned(client, limit)
        value = {
            "dispatches": [sent_report_json(each) for each in page.shown],
            "undone": found.undone,
            **left_out_json(page),
            **as_of_json(as_of),
            "queued": [{"outbox": each.id, "made_ms": each.made_ms, "to": list(draft.to)} for each, draft in queued],
            "returned": [item_json(each) for each in back.items],
            "returned_left": back.left,
        }
        lines = list(back_lines(back))
        lines += [_("SENT AND NOT DONE: {count}").format(count=found.undone)] if found.undone else []
        for each in page.shown:
            lines += [sent_line(each), *not_sent_lines(not_sent_to(client, each.status.digest))]
        lines += left_out_lines(page, MOST)
        lines += [
            _("Waiting to be sent: item {row}, to {to}").format(row=each.id, to=", ".join(draft.to))
            for each, draft in queued
        ]
        show(value, [*(lines or [nothing_text(as_of)]), as_of_text(as_of)], as_json=as_json)
