"""Every bound of the protocol in one place (PROTOCOL 2, 6, 9, 11)."""

from __future__ import annotations

from typing import Final

STATEMENT_BYTES: Final = 98_304
"""Longest compact JWS."""

STATEMENT_MEMBERS: Final = 4_096
"""Most structural characters in a statement's payload."""

REQUEST_BYTES: Final = 65_536
"""Longest enrolment request in a credential."""

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

ATTACHMENTS: Final = 32
"""Most attachments of a dispatch."""

BLOB_CONTENT_BYTES: Final = 268_435_456
"""Largest padded file in a blob; a hub may allow less."""

ATTACHED_BYTES: Final = 1_073_741_824
"""Most that the padded files of one dispatch may have together."""

CHUNK_BYTES: Final = 65_536
"""How much of a padded file is in one chunk of its blob."""

UNLINKED_S: Final = 7 * 24 * 3600
"""How long a hub keeps a blob that no dispatch names."""

DIGESTS: Final = 256
"""Most digests in a receipt or event."""

ERASED: Final = 64
"""Most digests in an `erased` event."""

KEEP_DAYS_LEAST: Final = 30
"""Fewest days that a network document may have a hub keep something."""

KEEP_DAYS_MOST: Final = 36_525
"""Most days that it may name: a hundred years."""

REFERENCES: Final = 16
"""Most references of a dispatch."""

PARTICIPANTS: Final = 32
"""Most participants that one step of an operation names."""

EVER_NAMED: Final = 64
"""Most members that are ever named in an operation."""

AFTER: Final = 8
"""Most steps that the claim ``after`` of a step names."""

REPEATED_S: Final = 7 * 24 * 3600
"""How long after the statement of a later epoch what was lost is expected to be submitted again."""

RETURN_GRACE_S: Final = 60
"""How long after its start a hub that was restored says nothing of what fell due before: members come back first."""

ANSWERS: Final = 64
"""Most members that owe an answer to a dispatch."""

ITEMS: Final = 512
"""Most items in a `deliver` or `accepted` frame."""

TOKEN_LIFE_S: Final = 60
"""Longest life of a session token."""

CLOCK_AHEAD_S: Final = 120
"""How far a statement may be dated ahead of the hub."""

CLOCK_CORRECTION_S: Final = 24 * 3600
"""How far a client corrects its clock by the hub's time without a person."""

LEAF_AHEAD_S: Final = 3_600
"""How far a leaf may be ahead of a client's machine before a person is told."""

ROTATION_GRACE_S: Final = 7 * 24 * 3600
"""How long a replaced key may still be used."""

ADDRESSES: Final = 1_024
"""Addresses that may stand beneath a member at one time, unless the network document says more."""

CREDENTIALS_A_DAY: Final = 64
"""Credentials that may be accepted beneath a member in one day, unless the network document says more."""

IN_FLIGHT: Final = 128
"""Submissions of one session without answer before the hub stops reading."""

SEATS: Final = 32
"""Live sessions of one member, its officers' included."""

PING_S: Final = 20
"""Interval of WebSocket pings, from both sides."""

RECEIVED_DUE_S: Final = {"flash": 300, "immediate": 1_800, "priority": 14_400, "routine": 86_400}
"""How long after acceptance a `received` receipt is due, by precedence; see `schemas.claims.counted_precedence`."""

EVIDENCE_BYTES: Final = 16_777_216
"""Largest evidence file."""

EVIDENCE_MEMBERS: Final = 131_072
"""Most structural characters in an evidence file."""

EVIDENCE_ITEMS: Final = 4_096
"""Most items in an evidence file, and most credentials."""

EVIDENCE_EPOCHS: Final = 256
"""Most epoch statements in an evidence file."""
