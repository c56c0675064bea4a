"""Stateless verification of a submission: signature, claims, and that content is its cover's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from broker.core.verification import VerifiedSubmission, verify_submission
from schemas.addresses import Address
from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import Code
from schemas.merkle import hash_leaf, split_hashes, verify_inclusion
from schemas.statements import parse_statement
from tests.support.refusals import refused
from tests.support.world import DAY_S, KZ, RU, UZ, Party, Sent, World, decryption_key, reseal, signing_key


@pytest.fixture(scope="module")
def world() -> World:
    """A network of three, which nothing here changes."""
    return World([KZ, UZ, RU])


@pytest.fixture
def sent(world: World) -> Sent:
    """A dispatch to two."""
    return world.dispatch(KZ, [UZ, RU])


def _verify(world: World, sent: Sent, sealed: Any = None) -> VerifiedSubmission:
    return verify_submission(parse_statement(sent.text), sealed or sent.sealed.to_json(), world.directory)


# What holds


def test_dispatch(world: World, sent: Sent) -> None:
    """A dispatch holds with its body as sent, its claim, and whose entry is under which key."""
    submission = _verify(world, sent)
    content = submission.content
    assert content is not None
    assert (submission.statement.text, submission.statement.kid) == (sent.text, world.party(KZ).sig.kid)
    assert (content.body, content.claim) == (sent.sealed.body.to_bytes(), sent.claim)
    assert content.recipients == (UZ, RU, KZ)
    assert list(content.kids) == [(world.sealing_key(each).kid, "HPKE-9-KE") for each in (UZ, RU, KZ)]


@pytest.mark.parametrize("to", [[UZ], [UZ, RU], [UZ, KZ], [KZ]])
def test_entries_are_kept_with_their_proofs(world: World, to: list[Address]) -> None:
    """Each entry is kept as the leaf that the cover's root covers, with the proof of its place."""
    sent = world.dispatch(KZ, to)
    content = _verify(world, sent).content
    assert content is not None
    assert [entry.data for entry in content.entries] == [entry.to_bytes() for entry in sent.sealed.entries]
    for position, entry in enumerate(content.entries):
        proof = split_hashes(entry.proof)
        verify_inclusion(hash_leaf(entry.data), position, len(content.entries), proof, sent.claim.entries)


def test_statement_without_content(world: World) -> None:
    """What is not a dispatch comes without content."""
    receipt = world.receipt(UZ, KZ, ["A" * 43])
    submission = verify_submission(parse_statement(receipt), None, world.directory)
    assert (submission.statement.text, submission.content) == (receipt, None)


def test_nothing_of_the_ledger_is_judged() -> None:
    """Keys out of date, replaced or revoked hold here: that is judged at the statement's place."""
    world = World([KZ, UZ])
    sent = world.dispatch(KZ, [UZ])
    world.rotate(UZ)
    world.revoke(KZ)
    world.wait(3 * 365 * DAY_S)
    assert _verify(world, sent).content is not None


# What does not


def test_signature(world: World, sent: Sent) -> None:
    """A changed statement is refused for its signature."""
    forged = f"{sent.text[:-2]}{'AQ' if sent.text.endswith('gA') else 'gA'}"
    with refused(Code.BAD_SIGNATURE):
        _verify(world, replace(sent, text=forged))


def test_unknown_key(world: World, sent: Sent) -> None:
    """A key without credential signs nothing."""
    stranger = replace(Party.of(KZ), sig=signing_key("a stranger"))
    with refused(Code.UNKNOWN_KEY):
        verify_submission(parse_statement(world.enrolment(stranger)), None, world.directory)


def test_other_network(world: World, sent: Sent) -> None:
    """A statement for a network of the same name under another root is refused."""
    aud = f"{world.name}/{signing_key('another root').kid}"
    with refused(Code.WRONG_NETWORK):
        _verify(world, world.dispatch(KZ, [UZ], aud=aud))


@pytest.mark.parametrize(
    ("to", "changes", "code"),
    [([UZ], {"critical": ["mood"]}, Code.UNSUPPORTED_CRITICAL), ([UZ], {"handling": "H9"}, Code.MALFORMED_STATEMENT),
     ([], {}, Code.NO_RECIPIENTS), ([UZ, UZ], {}, Code.DUPLICATE_RECIPIENT)],
)  # fmt: skip
def test_claims(world: World, to: list[Address], changes: dict[str, Any], code: Code) -> None:
    """Claims of another form are refused with the code of their rule."""
    with refused(code):
        _verify(world, world.dispatch(KZ, to, **changes))


