"""What attackers make of honest dispatches: other covers, headers and entries, with or without the right key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from schemas.claims import StatementType
from schemas.encoding import decode_base64url, decode_object, encode_base64url
from schemas.keys import SigningKey
from schemas.sealing import Entry, entries_root
from tests.support.world import Sent, World, content_json, sign_payload

Entries = tuple[Entry, ...]
Bend = Callable[[Entries], Entries]


def claims_of(text: str) -> dict[str, Any]:
    """The payload of a statement."""
    return decode_object(decode_base64url(text.split(".")[1]), 4_096)


def with_cover(world: World, sent: Sent, key: SigningKey | None = None, **claims: Any) -> Sent:
    """The same content under a changed cover, signed again by its sender or with ``key``."""
    payload = {**claims_of(sent.text), **claims}
    return replace(sent, text=sign_payload(StatementType.DISPATCH, payload, key or world.party(payload["iss"]).sig))


def with_header(sent: Sent, header: str, key: SigningKey) -> Sent:
    """The same dispatch under another header, really signed with ``key``."""
    signed = f"{encode_base64url(header.encode())}.{sent.text.split('.')[1]}"
    return replace(sent, text=f"{signed}.{encode_base64url(key.sign(signed.encode()))}")


def with_entries(world: World, sent: Sent, bend: Bend) -> Sent:
    """The same dispatch with other entries, for which its sender signs."""
    entries = bend(sent.sealed.entries)
    claim = sent.claim._replace(entries=entries_root(entries))
    sealed = replace(sent.sealed, entries=entries)
    return with_cover(world, replace(sent, sealed=sealed, claim=claim), content=content_json(claim))
