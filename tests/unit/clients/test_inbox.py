"""What a program or person sees of stored statements."""

from __future__ import annotations

import pytest

from clients.inbox import RecipientStatus, delivery_of, status_of
from clients.store import Answer
from schemas.errors import Code
from schemas.reports import WarningReport
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ


def test_delivery_shows_report_and_sender(kz: Desk, uz: Desk) -> None:
    """A dispatch that came shows who sent it and what it says; its text does not show the report."""
    kz.send("UZ/NFP", reference="KZ-77")
    kz.flush()
    uz.sync()
    (item,) = uz.store.items.inbox(1)
    delivery = delivery_of(item, uz.store, UZ)
    assert isinstance(delivery.report, WarningReport)
    assert (delivery.sender, delivery.report.our_reference, delivery.step) == (KZ, "KZ-77", None)
    assert "look out" not in repr(delivery)


def test_delivery_that_failed_shows_why(kz: Desk, hub: ScriptedHub) -> None:
    """A failed step shows number and code, with the cover where that could be verified."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], b"no report"))
    kz.sync()
    delivery = delivery_of(kz.store.items.inbox(1)[0], kz.store, KZ)
    assert (delivery.sender, delivery.report, delivery.step, delivery.code) == (UZ, None, 10, "malformed_report")


def test_delivery_shows_what_the_own_member_said(kz: Desk, hub: ScriptedHub) -> None:
    """An acknowledgement at another seat is seen here; what other recipients said is not."""
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP", "RU/NFP"]))
    hub.world.admit(hub.world.receipt("KZ/NFP/DUTY-1", "UZ/NFP", [digest], "acknowledged"))
    kz.sync()
    kz.store.outcomes.add(digest, Answer(RU, "declined", 1))
    item = kz.store.items.get(digest)
    assert item is not None
    delivery = delivery_of(item, kz.store, KZ)
    assert (delivery.acknowledged, delivery.declined, len(delivery.answers)) == (True, False, 1)


def test_status_names_every_recipient(kz: Desk, uz: Desk) -> None:
    """Each recipient has a state, also who has said nothing; a stranger's receipt counts for nobody."""
    row = kz.send("UZ/NFP", "RU/NFP")
    kz.flush()
    digest = kz.digest_of(row)
    uz.confirm()
    kz.sync()
    kz.store.outcomes.add(digest, Answer(KZ, "received", 1))
    status = status_of(digest, kz.store)
    assert {member: each.state for member, each in status.recipients.items()} == {UZ: "received", RU: "sent"}
    assert (status.index, status.cover.kind) == (7, "warning")


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        ((), "sent"),
        (("silent",), "silent"),
        (("silent", "received"), "received"),
        (("received", "acknowledged"), "acknowledged"),
        (("received", "acknowledged", "declined"), "declined"),
        (("received", "undeliverable"), "undeliverable"),
        (("overdue_reply",), "sent"),
    ],
)
def test_strongest_outcome_is_the_state(outcomes: tuple[str, ...], state: str) -> None:
    """Whatever was said and noticed, one word tells where it stands."""
    assert RecipientStatus(UZ, tuple(Answer(UZ, outcome, 1) for outcome in outcomes)).state == state


def test_resealed_recipient_has_the_state_of_the_reseal(kz: Desk, hub: ScriptedHub) -> None:
    """Who got the content under a new key is received once it confirms that one."""
    row = kz.send("UZ/NFP")
    kz.flush()
    digest = kz.digest_of(row)
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    resealed = hub.send(hub.world.dispatch("KZ/NFP", ["UZ/NFP"], refs=[{"rel": "reseal", "digest": digest}]))
    kz.sync()
    assert status_of(digest, kz.store).recipients[UZ].state == "rejected"
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [resealed]))
    kz.sync()
    recipient = status_of(digest, kz.store).recipients[UZ]
    assert (recipient.state, recipient.resealed) == ("received", resealed)


def test_status_is_of_own_dispatches(kz: Desk, hub: ScriptedHub) -> None:
    """Somebody else's dispatch has no status here."""
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    for unknown in (digest, "A" * 43):
        with refused(Code.NOT_FOUND):
            status_of(unknown, kz.store)
