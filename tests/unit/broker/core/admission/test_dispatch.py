"""Dispatches: each rule by which one is admitted or refused, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.core.admission.effects import Watch
from schemas.addresses import Address, member_of
from schemas.claims import Rel, StatementType
from schemas.encoding import decode_digest, encode_base64url, sha256
from schemas.errors import Code
from tests.support.world import DAY_S, KG, KZ, RU, TJ, UZ, Sent, World
from tests.unit.broker.core.book import Book, Item, codes

OFFICER = Address(f"{KZ}/DUTY-1")
RELS: tuple[Rel, ...] = ("reply", "update", "cancel", "translation", "countersign", "reseal", "interrupts", "related")
OWN_ONLY: set[Rel] = {"update", "cancel", "countersign", "reseal"}


@pytest.fixture(params=[True, False], ids=["apart", "one-batch"])
def book(request: pytest.FixtureRequest) -> Book:
    """A ledger of four members; what a test enters together is decided in batches apart, or in one."""
    return Book(World([KZ, UZ, RU, TJ]), apart=request.param)


def _ref(rel: str, *digests: str) -> list[dict[str, str]]:
    return [{"rel": rel, "digest": digest} for digest in digests]


def _last(book: Book, *items: Item, by: Address | None = None) -> Code | None:
    """What became of the last item, when those before it were admitted."""
    *before, last = codes(book.enter(*items, by=by))
    assert set(before) <= {None}
    return last


def test_dispatch_admitted(book: Book) -> None:
    """A dispatch enters each recipient's mailbox, and uncounted its sender's, each with its own entry."""
    sent = book.world.dispatch(OFFICER, [UZ, RU], precedence="priority")
    start = book.world.place.index
    (admitted,) = book.admit(sent)
    assert (admitted.index, admitted.sender, admitted.lane) == (start, KZ, "normal")
    assert [(each.member, each.addressed) for each in admitted.deliveries] == [(UZ, True), (RU, True), (KZ, False)]
    entries = [each.entry.data for each in admitted.deliveries if each.entry]
    assert entries == [entry.to_bytes() for entry in sent.sealed.entries]
    assert admitted.content is not None
    assert admitted.content.body == sent.sealed.body.to_bytes()
    leaf = (admitted.leaf.accepted_at, admitted.leaf.type, admitted.leaf.public, admitted.leaf.digest)
    assert leaf == (book.world.time_ms, StatementType.DISPATCH, False, decode_digest(sent.digest))


def test_dispatch_to_oneself(book: Book) -> None:
    """A sender that is among its own recipients gets one delivery, and it counts."""
    (admitted,) = book.admit(book.world.dispatch(KZ, [UZ, KZ]))
    assert [(each.member, each.addressed) for each in admitted.deliveries] == [(UZ, True), (KZ, True)]


@pytest.mark.parametrize(
    ("precedence", "lane", "due_s"),
    [("flash", "urgent", 300), ("immediate", "urgent", 1_800), ("priority", "normal", 14_400),
     ("critic", "urgent", 1_800), ("routine", "normal", 86_400)],
)  # fmt: skip
def test_lane_and_watch(book: Book, precedence: str, lane: str, due_s: int) -> None:
    """Precedence decides the lane, and by when a dispatch is to have been received."""
    (admitted,) = book.admit(book.world.dispatch(KZ, [UZ], precedence=precedence))
    due_ms = book.world.time_ms + 1000 * due_s
    assert (admitted.lane, admitted.watches) == (lane, (Watch(due_ms, admitted.index, "received"),))


def test_watch_for_a_reply(book: Book) -> None:
    """A cover that asks for a reply is watched for it too, until the time it names."""
    by_s = book.world.time_s + 8 * 3600
    (admitted,) = book.admit(book.world.dispatch(KZ, [UZ], expects={"by": by_s}))
    assert admitted.watches[1:] == (Watch(1000 * by_s, admitted.index, "reply"),)


def test_role(book: Book) -> None:
    """Only who holds the role exchange sends."""
    world = book.world
    world.renew(RU, roles=["audit", "certify"])
    world.enrol(f"{UZ}/CLERK", roles=["case_officer"])
    items = [world.dispatch(RU, [UZ]), world.dispatch(f"{UZ}/CLERK", [KZ])]
    assert codes(book.enter(*items)) == [Code.ROLE_MISSING] * 2


@pytest.mark.parametrize(
    ("network", "status", "code"),
    [("actual", "actual", None), ("actual", "exercise", None), ("actual", "test", None), ("exercise", "test", None),
     ("exercise", "exercise", None), ("exercise", "actual", Code.STATUS_NOT_ALLOWED)],
)  # fmt: skip
def test_status_of_the_network(network: str, status: str, code: Code | None) -> None:
    """A network of exercises carries nothing actual."""
    book = Book(World([KZ, UZ], status=network))
    assert _last(book, book.world.dispatch(KZ, [UZ], status=status)) is code


def test_unknown_recipient(book: Book) -> None:
    """Who has no credential, or whose last key was revoked, can be sent nothing."""
    elsewhere = World([KZ, UZ, RU, TJ, KG])
    assert _last(book, elsewhere.dispatch(KZ, [UZ, KG])) is Code.UNKNOWN_RECIPIENT
    sent = book.world.dispatch(KZ, [UZ, RU])
    assert _last(book, book.world.revocation(book.world.party(RU)), sent) is Code.UNKNOWN_RECIPIENT


def test_mail_is_held_for_the_expired(book: Book) -> None:
    """A recipient whose credential has run out is still sent to."""
    world = book.world
    world.rotate(UZ, exp=world.time_s + 60)
    world.wait(61)
    assert _last(book, world.dispatch(KZ, [UZ])) is None
    assert _last(book, world.dispatch(UZ, [KZ])) is Code.CREDENTIAL_EXPIRED


@pytest.mark.parametrize("turned", [KZ, UZ])
@pytest.mark.parametrize(("waited_s", "code"), [(7 * DAY_S - 1, None), (7 * DAY_S, Code.STALE_KEY)])
def test_stale_key(book: Book, turned: Address, waited_s: int, code: Code | None) -> None:
    """A replaced key is sealed to for seven days, a recipient's and the sender's own alike."""
    world = book.world
    sent = world.dispatch(KZ, [UZ])
    world.rotate(turned)
    if turned == KZ:
        sent = _signed_anew(world, sent)
    world.wait(waited_s)
    assert _last(book, sent) is code


def _signed_anew(world: World, sent: Sent) -> Sent:
    """The same cover and sealed content under the sender's present signing key."""
    cover = world.verified(sent.text).claims.model_dump(exclude_none=True)
    return replace(sent, text=world.sign(StatementType.DISPATCH, cover["iss"], cover))


