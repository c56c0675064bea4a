"""A batch: each statement is judged by what the earlier ones left, and a refused one leaves nothing."""

from __future__ import annotations

import pytest

from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import Code
from tests.support.world import DAY_S, KZ, RU, TJ, UZ, World
from tests.unit.broker.core.book import Book, Item, codes

OFFICER = Address(f"{KZ}/DUTY-1")


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def book(request: pytest.FixtureRequest) -> Book:
    """A ledger of four members; what a test enters together is decided in batches apart, or in one."""
    return Book(World([KZ, UZ, RU, TJ]), apart=request.param)


def _last(book: Book, *items: Item, by: Address | None = None) -> Code | None:
    """What became of the last item, when those before it were admitted."""
    *before, last = codes(book.enter(*items, by=by))
    assert set(before) <= {None}
    return last


def test_one_bad_item_does_not_fail_the_rest(book: Book) -> None:
    """What is refused leaves no gap: the good ones stand next to each other, of one time."""
    world = book.world
    start = len(world.log)
    first, second = world.dispatch(KZ, [UZ]), world.dispatch(RU, [KZ])
    ahead, unknown = world.dispatch(KZ, [UZ], iat=world.time_s + 999), world.receipt(RU, KZ, ["A" * 43])
    results = book.enter(ahead, first, unknown, second)
    assert codes(results) == [Code.CLOCK_AHEAD, None, Code.UNKNOWN_REFERENCE, None]
    leaves = [logged.leaf for logged in world.log[start:]]
    assert [leaf.digest for leaf in leaves] == [decode_digest(each.digest) for each in (first, second)]
    assert {leaf.accepted_at for leaf in leaves} == {world.time_ms}


def test_revocation_before_a_dispatch(book: Book) -> None:
    """A key revoked a moment ago signs nothing more, though the signature was checked before."""
    world = book.world
    late, unit = world.dispatch(KZ, [UZ]), world.dispatch(OFFICER, [UZ])
    results = book.enter(world.dispatch(KZ, [UZ]), world.revocation(world.party(KZ)), late, unit)
    assert codes(results) == [None, None, Code.CREDENTIAL_REVOKED, Code.CREDENTIAL_REVOKED]


def test_revocation_of_a_recipient_between_two_dispatches(book: Book) -> None:
    """A member whose last key was revoked a moment ago gets nothing more, though it just did."""
    world = book.world
    first, late = world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ])
    results = book.enter(first, world.revocation(world.party(UZ)), late)
    assert codes(results) == [None, None, Code.UNKNOWN_RECIPIENT]


def test_second_revocation(book: Book) -> None:
    """A key is revoked once."""
    world = book.world
    again = world.revocation(world.party(KZ), reason="ceased")
    assert _last(book, world.revocation(world.party(KZ)), again) is Code.CREDENTIAL_REVOKED


def test_suspension_before_a_dispatch(book: Book) -> None:
    """A suspended member and its officers send nothing until the next credential; mail to it is taken."""
    world = book.world
    original = world.dispatch(UZ, [KZ])
    book.admit(original)
    book.suspend(KZ)
    items: list[Item] = [world.dispatch(KZ, [UZ]), world.dispatch(OFFICER, [UZ])]
    items.append(world.receipt(KZ, UZ, [original.digest]))
    assert codes(book.enter(*items)) == [Code.SUSPENDED] * 3
    again = world.credential(world.party(KZ), exp=world.time_s + 3 * 365 * DAY_S)
    assert codes(book.enter(world.dispatch(UZ, [KZ]), again, *items)) == [None] * 5
