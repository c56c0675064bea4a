"""Hub, client and evidence verifier refuse the same, whoever signs what, in which role and status."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from clients.trust.verification import Failed, verify_dispatch, verify_receipt
from schemas.addresses import Address, is_officer, member_of
from schemas.checkpoint import parse_note
from schemas.claims import Outcome, Status
from schemas.errors import Code
from schemas.evidence import UnverifiedEvidence
from schemas.statements import parse_statement
from schemas.verification import verify_evidence
from tests.support.evidence import credentials_of, proven
from tests.support.placed import Bench
from tests.support.refusals import outcome
from tests.support.world import KZ, RU, UZ, World
from tests.unit.broker.core.book import Book, Item

OFFICER = Address(f"{KZ}/DUTY-1")
REASONS: dict[str, dict[str, Any]] = {"rejected": {"step": 7, "reason": "no_key"}, "declined": {"reason": "not_ours"}}
MEMBERS_HOLD = ["exchange", "certify", "audit", "coordinate"]
OFFICERS_HOLD = ["exchange", "duty_officer", "case_officer"]

statuses = st.sampled_from(get_args(Status))
signers = st.one_of(
    st.tuples(st.just(KZ), st.lists(st.sampled_from(MEMBERS_HOLD), min_size=1, unique=True)),
    st.tuples(st.just(OFFICER), st.lists(st.sampled_from(OFFICERS_HOLD), min_size=1, unique=True)),
)


def _hub(book: Book, item: Item, signer: Address) -> Code | None:
    """Why the hub refuses what a signer brings; nothing of it stays."""
    submission = book.verify(item)
    found = outcome(lambda: book.admitter(submission).admit(submission, member_of(signer)))
    return found if isinstance(found, Code) else None


def _verifier(world: World, said: int, *receipts: int) -> Code | None:
    """Why the evidence verifier refuses a file about a statement."""
    addresses = [address for address in world.directory.addresses() if address in world.parties]
    evidence = UnverifiedEvidence(
        parse_note(world.checkpoint()),
        tuple(parse_statement(epoch.statement.text) for epoch in world.directory.epochs),
        credentials_of(world, addresses),
        tuple(proven(world, index) for index in (said, *receipts)),
    )
    found = outcome(lambda: verify_evidence(evidence, world.network.partition("/")[2]))
    return found if isinstance(found, Code) else None


@given(signer=signers, network=st.sampled_from(["actual", "exercise"]), status=statuses)
@settings(max_examples=60, deadline=None)
def test_dispatches(signer: tuple[Address, list[str]], network: str, status: Status) -> None:
    """A dispatch that the hub refuses for its signer's role or its status, nobody believes from a hub that did not."""
    (address, roles), bench = signer, Bench(status=network)
    bench.world.renew(address, roles=roles)
    sent = bench.dispatch(iss=address, status=status)
    expected = Code.ROLE_MISSING if "exchange" not in roles else None
    if expected is None and (network, status) == ("exercise", "actual"):
        expected = Code.STATUS_NOT_ALLOWED
    assert _hub(Book(bench.world), sent, address) is expected
    placed = bench.place(sent.text, sent)
    opened = verify_dispatch(placed, bench.world.directory, UZ, bench.keys())
    assert (opened.code if isinstance(opened, Failed) else None) is expected
    assert _verifier(bench.world, placed.index) is expected


@given(
    signer=st.sampled_from([UZ, Address(f"{UZ}/DUTY-1"), RU, Address(f"{RU}/DUTY-1")]),
    to=st.sampled_from([KZ, RU]),
    given_outcome=st.sampled_from(get_args(Outcome)),
)
@settings(max_examples=32, deadline=None)
def test_receipts(signer: Address, to: Address, given_outcome: Outcome) -> None:
    """A receipt by the wrong kind of signer, a stranger, or to a stranger: hub and verifier refuse it alike."""
    bench = Bench()
    sent, book = bench.dispatch(), Book(bench.world)
    [dispatch] = book.admit(sent)
    text = bench.world.receipt(signer, to, [sent.digest], given_outcome, **REASONS.get(given_outcome, {}))
    wrong_level = is_officer(signer) != (given_outcome in ("acknowledged", "declined"))
    stranger = Code.NOT_A_RECIPIENT if (member_of(signer), to) != (UZ, KZ) else None
    expected = Code.NOT_PERMITTED if wrong_level else stranger
    assert _hub(book, text, signer) is expected
    placed = bench.place(text)
    verified = verify_receipt(placed, bench.world.directory)
    # Whom it answers a client judges later, when it looks for what is named in its own store.
    assert (verified.code if isinstance(verified, Failed) else None) is (Code.NOT_PERMITTED if wrong_level else None)
    assert _verifier(bench.world, dispatch.index, placed.index) is expected
