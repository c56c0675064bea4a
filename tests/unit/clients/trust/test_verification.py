"""Checking what a hub delivers: each of the recipient's steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clients.trust.verification import (
    Failed,
    Opened,
    PlacedItem,
    verify_dispatch,
    verify_event,
    verify_place,
    verify_public,
    verify_receipt,
)
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.directory import apply_statement
from schemas.encoding import decode_base64url, decode_object, encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.frames import Cursors
from tests.attacks.forge import with_entries
from tests.support.edges import EDGES, WEAK_KEYS, Edge, edge_credential, weak_credential
from tests.support.placed import Bench, head_of, report
from tests.support.refusals import refused
from tests.support.world import (
    KZ,
    RU,
    UZ,
    Party,
    Sent,
    decryption_key,
    sign_payload,
)


@pytest.fixture
def bench() -> Bench:
    """A fresh bench."""
    return Bench()


# Step 1


@pytest.mark.parametrize(
    "change",
    [
        {"index": 6},
        {"proof": ""},
        {"leaf": "A" * 58},
        {"lane": "public"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_step_1_place(bench: Bench, change: dict[str, Any]) -> None:
    """Another place, proof, leaf or lane than the ledger's fails the first step."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent)
    failed = verify_place(placed.item.model_copy(update=change), placed.head)
    assert isinstance(failed, Failed)
    assert (failed.step, failed.code) == (1, Code.BAD_PROOF)


# Steps 2 to 10


def test_dispatch_is_opened(bench: Bench) -> None:
    """What an honest sender sealed is opened, and so is the sender's own copy."""
    sent = bench.dispatch(iss="KZ/NFP/DUTY-1")
    for member in ("UZ/NFP", "KZ/NFP"):
        verified = opened(bench, bench.place(sent.text, sent, member), member=member)
        assert verified.content == encode_json(report())
        assert verified.content_key == sent.content_key
        assert "heroin" not in repr(verified)


def test_seat_without_keys_sees_covers(bench: Bench) -> None:
    """Where no decryption key is held, the cover is verified and the content stays shut."""
    sent = bench.dispatch()
    verified = opened(bench, bench.place(sent.text, sent), {})
    assert verified.statement.claims.to == [UZ]
    assert (verified.content, verified.content_key) == (None, None)


def opened(bench: Bench, placed: PlacedItem, keys: dict[Any, Any] | None = None, member: str = "UZ/NFP") -> Opened:
    """A dispatch that passes every step."""
    held = bench.keys(member) if keys is None else keys
    found = verify_dispatch(placed, bench.world.directory, Address(member), held)
    assert isinstance(found, Opened), found
    return found


def fault(bench: Bench, placed: PlacedItem, keys: dict[Any, Any] | None = None, member: str = "UZ/NFP") -> Failed:
    """The step at which a dispatch fails."""
    held = bench.keys() if keys is None else keys
    failed = verify_dispatch(placed, bench.world.directory, Address(member), held)
    assert isinstance(failed, Failed), failed
    return failed


def bent(placed: PlacedItem, **change: Any) -> PlacedItem:
    """The same place with another item."""
    return replace(placed, item=placed.item.model_copy(update=change))


def test_step_2_text_is_not_the_leafs(bench: Bench) -> None:
    """Another statement under the leaf, or none, fails the second step."""
    placed = bench.place((sent := bench.dispatch()).text, sent)
    other = fault(bench, bent(placed, statement=bench.dispatch().text))
    gone = fault(bench, bent(placed, statement=None))
    broken = fault(bench, bent(placed, statement="x"))
    assert [(error.step, error.code) for error in (other, gone, broken)] == [
        (2, Code.BAD_PROOF),
        (2, Code.GONE),
        (2, Code.MALFORMED_STATEMENT),
    ]


def test_step_2_signature(bench: Bench) -> None:
    """A text whose signature is another's fails the second step."""
    sent = bench.dispatch()
    text = sent.text[:-86] + bench.dispatch().text[-86:]
    error = fault(bench, bench.place(text, sent))
    assert (error.step, error.code, error.statement) == (2, Code.BAD_SIGNATURE, None)


@pytest.mark.parametrize("edge", EDGES, ids=[edge.name for edge in EDGES])
def test_step_2_edges_of_ed25519(bench: Bench, edge: Edge) -> None:
    """A signature that libraries judge differently is opened exactly where PROTOCOL 4 says that it holds."""
    officer = Party(Address("KZ/NFP/EDGE"), edge.key("edge"), None)
    bench.world.admit(edge_credential(bench.world, officer, edge))
    bench.world.parties[officer.address] = officer
    sent = bench.dispatch(iss=officer.address)
    placed = bench.place(sent.text, sent)
    if edge.holds:
        assert opened(bench, placed).statement.text == sent.text
        return
    error = fault(bench, placed)
    assert (error.step, error.code) == (2, Code.BAD_SIGNATURE)


