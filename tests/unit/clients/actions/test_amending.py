"""What may be corrected and cancelled, and under which cover."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clients.actions.amending import (
    Amendment,
    CaseVersion,
    amending_cover,
    find_amendable,
    find_correctable,
    find_waiting,
    plan_cancellation,
    plan_correction,
    versions_of,
    write_withdrawal,
)
from clients.actions.numbers import SpokenNumber
from clients.actions.writing import CoverOptions, Marking, send_report
from clients.errors import LocalCode
from clients.mail.compose import Expectation, Ref
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.reports import encode_report
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.tomorrow import LATER_WARNING, VERSION_2
from tests.support.traffic import arrive, send_now

UZ, RU = Address("UZ/NFP"), Address("RU/NFP")


def amendment_of(counter: Counter, index: int, change: str) -> Amendment:
    """What amends a dispatch of KZ."""
    plan = plan_correction if change == "update" else plan_cancellation
    return plan(counter, find_amendable(counter, SpokenNumber(index, None), None))


def amend(kz: Desk, counter: Counter, index: int, change: str) -> int:
    """KZ corrects or cancels, and the hub accepts it; gives the number."""
    amendment = amendment_of(counter, index, change)
    cover = amending_cover(counter, amendment, CoverOptions())
    assert amendment.original.report is not None
    assert send_report(counter, amendment.original.report, cover, "x")[0].id
    kz.flush()
    return kz.store.items.sent(1)[0].index or 0


def test_what_is_not_ours_is_not_amended(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What came can be answered, not corrected or cancelled."""
    index = kz.store.items.place_of(arrive(uz, kz)) or 0
    with refused(LocalCode.NOT_SENT_BY_US, "sent by UZ/NFP"):
        find_amendable(counter, SpokenNumber(index, None), None)


def test_each_version_is_corrected_once(kz: Desk, counter: Counter) -> None:
    """The newest version is corrected; an older one says which that is; a queued one is waited for."""
    _digest, first = send_now(kz, "UZ/NFP")
    second = amend(kz, counter, first, "update")
    with refused(LocalCode.CORRECTED_BEFORE, f"corrected by {second} already"):
        find_correctable(counter, SpokenNumber(first, None), None)
    original, report = find_correctable(counter, SpokenNumber(second, None), None)
    cover = amending_cover(counter, plan_correction(counter, original), CoverOptions())
    assert send_report(counter, report, cover, "x")[0].id
    with refused(LocalCode.CORRECTION_WAITS):
        find_correctable(counter, SpokenNumber(second, None), None)
    found = find_waiting(counter, original.digest, "update")
    assert found is not None
    assert found[1].refs == (Ref("update", original.digest),)
    assert find_waiting(counter, original.digest, "cancel") is None


def test_cancelled_is_for_good(kz: Desk, counter: Counter) -> None:
    """What is cancelled is neither cancelled again nor corrected, and a cancellation is not taken back."""
    _digest, index = send_now(kz, "UZ/NFP")
    ended = amend(kz, counter, index, "cancel")
    for find in (find_amendable, find_correctable):
        with refused(LocalCode.CANCELLED_BEFORE, f"cancelled by {ended} already"):
            find(counter, SpokenNumber(index, None), None)
        with refused(LocalCode.IS_CANCELLATION):
            find(counter, SpokenNumber(ended, None), None)


def test_copy_under_a_newer_key_is_no_version(kz: Desk, counter: Counter) -> None:
    """The same content sealed anew is corrected by the number of the first."""
    digest, index = send_now(kz, "UZ/NFP")
    _copy, again = send_now(kz, "UZ/NFP", refs=(Ref("reseal", digest),))
    with refused(LocalCode.IS_RESEAL, f"is {index} once more"):
        find_correctable(counter, SpokenNumber(again, None), None)


@pytest.mark.parametrize("expected", ["exercise", "test"])
def test_real_is_not_taken_for_an_exercise(kz: Desk, counter: Counter, expected: str) -> None:
    """Whoever types EX before the number of what is real, or marks it otherwise, is stopped."""
    _digest, index = send_now(kz, "UZ/NFP")
    with refused(LocalCode.MARKED_OTHERWISE):
        find_amendable(counter, SpokenNumber(index, expected), None)
    with refused(LocalCode.MARKED_OTHERWISE):
        find_correctable(counter, SpokenNumber(index, None), expected)