def test_content_missing(world: World, sent: Sent) -> None:
    """A dispatch comes with its sealed content."""
    with refused(Code.MALFORMED_SEALED):
        verify_submission(parse_statement(sent.text), None, world.directory)


def test_content_too_many(world: World, sent: Sent) -> None:
    """Content beside anything but a dispatch is refused."""
    receipt = parse_statement(world.receipt(UZ, KZ, ["A" * 43]))
    with refused(Code.MALFORMED_SEALED):
        verify_submission(receipt, sent.sealed.to_json(), world.directory)


@pytest.mark.parametrize("sealed", [[], "sealed", {"protected": ""}, 5])
def test_content_of_another_form(world: World, sent: Sent, sealed: object) -> None:
    """Content that is no JWE of the profile is refused."""
    with refused(Code.MALFORMED_SEALED):
        verify_submission(parse_statement(sent.text), sealed, world.directory)


def _flipped(text: str) -> str:
    data = bytearray(decode_base64url(text))
    data[0] ^= 1
    return encode_base64url(bytes(data))


@pytest.mark.parametrize("member", ["iv", "ciphertext", "tag", "aad"])
def test_changed_body(world: World, sent: Sent, member: str) -> None:
    """Any changed byte of the content makes it another content than the cover's."""
    jwe = sent.sealed.to_json()
    with refused(Code.CONTENT_MISMATCH, "digest"):
        _verify(world, sent, {**jwe, member: _flipped(jwe[member])})


def test_size_of_the_cover(world: World, sent: Sent) -> None:
    """The size in the cover is the content's."""
    claims = world.verified(sent.text).claims.model_dump(exclude_none=True)
    content = {**claims["content"], "size": sent.claim.size + 1}
    with refused(Code.CONTENT_MISMATCH, "size"):
        _verify(world, replace(sent, text=world.dispatch(KZ, [UZ, RU], jti=claims["jti"], content=content).text))


def test_content_under_another_cover(world: World, sent: Sent) -> None:
    """Content is bound to its cover: put under another, the binding does not fit though the digest does."""
    content = world.verified(sent.text).claims.model_dump()["content"]
    other = world.dispatch(KZ, [UZ, RU], content=content)
    with refused(Code.CONTENT_MISMATCH, "aad"):
        _verify(world, replace(sent, text=other.text))


def _without_last(sent: Sent) -> Sent:
    return reseal(sent, entries=sent.sealed.entries[:-1])


def _twice(sent: Sent) -> Sent:
    return reseal(sent, entries=(*sent.sealed.entries, sent.sealed.entries[0]))


def _double(sent: Sent) -> Sent:
    first, _, last = sent.sealed.entries
    return reseal(sent, entries=(first, first, last))


def _swapped(sent: Sent) -> Sent:
    first, second, last = sent.sealed.entries
    return reseal(sent, entries=(second, first, last))


def _other_kid(sent: Sent) -> Sent:
    first, *rest = sent.sealed.entries
    return reseal(sent, entries=(replace(first, kid=decryption_key("another").public.kid), *rest))


def _other_secret(sent: Sent) -> Sent:
    first, *rest = sent.sealed.entries
    return reseal(sent, entries=(replace(first, encrypted_key=_flipped(first.encrypted_key)), *rest))


@pytest.mark.parametrize("change", [_without_last, _twice, _double, _swapped, _other_kid, _other_secret])
def test_changed_entries(world: World, sent: Sent, change: Callable[[Sent], Sent]) -> None:
    """The entries are those that were signed: as many as addresses, in their order, byte for byte."""
    with refused(Code.ENTRIES_MISMATCH):
        _verify(world, change(sent))


def test_entry_missing_as_signed(world: World, sent: Sent) -> None:
    """A cover that signs for fewer entries than addresses is refused, whatever its root says."""
    one = world.dispatch(KZ, [UZ])
    claims = world.verified(one.text).claims.model_dump(exclude_none=True)
    wider = world.dispatch(KZ, [UZ, RU], jti=claims["jti"], content=claims["content"])
    with refused(Code.ENTRIES_MISMATCH, "2 entries for 3 addresses"):
        _verify(world, replace(one, text=wider.text))