# References


@pytest.mark.parametrize("rel", RELS)
@pytest.mark.parametrize("signer", [KZ, OFFICER, UZ, f"{UZ}/DUTY-1", RU])
def test_who_may_refer(book: Book, rel: Rel, signer: str) -> None:
    """A dispatch refers to what its member sent or got; update, cancel, countersign, reseal to its own only."""
    world = book.world
    original = world.dispatch(KZ, [UZ, TJ])
    book.admit(original)
    world.rotate(TJ)  # so that a reseal to it is due
    follow = world.dispatch(signer, [TJ], refs=_ref(rel, original.digest))
    may = member_of(Address(signer)) == KZ or (signer != RU and rel not in OWN_ONLY)
    assert _last(book, follow) is (None if may else Code.REFERENCE_NOT_PERMITTED)


def test_references_are_noted(book: Book) -> None:
    """What a dispatch refers to is written down by place, in its order."""
    world = book.world
    first, second = world.dispatch(KZ, [UZ]), world.dispatch(UZ, [KZ])
    refs = _ref("update", first.digest) + _ref("reply", second.digest)
    one, two, follow = book.admit(first, second, world.dispatch(KZ, [UZ], refs=refs))
    assert follow.references == ((one.index, "update"), (two.index, "reply"))


def test_own_copy_is_not_a_receipt_of_it(book: Book) -> None:
    """A sender refers to its own dispatch as sender: its uncounted copy makes it no recipient."""
    original = book.world.dispatch(KZ, [UZ])
    assert _last(book, original, book.world.receipt(KZ, KZ, [original.digest])) is Code.NOT_A_RECIPIENT


