"""What came and was not taken yet."""

from __future__ import annotations

from clients.mail.arrivals import Arrivals
from tests.support.desk import Desk


def test_urgent_ones_come_first_and_each_once(kz: Desk, uz: Desk) -> None:
    """The queue begins with what the store has, takes what comes, and gives urgent ones before others, in order."""
    for reference, precedence in (("1", "routine"), ("2", "flash")):
        uz.send("KZ/NFP", reference=reference, precedence=precedence)
    uz.flush()
    kz.sync()
    lanes = dict(kz.store.items.untaken())
    arrivals = Arrivals(kz.store.items)
    arrivals.add("urgent", "later")
    assert arrivals
    given = []
    while arrivals:
        given.append(arrivals.first())
        arrivals.take()
    assert given == [lanes["urgent"], "later", lanes["normal"]]
    assert arrivals.first() is None


def test_what_was_taken_is_remembered(kz: Desk, uz: Desk) -> None:
    """What is marked is on disk after `flush`, or once there are many; what is not marked comes again."""
    for number in range(66):
        uz.send("KZ/NFP", reference=str(number))
    uz.flush()
    kz.sync()
    arrivals = Arrivals(kz.store.items)
    left = []
    for _ in range(65):
        digest = arrivals.first()
        assert digest is not None
        arrivals.take()
        arrivals.mark(digest)
        left.append(len(kz.store.items.untaken()))
    assert left == [66] * 63 + [2] * 2
    arrivals.flush()
    assert len(kz.store.items.untaken()) == 1