def test_cancellation_is_of_all_versions_to_all_who_got_one(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """Whichever version is named: oldest first, each recipient once."""
    first, index = send_now(kz, "UZ/NFP", "RU/NFP")
    second, newer = send_now(kz, "RU/NFP", refs=(Ref("update", first),))
    for each in (index, newer):
        amendment = amendment_of(counter, each, "cancel")
        assert amendment.versions == (CaseVersion(first, index, (UZ, RU)), CaseVersion(second, newer, (RU,)))
        assert list(amendment.versions) == versions_of(counter, amendment.original)
        assert (amendment.to, amendment.left_out) == ((UZ, RU), ())
        assert amending_cover(counter, amendment, CoverOptions()).refs == (Ref("cancel", first), Ref("cancel", second))


def test_cover_is_as_the_first_but_for_what_was_asked(kz: Desk, counter: Counter) -> None:
    """Recipients and marking are kept; urgency, handling, signer and reply may be asked anew."""
    digest, index = send_now(kz, "UZ/NFP", "RU/NFP", precedence="flash", handling="H2")
    amendment = amendment_of(counter, index, "update")
    kept = Cover((UZ, RU), Address("KZ/NFP/DUTY-1"), "actual", "flash", "H2", (Ref("update", digest),))
    assert amending_cover(counter, amendment, CoverOptions()) == kept
    asked = CoverOptions(Marking(precedence="routine", handling="H3"), Address("KZ/NFP/DUTY-1"), 2.0)
    cover = amending_cover(counter, amendment, asked)
    assert (cover.precedence, cover.handling, cover.expects) == (
        "routine",
        "H3",
        Expectation(kz.hub.world.time_s + 7200),
    )


def test_who_cannot_be_written_to_is_left_out(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """A recipient whose key was revoked is left out; if nobody is left, there is no cover."""
    _digest, index = send_now(kz, "UZ/NFP", "RU/NFP")
    hub.world.revoke("RU/NFP")
    kz.sync()
    amendment = amendment_of(counter, index, "update")
    assert (amendment.to, amendment.left_out) == ((UZ,), (RU,))
    hub.world.revoke("UZ/NFP")
    kz.sync()
    counter.__dict__.pop("point")
    amendment = amendment_of(counter, index, "cancel")
    assert (amendment.to, amendment.left_out) == ((), (UZ, RU))
    with refused(LocalCode.NOBODY_REACHED):
        amending_cover(counter, amendment, CoverOptions())


def test_withdrawal_says_what_it_withdraws_and_why(kz: Desk, counter: Counter) -> None:
    """A feedback on the own report, of its kind, with the word of who cancels."""
    _digest, index = send_now(kz, "UZ/NFP", reference="KZ-7")
    original = find_amendable(counter, SpokenNumber(index, None), None)
    content = json.loads(encode_report(write_withdrawal(original, "Found elsewhere.", "отозвано")))
    assert (content["report"], content["answers"], content["summary"]) == ("feedback", "warning", "Found elsewhere.")
    assert content["our_reference"] == content["your_reference"] == "KZ-7"
    assert content["outcome"] == {"code": "other", "as_written": "отозвано"}


@pytest.mark.parametrize("report", [LATER_WARNING, VERSION_2])
def test_what_is_not_all_known_is_cancelled_and_not_corrected(
    kz: Desk, hub: ScriptedHub, counter: Counter, report: dict[str, Any]
) -> None:
    """A newer seat of ours sent it: a correction in the form of this program would lose what that does not know."""
    hub.send(hub.world.dispatch("KZ/NFP/DUTY-1", ["UZ/NFP"], report))
    kz.sync()
    index = kz.store.items.sent(1)[0].index or 0
    with refused(LocalCode.NOT_ALL_KNOWN):
        find_correctable(counter, SpokenNumber(index, None), None)
    assert amendment_of(counter, index, "cancel").to == (UZ,)
    original = find_amendable(counter, SpokenNumber(index, None), None)
    assert write_withdrawal(original, "Found.", "withdrawn").summary == "Found."
