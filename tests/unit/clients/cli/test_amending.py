"""Correcting and cancelling what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest

from clients.cli.numbers import Spoken
from clients.cli.officer.amending import cancel, correct
from clients.compose import Ref
from schemas.errors import Code
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused

GIVEN: dict[str, Any] = {
    "precedence": None,
    "handling": None,
    "status": None,
    "reply_hours": None,
    "file": None,
    "officer": None,
    "wait_s": 0,
    "yes": True,
    "as_json": True,
}


def sent(kz: Desk, *to: str, **cover: Any) -> tuple[str, int]:
    """What KZ sent: digest and place. Its own copy has not come yet."""
    row = kz.send(*(to or ("UZ/NFP",)), **cover)
    kz.flush()
    digest = kz.digest_of(row)
    return digest, kz.store.items.place_of(digest) or 0


def say(kz: Desk, command: Callable[[], None]) -> dict[str, Any]:
    """Give a command that ends queued; what it put into the outbox, which is sent then."""
    with pytest.raises(SystemExit, match="3"):
        command()
    (outgoing,) = kz.store.outbox.all(1)
    kz.flush()
    return dict(outgoing.draft)


def corrected(kz: Desk, counter: Counter, number: int, **changes: str) -> dict[str, Any]:
    """A correction."""
    return say(kz, lambda: correct(counter, Spoken(number, None), changes, GIVEN))


def cancelled(kz: Desk, counter: Counter, number: int) -> dict[str, Any]:
    """A cancellation."""
    return say(kz, lambda: cancel(counter, Spoken(number, None), "Found elsewhere.", GIVEN))


def newest(kz: Desk) -> int:
    """The place of what was sent last."""
    return kz.store.items.sent(1)[0].index or 0


def test_correction_is_as_the_first_but_for_what_changed(kz: Desk, counter: Counter) -> None:
    """It goes to the same recipients, marked the same, refers to the first, and says the rest to the letter."""
    digest, number = sent(kz, "UZ/NFP", "RU/NFP", precedence="flash", handling="H2", operation="REFLEX")
    draft = corrected(kz, counter, number, summary="Red lorry.")
    assert (list(draft["to"]), draft["precedence"], draft["handling"]) == (["UZ/NFP", "RU/NFP"], "flash", "H2")
    assert (draft["status"], draft["operation"], draft["iss"]) == ("actual", "REFLEX", "KZ/NFP/DUTY-1")
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("update", digest)]
    content = json.loads(draft["content"])
    assert (content["summary"], content["our_reference"]) == ("Red lorry.", "W-1")


def test_urgency_and_handling_may_be_said_anew(kz: Desk, counter: Counter) -> None:
    """What an option says holds instead of what the first says."""
    _digest, number = sent(kz, precedence="flash")
    given = {**GIVEN, "precedence": "routine", "handling": "H3", "reply_hours": 2.0}
    draft = say(kz, lambda: correct(counter, Spoken(number, None), {"summary": "x"}, given))
    assert (draft["precedence"], draft["handling"]) == ("routine", "H3")
    assert draft["reply_by"] == kz.hub.world.time_s + 7200


def test_nothing_changed_is_wrong_use(kz: Desk, counter: Counter) -> None:
    """A correction that says the same is none; nor is one of what the kind does not have."""
    _digest, number = sent(kz)
    for changes in ({}, {"summary": "look out"}, {"quantity": "5"}, {"summary": ""}, {"action": "attack"}):
        with pytest.raises(click.UsageError):
            correct(counter, Spoken(number, None), changes, GIVEN)
    assert newest(kz) == number


def test_cancellation_names_every_version_to_all_who_got_one(kz: Desk, counter: Counter) -> None:
    """Whichever version is named, all of them are cancelled, and it says of which kind they were."""
    first, number = sent(kz, "UZ/NFP", "RU/NFP")
    corrected(kz, counter, number, summary="Red lorry.")
    second = kz.store.items.sent(1)[0].digest
    draft = cancelled(kz, counter, number)
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("cancel", first), ("cancel", second)]
    assert list(draft["to"]) == ["UZ/NFP", "RU/NFP"]
    content = json.loads(draft["content"])
    assert (content["report"], content["answers"], content["summary"]) == ("feedback", "warning", "Found elsewhere.")
    assert content["our_reference"] == content["your_reference"] == "W-1"


def test_what_is_not_ours_is_refused(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What came can be answered, not corrected or cancelled."""
    uz.send("KZ/NFP")
    uz.flush()
    kz.sync()
    number = kz.store.items.inbox(1)[0].index or 0
    with refused(Code.NOT_PERMITTED, "sent by UZ/NFP"):
        correct(counter, Spoken(number, None), {"summary": "x"}, GIVEN)
    with refused(Code.NOT_PERMITTED, "sent by UZ/NFP"):
        cancel(counter, Spoken(number, None), "x", GIVEN)


