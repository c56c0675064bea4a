"""What was sent and is not done, and what makes it so."""

from __future__ import annotations

from typing import Any

import pytest

from clients.mail.compose import Expectation, Ref
from schemas.addresses import Address
from schemas.encoding import encode_base64url
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, RU, UZ

ATTACHED: dict[str, Any] = {"attachments": [{"digest": encode_base64url(bytes(32)), "size": 4096}]}


def send(kz: Desk, *to: str, **cover: Any) -> str:
    """An accepted dispatch; gives its digest."""
    row = kz.send(*to, **cover)
    kz.flush()
    kz.sync()
    return kz.digest_of(row)


def say(hub: ScriptedHub, kz: Desk, outcome: str, digest: str, by: str = UZ, **more: Any) -> None:
    """A recipient's receipt comes."""
    officer = by if outcome in ("received", "rejected") else f"{by}/DUTY-1"
    hub.world.admit(hub.world.receipt(officer, KZ, [digest], outcome, **more))
    kz.sync()


def undone(kz: Desk) -> list[str]:
    """Digests of what is not done."""
    return list(kz.store.outcomes.missing("done"))


def test_urgent_is_done_when_everybody_has_acknowledged(kz: Desk, hub: ScriptedHub) -> None:
    """That it arrived is not enough, nor is one of two."""
    digest = send(kz, UZ, RU, precedence="flash")
    for member in (UZ, RU):
        say(hub, kz, "received", digest, member)
        say(hub, kz, "acknowledged", digest, member) if member == RU else None
        assert undone(kz) == [digest]
    say(hub, kz, "acknowledged", digest)
    assert undone(kz) == []


def test_nothing_is_asked_of_what_is_not_urgent(kz: Desk, hub: ScriptedHub) -> None:
    """It is not done only once it is declined, not opened or not confirmed; and is done again once that is over."""
    digest = send(kz, UZ, RU, precedence="routine")
    assert undone(kz) == []
    say(hub, kz, "rejected", digest, RU, step=8, reason="no_key")
    assert undone(kz) == [digest]
    say(hub, kz, "received", digest, RU)
    assert undone(kz) == []
    say(hub, kz, "declined", digest, reason="not_ours")
    say(hub, kz, "received", digest)
    assert undone(kz) == [digest]
    say(hub, kz, "acknowledged", digest)
    assert undone(kz) == []


def test_silence_is_not_done(kz: Desk, hub: ScriptedHub) -> None:
    """Past its time what nobody confirmed is not done, until a receipt comes after all."""
    digest = send(kz, UZ, precedence="routine")
    kz.intake.check_silent(1 << 60)
    assert undone(kz) == [digest]
    say(hub, kz, "received", digest)
    assert undone(kz) == []


def test_answer_that_is_asked_for_must_come(kz: Desk, hub: ScriptedHub) -> None:
    """An acknowledgement is no answer; the answer of one who owes none ends nothing of who does."""
    by = kz.state.system.clock.time_s() + 600
    digest = send(kz, UZ, RU, expects=Expectation(by, (Address(UZ),)))
    say(hub, kz, "acknowledged", digest)
    assert undone(kz) == [digest]
    hub.send(hub.world.dispatch(UZ, [KZ], refs=[{"rel": "reply", "digest": digest}]))
    kz.sync()
    assert undone(kz) == []


@pytest.mark.parametrize(("rel", "precedence"), [("cancel", "routine"), ("update", "flash")])
def test_what_takes_over_ends_it(kz: Desk, rel: str, precedence: str) -> None:
    """What is cancelled or corrected as urgently is done; of a cancellation nobody is asked who did not act."""
    digest = send(kz, UZ, precedence="flash")
    later = send(kz, UZ, precedence=precedence, refs=(Ref(rel, digest),))
    assert undone(kz) == ([later] if rel == "update" else [])


def test_correction_that_does_not_ring_ends_nothing(kz: Desk) -> None:
    """As at the recipient, where the first goes on ringing."""
    digest = send(kz, UZ, precedence="flash")
    send(kz, UZ, precedence="routine", refs=(Ref("update", digest),))
    assert undone(kz) == [digest]


def test_cancellation_is_asked_of_who_acts(kz: Desk, hub: ScriptedHub) -> None:
    """Who has acknowledged what is cancelled is to acknowledge the cancellation."""
    digest = send(kz, UZ, RU, precedence="flash")
    say(hub, kz, "acknowledged", digest)
    ended = send(kz, UZ, RU, precedence="flash", refs=(Ref("cancel", digest),))
    assert undone(kz) == [ended]
    say(hub, kz, "acknowledged", ended)
    assert undone(kz) == []


def test_revoked_recipient_is_not_done(kz: Desk, hub: ScriptedHub) -> None:
    """What the hub cannot deliver any more was not done, however plain it is."""
    digest = send(kz, UZ)
    hub.world.admit(hub.world.event("undeliverable", to=[KZ], digests=[digest], member=UZ))
    kz.sync()
    assert undone(kz) == [digest]


def test_reply_of_an_exercise_that_came_first_ends_nothing(kz: Desk, hub: ScriptedHub) -> None:
    """What overtook the own dispatch is judged when that comes: an exercise answers nothing real."""
    by = kz.state.system.clock.time_s() + 600
    sent = hub.world.dispatch(KZ, [UZ], precedence="routine", expects={"by": by})
    refs = [{"rel": "reply", "digest": sent.digest}]
    hub.send(sent)
    hub.send(hub.world.dispatch(UZ, [KZ], status="exercise", precedence="flash", refs=refs))
    reply = hub.item(len(hub.world.log) - 1, KZ)
    frame = kz.next_frame()
    assert reply is not None
    kz.intake.deliver(frame.model_copy(update={"items": [reply]}))
    kz.sync()
    assert (kz.outcomes(sent.digest), undone(kz)) == ([], [sent.digest])


def test_answer_to_the_alert_with_its_files_is_one(kz: Desk, hub: ScriptedHub) -> None:
    """What is said once more with the files that were to follow asks nobody twice; who answers it has answered both."""
    digest = send(kz, UZ, RU, precedence="flash")
    refs = [{"rel": "update", "digest": digest}]
    later = hub.send(hub.world.dispatch(f"{KZ}/DUTY-1", [UZ, RU], precedence="flash", refs=refs, **ATTACHED))
    kz.sync()
    assert undone(kz) == [digest]
    say(hub, kz, "acknowledged", digest)
    say(hub, kz, "acknowledged", later, RU)
    assert undone(kz) == []
