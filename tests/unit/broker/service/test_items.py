"""Items on their way to a member: live and stored say the same, and what a disk changed is never passed on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broker.core.prover import TileCache
from broker.ports import LedgerItem, StoredCopy
from broker.service.head import LedgerHead
from broker.service.items import LiveItem, encode_stored, is_whole
from broker.service.sequencer import Commit
from schemas.addresses import Address
from schemas.claims import Lane
from schemas.encoding import Digest, decode_base64url, sha256
from schemas.errors import Code
from schemas.frames import Deliver, DeliverItem, encode_batch, parse_frame
from schemas.merkle import decode_proof, hash_leaf, verify_inclusion
from schemas.sealing import parse_copy
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, Sent, World
from tests.unit.broker.service.notary import Notary, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of three."""
    with founded(tmp_path, World([KZ, UZ, RU])) as made:
        yield made


@pytest.fixture
def sent(notary: Notary) -> Sent:
    """A dispatch in its ledger, to two."""
    sent = notary.world.dispatch(KZ, [UZ, RU])
    notary.accept(sent)
    return sent


def _head(notary: Notary) -> LedgerHead:
    head = notary.store.head()
    return LedgerHead(head.size, head.note, notary.store, TileCache())


def _parse(text: str) -> DeliverItem:
    """An item as a client reads it."""
    frame = parse_frame(encode_batch("deliver", [text], "note", ""))
    assert isinstance(frame, Deliver)
    (item,) = frame.items
    return item


def _stored(notary: Notary, member: Address, lane: Lane = "normal") -> LedgerItem:
    """The newest item of a mailbox, or of the public lane."""
    size = notary.store.head().size
    if lane == "public":
        return notary.store.public(0, size, 1_000)[-1]
    return notary.store.mailbox(member, lane, 0, size, 1_000)[-1]


def _live(commit: Commit) -> LiveItem:
    return LiveItem(commit.admitted[-1])


# What holds


@pytest.mark.parametrize("member", [UZ, RU, KZ])
def test_dispatch(notary: Notary, member: Address) -> None:
    """Each member gets the statement, its own entry with its proof, and a proof of the leaf; the sender too."""
    sent = notary.world.dispatch(KZ, [UZ, RU])
    live = _live(notary.turn(sent))
    head = _head(notary)
    text = live.encode(member, head)
    assert text == encode_stored(_stored(notary, member), head)
    item = _parse(text)
    assert (item.lane, item.index, item.statement, item.gone) == ("normal", live.index, sent.text, None)
    assert item.sealed is not None
    assert parse_copy(item.sealed) == sent.copy(member)
    position = sent.addresses.index(member)
    entry = hash_leaf(sent.copy(member).entry.to_bytes())
    verify_inclusion(entry, position, 3, decode_proof(item.entry_proof or ""), sent.claim.entries)
    leaf = hash_leaf(decode_base64url(item.leaf))
    verify_inclusion(leaf, item.index, head.size, decode_proof(item.proof), head.root)


def test_receipt(notary: Notary, sent: Sent) -> None:
    """A receipt goes without content, on the lane of what it names."""
    flash = notary.world.dispatch(KZ, [UZ], precedence="flash")
    notary.accept(flash)
    receipt = notary.world.receipt(UZ, KZ, [flash.digest])
    live = _live(notary.turn(receipt))
    assert (live.members, live.lane) == ((KZ, UZ), "urgent")
    text = live.encode(KZ, _head(notary))
    assert text == encode_stored(_stored(notary, KZ, "urgent"), _head(notary))
    item = _parse(text)
    assert (item.lane, item.statement, item.sealed) == ("urgent", receipt, None)


def test_public_statement(notary: Notary) -> None:
    """A public statement is nobody's mail, and the same for everybody."""
    credential = notary.world.credential(Party.of(UZ, 1))
    live = _live(notary.turn(credential))
    head = _head(notary)
    assert live.members == ()
    assert live.encode(KZ, head) == live.encode(RU, head) == encode_stored(_stored(notary, KZ, "public"), head)
    assert _parse(live.encode(KZ, head)).statement == credential


def test_proof_at_a_later_head(notary: Notary, sent: Sent) -> None:
    """An item is proven at the head that goes with it, however old it is."""
    item = _stored(notary, UZ)
    notary.accept(*(notary.world.dispatch(UZ, [KZ]) for _ in range(3)))
    head = _head(notary)
    parsed = _parse(encode_stored(item, head))
    verify_inclusion(hash_leaf(item.leaf), item.index, head.size, decode_proof(parsed.proof), head.root)


