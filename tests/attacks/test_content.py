"""Sealed content that is not what its cover says: refused by the hub where it can see it, else by the recipient.

Where sender and hub work together (`ScriptedHub` admits whatever is signed), the recipient's steps of
PROTOCOL 7 are what is left.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients.mail.inbox import delivery_of
from schemas.claims import Receipt
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.sealing import Body, Entry, _info, _wrap, entries_root, pad_content
from tests.attacks.arena import Arena
from tests.attacks.forge import with_cover, with_entries
from tests.attacks.salamander import BLOCK, seal_for_two
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.world import RU, UZ, Sent, World, content_json, digest_of, reseal
from tests.unit.schemas.reports.operations.builders import LEAST


def report(summary: str = "look out") -> dict[str, Any]:
    """A warning in its minimal form."""
    return {**warning().model_dump(mode="json", exclude_none=True), "summary": summary}


def desk_of(path: Path, hub: ScriptedHub, member: str) -> Desk:
    """A recipient's desk, up to date."""
    folder = path / member[:2]
    folder.mkdir()
    desk = Desk(folder, hub, member)
    desk.sync()
    return desk


def judged(desk: Desk, digest: str) -> tuple[int | None, str | None]:
    """Step and code with which a recipient refuses a dispatch; nothing of it may be shown."""
    desk.sync()
    item = desk.store.items.get(digest)
    assert item is not None
    assert (item.step is None) == (item.content is not None)
    return item.step, item.code


def answered(desk: Desk) -> tuple[str, int | None, str | None]:
    """Outcome, step and reason of the receipt that a recipient sends."""
    desk.confirm()
    claims = desk.hub.world.verified(desk.hub.submitted[-1]).claims
    assert isinstance(claims, Receipt)
    return claims.outcome, claims.step, claims.reason


def with_body(world: World, sent: Sent, body: Body) -> Sent:
    """The same dispatch with another body, for which its sender signs."""
    claim = sent.claim._replace(digest=sha256(body.to_bytes()))
    other = replace(sent, sealed=replace(sent.sealed, body=body), claim=claim)
    return with_cover(world, other, content=content_json(claim))


# What the hub sees


async def test_content_under_another_cover(arena: Arena, world: World) -> None:
    """Content that was sealed for one cover is refused under another, though its sender signs for it."""
    peer = await arena.resume()
    harmless, sealed = world.dispatch("KZ/NFP", [UZ]), world.dispatch("KZ/NFP", [UZ], precedence="flash")
    moved = with_cover(world, replace(sealed, text=harmless.text), content=content_json(sealed.claim))
    assert await peer.submit(moved) == "content_mismatch"


async def test_content_exchanged(arena: Arena, world: World) -> None:
    """Content other than that under the signature is refused."""
    peer = await arena.resume()
    sent, other = world.dispatch("KZ/NFP", [UZ]), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(reseal(sent, body=replace(other.sealed.body, aad=sent.sealed.body.aad))) == (
        "content_mismatch"
    )


async def test_size_untrue(arena: Arena, world: World) -> None:
    """A cover that says another size than the content has is refused."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    untrue = with_cover(world, sent, content={**content_json(sent.claim), "size": 4_096})
    assert await peer.submit(untrue) == "content_mismatch"


async def test_size_that_tells(arena: Arena, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Content whose sender did not pad it is refused, for its size tells what it is; shown all the same, it is read."""
    peer = await arena.resume()
    monkeypatch.setattr("schemas.sealing.pad_content", lambda content: content.ljust(2_049))
    sent = world.dispatch("KZ/NFP", [UZ], report())
    assert await peer.submit(sent) == "malformed_sealed"
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    assert judged(desk, hub.send(sent)) == (None, None)


async def test_cover_without_content(arena: Arena, world: World) -> None:
    """A dispatch that comes without its content is refused: nothing is accepted that cannot be delivered."""
    peer = await arena.resume()
    assert await peer.submit(world.dispatch("KZ/NFP", [UZ]).text) == "malformed_sealed"


async def test_content_beside_a_receipt(arena: Arena, world: World) -> None:
    """A statement that is no dispatch brings no content along."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    text = world.revocation(world.party("KZ/NFP/DUTY-1"))
    assert await peer.submit(text, sealed=sent.sealed.to_json()) == "malformed_sealed"


@pytest.mark.parametrize(
    "header", ['{"enc":"A256GCM","zip":"DEF"}', '{"enc":"A128GCM"}', '{"alg":"dir","enc":"A256GCM"}']
)
async def test_other_protected_header(arena: Arena, world: World, header: str) -> None:
    """A protected header that compresses, or names another cipher, is outside the profile."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    sealed = {**sent.sealed.to_json(), "protected": encode_base64url(header.encode())}
    assert await peer.submit(sent, sealed=sealed) == "malformed_sealed"


@pytest.mark.parametrize("member", ["unprotected", "header"])
async def test_unprotected_header(arena: Arena, world: World, member: str) -> None:
    """Headers that nothing protects have no place beside the content."""
    peer, sent = await arena.resume(), world.dispatch("KZ/NFP", [UZ])
    assert await peer.submit(sent, sealed={**sent.sealed.to_json(), member: {"zip": "DEF"}}) == "malformed_sealed"


# What only the recipient sees


