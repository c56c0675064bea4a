"""Checking what a hub says: heads, places, and each of the recipient's steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clients.follow import (
    PlacedItem,
    StepError,
    check_accepted,
    entry_place,
    epoch_at,
    learn_epochs,
    verify_dispatch,
    verify_event,
    verify_head,
    verify_place,
    verify_public,
    verify_receipt,
)
from clients.store import Head
from schemas.addresses import Address
from schemas.checkpoint import parse_note
from schemas.claims import Dispatch, StatementType
from schemas.encoding import decode_base64url, decode_object, encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.frames import Cursors, DeliverItem
from schemas.leaf import Leaf
from schemas.merkle import encode_proof, hash_leaf
from schemas.reports.codes import RequestedAction
from schemas.statements import parse_statement
from tests.support.desk import ScriptedHub
from tests.support.refusals import refused
from tests.support.world import (
    KZ,
    RU,
    UZ,
    Party,
    Sent,
    World,
    consistency_proof,
    decryption_key,
    inclusion_proof,
    sign_payload,
)

REPORT = {"report": "warning", "version": 1, "our_reference": "1", "requested_action": {"code": "stop"}, "summary": "x"}


def head_of(note: str) -> Head:
    """What a note says, as if it had been verified."""
    checkpoint = parse_note(note).checkpoint
    return Head(checkpoint.size, checkpoint.root, note)


def report() -> dict[str, Any]:
    """A small warning."""
    return {**REPORT, "requested_action": {"code": next(iter(RequestedAction)).value}}


class Bench:
    """A world, and a dispatch from KZ to UZ in it that a test may bend."""

    def __init__(self, *, status: str = "actual") -> None:
        self.world = World([KZ, UZ, RU], status=status)
        self.hub = ScriptedHub(self.world)

    def dispatch(self, **changes: Any) -> Sent:
        """A warning from KZ to UZ."""
        iss = changes.pop("iss", "KZ/NFP")
        return self.world.dispatch(iss, ["UZ/NFP"], changes.pop("report", report()), **changes)

    def place(self, text: str, sent: Sent | None = None, member: str = "UZ/NFP") -> PlacedItem:
        """The statement in the ledger, as it reaches a member; admitted whatever it says."""
        world = self.world
        unverified = world.log[-1]._replace(text=text, leaf=_leaf(world, text))
        world.log.append(unverified)
        parts: dict[str, Any] = {}
        if sent is not None:
            self.hub.sealed[sent.digest] = sent.sealed
            place = sent.addresses.index(Address(member)) if member in sent.addresses else 0
            parts = self._parts(sent, place)
        index = len(world.log) - 1
        item = DeliverItem(
            lane="public" if unverified.leaf.public else "normal",
            index=index,
            leaf=encode_base64url(unverified.leaf.to_bytes()),
            statement=text,
            proof=encode_proof(world.proof(index)),
            **parts,
        )
        return verify_place(item, head_of(world.checkpoint()))

    def _parts(self, sent: Sent, place: int) -> dict[str, Any]:
        hashes = [hash_leaf(entry.to_bytes()) for entry in sent.sealed.entries]
        copy = sent.copy(sent.addresses[place])
        return {"sealed": copy.to_json(), "entry_proof": encode_proof(inclusion_proof(hashes, place))}

    def keys(self, member: str = "UZ/NFP") -> dict[Any, Any]:
        """A member's decryption keys by thumbprint."""
        enc = self.world.party(member).enc
        assert enc is not None
        return {enc.kid: enc}


def _leaf(world: World, text: str) -> Leaf:
    unverified = parse_statement(text)
    public = unverified.type.code in (1, 2, 3)
    return Leaf(world.time_ms, unverified.type, public, unverified.digest)


@pytest.fixture
def bench() -> Bench:
    """A fresh bench."""
    return Bench()


# Epochs and heads


def test_epochs_follow_from_the_pinned_root(bench: Bench) -> None:
    """Every epoch is learned, across a change of root, from the thumbprint alone."""
    bench.world.turn_root()
    texts = [epoch.statement.text for epoch in bench.world.directory.epochs]
    epochs = learn_epochs(bench.world.network, texts)
    assert [epoch.statement.text for epoch in epochs] == texts
    assert [epoch_at(epochs, index).number for index in (0, 6, 7, 99)] == [0, 0, 1, 1]


