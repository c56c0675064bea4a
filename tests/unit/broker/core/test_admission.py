"""Admission: each rule by which a statement enters the ledger or is refused, and what follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.core.admission import Watch
from broker.core.verification import VerifiedSubmission
from schemas.addresses import Address, member_of
from schemas.claims import Rel, StatementType
from schemas.encoding import decode_digest, encode_base64url, sha256
from schemas.errors import Code
from schemas.ids import make_uuid7
from tests.support.refusals import refused
from tests.support.world import DAY_S, KG, KZ, RU, TJ, UZ, Party, Sent, World
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


# What holds for every statement


@pytest.mark.parametrize(("ahead_s", "code"), [(120, None), (121, Code.CLOCK_AHEAD), (-10 * 365 * DAY_S, None)])
def test_clock(book: Book, ahead_s: int, code: Code | None) -> None:
    """A statement may be dated 120 s ahead of the hub and as far back as it likes, a public one too."""
    iat = book.world.time_s + ahead_s
    sent = book.world.dispatch(KZ, [UZ], iat=iat)
    credential = book.world.credential(Party.of(UZ, 1), iat=iat)
    assert codes(book.enter(sent, credential)) == [code, code]


def test_jti_with_other_bytes(book: Book) -> None:
    """A jti that another statement of the same member carries is refused, an officer's included."""
    world, jti = book.world, make_uuid7(1, bytes(10))
    first = world.dispatch(KZ, [UZ], jti=jti)
    assert _last(book, first, world.dispatch(KZ, [RU], jti=jti)) is Code.JTI_REUSED
    assert _last(book, world.dispatch(OFFICER, [UZ], jti=jti)) is Code.JTI_REUSED
    assert _last(book, world.receipt(KZ, UZ, [first.digest], jti=jti)) is Code.JTI_REUSED


def test_jti_of_another_member(book: Book) -> None:
    """Two members may draw the same jti: neither can keep the other from sending."""
    jti = make_uuid7(1, bytes(10))
    items = [book.world.dispatch(KZ, [UZ], jti=jti), book.world.dispatch(RU, [UZ], jti=jti)]
    assert codes(book.enter(*items)) == [None, None]


def test_jti_of_a_refused_statement(book: Book) -> None:
    """What was refused has not used its jti up."""
    world, jti = book.world, make_uuid7(1, bytes(10))
    bad = world.dispatch(KZ, [UZ], jti=jti, refs=_ref("related", "A" * 43))
    assert codes(book.enter(bad, world.dispatch(KZ, [UZ], jti=jti))) == [Code.UNKNOWN_REFERENCE, None]


def test_repeat(book: Book) -> None:
    """What was accepted is known by its digest with its place and time, in the same batch already."""
    admitter = book.admitter()
    sent = book.verify(book.world.dispatch(KZ, [UZ]))
    assert admitter.repeat(sent.statement.digest) is None
    index = admitter.admit(sent, KZ).index
    known = admitter.repeat(sent.statement.digest)
    assert known is not None
    assert (known.index, known.accepted_at, known.sender) == (index, book.world.time_ms, KZ)


@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_statement_of_another_member(book: Book, signer: Address) -> None:
    """A session submits dispatches and receipts of its own member only."""
    assert _last(book, book.world.dispatch(signer, [UZ]), by=UZ) is Code.NOT_YOUR_STATEMENT
    assert _last(book, book.world.receipt(signer, UZ, ["A" * 43]), by=UZ) is Code.NOT_YOUR_STATEMENT


def test_operator_brings_public_statements_only(book: Book) -> None:
    """The operator, who is nobody's member, may not bring a dispatch."""
    submission = book.verify(book.world.dispatch(KZ, [UZ]))
    with refused(Code.NOT_YOUR_STATEMENT):
        book.admitter(submission).admit(submission, None)
    credential = book.verify(book.world.credential(Party.of(KG)))
    assert book.admitter(credential).admit(credential, None).leaf.public


def test_public_statement_by_anybody(book: Book) -> None:
    """Credentials and revocations carry their own authority: any session may bring them."""
    world = book.world
    admitted = book.admit(world.credential(Party.of(KG)), world.revocation(world.party(KZ)), by=RU)
    assert [(each.lane, each.leaf.public, each.deliveries) for each in admitted] == [("public", True, ())] * 2
    assert [each.sender for each in admitted] == ["ROOT", KZ]


@pytest.mark.parametrize("event", ["suspended", "later_word"])
def test_event_submitted(book: Book, event: str) -> None:
    """Nobody brings an event, though the hub has signed it."""
    assert _last(book, book.world.event(event, member=KZ)) is Code.NOT_PERMITTED


def test_types_that_never_enter(book: Book) -> None:
    """Session tokens, and dispatches whose content nobody has verified, are no statements of the ledger."""
    token = book.verify(book.world.token(KZ))
    with refused(Code.UNSUPPORTED_TYPE, StatementType.SESSION.typ):
        book.admitter(token).admit(token, KZ)
    bare = VerifiedSubmission(book.verify(book.world.dispatch(KZ, [UZ])).statement, None)
    with refused(Code.UNSUPPORTED_TYPE):
        book.admitter(bare).admit(bare, KZ)


# Batches


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


# Public statements


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


# Dispatches


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
     ("routine", "normal", 86_400)],
)  # fmt: skip
def test_lane_and_watch(book: Book, precedence: str, lane: str, due_s: int) -> None:
    """Precedence decides the lane, and by when a dispatch is to have been received."""
    (admitted,) = book.admit(book.world.dispatch(KZ, [UZ], precedence=precedence))
    due_ms = book.world.time_ms + 1000 * due_s
    assert (admitted.lane, admitted.watches) == (lane, (Watch(due_ms, admitted.index, "received"),))


def test_watch_for_a_reply(book: Book) -> None:
    """A cover that asks for a reply is watched for it too, until the time it names."""
    by_s = book.world.time_s + 8 * 3600
    (admitted,) = book.admit(book.world.dispatch(KZ, [UZ], reply_by=by_s))
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
