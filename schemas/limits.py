"""Every bound of the protocol in one place (PROTOCOL 2, 6, 9, 11)."""

from __future__ import annotations

from typing import Final

STATEMENT_BYTES: Final = 98_304
"""Longest compact JWS."""

STATEMENT_MEMBERS: Final = 4_096
"""Most structural characters in a statement's payload."""

FRAME_BYTES: Final = 2_097_152
"""Longest WebSocket message."""

FRAME_MEMBERS: Final = 16_384
"""Most structural characters in a frame."""

CONTENT_BYTES: Final = 196_608
"""Largest padded content."""

CONTENT_MIN_BYTES: Final = 2_048
"""Smallest padded content."""

RECIPIENTS: Final = 1_000
"""Most recipients of a dispatch."""

DIGESTS: Final = 256
"""Most digests in a receipt or event."""

REFERENCES: Final = 16
"""Most references of a dispatch."""

ITEMS: Final = 512
"""Most items in a `deliver` or `accepted` frame."""

TOKEN_LIFE_S: Final = 60
"""Longest life of a session token."""

CLOCK_AHEAD_S: Final = 120
"""How far a statement may be dated ahead of the hub."""

ROTATION_GRACE_S: Final = 7 * 24 * 3600
"""How long a replaced key may still be used."""

IN_FLIGHT: Final = 128
"""Submissions of one session without answer before the hub stops reading."""

SEATS: Final = 32
"""Live sessions of one member, its officers' included."""

PING_S: Final = 20
"""Interval of WebSocket pings, from both sides."""

RECEIVED_DUE_S: Final = {"flash": 300, "immediate": 1_800, "priority": 14_400, "routine": 86_400}
"""How long after acceptance a `received` receipt is due, by precedence."""

EVIDENCE_BYTES: Final = 4_194_304
"""Largest evidence file."""

EVIDENCE_MEMBERS: Final = 65_536
"""Most structural characters in an evidence file."""

EVIDENCE_EPOCHS: Final = 256
"""Most epoch statements in an evidence file."""
