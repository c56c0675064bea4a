"""A hub that shows what is not so, found out by an ordinary desk in the frame that shows it (PROTOCOL 7)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clients.mail.notices import Arrived
from clients.store import OutState
from clients.store.trust import NO_CURSORS
from schemas.addresses import Address
from schemas.claims import Receipt, StatementType
from schemas.encoding import decode_base64url, decode_digest, encode_base64url, encode_json
from schemas.errors import Code
from schemas.frames import DeliverItem
from schemas.keykinds import UnknownKey
from schemas.leaf import Leaf
from tests.attacks.desks import alarms, dispatched, open_desk, seen
from tests.attacks.forge import claims_of, with_cover, with_header
from tests.support.desk import Desk
from tests.support.lying_hub import LyingHub, copy_of
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World, sign_payload


@pytest.fixture
def hub(world: World) -> LyingHub:
    """A hub that begins to lie."""
    return LyingHub(world)


@pytest.fixture
def uz(tmp_path: Path, hub: LyingHub) -> Desk:
    """UZ's desk, up to date."""
    return open_desk(tmp_path, hub, "UZ/NFP")


def receipts(desk: Desk) -> list[Receipt]:
    """What the desk answers."""
    desk.sender.sign_receipts()
    desk.flush()
    said = [desk.hub.world.verified(text).claims for text in desk.hub.submitted]
    return [claims for claims in said if isinstance(claims, Receipt)]


def test_off_ledger_delivery(hub: LyingHub, uz: Desk) -> None:
    """A genuine dispatch that is delivered without a place in the ledger is an alarm at once, and is not shown."""
    sent = dispatched(hub.world, "KZ/NFP", UZ)
    leaf = Leaf(hub.world.time_ms, StatementType.DISPATCH.code, public=False, digest=decode_digest(sent.digest))
    changes = {"statement": sent.text, "leaf": encode_base64url(leaf.to_bytes()), **copy_of(sent, UZ)}
    hub.bend = lambda _, item: item.model_copy(update=changes)
    hub.send(dispatched(hub.world, "KZ/NFP", UZ))
    uz.sync()
    assert uz.store.items.get(sent.digest) is None
    assert [set(alarm.evidence) for alarm in alarms(uz, "bad_proof")] == [{"leaf", "proof", "statement", "checkpoint"}]


def test_accepted_without_a_place(hub: LyingHub, uz: Desk) -> None:
    """A sender to whom the hub proves another's place does not believe that it was accepted."""
    row = uz.send(KZ)
    assert len(uz.sender.submissions(1)) == 1
    other = hub.send(dispatched(hub.world, "RU/NFP", KZ))
    honest = hub.accepted(other, uz.size)
    leaf = decode_base64url(honest.items[0].leaf)
    forged = leaf[:11] + decode_base64url(uz.digest_of(row)) + leaf[43:]
    lie = honest.items[0].model_copy(update={"digest": uz.digest_of(row), "leaf": encode_base64url(forged)})
    with refused(Code.BAD_PROOF):
        uz.intake.accepted(honest.model_copy(update={"items": [lie]}))
    outgoing = uz.store.outbox.get(row)
    assert outgoing is not None
    assert outgoing.state is OutState.SIGNED
    assert len(alarms(uz, "bad_proof")) == 1


def test_text_rewritten(hub: LyingHub, uz: Desk) -> None:
    """Another text than the leaf's, though genuine, is refused at step 2 and the sender is told."""
    first, second = dispatched(hub.world, "KZ/NFP", UZ), dispatched(hub.world, "KZ/NFP", UZ)
    digest = hub.send(first)
    hub.bend = lambda _, item: item.model_copy(update={"statement": second.text})
    uz.sync()
    assert seen(uz, digest) == (2, "bad_proof")
    assert [(claims.outcome, claims.step) for claims in receipts(uz)] == [("rejected", 2)]


@pytest.mark.parametrize("name", ["ciphertext", "tag", "iv"])
def test_content_rewritten(hub: LyingHub, uz: Desk, name: str) -> None:
    """Content that the hub has changed is refused at step 6."""
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ))

    def bend(_: str, item: DeliverItem) -> DeliverItem:
        assert item.sealed is not None
        text = item.sealed[name]
        changed = ("B" if text[0] == "A" else "A") + text[1:]
        return item.model_copy(update={"sealed": {**item.sealed, name: changed}})

    hub.bend = bend
    uz.sync()
    assert seen(uz, digest) == (6, "content_mismatch")