def test_epochs_of_another_root_are_refused(bench: Bench) -> None:
    """A hub cannot make a network: its epoch must be signed by the pinned root."""
    other = World([KZ], name="other")
    with refused(Code.UNKNOWN_KEY):
        learn_epochs(bench.world.network, [other.log[0].text])
    with refused(Code.WRONG_EPOCH):
        learn_epochs(bench.world.network, [bench.world.log[0].text, bench.world.log[1].text])


def test_no_epoch_is_in_force_before_the_first() -> None:
    """Without epochs no index has one."""
    with refused(Code.WRONG_EPOCH):
        epoch_at((), 0)


def test_head_is_followed(bench: Bench) -> None:
    """A newer checkpoint is believed if it extends the one that is trusted."""
    world, epoch = bench.world, bench.world.directory.epoch
    first = verify_head(None, epoch, world.checkpoint(), "")
    world.rotate("KZ/NFP")
    proof = encode_proof(consistency_proof(world.hashes(), first.size))
    second = verify_head(first, epoch, world.checkpoint(), proof)
    assert (first.size, second.size, second.root) == (7, 8, world.tree_root())
    assert verify_head(second, epoch, world.checkpoint(), "") == second


def test_shrinking_or_forked_ledger_is_inconsistent(bench: Bench) -> None:
    """A signed checkpoint that does not extend the trusted one is a fork."""
    world, epoch = bench.world, bench.world.directory.epoch
    trusted = head_of(world.checkpoint())
    with refused(Code.INCONSISTENT_LEDGER):
        verify_head(trusted, epoch, world.checkpoint(5), "")
    other = World([KZ, UZ, RU])
    other.log[-1] = other.log[-2]
    with refused(Code.INCONSISTENT_LEDGER):
        verify_head(trusted, epoch, other.checkpoint(), "")


def test_checkpoint_of_another_key_or_without_its_epoch_is_bad(bench: Bench) -> None:
    """A note must be signed by the epoch's ledger key and cover the epoch's own leaf."""
    world = bench.world
    first = world.directory.epoch
    stranger = replace(first, ledger_key=Party.of(KZ).sig.public)
    with refused(Code.BAD_CHECKPOINT):
        verify_head(None, stranger, world.checkpoint(), "")
    world.turn_root()
    with refused(Code.BAD_CHECKPOINT, "own leaf"):
        verify_head(None, world.directory.epoch, world.checkpoint(7), "")


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
    with pytest.raises(StepError) as caught:
        verify_place(placed.item.model_copy(update=change), placed.head)
    assert (caught.value.step, caught.value.code) == (1, Code.BAD_PROOF)


# Steps 2 to 10


def test_dispatch_is_opened(bench: Bench) -> None:
    """What an honest sender sealed is opened, and so is the sender's own copy."""
    sent = bench.dispatch(iss="KZ/NFP/DUTY-1")
    for member in ("UZ/NFP", "KZ/NFP"):
        verified = verify_dispatch(
            bench.place(sent.text, sent, member), bench.world.directory, Address(member), bench.keys(member)
        )
        assert verified.content == encode_json(report())
        assert verified.content_key == sent.content_key
        assert verified.report is not None
        assert verified.report.report == "warning"
        assert "heroin" not in repr(verified)


def test_seat_without_keys_sees_covers(bench: Bench) -> None:
    """Where no decryption key is held, the cover is verified and the content stays shut."""
    sent = bench.dispatch()
    verified = verify_dispatch(bench.place(sent.text, sent), bench.world.directory, UZ, {})
    assert verified.statement.claims.to == [UZ]
    assert (verified.report, verified.content, verified.content_key) == (None, None, None)


def fault(bench: Bench, placed: PlacedItem, keys: dict[Any, Any] | None = None, member: str = "UZ/NFP") -> StepError:
    """The step at which a dispatch fails."""
    held = bench.keys() if keys is None else keys
    with pytest.raises(StepError) as caught:
        verify_dispatch(placed, bench.world.directory, Address(member), held)
    return caught.value


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
    assert verify_dispatch(good, bench.world.directory, UZ, bench.keys()).report is not None


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