@pytest.mark.parametrize("weak", WEAK_KEYS)
def test_step_2_weak_key(bench: Bench, weak: str) -> None:
    """A credential for a key for which anybody can sign, or that has two thumbprints, is not applied."""
    placed = bench.place(weak_credential(bench.world, weak))
    statement = verify_public(placed, bench.world.directory)
    assert not isinstance(statement, Failed)
    with refused(Code.MALFORMED_STATEMENT):
        apply_statement(bench.world.directory, statement, placed.place)


def test_step_2_alg_of_a_later_version(bench: Bench) -> None:
    """A statement of an alg that is not known here has its own code: it cannot be checked, and is no forgery."""
    sent = bench.dispatch()
    header, payload, _ = sent.text.split(".")
    later = decode_base64url(header).decode().replace("Ed25519", "ML-DSA-65")
    text = f"{encode_base64url(later.encode())}.{payload}.{'A' * 4_412}"
    error = fault(bench, bench.place(text))
    assert (error.step, error.code) == (2, Code.UNSUPPORTED_ALG)
    error = fault(bench, bent(bench.place(sent.text, sent), statement=text))
    assert (error.step, error.code) == (2, Code.BAD_PROOF)


def test_step_7_alg_of_a_later_version(bench: Bench) -> None:
    """An entry of an alg that is not known here is for a key that is not held, though its place is signed."""
    sent = with_entries(bench.world, bench.dispatch(), lambda e: (replace(e[0], alg="HPKE-99-KE"), e[1]))
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (7, Code.NO_KEY)


def test_step_3_chain(bench: Bench) -> None:
    """An unknown, revoked or roleless key fails the third step, judged at the leaf's place."""
    stranger = bench.world.sign(StatementType.DISPATCH, "KZ/NFP", {}, Party.of(KZ, 9).sig)
    unknown = fault(bench, bench.place(stranger))
    early = bench.dispatch()
    good = bench.place(early.text, early)
    late = bench.dispatch()
    bench.world.revoke("KZ/NFP")
    revoked = fault(bench, bench.place(late.text, late))
    assert (unknown.step, unknown.code) == (3, Code.UNKNOWN_KEY)
    assert (revoked.step, revoked.code) == (3, Code.CREDENTIAL_REVOKED)
    assert opened(bench, good).content is not None


def test_step_3_role(bench: Bench) -> None:
    """A signer without the role exchange fails the third step."""
    bench.world.renew("KZ/NFP", roles=["certify"])
    sent = bench.dispatch()
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (3, Code.ROLE_MISSING)


def test_step_4_network() -> None:
    """Another network, or actual mail in a network of exercises, fails the fourth step."""
    bench = Bench(status="exercise")
    elsewhere = bench.dispatch(aud="other/" + bench.world.root.kid)
    actual = bench.dispatch(status="actual")
    errors = [fault(bench, bench.place(sent.text, sent)) for sent in (elsewhere, actual)]
    assert [(error.step, error.code) for error in errors] == [(4, Code.WRONG_NETWORK), (4, Code.STATUS_NOT_ALLOWED)]


def test_step_5_named(bench: Bench) -> None:
    """A dispatch that is neither to nor from the member fails the fifth step, its cover known."""
    sent = bench.dispatch()
    error = fault(bench, bench.place(sent.text, sent), member="RU/NFP")
    assert (error.step, error.code) == (5, Code.NOT_A_RECIPIENT)
    assert error.statement is not None