def test_two_reports_under_one_signature(tmp_path: Path, world: World) -> None:
    """A ciphertext made to open under two keys shows a report to one recipient; the other finds the sender out."""
    hub = ScriptedHub(world)
    uz, ru = desk_of(tmp_path, hub, UZ), desk_of(tmp_path, hub, RU)
    content = encode_json(report("0" * 128)).encode()
    digest = hub.send(two_faced(world, pad_content(content), content.index(b"0" * 128) // BLOCK + 2))
    assert judged(uz, digest) == (None, None)
    assert judged(ru, digest) == (8, "commitment_mismatch")
    assert answered(ru) == ("rejected", 8, "commitment_mismatch")


def two_faced(world: World, content: bytes, free: int) -> Sent:
    """A dispatch to UZ and RU whose entries hold two content keys, both of which open it."""
    sent = world.dispatch("KZ/NFP", [UZ, RU], content)
    body, keys = sent.sealed.body, (sent.content_key, world.entropy(32))
    associated = f"{body.to_json()['protected']}.{body.aad}".encode()
    iv = world.entropy(12)
    sealed = seal_for_two(content, keys, iv, associated, free)
    other = Body(encode_base64url(iv), encode_base64url(sealed[:-16]), encode_base64url(sealed[-16:]), body.aad)
    second = _wrap(keys[1], world.sealing_key(RU), _info(sent.envelope, RU))
    entries: tuple[Entry, ...] = (sent.sealed.entries[0], second, sent.sealed.entries[2])
    claim = sent.claim._replace(digest=sha256(other.to_bytes()), entries=entries_root(entries))
    forged = replace(sent, sealed=replace(sent.sealed, body=other, entries=entries), claim=claim)
    return with_cover(world, forged, content=content_json(claim))


def test_entry_that_does_not_open(tmp_path: Path, world: World) -> None:
    """A recipient whose entry is rubbish says so, with its step."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    sent = world.dispatch("KZ/NFP", [UZ], report())
    rubbish = with_entries(world, sent, lambda e: (replace(e[0], encrypted_key=e[1].encrypted_key), e[1]))
    assert judged(desk, hub.send(rubbish)) == (7, "decryption_failed")
    assert answered(desk) == ("rejected", 7, "decryption_failed")


def test_entry_made_for_another_cover(tmp_path: Path, world: World) -> None:
    """An entry from another dispatch, though it holds the same key under the same name, does not open."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    sent = world.dispatch("KZ/NFP", [UZ], report())
    envelope = sent.envelope._replace(status="exercise")
    moved = _wrap(sent.content_key, world.sealing_key(UZ), _info(envelope, UZ))
    assert judged(desk, hub.send(with_entries(world, sent, lambda e: (moved, e[1])))) == (7, "decryption_failed")


def test_content_that_does_not_open(tmp_path: Path, world: World) -> None:
    """Content that was damaged before it was signed for is not shown, and the sender is told."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    sent = world.dispatch("KZ/NFP", [UZ], report())
    damaged = replace(sent.sealed.body, tag=encode_base64url(bytes(16)))
    assert judged(desk, hub.send(with_body(world, sent, damaged))) == (9, "decryption_failed")
    assert answered(desk) == ("rejected", 9, "decryption_failed")


def test_report_of_another_kind(tmp_path: Path, world: World) -> None:
    """A cover that says one kind over a report of another is found out when it is opened."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    digest = hub.send(world.dispatch("KZ/NFP", [UZ], report(), kind="seizure"))
    assert judged(desk, digest) == (10, "malformed_report")


def test_content_of_another_step(tmp_path: Path, world: World) -> None:
    """A cover that says one step of an operation over the content of another is found out when it is opened."""
    hub = ScriptedHub(world)
    uz = desk_of(tmp_path, hub, UZ)
    claim = {"id": digest_of("the open"), "do": "note"}
    digest = hub.send(world.dispatch("KZ/NFP", [UZ], LEAST["stop"], kind="operation", operation=claim))
    assert judged(uz, digest) == (10, "malformed_report")


def test_report_that_reads_two_ways(tmp_path: Path, world: World) -> None:
    """A report that says a thing twice is no report: two readers might see two."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    text = encode_json(report()).replace('"summary":', '"summary":"let it pass","summary":')
    assert judged(desk, hub.send(world.dispatch("KZ/NFP", [UZ], text.encode()))) == (10, "malformed_report")


def test_cover_that_permits_more_than_its_report(tmp_path: Path, world: World) -> None:
    """What a report forbids stays forbidden, though the cover over it permits it."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    strict = report() | {"handling": [{"scheme": "handling", "code": "H2"}]}
    digest = hub.send(world.dispatch("KZ/NFP", [UZ], strict, handling="H0"))
    desk.sync()
    item = desk.store.items.get(digest)
    assert item is not None
    delivery = delivery_of(item, desk.store, desk.state.member)
    assert delivery.cover is not None
    assert (delivery.cover.handling, delivery.handling) == ("H0", "H2")


def test_copy_that_was_not_addressed(tmp_path: Path, world: World) -> None:
    """A dispatch that a hub hands to somebody whom its sender did not name is not opened."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, RU)
    digest = hub.send(world.dispatch("KZ/NFP", [UZ], report()))
    index = len(world.log) - 1
    frame = desk.next_frame()
    item = hub.item(index, UZ)
    assert item is not None
    desk.intake.deliver(frame.model_copy(update={"items": [*frame.items, item]}))
    stored = desk.store.items.get(digest)
    assert stored is not None
    assert (stored.step, stored.code) == (5, "not_a_recipient")


def test_content_withheld(tmp_path: Path, world: World) -> None:
    """A cover that a hub hands out without its content is no delivery: it is shown with its step."""
    hub = ScriptedHub(world)
    desk = desk_of(tmp_path, hub, UZ)
    digest = hub.send(world.dispatch("KZ/NFP", [UZ], report()))
    del hub.sealed[digest]
    assert judged(desk, digest) == (6, "content_mismatch")
    assert answered(desk) == ("rejected", 6, "content_mismatch")
