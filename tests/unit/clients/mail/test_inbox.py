"""What a program or person sees of stored statements."""

from __future__ import annotations

import pytest

from clients.errors import LocalCode
from clients.mail.inbox import Delivery, RecipientStatus, delivery_of, status_of
from clients.store import Answer
from schemas.reports import WarningReport
from schemas.reports.kinds import KINDS
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.tomorrow import LATER_WARNING
from tests.support.toy import TOY
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
        with refused(LocalCode.NOT_IN_STORE):
            status_of(unknown, kz.store)


def test_later_report_is_read_as_far_as_it_is_known(kz: Desk, hub: ScriptedHub) -> None:
    """A report with members and codes of a later version came, is shown, and no step failed."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], LATER_WARNING))
    kz.sync()
    delivery = delivery_of(kz.store.items.inbox(1)[0], kz.store, KZ)
    assert delivery.content is not None
    assert (delivery.report, delivery.step) == (delivery.content.form, None)
    assert [each.path for each in delivery.content.as_written] == [("identifiers", 0, "seen"), ("escort",)]


def test_program_that_knows_less_shows_what_it_can(kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a newer program took in is shown by an older one; what it must not half read fails, and stops nothing."""
    toy = {"report": "toy", "version": 1, "our_reference": "1", "toy": {"code": "kite"}}
    monkeypatch.setitem(KINDS, TOY.name, TOY)
    for more in ({}, {"critical": ["toy"]}):
        hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], {**toy, **more}, kind="toy"))
    kz.sync()
    monkeypatch.delitem(KINDS, TOY.name)
    critical, plain = (delivery_of(item, kz.store, KZ) for item in kz.store.items.inbox(2))
    assert plain.content is not None
    assert (plain.report, plain.step) == (None, None)
    assert (critical.content, critical.step, critical.code) == (None, 10, "unsupported_critical")


def test_delivery_says_that_an_answer_is_owed(uz: Desk, hub: ScriptedHub) -> None:
    """By when the own member's answer is due, until it has answered or declined, or nobody asks any more."""
    by = hub.world.time_s + 60
    asked = [
        hub.send(hub.world.dispatch(KZ, [UZ, RU], expects=expects))
        for expects in ({"by": by}, {"by": by, "from": [RU]})
    ]
    uz.sync()
    assert [_delivery(uz, digest).reply_due_ms for digest in asked] == [1000 * by, None]


@pytest.mark.parametrize("end", ["answered", "declined", "cancel", "update", "nothing"])
def test_an_answer_is_owed_until_something_ends_it(uz: Desk, hub: ScriptedHub, end: str) -> None:
    """An answer or a decline of the own member, a cancellation, a correction that asks anew."""
    by = hub.world.time_s + 60
    digest = hub.send(hub.world.dispatch(KZ, [UZ], expects={"by": by}))
    if end == "answered":
        hub.send(hub.world.dispatch(UZ, [KZ], refs=[{"rel": "reply", "digest": digest}]))
    elif end == "declined":
        hub.world.admit(hub.world.receipt(f"{UZ}/DUTY-1", KZ, [digest], "declined", reason="not_ours"))
    elif end in ("cancel", "update"):
        expects = {"by": by + 60} if end == "update" else None
        hub.send(hub.world.dispatch(KZ, [UZ], refs=[{"rel": end, "digest": digest}], expects=expects))
    uz.sync()
    assert _delivery(uz, digest).reply_due_ms == (1000 * by if end == "nothing" else None)


def _delivery(desk: Desk, digest: str) -> Delivery:
    item = desk.store.items.get(digest)
    assert item is not None
    return delivery_of(item, desk.store, desk.state.member)
