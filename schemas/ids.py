"""Identifiers made from time and entropy that the caller brings."""

from __future__ import annotations

from uuid import UUID


def make_uuid7(time_ms: int, entropy: bytes) -> str:
    """A version 7 UUID in lower case (RFC 9562 section 5.7).

    Args:
        time_ms: milliseconds since 1970 UTC.
        entropy: 10 random bytes, of which 74 bits are used.
    """
    tail = int.from_bytes(entropy[:10], "big") & ((1 << 74) - 1)
    value = (time_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1)
    return str(UUID(int=value))
