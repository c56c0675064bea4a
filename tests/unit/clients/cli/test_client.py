"""What a command says of the line."""

from __future__ import annotations

from clients.cli.client import queued_text
from clients.line.lock import hold_line
from tests.support.counter import Counter
from tests.support.desk import Desk


def test_reason_of_the_hub_cannot_move_the_cursor(kz: Desk, counter: Counter) -> None:
    """Why there is no line, in a hub's words, does nothing to the terminal that shows it."""
    outgoing = kz.store.outbox.get(kz.send("UZ/NFP"))
    assert outgoing is not None
    with hold_line(counter.store.path, "serai run", 5) as line:
        line.tell(live=False, fault="no: a\x1b[2J\u202eb\x9b", offset_ms=0)
        text = queued_text(counter, outgoing)
    assert "no: a" in text
    assert text.isprintable()