def test_each_version_is_corrected_once(kz: Desk, counter: Counter) -> None:
    """The newest version is corrected; an older one says which that is; a queued one is waited for."""
    _digest, number = sent(kz)
    corrected(kz, counter, number, summary="1")
    with refused(Code.NOT_PERMITTED, f"corrected by {newest(kz)} already"):
        correct(counter, Spoken(number, None), {"summary": "2"}, GIVEN)
    second = newest(kz)
    with pytest.raises(SystemExit, match="3"):
        correct(counter, Spoken(second, None), {"summary": "2"}, GIVEN)
    with refused(Code.NOT_PERMITTED, "waits to be sent"):
        correct(counter, Spoken(second, None), {"summary": "3"}, GIVEN)


def test_cancelled_is_for_good(kz: Desk, counter: Counter) -> None:
    """What is cancelled is neither cancelled again nor corrected, and a cancellation is not taken back."""
    _digest, number = sent(kz)
    cancelled(kz, counter, number)
    ended = newest(kz)
    with refused(Code.NOT_PERMITTED, f"cancelled by {ended} already"):
        cancel(counter, Spoken(number, None), "x", GIVEN)
    with refused(Code.NOT_PERMITTED, f"cancelled by {ended} already"):
        correct(counter, Spoken(number, None), {"summary": "x"}, GIVEN)
    with refused(Code.NOT_PERMITTED, "is a cancellation"):
        cancel(counter, Spoken(ended, None), "x", GIVEN)


def test_cancelling_again_while_it_waits_says_it_once(kz: Desk, counter: Counter) -> None:
    """Without a line, the same cancellation twice is one thing in the outbox."""
    _digest, number = sent(kz)
    for _again in range(2):
        with pytest.raises(SystemExit, match="3"):
            cancel(counter, Spoken(number, None), "x", GIVEN)
    assert kz.store.outbox.waiting_count() == 1


def test_copy_under_a_newer_key_is_no_version(kz: Desk, counter: Counter) -> None:
    """The same content sealed anew is corrected by the number of the first."""
    digest, number = sent(kz)
    kz.hub.world.rotate("UZ/NFP")
    kz.sync()
    kz.send("UZ/NFP", refs=(Ref("reseal", digest),))
    kz.flush()
    with refused(Code.NOT_PERMITTED, f"is {number} once more"):
        correct(counter, Spoken(newest(kz), None), {"summary": "x"}, GIVEN)


def test_who_cannot_be_written_to_is_left_out(
    kz: Desk, hub: ScriptedHub, counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recipient whose key was revoked is named and left out; if nobody is left, nothing is sent."""
    _digest, number = sent(kz, "UZ/NFP", "RU/NFP")
    hub.world.revoke("RU/NFP")
    kz.sync()
    draft = corrected(kz, counter, number, summary="x")
    assert list(draft["to"]) == ["UZ/NFP"]
    assert "Not to RU/NFP" in capsys.readouterr().err
    hub.world.revoke("UZ/NFP")
    kz.sync()
    counter.__dict__.pop("point")
    with refused(Code.UNKNOWN_RECIPIENT, "none of its recipients"):
        cancel(counter, Spoken(number, None), "x", GIVEN)


@pytest.mark.parametrize("spoken", ["exercise", "test"])
def test_real_is_not_taken_for_an_exercise(kz: Desk, counter: Counter, spoken: str) -> None:
    """Whoever says EX of what is real, or marks it otherwise, is stopped."""
    _digest, number = sent(kz)
    with refused(Code.STATUS_MISMATCH, "ACTUAL"):
        cancel(counter, Spoken(number, spoken), "x", GIVEN)
    with refused(Code.STATUS_MISMATCH, "ACTUAL"):
        correct(counter, Spoken(number, None), {"summary": "x"}, {**GIVEN, "status": spoken})


def test_what_was_said_ends_its_draft(kz: Desk, counter: Counter) -> None:
    """A draft ends in the transaction that says it."""
    digest, number = sent(kz)
    kz.store.drafts.save(f"cancel {digest}", {"answers": {"reason": "x"}, "at_ms": 1})
    cancelled(kz, counter, number)
    assert kz.store.drafts.load(f"cancel {digest}") == {}
