"""Receipts: from whom and of what they are admitted, and what they change."""

from __future__ import annotations

from typing import Any

import pytest

from broker.core.admission.effects import Admitted
from schemas.addresses import Address
from schemas.claims import Lane
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from tests.support.world import KG, KZ, RU, UZ, Sent, World
from tests.unit.broker.core.book import Book, Item, codes

OFFICER = Address(f"{UZ}/DUTY-1")
OUTCOMES = ("received", "rejected", "acknowledged", "declined")


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def book(request: pytest.FixtureRequest) -> Book:
    """A ledger of four members; what a test enters together is decided in batches apart, or in one."""
    return Book(World([KZ, UZ, RU, KG]), apart=request.param)


def _receipt(world: World, signer: str, outcome: str, *sent: Sent, to: str = KZ) -> str:
    reasons: dict[str, dict[str, Any]] = {
        "rejected": {"step": 7, "reason": "no_key"},
        "declined": {"reason": "not_ours"},
    }
    return world.receipt(signer, to, [each.digest for each in sent], outcome, **reasons.get(outcome, {}))


def test_receipt_admitted(book: Book) -> None:
    """A receipt goes to the sender, and uncounted to its signer's member; its pairs are noted by place."""
    world = book.world
    first, second = world.dispatch(KZ, [UZ, RU]), world.dispatch(f"{KZ}/DUTY-1", [UZ])
    one, two, receipt = book.admit(first, second, _receipt(world, UZ, "received", first, second))
    assert receipt.outcomes == ((one.index, "received"), (two.index, "received"))
    assert [(each.member, each.addressed, each.entry) for each in receipt.deliveries] == [
        (KZ, True, None),
        (UZ, False, None),
    ]
    assert (receipt.sender, receipt.watches, receipt.references, receipt.content) == (UZ, (), (), None)


@pytest.mark.parametrize(
    ("first", "second", "lane"),
    [("routine", "priority", "normal"), ("routine", "flash", "urgent"), ("immediate", "routine", "urgent")],
)
def test_receipt_takes_the_most_urgent_lane(book: Book, first: str, second: str, lane: Lane) -> None:
    """A receipt is as urgent as the most urgent dispatch it names."""
    world = book.world
    named = [world.dispatch(KZ, [UZ], precedence=each) for each in (first, second)]
    assert book.admit(*named, _receipt(world, UZ, "received", *named))[-1].lane == lane


def test_receipt_to_oneself(book: Book) -> None:
    """Who sent to itself gets its own receipt once."""
    sent = book.world.dispatch(KZ, [KZ])
    (_, receipt) = book.admit(sent, _receipt(book.world, KZ, "received", sent))
    assert [(each.member, each.addressed) for each in receipt.deliveries] == [(KZ, True)]


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("signer", [UZ, OFFICER])
def test_who_gives_which_outcome(book: Book, outcome: str, signer: str) -> None:
    """Members receive and reject, officers acknowledge and decline."""
    sent = book.world.dispatch(KZ, [UZ])
    may = (signer == OFFICER) == (outcome in ("acknowledged", "declined"))
    results = codes(book.enter(sent, _receipt(book.world, signer, outcome, sent)))
    assert results == [None, None if may else Code.NOT_PERMITTED]


def test_receipt_for_nothing(book: Book) -> None:
    """A receipt names accepted dispatches only: no stranger, and no other receipt."""
    world = book.world
    sent = world.dispatch(KZ, [UZ])
    receipt = _receipt(world, UZ, "received", sent)
    of_receipt = world.receipt(KZ, UZ, [encode_base64url(sha256(receipt.encode()))])
    unknown = world.receipt(UZ, KZ, [sent.digest, "A" * 43])
    assert codes(book.enter(sent, unknown, receipt, of_receipt)) == [
        None,
        Code.UNKNOWN_REFERENCE,
        None,
        Code.UNKNOWN_REFERENCE,
    ]


def test_receipt_by_a_bystander(book: Book) -> None:
    """Only a recipient gives a receipt, for each digest, and to the one that sent them all."""
    world = book.world
    ours, theirs, other = world.dispatch(KZ, [UZ]), world.dispatch(KZ, [RU]), world.dispatch(RU, [UZ])
    receipts = [
        _receipt(world, RU, "received", ours),
        _receipt(world, UZ, "received", ours, theirs),
        _receipt(world, UZ, "received", ours, other),
        _receipt(world, UZ, "received", ours, to=RU),
        _receipt(world, KZ, "received", ours),
    ]
    assert codes(book.enter(ours, theirs, other, *receipts)) == [None] * 3 + [Code.NOT_A_RECIPIENT] * 5


def test_receipt_repeated(book: Book) -> None:
    """Each member gives each outcome of each dispatch once; a receipt enters for the sake of one new pair."""
    world = book.world
    first, second = world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ])
    receipts = [_receipt(world, UZ, "received", each) for each in (first, first)]
    both = _receipt(world, UZ, "received", first, second)
    again = _receipt(world, UZ, "received", second, first)
    results = book.enter(first, second, *receipts, both, again)
    assert codes(results) == [None, None, None, Code.RECEIPT_REPEATED, None, Code.RECEIPT_REPEATED]
    assert isinstance(results[1], Admitted)
    assert isinstance(results[4], Admitted)
    assert results[4].outcomes == ((results[1].index, "received"),)


def test_further_outcomes(book: Book) -> None:
    """Other outcomes, and other members' and officers' first ones, are no repeats; a second officer's is."""
    world = book.world
    world.enrol(f"{UZ}/DUTY-2")
    sent = world.dispatch(KZ, [UZ, RU])
    given = [
        _receipt(world, signer, outcome, sent)
        for signer, outcome in (
            (UZ, "received"),
            (UZ, "rejected"),
            (RU, "received"),
            (OFFICER, "acknowledged"),
            (OFFICER, "declined"),
            (f"{UZ}/DUTY-2", "acknowledged"),
        )
    ]
    assert codes(book.enter(sent, *given)) == [None] * 6 + [Code.RECEIPT_REPEATED]


def test_receipt_by_a_revoked_key(book: Book) -> None:
    """A receipt is judged by its signer's key at its place; no role is asked for."""
    world = book.world
    world.renew(RU, roles=["audit"])
    sent = world.dispatch(KZ, [UZ, RU])
    items: list[Item] = [sent, world.revocation(world.party(UZ))]
    items += [_receipt(world, signer, "received", sent) for signer in (UZ, RU)]
    assert codes(book.enter(*items)) == [None, None, Code.CREDENTIAL_REVOKED, None]
