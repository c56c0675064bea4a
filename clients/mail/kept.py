"""An item as it is kept, and as it was delivered: the one from the other, both ways."""

from __future__ import annotations

from clients.store import Head, StoredItem
from clients.trust.verification import Failed, PlacedItem
from schemas.addresses import Address, member_of, parse_address
from schemas.checkpoint import parse_note
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.statements import read_header, read_payload


def as_kept(
    placed: PlacedItem, met_at_ms: int, *, sent_by_us: bool, inbox: bool = False, failed: Failed | None = None
) -> StoredItem:
    """An item as it goes into the store.

    Args:
        placed: its place is proven.
        met_at_ms: when it came, milliseconds since 1970 UTC.
        sent_by_us: whether it was signed here.
        inbox: whether it is shown among what came.
        failed: the step that it failed, if it failed one.
    """
    return StoredItem(
        digest=placed.digest,
        index=placed.index,
        lane=placed.lane,
        leaf=placed.leaf,
        statement=placed.item.statement,
        proof=placed.item.proof,
        note=placed.head.note or "",
        sent_by_us=sent_by_us,
        inbox=inbox,
        met_at=met_at_ms,
        sealed=placed.item.sealed,
        entry_proof=placed.item.entry_proof,
        step=failed.step if failed else None,
        code=failed.code.value if failed else None,
    )


def is_unread(item: StoredItem) -> bool:
    """Whether it was of a type that was not known when it came."""
    return item.code == Code.UNSUPPORTED_TYPE.value


def as_delivered(item: StoredItem) -> tuple[DeliverItem, Head]:
    """What was stored, as it was delivered, and the head under which it was."""
    checkpoint = parse_note(item.note).checkpoint
    given = DeliverItem(
        lane=item.lane,
        index=item.index or 0,
        leaf=encode_base64url(item.leaf.to_bytes()),
        statement=item.statement,
        sealed=None if item.sealed is None else dict(item.sealed),
        entry_proof=item.entry_proof,
        proof=item.proof,
    )
    return given, Head(checkpoint.size, checkpoint.root, item.note)


def claimed_sender(statement: str | None) -> Address | None:
    """Who says that it signed what may be a dispatch, believed only to answer it; ``None`` if nobody says so."""
    try:
        text = statement or ""
        read_header(text)  # whatever its alg
        return member_of(parse_address(str(read_payload(text).get("iss"))))
    except SeraiError:
        return None