def test_unknown_reference(book: Book) -> None:
    """Only an accepted dispatch can be referred to: not a stranger, a receipt, or a public statement."""
    world = book.world
    original = world.dispatch(UZ, [KZ])
    receipt = book.admit(original, world.receipt(KZ, UZ, [original.digest]))[1]
    credential = world.log[1].leaf.digest
    for digest in (sha256(b"nothing"), receipt.leaf.digest, credential):
        refs = _ref("related", encode_base64url(digest))
        assert _last(book, world.dispatch(KZ, [UZ], refs=refs)) is Code.UNKNOWN_REFERENCE


STATUSES = ("actual", "exercise", "test")


@pytest.mark.parametrize("rel", ["reply", "update", "interrupts"])
@pytest.mark.parametrize("before", STATUSES)
@pytest.mark.parametrize("now", STATUSES)
def test_status_is_inherited(book: Book, rel: str, before: str, now: str) -> None:
    """The status is that of what is referred to; only interrupts leads from exercise to actual."""
    world = book.world
    original = world.dispatch(KZ, [KZ, UZ], status=before)
    follow = world.dispatch(KZ, [UZ], status=now, refs=_ref(rel, original.digest))
    may = before == now or (rel, before, now) == ("interrupts", "exercise", "actual")
    assert _last(book, original, follow) is (None if may else Code.STATUS_MISMATCH)


def test_status_of_every_reference(book: Book) -> None:
    """One reference of another status is enough to refuse."""
    world = book.world
    play, real = world.dispatch(KZ, [UZ], status="exercise"), world.dispatch(KZ, [UZ])
    refs = _ref("related", real.digest, play.digest)
    assert _last(book, play, real, world.dispatch(KZ, [UZ], refs=refs)) is Code.STATUS_MISMATCH


def test_reseal_for_a_newer_key(book: Book) -> None:
    """Content is sealed again to recipients that have got a new encryption key since."""
    world = book.world
    original = world.dispatch(KZ, [UZ, RU])
    book.admit(original)
    world.rotate(UZ)
    again = world.dispatch(OFFICER, [UZ], refs=_ref("reseal", original.digest))
    (admitted,) = book.admit(again)
    assert [rel for _, rel in admitted.references] == ["reseal"]


@pytest.mark.parametrize("to", [[RU], [UZ, RU], [UZ, TJ]], ids=["same-key", "one-of-two", "no-recipient"])
def test_reseal_for_others(book: Book, to: list[Address]) -> None:
    """Each address of a reseal was a recipient, and has a newer key."""
    world = book.world
    original = world.dispatch(KZ, [UZ, RU])
    book.admit(original)
    world.rotate(UZ)
    world.rotate(TJ)
    world.renew(RU)
    again = world.dispatch(KZ, to, refs=_ref("reseal", original.digest))
    assert _last(book, again) is Code.REFERENCE_NOT_PERMITTED


def test_reseal_after_a_reseal(book: Book) -> None:
    """The original can be sealed again as often as keys are replaced; never twice for one key by way of the copy."""
    world = book.world
    original = world.dispatch(KZ, [UZ])
    book.admit(original)
    world.rotate(UZ)
    again = world.dispatch(KZ, [UZ], refs=_ref("reseal", original.digest))
    of_copy = world.dispatch(KZ, [UZ], refs=_ref("reseal", again.digest))
    assert codes(book.enter(again, of_copy)) == [None, Code.REFERENCE_NOT_PERMITTED]
