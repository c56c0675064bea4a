"""What receipts and events do to the records of dispatches."""

from __future__ import annotations

from typing import Any

import pytest

from clients.state import Answered, Arrived, Settled
from schemas.addresses import HUB
from schemas.encoding import encode_base64url
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ


def sent(desk: Desk, *to: str) -> str:
    """An accepted dispatch; gives its digest."""
    row = desk.send(*to)
    desk.flush()
    desk.sync()
    return desk.digest_of(row)


def test_receipts_are_recorded_for_the_sender(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Received, then acknowledged by an officer: the sender sees who, what and when, and awaits nobody."""
    digest = sent(kz, "UZ/NFP")
    uz.confirm()
    hub.world.admit(hub.world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [digest], "acknowledged"))
    kz.sync()
    answers = kz.store.outcomes.of(digest)
    assert [(answer.member, answer.outcome, answer.by) for answer in answers] == [
        ("UZ/NFP", "received", "UZ/NFP"),
        ("UZ/NFP", "acknowledged", "UZ/NFP/DUTY-1"),
    ]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


def test_rejection_and_refusal_keep_their_reasons(kz: Desk, hub: ScriptedHub) -> None:
    """Step and reason of a rejection, and an officer's reason, are there to be shown."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=9, reason="decryption_failed"))
    hub.world.admit(hub.world.receipt("RU/NFP/DUTY-1", "KZ/NFP", [digest], "declined", reason="not_ours"))
    kz.sync()
    said = [(a.member, a.outcome, a.step, a.reason) for a in kz.store.outcomes.of(digest)]
    assert said == [("UZ/NFP", "rejected", 9, "decryption_failed"), ("RU/NFP", "declined", None, "not_ours")]
    assert kz.store.outcomes.take_silent(1 << 60) == {digest: [RU]}


def test_undeliverable_is_final(kz: Desk, hub: ScriptedHub) -> None:
    """A recipient whose last key was revoked is not awaited any more."""
    digest = sent(kz, "UZ/NFP")
    hub.world.admit(hub.world.event("undeliverable", to=["KZ/NFP"], digests=[digest], member="UZ/NFP"))
    kz.sync()
    assert kz.outcomes(digest) == [("UZ/NFP", "undeliverable")]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


@pytest.mark.parametrize(("missing", "outcome"), [("received", "overdue"), ("reply", "overdue_reply")])
def test_hub_notices_overdue(kz: Desk, hub: ScriptedHub, missing: str, outcome: str) -> None:
    """What the hub finds overdue is recorded for each member that it names."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    claims: dict[str, Any] = {"members": ["UZ/NFP", "RU/NFP"], "missing": missing, "due": hub.world.time_s}
    hub.world.admit(hub.world.event("overdue", to=["KZ/NFP"], digests=[digest], **claims))
    kz.sync()
    assert kz.outcomes(digest) == [("UZ/NFP", outcome), ("RU/NFP", outcome)]


def test_event_nobody_knows_yet_is_kept_and_harmless(kz: Desk, hub: ScriptedHub) -> None:
    """A word of tomorrow is stored and records nothing of anybody."""
    digest = sent(kz, "UZ/NFP")
    logged = hub.world.admit(hub.world.event("eclipse", to=["KZ/NFP"], digests=[digest]))
    kz.sync()
    assert kz.outcomes(digest) == []
    assert kz.store.items.get(encode_base64url(logged.leaf.digest)) is not None


def test_receipt_before_its_dispatch_counts(kz: Desk, hub: ScriptedHub) -> None:
    """A receipt on the urgent lane that overtakes a normal dispatch in a new seat's mail settles it."""
    digest = sent(kz, "UZ/NFP")
    flash = kz.send("UZ/NFP", precedence="flash")
    kz.flush()
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest, kz.digest_of(flash)]))
    kz.sync()
    frame = hub.deliver("KZ/NFP", kz.state.cursors.model_copy(update={"normal": 0, "urgent": 0}), kz.size)
    lanes = [item.lane for item in frame.items]
    assert lanes == ["urgent", "urgent", "normal"]
    assert kz.store.outcomes.take_silent(1 << 60) == {}


def test_notices_tell_what_happened(kz: Desk, uz: Desk) -> None:
    """Whoever watches hears of arrival, acceptance and answers."""
    row = kz.send("UZ/NFP")
    kz.flush()
    uz.confirm()
    kz.sync()
    heard = kz.state.take_notices()
    assert Settled(row) in heard
    assert [notice.answer.outcome for notice in heard if isinstance(notice, Answered)] == ["received"]
    assert Arrived("normal", kz.digest_of(row)) in uz.state.take_notices()


def test_resealed_recipients_are_linked(kz: Desk, hub: ScriptedHub) -> None:
    """A reseal is recorded at the dispatch it repeats, for the members it went to."""
    digest = sent(kz, "UZ/NFP", "RU/NFP")
    resealed = hub.world.dispatch("KZ/NFP", ["UZ/NFP"], refs=[{"rel": "reseal", "digest": digest}])
    hub.send(resealed)
    kz.sync()
    (answer,) = kz.store.outcomes.of(digest)
    assert (answer.member, answer.outcome, answer.statement) == (UZ, "resealed", resealed.digest)


def test_hub_is_nobodys_member(kz: Desk) -> None:
    """Neither the root nor the hub speaks for the own member; officers do."""
    effects = kz.intake._effects
    assert [effects.is_mine(iss) for iss in ("ROOT", HUB, UZ, KZ, "KZ/NFP/DUTY-9")] == [False] * 3 + [True] * 2


def test_an_answer_of_a_stranger_is_an_alarm(kz: Desk, hub: ScriptedHub) -> None:
    """Whoever was not sent a dispatch cannot answer it, nor have it sealed to a key of its own."""
    digest = sent(kz, "UZ/NFP")
    hub.world.admit(hub.world.receipt("RU/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    hub.world.rotate("RU/NFP")
    kz.sync()
    assert kz.outcomes(digest) == []
    assert kz.alarms() == ["bad_statement"]
    assert kz.store.outbox.waiting(10) == []


def test_what_was_received_is_not_resealed(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A recipient that had received a dispatch does not get it again under a newer key by asking."""
    digest = sent(kz, "UZ/NFP")
    uz.confirm()
    kz.sync()
    hub.world.rotate("UZ/NFP")
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    kz.sync()
    assert kz.store.outcomes.reseals() == {}
    assert kz.store.outbox.waiting(10) == []