def test_status_rewritten(hub: LyingHub, uz: Desk) -> None:
    """A hub that makes an exercise actual, in leaf and text, breaks the signature: refused at step 2."""
    play = dispatched(hub.world, "KZ/NFP", UZ, status="exercise")
    actual = with_cover(hub.world, play, hub.world.event_key, status="actual")
    header, _, signature = play.text.split(".")
    forged = replace(play, text=f"{header}.{actual.text.split('.')[1]}.{signature}")
    digest = hub.force(forged, [UZ])
    uz.sync()
    assert seen(uz, digest) == (2, "bad_signature")


def test_dispatch_of_a_later_key(hub: LyingHub, uz: Desk) -> None:
    """Nothing is believed by a key of a kind that is not known, whatever alg the hub's dispatch names."""
    world = hub.world
    officer = Party.of(Address("KZ/NFP/LATER"))
    jwk = {"kty": "AKP", "alg": "ML-DSA-65", "pub": "A" * 2_603}
    asked = world.later_enrolment(officer.address, {"sig": jwk})
    hub.force(world.credential(officer, roles=["exchange"], request=asked), lane="public")
    claims = {**claims_of(dispatched(world, "KZ/NFP", UZ).text), "iss": officer.address}
    for alg, failure in (("Ed25519", (3, "unknown_key")), ("ML-DSA-65", (2, "unsupported_alg"))):
        header = f'{{"alg":"{alg}","kid":"{UnknownKey.from_jwk(jwk).kid}","typ":"serai-dispatch+jwt"}}'
        payload = encode_base64url(encode_json(claims).encode())
        text = replace(dispatched(world, "KZ/NFP", UZ), text=f".{payload}.")
        digest = hub.force(with_header(text, header, world.event_key), [UZ])
        uz.sync()
        assert seen(uz, digest) == failure


def test_addresses_beyond_what_is_permitted(hub: LyingHub, uz: Desk) -> None:
    """What a hub admits beyond is without effect, kept, and told once."""
    world = hub.world
    for number in range(2, 65):
        world.enrol(f"KZ/NFP/DUTY-{number}")
    beyond = [Party.of(Address(f"KZ/NFP/DUTY-{number}")) for number in (65, 66, 67)]
    for party in beyond:
        hub.force(world.credential(party), lane="public")
    uz.sync()
    assert [uz.state.directory.current(party.address, uz.state.place) for party in beyond] == [None] * 3
    assert [alarm.detail for alarm in alarms(uz, "bounds")] == ["KZ/NFP: no more credentials on one day"]
    assert uz.alarms() == ["bounds"]


@pytest.mark.parametrize("key", ["event", "ledger"])
def test_dispatch_signed_by_the_hub(hub: LyingHub, uz: Desk, key: str) -> None:
    """A dispatch that the hub signs itself in a member's name is refused at step 3."""
    keys = {"event": hub.world.event_key, "ledger": hub.world.ledger_key}
    digest = hub.force(with_cover(hub.world, dispatched(hub.world, "KZ/NFP", UZ), keys[key]), [UZ])
    uz.sync()
    assert seen(uz, digest) == (3, "unknown_key")


def test_dispatch_of_a_revoked_key(hub: LyingHub, uz: Desk) -> None:
    """A dispatch that the hub admits after its signer was revoked is refused at step 3."""
    late = dispatched(hub.world, "KZ/NFP", UZ)
    hub.world.revoke(KZ)
    digest = hub.force(late, [UZ])
    uz.sync()
    assert seen(uz, digest) == (3, "credential_revoked")


def test_dispatch_without_the_role(hub: LyingHub, uz: Desk) -> None:
    """A dispatch of somebody without the role to exchange is refused at step 3, whoever admitted it."""
    hub.world.renew("KZ/NFP/DUTY-1", roles=["duty_officer"])
    digest = hub.force(dispatched(hub.world, "KZ/NFP/DUTY-1", UZ), [UZ])
    uz.sync()
    assert seen(uz, digest) == (3, "role_missing")


