"""Correcting and cancelling what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest

from clients.actions.drafting import keep_draft
from clients.actions.numbers import SpokenNumber
from clients.actions.writing import CoverOptions, Marking
from clients.cli.officer.correcting import cancel, correct
from clients.cli.officer.options import SendOptions
from clients.errors import LocalCode
from schemas.claims import Status
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.traffic import send_now

OPTIONS = SendOptions(wait_s=0, yes=True, as_json=True)


def say(kz: Desk, command: Callable[[], None]) -> dict[str, Any]:
    """Give a command that ends queued; what it put into the outbox, which is sent then."""
    with pytest.raises(SystemExit, match="3"):
        command()
    (outgoing,) = kz.store.outbox.all(1)
    kz.flush()
    return dict(outgoing.draft)


def corrected(kz: Desk, counter: Counter, number: int, **changes: str) -> dict[str, Any]:
    """A correction."""
    return say(kz, lambda: correct(counter, SpokenNumber(number, None), changes, CoverOptions(), OPTIONS))


def cancelled(kz: Desk, counter: Counter, number: int) -> dict[str, Any]:
    """A cancellation."""
    return say(kz, lambda: cancel(counter, SpokenNumber(number, None), "Found elsewhere.", CoverOptions(), OPTIONS))


def newest(kz: Desk) -> int:
    """The place of what was sent last."""
    return kz.store.items.sent(1)[0].index or 0


def test_correction_is_as_the_first_but_for_what_changed(kz: Desk, counter: Counter) -> None:
    """It goes to the same recipients, marked the same, refers to the first, and says the rest to the letter."""
    digest, number = send_now(kz, "UZ/NFP", "RU/NFP", precedence="flash", handling="H2")
    draft = corrected(kz, counter, number, summary="Red lorry.")
    assert (list(draft["to"]), draft["precedence"], draft["handling"]) == (["UZ/NFP", "RU/NFP"], "flash", "H2")
    assert (draft["status"], draft["iss"]) == ("actual", "KZ/NFP/DUTY-1")
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("update", digest)]
    content = json.loads(draft["content"])
    assert (content["summary"], content["our_reference"]) == ("Red lorry.", "W-1")


def test_urgency_and_handling_may_be_said_anew(kz: Desk, counter: Counter) -> None:
    """What an option says holds instead of what the first says."""
    _digest, number = send_now(kz, "UZ/NFP", precedence="flash")
    asked = CoverOptions(Marking(precedence="routine", handling="H3"), reply_hours=2.0)
    draft = say(kz, lambda: correct(counter, SpokenNumber(number, None), {"summary": "x"}, asked, OPTIONS))
    assert (draft["precedence"], draft["handling"]) == ("routine", "H3")
    assert draft["expects"] == {"by": kz.hub.world.time_s + 7200, "members": []}


def test_nothing_changed_is_wrong_use(kz: Desk, counter: Counter) -> None:
    """A correction that says the same is none; nor is one of what the kind does not have."""
    _digest, number = send_now(kz, "UZ/NFP")
    for changes in ({}, {"summary": "look out"}, {"quantity": "5"}, {"summary": ""}, {"action": "attack"}):
        with pytest.raises(click.UsageError):
            correct(counter, SpokenNumber(number, None), changes, CoverOptions(), OPTIONS)
    assert newest(kz) == number


def test_cancellation_names_every_version_to_all_who_got_one(kz: Desk, counter: Counter) -> None:
    """Whichever version is named, all of them are cancelled, and it says of which kind they were."""
    first, number = send_now(kz, "UZ/NFP", "RU/NFP")
    corrected(kz, counter, number, summary="Red lorry.")
    second = kz.store.items.sent(1)[0].digest
    draft = cancelled(kz, counter, number)
    assert [(ref["rel"], ref["digest"]) for ref in draft["refs"]] == [("cancel", first), ("cancel", second)]
    assert list(draft["to"]) == ["UZ/NFP", "RU/NFP"]
    content = json.loads(draft["content"])
    assert (content["report"], content["answers"], content["summary"]) == ("feedback", "warning", "Found elsewhere.")
    assert content["our_reference"] == content["your_reference"] == "W-1"


def test_cancelling_again_while_it_waits_says_it_once(kz: Desk, counter: Counter) -> None:
    """Without a line, the same cancellation twice is one thing in the outbox."""
    _digest, number = send_now(kz, "UZ/NFP")
    for _again in range(2):
        with pytest.raises(SystemExit, match="3"):
            cancel(counter, SpokenNumber(number, None), "x", CoverOptions(), OPTIONS)
    assert kz.store.outbox.waiting_count() == 1


def test_who_cannot_be_written_to_is_left_out(
    kz: Desk, hub: ScriptedHub, counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    """A recipient whose key was revoked is named and left out; if nobody is left, nothing is sent."""
    _digest, number = send_now(kz, "UZ/NFP", "RU/NFP")
    hub.world.revoke("RU/NFP")
    kz.sync()
    draft = corrected(kz, counter, number, summary="x")
    assert list(draft["to"]) == ["UZ/NFP"]
    assert "Not to RU/NFP" in capsys.readouterr().err
    hub.world.revoke("UZ/NFP")
    kz.sync()
    counter.__dict__.pop("point")
    with refused(LocalCode.NOBODY_REACHED):
        cancel(counter, SpokenNumber(number, None), "x", CoverOptions(), OPTIONS)


@pytest.mark.parametrize("spoken", ["exercise", "test"])
def test_real_is_not_taken_for_an_exercise(kz: Desk, counter: Counter, spoken: Status) -> None:
    """Whoever says EX of what is real, or marks it otherwise, is stopped."""
    _digest, number = send_now(kz, "UZ/NFP")
    with refused(LocalCode.MARKED_OTHERWISE, "marked actual"):
        cancel(counter, SpokenNumber(number, spoken), "x", CoverOptions(), OPTIONS)
    with refused(LocalCode.MARKED_OTHERWISE, "marked actual"):
        correct(counter, SpokenNumber(number, None), {"summary": "x"}, CoverOptions(Marking(spoken)), OPTIONS)


def test_what_was_said_ends_its_draft(kz: Desk, counter: Counter) -> None:
    """A draft ends in the transaction that says it."""
    digest, number = send_now(kz, "UZ/NFP")
    keep_draft(counter, f"cancel {digest}", {"reason": "x"})
    cancelled(kz, counter, number)
    assert kz.store.drafts.load(f"cancel {digest}") == {}