@pytest.mark.parametrize("content", [b"{}", b"not JSON", b'{"report":"warning"}'])
def test_step_10_schema(bench: Bench, content: bytes) -> None:
    """Content that is no report fails the tenth step, and the error does not quote it."""
    sent = bench.dispatch(report=content)
    error = fault(bench, bench.place(sent.text, sent))
    assert (error.step, error.code) == (10, Code.MALFORMED_REPORT)
    assert error.statement is not None
    assert error.__cause__ is None


def test_step_10_kind(bench: Bench) -> None:
    """A report of another kind than the cover says fails the tenth step."""
    sent = bench.dispatch(kind="seizure")
    assert fault(bench, bench.place(sent.text, sent)).step == 10


def _payload(sent: Sent) -> dict[str, Any]:
    return decode_object(decode_base64url(sent.text.split(".")[1]), 4096)


@pytest.mark.parametrize(
    ("to", "member", "place"),
    [
        (["UZ/NFP", "RU/NFP"], "RU/NFP", (1, 3)),
        (["UZ/NFP", "RU/NFP"], "KZ/NFP", (2, 3)),
        (["UZ/NFP", "KZ/NFP"], "KZ/NFP", (1, 2)),
    ],
)
def test_entry_place(bench: Bench, to: list[str], member: str, place: tuple[int, int]) -> None:
    """The sender's entry comes last, unless it is among the recipients."""
    cover = bench.world.verified(bench.world.dispatch("KZ/NFP", to).text).claims
    assert isinstance(cover, Dispatch)
    assert entry_place(cover, Address(member)) == place


# Other statements


def test_receipts_by_the_right_kind_of_key(bench: Bench) -> None:
    """Members confirm, their officers acknowledge; the other way round is refused."""
    digest = bench.dispatch().digest
    for iss, outcome in (("UZ/NFP", "received"), ("UZ/NFP/DUTY-1", "acknowledged")):
        placed = bench.place(bench.world.receipt(iss, "KZ/NFP", [digest], outcome))
        assert verify_receipt(placed, bench.world.directory).claims.outcome == outcome
    for iss, outcome in (("UZ/NFP", "acknowledged"), ("UZ/NFP/DUTY-1", "received")):
        placed = bench.place(bench.world.receipt(iss, "KZ/NFP", [digest], outcome))
        with refused(Code.NOT_PERMITTED):
            verify_receipt(placed, bench.world.directory)


def test_events_by_the_event_key(bench: Bench) -> None:
    """Only the event key of the epoch speaks for the hub."""
    claims: dict[str, Any] = {"to": ["KZ/NFP"], "digests": [bench.dispatch().digest], "member": "UZ/NFP"}
    placed = bench.place(bench.world.event("undeliverable", **claims))
    assert verify_event(placed, bench.world.directory).claims.member == UZ
    forged = bench.place(bench.world.event("undeliverable", bench.world.party("RU/NFP").sig, **claims))
    with refused(Code.UNKNOWN_KEY):
        verify_event(forged, bench.world.directory)


def test_wrong_type_is_refused(bench: Bench) -> None:
    """A receipt is no dispatch."""
    placed = bench.place(bench.world.receipt("UZ/NFP", "KZ/NFP", [bench.dispatch().digest]))
    assert fault(bench, placed).code is Code.UNSUPPORTED_TYPE


def test_public_statement(bench: Bench) -> None:
    """A credential under its leaf is verified; one for another network is not."""
    item = bench.hub.deliver("KZ/NFP", Cursors(public=1, urgent=0, normal=0), 0).items[0]
    placed = verify_place(item, head_of(bench.world.checkpoint()))
    assert verify_public(placed, bench.world.directory).claims.iss == "ROOT"
    elsewhere = bench.world.credential(Party.of(RU, 4), aud="other/" + bench.world.root.kid)
    with refused(Code.WRONG_NETWORK):
        verify_public(bench.place(elsewhere), bench.world.directory)


def test_accepted_statement_is_proven(bench: Bench) -> None:
    """The place that a hub names for a submission is checked like any other."""
    sent = bench.dispatch()
    placed = bench.place(sent.text, sent)
    known = (sent.text, sent.digest, placed.index, placed.leaf.accepted_at, placed.item.proof, placed.head)
    assert check_accepted(*known) == placed.leaf
    for at, value in ((1, "A" * 43), (2, placed.index - 1), (3, 5), (4, "")):
        with refused(Code.BAD_PROOF):
            check_accepted(*(*known[:at], value, *known[at + 1 :]))  # type: ignore[arg-type]
