"""Finding dispatches, and what hangs together with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from clients.actions.numbers import SpokenNumber
from clients.actions.reading import (
    ThreadLink,
    find_original,
    receipts_of,
    thread_of,
    waiting,
)
from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.traffic import arrive, follow_up, give_receipt, send_now


def test_what_waits_to_be_sent_is_as_it_was_drafted(kz: Desk, counter: Counter) -> None:
    """What the hub has accepted waits no more; the rest does, as it was drafted."""
    send_now(kz, "UZ/NFP", "RU/NFP")
    row = kz.send("RU/NFP")
    ((outgoing, draft),) = waiting(counter)
    assert isinstance(draft, DispatchDraft)
    assert (outgoing.id, draft.to) == (row, (Address("RU/NFP"),))


def test_thread_goes_both_ways(kz: Desk, uz: Desk, counter: Counter) -> None:
    """First what a dispatch refers to, then what refers to it, each with who signed the other."""
    first = arrive(uz, kz)
    second = follow_up(uz, kz, "update", first)
    third = follow_up(uz, kz, "cancel", second)
    numbers = [kz.store.items.place_of(each) for each in (first, second, third)]
    delivery = counter.delivery(find_original(counter, SpokenNumber(numbers[1] or 0, None)).item)
    signer = Address("UZ/NFP")
    assert thread_of(counter, delivery) == [
        ThreadLink(numbers[0], "update", "warning", signer, by_this=True),
        ThreadLink(numbers[2], "cancel", "warning", signer, by_this=False),
    ]


def test_receipts_are_those_in_the_ledger(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Each once; what only our clock has noticed is no receipt."""
    digest, _index = send_now(kz, "UZ/NFP")
    kz.sync()
    uz.confirm()
    give_receipt(uz, kz, digest, "acknowledged")
    kz.sync()
    found = receipts_of(counter, digest)
    assert len(found) == 2
    assert all(kz.store.items.get(each) is not None for each in found)


@pytest.mark.parametrize("expected", [("exercise", None), (None, "test"), ("actual", "exercise")])
def test_original_is_what_a_person_takes_it_for(
    kz: Desk, counter: Counter, expected: tuple[str | None, str | None]
) -> None:
    """What is real is not taken for an exercise, whether that is typed with the number or as an option."""
    _digest, index = send_now(kz, "UZ/NFP")
    with refused(LocalCode.MARKED_OTHERWISE):
        find_original(counter, SpokenNumber(index, expected[0]), expected[1])


def test_own_copy_need_not_have_come(kz: Desk, counter: Counter) -> None:
    """What was sent just now can be read from the outbox."""
    _digest, index = send_now(kz, "UZ/NFP", reference="KZ-7")
    original = find_original(counter, SpokenNumber(index, "actual"))
    assert (original.reference, original.sender, original.number) == ("KZ-7", "KZ/NFP", str(index))


def test_nobody_is_named_of_what_could_not_be_verified(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """Without a sender nothing can be about it."""
    sent = hub.world.dispatch("UZ/NFP", ["KZ/NFP"])
    hub.send(sent)
    kz.sync()
    item = kz.store.items.inbox(1)[0]
    kz.store.items.put(replace(item, step=2, code="bad_signature"))
    with refused(LocalCode.SENDER_UNKNOWN):
        find_original(counter, SpokenNumber(item.index or 0, None))