@pytest.mark.parametrize(
    "bend",
    [
        lambda _: None,
        lambda sealed: {**sealed, "iv": "A" * 16},
        lambda sealed: {**sealed, "extra": "x"},
    ],
    ids=["missing", "another", "malformed"],
)
def test_step_6_digest(bench: Bench, bend: Callable[[dict[str, Any]], Any]) -> None:
    """Content that is missing, another, or malformed fails the sixth step."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent)
    assert placed.item.sealed is not None
    assert fault(bench, bent(placed, sealed=bend(placed.item.sealed))).step == 6


def test_step_7_entry(bench: Bench) -> None:
    """An entry that is another's, or not in the cover's tree, fails the seventh step."""
    sent = bench.dispatch()
    theirs, ours = bench.place(sent.text, sent, "KZ/NFP"), bench.place(sent.text, sent)
    swapped = fault(bench, bent(ours, sealed=theirs.item.sealed, entry_proof=theirs.item.entry_proof))
    unproven = fault(bench, bent(ours, entry_proof=""))
    assert [(e.step, e.code) for e in (swapped, unproven)] == [(7, Code.ENTRIES_MISMATCH)] * 2


def test_step_7_key(bench: Bench) -> None:
    """An entry under a key that is not held fails the seventh step and asks for a reseal."""
    sent = bench.dispatch()
    other = decryption_key("elsewhere")
    error = fault(bench, bench.place(sent.text, sent), {other.kid: other})
    assert (error.step, error.code) == (7, Code.NO_KEY)


def test_step_8_commitment(bench: Bench) -> None:
    """A sender who committed to another content key fails the eighth step."""
    commitment = encode_base64url(sha256(b"another"))
    honest = bench.dispatch()
    claims = {"digest": honest.claim.digest, "entries": honest.claim.entries}
    content = {name: encode_base64url(value) for name, value in claims.items()}
    cover = {**_payload(honest), "content": {**content, "commitment": commitment, "size": honest.claim.size}}
    sent = replace(honest, text=sign_payload(StatementType.DISPATCH, cover, bench.world.party("KZ/NFP").sig))
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (8, Code.COMMITMENT_MISMATCH)


def test_step_9_decryption(bench: Bench) -> None:
    """Content that the committed key does not open fails the ninth step."""
    honest = bench.dispatch()
    body = replace(honest.sealed.body, tag="A" * 22)
    content = {
        "digest": encode_base64url(sha256(body.to_bytes())),
        "commitment": encode_base64url(honest.claim.commitment),
        "entries": encode_base64url(honest.claim.entries),
        "size": honest.claim.size,
    }
    text = sign_payload(
        StatementType.DISPATCH, {**_payload(honest), "content": content}, bench.world.party("KZ/NFP").sig
    )
    sent = replace(honest, text=text, sealed=replace(honest.sealed, body=body))
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (9, Code.DECRYPTION_FAILED)


@pytest.mark.parametrize("content", [b"{}", b"nothing of the kind", b'["warning"]'])
def test_step_10_report(bench: Bench, content: bytes) -> None:
    """Content that is no report fails the tenth step, and the result does not quote it."""
    sent = bench.dispatch(report=content)
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (10, Code.MALFORMED_REPORT)
    assert error.statement is not None
    assert content.decode() not in repr(error)


def test_step_10_kind(bench: Bench) -> None:
    """A report of another kind than the cover says fails the tenth step."""
    sent = bench.dispatch(kind="seizure")
    assert fault(bench, bench.place(sent.text, sent)).step == 10


def _payload(sent: Sent) -> dict[str, Any]:
    return decode_object(decode_base64url(sent.text.split(".")[1]), 4096)


# Other statements


def test_receipts_by_the_right_kind_of_key(bench: Bench) -> None:
    """Members confirm, their officers acknowledge; the other way round is refused."""
    digest = bench.dispatch().digest
    for iss, outcome in (("UZ/NFP", "received"), ("UZ/NFP/DUTY-1", "acknowledged")):
        placed = bench.place(bench.world.receipt(iss, "KZ/NFP", [digest], outcome))
        verified = verify_receipt(placed, bench.world.directory)
        assert not isinstance(verified, Failed)
        assert verified.claims.outcome == outcome
    for iss, outcome in (("UZ/NFP", "acknowledged"), ("UZ/NFP/DUTY-1", "received")):
        placed = bench.place(bench.world.receipt(iss, "KZ/NFP", [digest], outcome))
        failed = verify_receipt(placed, bench.world.directory)
        assert isinstance(failed, Failed)
        assert (failed.step, failed.code) == (3, Code.NOT_PERMITTED)


def test_events_by_the_event_key(bench: Bench) -> None:
    """Only the event key of the epoch speaks for the hub."""
    claims: dict[str, Any] = {"to": ["KZ/NFP"], "digests": [bench.dispatch().digest], "member": "UZ/NFP"}
    placed = bench.place(bench.world.event("undeliverable", **claims))
    verified = verify_event(placed, bench.world.directory)
    assert not isinstance(verified, Failed)
    assert verified.claims.member == UZ
    forged = bench.place(bench.world.event("undeliverable", bench.world.party("RU/NFP").sig, **claims))
    failed = verify_event(forged, bench.world.directory)
    assert isinstance(failed, Failed)
    assert (failed.step, failed.code) == (3, Code.UNKNOWN_KEY)


def test_wrong_type_is_refused(bench: Bench) -> None:
    """A receipt is no dispatch."""
    placed = bench.place(bench.world.receipt("UZ/NFP", "KZ/NFP", [bench.dispatch().digest]))
    assert fault(bench, placed).code is Code.UNSUPPORTED_TYPE


def test_public_statement(bench: Bench) -> None:
    """A credential under its leaf is verified; one for another network is not."""
    item = bench.hub.deliver("KZ/NFP", Cursors(public=1, urgent=0, normal=0), 0).items[0]
    placed = verify_place(item, head_of(bench.world.checkpoint()))
    assert isinstance(placed, PlacedItem)
    verified = verify_public(placed, bench.world.directory)
    assert not isinstance(verified, Failed)
    assert verified.claims.iss == "ROOT"
    elsewhere = bench.world.credential(Party.of(RU, 4), aud="other/" + bench.world.root.kid)
    failed = verify_public(bench.place(elsewhere), bench.world.directory)
    assert isinstance(failed, Failed)
    assert (failed.step, failed.code) == (4, Code.WRONG_NETWORK)
