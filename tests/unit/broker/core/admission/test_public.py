"""Public statements: the directory judges them."""

from __future__ import annotations

import pytest

from schemas.addresses import Address
from schemas.errors import Code
from tests.support.refusals import refused
from tests.support.world import KZ, RU, TJ, UZ, Party, World
from tests.unit.broker.core.book import Book, Item, codes


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def book(request: pytest.FixtureRequest) -> Book:
    """A ledger of four members; what a test enters together is decided in batches apart, or in one."""
    return Book(World([KZ, UZ, RU, TJ]), apart=request.param)


def _last(book: Book, *items: Item, by: Address | None = None) -> Code | None:
    """What became of the last item, when those before it were admitted."""
    *before, last = codes(book.enter(*items, by=by))
    assert set(before) <= {None}
    return last


def test_directory_refuses(book: Book) -> None:
    """A credential that does not follow from its issuer is refused for the directory's reason."""
    bad = book.world.credential(Party.of(Address("TJ/UNIT-1")), by=KZ)
    assert _last(book, bad) is Code.CREDENTIAL_INVALID


def test_credential_counts_from_its_place(book: Book) -> None:
    """A rotated key may be sealed to from the place of its credential on, and so may the one before."""
    world = book.world
    to_old = world.dispatch(KZ, [UZ])
    book.admit(world.credential(Party.of(UZ, 1)))
    assert codes(book.enter(to_old, world.dispatch(KZ, [UZ]))) == [None, None]


@pytest.mark.parametrize("new_epoch", [False, True])
def test_epoch_only_while_stopped(book: Book, new_epoch: bool) -> None:
    """An epoch statement is admitted only where the hub has been told that nobody is served."""
    epoch = book.verify(book.world.epoch())
    admitter = book.admitter(epoch, new_epoch=new_epoch)
    if new_epoch:
        assert admitter.admit(epoch, None).lane == "public"
        assert admitter.directory.epoch.number == 1
    else:
        with refused(Code.NOT_PERMITTED):
            admitter.admit(epoch, None)
