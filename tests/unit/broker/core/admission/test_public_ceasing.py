"""A member without a key: its mail is withdrawn, and the senders get an event."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from broker.core.admission.effects import Admitted
from broker.core.admission.events import undeliverable
from broker.core.facts import Unreceived
from schemas.addresses import Address
from schemas.claims import Event, Lane
from schemas.encoding import decode_digest, sha256
from tests.support.world import KG, KZ, RU, UZ, Party, Sent, World
from tests.unit.broker.core.book import Book

OFFICER = Address(f"{UZ}/DUTY-1")


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


def _told(events: list[Admitted]) -> list[tuple[Address, list[str]]]:
    """Whom each undeliverable event tells of which dispatches."""
    told = []
    for event in events:
        claims = event.statement.claims
        assert isinstance(claims, Event)
        assert claims.event == "undeliverable"
        assert claims.to
        assert [(each.member, each.addressed) for each in event.deliveries] == [(claims.to[0], True)]
        told.append((claims.to[0], claims.digests or []))
    return told


def test_everything_not_received_is_named(book: Book) -> None:
    """When a member's last key is revoked, each sender is told of all that the member has not confirmed."""
    world = book.world
    got, first, second = (world.dispatch(KZ, [UZ, KG]) for _ in range(3))
    flash, foreign = world.dispatch(KG, [UZ], precedence="flash"), world.dispatch(KG, [RU])
    own = world.dispatch(UZ, [RU])
    book.admit(got, first, flash, foreign, own, second)
    others = [_receipt(world, UZ, "received", got), _receipt(world, KG, "received", first)]
    book.admit(*others, world.revocation(world.party(UZ)))
    assert _told(book.events) == [(KZ, [first.digest, second.digest]), (KG, [flash.digest])]
    assert [event.lane for event in book.events] == ["normal", "urgent"]
    assert {event.statement.claims.member for event in book.events if isinstance(event.statement.claims, Event)} == {UZ}
    assert book.withdrawn == {(decode_digest(each.digest), UZ) for each in (first, second, flash)}


@pytest.mark.parametrize("revoke_new", [True, False])
def test_nothing_is_lost_with_another_key(book: Book, revoke_new: bool) -> None:
    """While another key of the member stands, a revocation ends no delivery."""
    world = book.world
    book.admit(world.dispatch(KZ, [UZ]))
    old = world.rotate(UZ)
    book.admit(world.revocation(world.party(UZ) if revoke_new else old))
    assert (book.events, book.withdrawn) == ([], set())


def test_revocation_of_an_officer(book: Book) -> None:
    """An officer's mail is the member's: revoking the officer ends no delivery."""
    world = book.world
    book.admit(world.dispatch(KZ, [UZ]))
    revocation = book.verify(world.revocation(world.party(OFFICER), by=UZ))
    admitter = book.admitter(revocation)
    admitter.admit(revocation, UZ)
    assert (admitter.owed, admitter.ceased) == ([], [])


def _sealed_ahead(world: World) -> Sent:
    """A dispatch to keys of UZ whose credential is still to be admitted: all may come in one batch."""
    ahead = World([KZ, UZ, RU, KG])
    ahead.rotate(UZ)
    return ahead.dispatch(KZ, [UZ])


def test_mail_after_a_new_credential(book: Book) -> None:
    """What is sent after a member has been enrolled again is delivered."""
    world, new = book.world, Party.of(UZ, 1)
    before, after = world.dispatch(KZ, [UZ]), _sealed_ahead(world)
    book.admit(before, world.revocation(world.party(UZ)), world.credential(new), after)
    assert _told(book.events) == [(KZ, [before.digest])]
    assert book.withdrawn == {(decode_digest(before.digest), UZ)}


def test_mail_between_two_revocations(book: Book) -> None:
    """A member that ceases again is reported again, for what came in between."""
    world, new = book.world, Party.of(UZ, 1)
    before, between = world.dispatch(KZ, [UZ]), _sealed_ahead(world)
    book.admit(
        before, world.revocation(world.party(UZ)), world.credential(new), between, world.revocation(new, by="ROOT")
    )
    assert _told(book.events) == [(KZ, [before.digest]), (KZ, [between.digest])]
    assert book.withdrawn == {(decode_digest(each.digest), UZ) for each in (before, between)}


def test_units_cease_with_the_member_that_certified_them(book: Book) -> None:
    """When a member's last key is revoked, what its units have not confirmed is named too, and theirs alone."""
    world = book.world
    world.enrol("UZ/UNIT", by=UZ)
    to_unit, to_other = world.dispatch(KZ, [Address("UZ/UNIT")]), world.dispatch(KZ, [KG])
    book.admit(to_unit, to_other, world.revocation(world.party(UZ)))
    assert _told(book.events) == [(KZ, [to_unit.digest])]
    assert book.withdrawn == {(decode_digest(to_unit.digest), "UZ/UNIT")}


def _waiting(number: int, sender: Address = KZ, lane: Lane = "normal") -> Unreceived:
    return Unreceived(number, sha256(str(number).encode()), sender, lane)


def test_many_undeliverable() -> None:
    """An event names up to 256 digests of one sender, in ledger order; the next event goes on."""
    numbers = count()
    waiting = [_waiting(next(numbers), sender) for _ in range(257) for sender in (KZ, RU)]
    waiting.append(_waiting(next(numbers), KZ, "urgent"))
    drafts = undeliverable(UZ, waiting)
    assert [(draft.to, len(draft.digests), draft.lane) for draft in drafts] == [
        ((KZ,), 256, "normal"),
        ((KZ,), 2, "urgent"),
        ((RU,), 256, "normal"),
        ((RU,), 1, "normal"),
    ]
    named = [digest for draft in drafts for digest in draft.digests]
    assert named == [item.digest for sender in (KZ, RU) for item in waiting if item.sender == sender]
    assert {(draft.event, draft.member) for draft in drafts} == {("undeliverable", UZ)}


def test_nothing_undeliverable() -> None:
    """A member that had confirmed everything leaves nobody to tell."""
    assert undeliverable(UZ, []) == []
