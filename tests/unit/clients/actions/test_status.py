"""How a client stands, at a glance."""

from __future__ import annotations

from clients.actions.checks import FindingCode, Grade, check_store
from clients.actions.status import read_status
from clients.line.lock import hold_line
from tests.support.counter import Counter
from tests.support.desk import Desk


def test_a_client_that_nobody_runs(counter: Counter, kz: Desk) -> None:
    """Without a holder there is no line; what is known is still told."""
    found = read_status(counter)
    assert (found.member, found.seat, found.holder, found.live, found.fault) == ("KZ/NFP", "desk", None, False, "")
    assert (found.ledger_size, found.audited_at_ms, found.alarms, found.endings) == (kz.size, 0, 0, ())


def test_what_waits_is_counted(counter: Counter, kz: Desk, uz: Desk) -> None:
    """What is not sent yet, and urgent dispatches that no officer has answered."""
    uz.send("KZ/NFP", precedence="flash")
    uz.flush()
    kz.sync()
    kz.send("UZ/NFP")
    counter.state.alarm("fork", "epoch 0")
    counter.store.trust.set_audit_ended(7)
    found = read_status(counter)
    assert (found.urgent_waiting, found.outbox_waiting, found.audited_at_ms) == (1, 1, 7)
    assert (found.alarms, found.newest_alarm and found.newest_alarm.kind) == (1, "fork")


def test_what_is_newer_is_told(counter: Counter) -> None:
    """Types of statements that this program does not know are named, here and by the checks, until it knows them."""
    assert read_status(counter).newer == ()
    counter.store.trust.add_newer({7: 3, 9: 0})
    assert read_status(counter).newer == (7, 9)
    (found,) = [each for each in check_store(counter) if each.code is FindingCode.NEWER]
    assert (found.grade, found.facts) == (Grade.WARNING, {"codes": "7, 9"})


def test_the_line_is_as_its_holder_says(counter: Counter) -> None:
    """A holder without a line says why; with one there is no fault."""
    with hold_line(counter.store.path, "serai run", 0) as held:
        held.tell(live=False, fault="no answer", offset_ms=0)
        assert (read_status(counter).live, read_status(counter).fault) == (False, "no answer")
        held.tell(live=True, fault="no answer", offset_ms=0)
        assert (read_status(counter).live, read_status(counter).fault) == (True, "")