def test_dispatch_of_another_network(hub: LyingHub, uz: Desk) -> None:
    """A genuine dispatch that was signed for another network is refused at step 4."""
    twin = f"toy/{hub.world.event_key.kid}"
    digest = hub.force(dispatched(hub.world, "KZ/NFP", UZ, aud=twin), [UZ])
    uz.sync()
    assert seen(uz, digest) == (4, "wrong_network")


def test_receipt_made_up(hub: LyingHub, uz: Desk) -> None:
    """A receipt that the hub makes up is an alarm at once, and the dispatch stays unconfirmed."""
    row = uz.send(KZ)
    uz.flush()
    digest = uz.digest_of(row)
    claims = {**hub.world.common("KZ/NFP"), "to": UZ, "outcome": "received", "digests": [digest]}
    hub.force(sign_payload(StatementType.RECEIPT, claims, hub.world.event_key), [UZ])
    uz.sync()
    assert uz.outcomes(digest) == []
    assert len(alarms(uz, "bad_statement")) == 1


def test_acknowledged_by_a_machine(hub: LyingHub, uz: Desk) -> None:
    """An acknowledgement that no officer signed is an alarm, and counts for nothing."""
    row = uz.send(KZ)
    uz.flush()
    digest = uz.digest_of(row)
    hub.force(hub.world.receipt("KZ/NFP", UZ, [digest], "acknowledged"), [UZ])
    uz.sync()
    assert uz.outcomes(digest) == []
    assert len(alarms(uz, "bad_statement")) == 1


def test_event_made_up_by_a_member(hub: LyingHub, uz: Desk) -> None:
    """An event that says a member got nothing, and that the event key did not sign, is an alarm."""
    row = uz.send(KZ)
    uz.flush()
    digest = uz.digest_of(row)
    event = hub.world.event("undeliverable", hub.world.party(RU).sig, to=[UZ], digests=[digest], member=KZ)
    hub.force(event, [UZ])
    uz.sync()
    assert uz.outcomes(digest) == []
    assert len(alarms(uz, "bad_statement")) == 1


def test_credential_made_up(hub: LyingHub, uz: Desk) -> None:
    """A credential that the hub signs is an alarm at once, and nobody is sealed to its key."""
    made, key = Party.of(KZ, 1), hub.world.sealing_key(KZ)
    hub.force(hub.world.credential(made, key=hub.world.event_key), lane="public")
    uz.sync()
    assert len(alarms(uz, "public_refused")) == 1
    assert uz.state.directory.encryption_key(KZ, uz.state.place) == key


def test_second_key_for_the_own_address(hub: LyingHub, uz: Desk) -> None:
    """A key for one's own address that nobody here enrolled, even if the root signed it, is an alarm at once."""
    hub.world.rotate("UZ/NFP")
    uz.sync()
    assert [alarm.detail.split(":")[0] for alarm in alarms(uz, "unknown_own_key")] == ["UZ/NFP"]


def test_said_to_be_gone(hub: LyingHub, uz: Desk) -> None:
    """A text that the hub says is damaged is an alarm with its leaf, and shown as missing."""
    gone = {"statement": None, "sealed": None, "entry_proof": None, "gone": True}
    hub.bend = lambda _, item: item.model_copy(update=gone)
    digest = hub.send(dispatched(hub.world, "KZ/NFP", UZ))
    uz.sync()
    assert seen(uz, digest) == (2, "gone")
    assert ["leaf" in alarm.evidence for alarm in alarms(uz, "damaged")] == [True]


def test_delivered_twice(hub: LyingHub, uz: Desk) -> None:
    """What is delivered again, at its place and at another, arrives once and is answered once."""
    sent = dispatched(hub.world, "KZ/NFP", UZ)
    hub.send(sent)
    uz.sync()
    assert [claims.digests for claims in receipts(uz)] == [[sent.digest]]
    hub.force(sent, [UZ])
    uz.intake.deliver(hub.deliver(UZ, NO_CURSORS, uz.size))
    assert [notice for notice in uz.state.notices if isinstance(notice, Arrived)] == [Arrived("normal", sent.digest)]
    assert [claims.digests for claims in receipts(uz)] == [[sent.digest]]