def test_statement_without_a_copy(notary: Notary, sent: Sent) -> None:
    """Who may read the statement but was not sent it gets no content."""
    found = notary.store.find(sha256(sent.text.encode()), None, auditor=True)
    assert found is not None
    item = _parse(encode_stored(found, _head(notary)))
    assert (item.statement, item.sealed, item.gone) == (sent.text, None, None)


# What a disk changed


def _flipped(data: bytes, at: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _copy(item: LedgerItem) -> StoredCopy:
    assert item.copy is not None
    return item.copy


def _with(**changes: Callable[[StoredCopy], Any]) -> Callable[[LedgerItem], LedgerItem]:
    def change(item: LedgerItem) -> LedgerItem:
        copy = _copy(item)
        return replace(item, copy=replace(copy, **{name: make(copy) for name, make in changes.items()}))

    return change


DAMAGES: dict[str, Callable[[LedgerItem], LedgerItem]] = {
    "text": lambda item: replace(item, statement=_flipped((item.statement or "").encode(), 300).decode()),
    "text of another": lambda item: replace(item, statement="a.b.c"),
    "text erased": lambda item: replace(item, statement=None),
    "body": _with(body=lambda copy: _flipped(copy.body, 50)),
    "body cut": _with(body=lambda copy: copy.body[:-1]),
    "entry": _with(entry=lambda copy: _flipped(copy.entry)),
    "proof": _with(entry_proof=lambda copy: _flipped(copy.entry_proof)),
    "proof cut": _with(entry_proof=lambda copy: copy.entry_proof[:-1]),
    "proof short": _with(entry_proof=lambda copy: copy.entry_proof[:-32]),
    "position": _with(position=lambda copy: copy.position + 1),
    "position beyond": _with(position=lambda _: 3),
    "count": _with(entries=lambda copy: copy.entries + 2),
    "content digest": _with(content_digest=lambda _: Digest(bytes(32))),
    "entries root": _with(entries_root=lambda _: Digest(bytes(32))),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_gone(notary: Notary, sent: Sent, damage: Callable[[LedgerItem], LedgerItem]) -> None:
    """Text, body or entry that is not what leaf and cover name is delivered as gone: leaf and proof remain."""
    whole = _stored(notary, UZ)
    item = damage(whole)
    assert (is_whole(whole), is_whole(item)) == (True, False)
    parsed = _parse(encode_stored(item, _head(notary)))
    assert (parsed.gone, parsed.statement, parsed.sealed, parsed.entry_proof) == (True, None, None, None)
    assert (parsed.index, decode_base64url(parsed.leaf)) == (whole.index, whole.leaf)


@pytest.mark.parametrize(("mask", "at"), [(0x80, 7), (0x01, 7), (0x80, 700)])
def test_flipped_bit_on_disk(notary: Notary, sent: Sent, mask: int, at: int) -> None:
    """Whichever bit of a text a disk flips, that item is gone and the others are delivered."""
    index = _stored(notary, UZ).index
    notary.accept(other := notary.world.dispatch(KZ, [UZ]))
    data = bytearray(sent.text.encode())
    data[at] ^= mask
    notary.damage('UPDATE statement SET text = CAST(? AS TEXT) WHERE "index" = ?', bytes(data), index)
    page = notary.store.mailbox(UZ, "normal", 0, index + 2, 10)
    items = [_parse(encode_stored(item, _head(notary))) for item in page]
    assert [(item.index, item.gone, item.statement) for item in items] == [
        (index, True, None),
        (index + 1, None, other.text),
    ]


@pytest.mark.parametrize("at", [0, 1, 8, 9, 10, 11, 42])
def test_damaged_leaf(notary: Notary, sent: Sent, at: int) -> None:
    """Of a leaf that does not fit the tree nothing can be said; its text is not whole either way."""
    whole = _stored(notary, UZ)
    item = replace(whole, leaf=_flipped(whole.leaf, at))
    with refused(Code.DAMAGED, f"leaf {item.index}"):
        encode_stored(item, _head(notary))


@pytest.mark.parametrize("leaf", [b"", bytes(43), bytes(42)])
def test_no_leaf(notary: Notary, sent: Sent, leaf: bytes) -> None:
    """What is not even a leaf is judged all the same: nothing beside it is whole."""
    item = replace(_stored(notary, UZ), leaf=leaf)
    assert not is_whole(item)
    with refused(Code.DAMAGED):
        encode_stored(item, _head(notary))


def test_damaged_tile(notary: Notary, sent: Sent) -> None:
    """A leaf whose place in the stored tree was changed is not delivered either."""
    item = _stored(notary, UZ)
    notary.damage("UPDATE tile SET hashes = CAST(substr(hashes, 1, length(hashes) - 32) || zeroblob(32) AS BLOB)")
    with refused(Code.DAMAGED):
        encode_stored(item, _head(notary))
