"""Admission: receipts and what they change, mail that nobody will get, and the events the hub owes."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from broker.core.admission import Admitted, Due, EventDraft, Watch, event_claims, overdue, undeliverable
from broker.core.facts import Unreceived
from schemas.addresses import HUB, Address
from schemas.claims import Event, Lane
from schemas.encoding import Digest, decode_digest, encode_base64url, sha256
from schemas.errors import Code
from tests.support.world import KG, KZ, RU, UZ, Party, Sent, World
from tests.unit.broker.core.book import Book, Item, codes

OFFICER = Address(f"{UZ}/DUTY-1")
OUTCOMES = ("received", "rejected", "acknowledged", "declined")
JTI = "01890a5d-ac96-774b-bcce-b302099a8057"


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


# Receipts


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


# Mail that nobody will get


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


# Events


DIGEST: Digest = sha256(b"a dispatch")


@pytest.mark.parametrize("missing", ["received", "reply"])
def test_overdue(missing: str) -> None:
    """A due watch tells the sender, on the dispatch's lane, who is silent, of what, and since when."""
    draft = overdue(Due(Watch(1_790_000_300_999, 7, missing), DIGEST, KZ, "urgent", (RU, UZ)))
    assert draft == EventDraft(
        "overdue", (KZ,), (DIGEST,), "urgent", members=(RU, UZ), missing=missing, due_s=1_790_000_300
    )


def test_nobody_is_silent() -> None:
    """A watch whose dispatch everybody has answered gives rise to nothing."""
    assert overdue(Due(Watch(0, 7, "received"), DIGEST, KZ, "normal", ())) is None


@pytest.mark.parametrize(
    ("draft", "claims"),
    [
        (
            EventDraft("overdue", (KZ,), (DIGEST,), "normal", members=(UZ,), missing="reply", due_s=9),
            {"to": [KZ], "digests": [encode_base64url(DIGEST)], "members": [UZ], "missing": "reply", "due": 9},
        ),
        (
            EventDraft("undeliverable", (KZ,), (DIGEST,), "normal", member=UZ),
            {"to": [KZ], "digests": [encode_base64url(DIGEST)], "member": UZ},
        ),
        (EventDraft("suspended", (), (), "public", member=UZ), {"member": UZ}),
    ],
    ids=lambda value: value.event if isinstance(value, EventDraft) else "",
)
def test_claims_of_an_event(draft: EventDraft, claims: dict[str, object]) -> None:
    """An event has exactly the claims of its kind, by the hub, for the network."""
    network = World([]).network
    made = event_claims(draft, network, JTI, 5).model_dump(exclude_none=True)
    assert made == {"iss": HUB, "aud": network, "jti": JTI, "iat": 5, "event": draft.event, **claims}


@pytest.mark.parametrize("to", [(), (KZ,)])
def test_event_appended(book: Book, to: tuple[Address, ...]) -> None:
    """An event enters its addressees' mailboxes; one without goes to everybody and into the directory."""
    draft = EventDraft("undeliverable", to, (DIGEST,), "urgent", member=UZ)
    draft = draft if to else EventDraft("suspended", (), (), "normal", member=UZ)
    admitter = book.admitter()
    event = admitter.append_event(book.sign(draft), draft)
    assert (event.lane, event.leaf.public, event.sender) == ("urgent" if to else "public", not to, HUB)
    assert [each.member for each in event.deliveries] == list(to)
    place = admitter.place
    assert (event.index, place.index) == (book.world.place.index, book.world.place.index + 1)
    assert admitter.directory.is_suspended(UZ, place) is not bool(to)
