"""Statements on their way into `deliver` frames: bytes are compared with the leaf before they are sent.

`LiveItem` was committed a moment ago and is still in memory; `encode_stored` takes what a
query read, which a disk may have changed. Either way the client gets the same text.
"""

from __future__ import annotations

import hmac
from functools import cached_property

from broker.core.admission.effects import Admitted, MailboxEntry
from broker.ports import LedgerItem, StoredCopy, StoredEvent
from broker.service.head import LedgerHead
from schemas.addresses import Address
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import encode_body, encode_entry, encode_erased, encode_item, join_lane
from schemas.leaf import parse_leaf
from schemas.merkle import HASH_BYTES, hash_leaf, split_hashes, verify_inclusion

_END = '"}'
"""How an item ends, after its proof."""


class LiveItem:
    """A statement of a commit that has just been made.

    Args:
        admitted: the statement with its deliveries.
    """

    def __init__(self, admitted: Admitted) -> None:
        self.index = admitted.index
        self.lane = admitted.lane
        self._admitted = admitted
        self._by_member = {delivery.member: delivery for delivery in admitted.deliveries}

    @property
    def members(self) -> tuple[Address, ...]:
        """Whose mailboxes it enters; none if it is public."""
        return tuple(self._by_member)

    @cached_property
    def _leaf(self) -> str:
        return encode_base64url(self._admitted.leaf.to_bytes())

    @cached_property
    def _body(self) -> str:
        return encode_body(self._admitted.content.body) if self._admitted.content else ""

    def encode(self, member: Address, head: LedgerHead) -> str:
        """The item as a member gets it, with its proof at a head."""
        copy = self._copy(self._by_member.get(member))
        item = encode_item(self.index, self._leaf, self._admitted.statement.text, head.inclusion(self.index), copy)
        return join_lane(self.lane, item)

    def _copy(self, delivery: MailboxEntry | None) -> tuple[str, str, str] | None:
        if delivery is None or delivery.entry is None:
            return None
        return self._body, encode_entry(delivery.entry.data), encode_base64url(delivery.entry.proof)


def encode_stored(item: LedgerItem, head: LedgerHead) -> str:
    """The item of what a query read, or what is left of it.

    A text or content that does not fit its leaf is delivered as gone.

    Raises:
        SeraiError: ``damaged`` if the leaf itself does not fit the tree: nothing can be said then;
            ``hub_not_ready`` if it was erased a moment ago.
    """
    if not can_be_shown(item, head):
        raise SeraiError(Code.HUB_NOT_READY, f"why {item.index} was erased is not proven yet")
    return close_item(open_stored(item, head), head.inclusion(item.index), encode_event(item, head))


def encode_alone(item: LedgerItem, head: LedgerHead) -> str:
    """The leaf of an item with its proof: that there is something, and nothing of what it says.

    Raises:
        SeraiError: ``damaged`` if the leaf does not fit the tree.
    """
    if not hmac.compare_digest(hash_leaf(item.leaf), head.leaf_hash(item.index)):
        raise SeraiError(Code.DAMAGED, f"leaf {item.index}")
    return encode_json({"index": item.index, "leaf": encode_base64url(item.leaf), "proof": head.inclusion(item.index)})


def can_be_shown(item: LedgerItem, head: LedgerHead) -> bool:
    """Whether the head covers the event that says why a text is gone: for a moment a commit is ahead of the head."""
    return item.erased is None or item.erased.index < head.size


def encode_event(item: LedgerItem, head: LedgerHead) -> str:
    """What goes behind the proof of an item: why its text is gone, ``""`` if nothing says so."""
    return "" if item.erased is None else _event(item.erased, head)


def _event(event: StoredEvent, head: LedgerHead) -> str:
    leaf = encode_base64url(event.leaf)
    return encode_erased(event.index, leaf, event.text, head.inclusion(event.index))


def open_stored(item: LedgerItem, head: LedgerHead) -> str:
    """The same without its proof, for `close_item`.

    Raises:
        SeraiError: ``damaged``.
    """
    if not hmac.compare_digest(hash_leaf(item.leaf), head.leaf_hash(item.index)):
        raise SeraiError(Code.DAMAGED, f"leaf {item.index}")
    leaf = encode_base64url(item.leaf)
    whole = _fits(item, parse_leaf(item.leaf).digest)  # the tree has the leaf, so it is one
    copy = None
    if whole and item.copy is not None:
        copy = (encode_body(item.copy.body), encode_entry(item.copy.entry), encode_base64url(item.copy.entry_proof))
    text = item.statement if whole else None
    return join_lane(item.lane, encode_item(item.index, leaf, text, "", copy)).removesuffix(_END)


def close_item(text: str, proof: str, event: str = "") -> str:
    """A whole item from the text of `open_stored`, its proof at some head, base64url, and `encode_event`."""
    return f'{text}{proof}"{event}}}'


def is_whole(item: LedgerItem) -> bool:
    """Whether text, body and entry are what the leaf and the cover name."""
    try:
        leaf = parse_leaf(item.leaf)
    except SeraiError:
        return False
    return _fits(item, leaf.digest)


def _fits(item: LedgerItem, digest: bytes) -> bool:
    if item.statement is None or sha256(item.statement.encode()) != digest:
        return False
    return item.copy is None or is_whole_copy(item.copy)


def is_whole_copy(copy: StoredCopy) -> bool:
    """Body and entry against the digests of the cover, as noted at admission."""
    if sha256(copy.body) != copy.content_digest or len(copy.entry_proof) % HASH_BYTES:
        return False
    leaf_hash, proof = hash_leaf(copy.entry), split_hashes(copy.entry_proof)
    try:
        verify_inclusion(leaf_hash, copy.position, copy.entries, proof, copy.entries_root)
    except SeraiError:
        return False
    return True
