"""Facts: a batch asks for all that its decisions need, and for nothing else."""

from __future__ import annotations

import pytest

from broker.core.facts import AcceptedStatement, Needs, most_urgent, needs_of, require_known
from broker.core.verification import VerifiedSubmission, verify_submission
from schemas.addresses import ROOT, Address, member_of
from schemas.claims import Lane, StatementType
from schemas.encoding import Digest, decode_digest, encode_base64url, sha256
from schemas.errors import Code
from schemas.leaf import Leaf
from schemas.statements import parse_statement
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World

FIRST, SECOND, OWN = (sha256(name) for name in (b"first", b"second", b"own"))
OFFICER = Address(f"{KZ}/DUTY-1")


@pytest.fixture
def world() -> World:
    """A network of three."""
    return World([KZ, UZ, RU])


def _text(digest: Digest) -> str:
    return encode_base64url(digest)


def _verified(world: World, text: str) -> VerifiedSubmission:
    return VerifiedSubmission(world.verified(text), None)


def _jti(submission: VerifiedSubmission) -> tuple[str, str]:
    claims = submission.statement.claims
    return member_of(claims.iss), claims.jti


def test_needs_of_nothing(world: World) -> None:
    """An empty batch needs nothing."""
    nothing: frozenset[object] = frozenset()
    assert needs_of([], [], world.directory) == Needs(nothing, nothing, nothing, nothing, nothing)  # type: ignore[arg-type]


def test_needs_of_what_did_not_verify(world: World) -> None:
    """A digest is looked up though its statement did not verify: it may be a repeat."""
    assert needs_of([OWN], [], world.directory).digests == {OWN}


@pytest.mark.parametrize("signer", [KZ, OFFICER])
def test_needs_of_a_dispatch(world: World, signer: str) -> None:
    """For a dispatch: its jti among its member's, and whether its member was sent what it refers to."""
    refs = [{"rel": "reply", "digest": _text(FIRST)}, {"rel": "update", "digest": _text(SECOND)}]
    sent = world.dispatch(signer, [UZ], refs=refs)
    submission = verify_submission(parse_statement(sent.text), sent.sealed.to_json(), world.directory)
    needs = needs_of([decode_digest(sent.digest)], [submission], world.directory)
    assert needs.digests == {decode_digest(sent.digest), FIRST, SECOND}
    assert needs.jtis == {(KZ, submission.statement.claims.jti)}
    assert needs.readers == {(FIRST, KZ), (SECOND, KZ)}
    assert not needs.outcomes | needs.ceasing


def test_needs_of_a_plain_dispatch(world: World) -> None:
    """A dispatch that refers to nothing needs no readers."""
    submission = _verified(world, world.dispatch(KZ, [UZ]).text)
    assert needs_of([OWN], [submission], world.directory) == Needs(
        frozenset({OWN}), frozenset({_jti(submission)}), frozenset(), frozenset(), frozenset()
    )


def test_needs_of_a_reseal(world: World) -> None:
    """For a reseal: whether each recipient was one of the original's; not of what else it refers to."""
    refs = [{"rel": "reseal", "digest": _text(FIRST)}, {"rel": "related", "digest": _text(SECOND)}]
    submission = _verified(world, world.dispatch(KZ, [UZ, RU], refs=refs).text)
    assert needs_of([], [submission], world.directory).readers == {(FIRST, KZ), (SECOND, KZ), (FIRST, UZ), (FIRST, RU)}


@pytest.mark.parametrize(("signer", "outcome"), [(KZ, "received"), (OFFICER, "acknowledged")])
def test_needs_of_a_receipt(world: World, signer: str, outcome: str) -> None:
    """For a receipt: whether its member was sent what it names, and has said so before."""
    submission = _verified(world, world.receipt(signer, UZ, [_text(FIRST), _text(SECOND)], outcome))
    needs = needs_of([OWN], [submission], world.directory)
    assert needs.digests == {OWN, FIRST, SECOND}
    assert needs.jtis == {_jti(submission)}
    assert needs.readers == {(FIRST, KZ), (SECOND, KZ)}
    assert needs.outcomes == {(FIRST, KZ, outcome), (SECOND, KZ, outcome)}


def test_needs_of_public_statements(world: World) -> None:
    """For a revocation: what its member has not received. For a credential no more than its jti."""
    by_root = _verified(world, world.credential(Party.of(UZ, 1)))
    member = _verified(world, world.revocation(world.party(UZ)))
    officer = _verified(world, world.revocation(world.party(OFFICER), by=KZ))
    needs = needs_of([], [by_root, member, officer], world.directory)
    assert needs.jtis == {(ROOT, by_root.statement.claims.jti), _jti(member), _jti(officer)}
    assert needs.ceasing == {UZ, KZ}
    assert not needs.digests | needs.readers | needs.outcomes


@pytest.mark.parametrize(
    ("lanes", "lane"),
    [
        ([], "normal"),
        (["normal"], "normal"),
        (["normal", "urgent", "normal"], "urgent"),
        (["urgent"], "urgent"),
        (["public"], "normal"),
    ],
)
def test_most_urgent(lanes: list[Lane], lane: Lane) -> None:
    """What names several goes with the most urgent of them."""
    assert most_urgent(lanes) == lane


def test_known_dispatch() -> None:
    """Only an accepted dispatch is one that can be named."""
    dispatch = AcceptedStatement(3, Leaf(0, StatementType.DISPATCH.code, False, FIRST), KZ, "normal", "actual")
    receipt = AcceptedStatement(4, Leaf(0, StatementType.RECEIPT.code, False, SECOND), KZ, "normal", None)
    facts = {FIRST: dispatch, SECOND: receipt}
    assert require_known(facts, FIRST) is dispatch
    for digest in (SECOND, OWN):
        with refused(Code.UNKNOWN_REFERENCE):
            require_known(facts, digest)
