"""``serai sent``: what was said, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from clients.cli.frame import Command, client_options
from clients.cli.texts import _
from clients.cli.ui import WIDTH, show, utc


@click.command(cls=Command, examples=("serai sent", "serai sent --limit 100"))
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many.")
@client_options
def sent(*, limit: int, home: Path, passphrase_fd: int | None, as_json: bool) -> None:
    """Show what this member has sent, the newest last, and how many recipients have answered; then what waits to go."""
    from clients.cli.desk import open_desk
    from clients.cli.officer.dispatch_view import sent_json
    from clients.inbox import status_of

    with open_desk(home, passphrase_fd) as desk:
        items = list(reversed(desk.store.items.sent(limit)))
        found = [(item, status_of(item.digest, desk.store)) for item in items]
        waiting = [desk.store.outbox.get(number) for number in desk.store.outbox.waiting(1000)]
        queued = [each for each in waiting if each is not None and each.draft.get("draft") == "dispatch"]
        value = {
            "dispatches": [sent_json(status, _report(desk, item)) for item, status in found],
            "queued": [{"outbox": each.id, "made_ms": each.made_ms, "to": list(each.draft["to"])} for each in queued],
        }
        lines = [_line(status) for _item, status in found]
        lines += [
            _("Queued: outbox {row}, to {to}").format(row=each.id, to=", ".join(each.draft["to"])) for each in queued
        ]
        show(value, lines or [_("Nothing.")], as_json=as_json)


def _report(desk: Any, item: Any) -> Any:
    return desk.delivery(item).report


def _line(status: Any) -> str:
    from clients.cli.numbers import spell_number
    from clients.cli.officer.dispatch_view import KindWord, mark_text
    from clients.cli.texts import label_of

    number = spell_number(status.index or 0, status.cover.status)
    states = [each.state for each in status.recipients.values()]
    answered = sum(state in ("acknowledged", "declined") for state in states)
    arrived = answered + sum(state == "received" for state in states)
    said = _("arrived {arrived}/{count}, answered {answered}").format(
        arrived=arrived, count=len(states), answered=answered
    )
    said = "; ".join(each for each in (said, mark_text(status.marks)) if each)
    kind = label_of(KindWord, status.cover.kind)
    text = f"{number:>12} {utc(status.accepted_at_ms)[5:16]} {kind:<9.9} {said}  {', '.join(status.cover.to)}"
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."
