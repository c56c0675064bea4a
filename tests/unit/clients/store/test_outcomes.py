"""What became of dispatches: answers, awaited members, receipts owed, reseals."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.store import Answer, Owed, Store
from schemas.addresses import Address
from schemas.errors import Code
from tests.support.desk import make_store
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, World

DIGEST, OTHER = "d" * 42 + "A", "o" * 42 + "A"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return make_store(tmp_path, World([KZ]), "KZ/NFP")


def test_first_answer_counts(store: Store) -> None:
    """An outcome that a member gives twice is kept once, the first."""
    first = Answer(UZ, "acknowledged", 5, by="UZ/NFP/DUTY-1")
    assert store.outcomes.add(DIGEST, first)
    assert not store.outcomes.add(DIGEST, Answer(UZ, "acknowledged", 6, by="UZ/NFP/DUTY-2"))
    assert store.outcomes.of(DIGEST) == [first]


def test_answers_are_by_time_and_dispatch(store: Store) -> None:
    """Answers come in the order of their times, those to another dispatch not at all."""
    answers = [Answer(UZ, "received", 3), Answer(RU, "rejected", 1, step=7, reason="no_key", statement="s")]
    for answer in answers:
        store.outcomes.add(DIGEST, answer)
    store.outcomes.add(OTHER, Answer(UZ, "received", 2))
    assert store.outcomes.of(DIGEST) == answers[::-1]
    assert store.outcomes.has(DIGEST, UZ, "received")
    assert not store.outcomes.has(DIGEST, UZ, "acknowledged")


def test_after_goes_by_a_number_that_is_tagged(store: Store) -> None:
    """In the order in which they were kept; where rows were lost, all that is left is looked through again."""
    answers = [Answer(Address(UZ), outcome, 9 - number) for number, outcome in enumerate(("received", "declined"))]
    for answer in answers:
        store.outcomes.add("A" * 43, answer)
    (first, *_), (second, *_) = store.outcomes.after(0, ("received", "declined"))
    assert (first, second) == (1, 2)
    assert [found[2] for found in store.outcomes.after(first, ("received", "declined"))] == [answers[1]]
    assert store.outcomes.after(second, ("received", "declined")) == []
    store._database.execute("DELETE FROM outcome WHERE outcome = 'declined'")
    assert [found[2] for found in store.outcomes.after(second, ("received", "declined"))] == [answers[0]]
    store._database.execute("UPDATE outcome SET seq = 7")
    with refused(Code.DAMAGED):
        store.outcomes.after(0, ("received", "declined"))


def test_silent_members_are_named_once(store: Store) -> None:
    """Who has not confirmed by the time is named, once; who has is not."""
    store.outcomes.await_members(DIGEST, [UZ, RU], 100)
    store.outcomes.settle(DIGEST, RU)
    assert store.outcomes.take_silent(100) == {}
    assert store.outcomes.take_silent(101) == {DIGEST: [UZ]}
    assert store.outcomes.take_silent(999) == {}


@pytest.mark.parametrize("outcome", ["received", "rejected", "undeliverable"])
def test_answer_before_the_dispatch_settles_it(store: Store, outcome: str) -> None:
    """A receipt that came on a quicker lane is not awaited again."""
    store.outcomes.add(DIGEST, Answer(UZ, outcome, 1))
    store.outcomes.await_members(DIGEST, [UZ], 100)
    assert store.outcomes.take_silent(101) == {}


def test_receipts_are_owed_once_and_in_order(store: Store) -> None:
    """One receipt is owed for each digest until it is dropped."""
    owed = [Owed(OTHER, "urgent", "rejected", KZ, 7, "no_key"), Owed(DIGEST, "normal", "received", UZ)]
    for each in (*owed, *owed):
        store.outcomes.owe(each)
    assert store.outcomes.owed() == owed
    assert store.outcomes.owed_count() == 2
    store.outcomes.drop_owed([OTHER])
    assert store.outcomes.owed() == owed[1:]


@pytest.mark.parametrize(
    "other",
    [
        Owed(OTHER, "urgent", "received", UZ),
        Owed(OTHER, "normal", "received", RU),
        Owed(OTHER, "normal", "rejected", UZ, 7, "no_key"),
    ],
)
def test_unlike_receipts_are_not_one_statement(other: Owed) -> None:
    """Sender, lane, outcome, step and reason all part receipts."""
    one = Owed(DIGEST, "normal", "received", UZ)
    assert one.group != other.group
    assert one.group == Owed(OTHER, "normal", "received", UZ).group


def test_reseals_are_kept_until_met(store: Store) -> None:
    """A wish stands once for each member and dispatch, until it is dropped."""
    for member in (UZ, RU, UZ):
        store.outcomes.ask_reseal(DIGEST, member)
    assert {digest: set(members) for digest, members in store.outcomes.reseals().items()} == {DIGEST: {UZ, RU}}
    store.outcomes.drop_reseal(DIGEST, UZ)
    assert store.outcomes.reseals() == {DIGEST: [RU]}


def test_addresses_are_not_in_the_clear(store: Store, tmp_path: Path) -> None:
    """Who answered cannot be read in the file."""
    member = Address("XX/VERY-SECRET-UNIT")
    store.outcomes.add(DIGEST, Answer(member, "received", 1))
    store.outcomes.await_members(OTHER, [member], 1)
    store.outcomes.ask_reseal(OTHER, member)
    store.outcomes.owe(Owed(DIGEST, "normal", "received", member))
    store.close()
    assert b"VERY-SECRET" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
