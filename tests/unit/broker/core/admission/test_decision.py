"""What holds for every statement, whatever its type."""

from __future__ import annotations

import pytest

from broker.core.verification import VerifiedSubmission
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.errors import Code
from schemas.ids import make_uuid7
from tests.support.refusals import refused
from tests.support.world import DAY_S, KG, KZ, RU, TJ, UZ, Party, World
from tests.unit.broker.core.book import Book, Item, codes

OFFICER = Address(f"{KZ}/DUTY-1")


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
    assert (known.index, known.leaf.accepted_at, known.sender) == (index, book.world.time_ms, KZ)


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
