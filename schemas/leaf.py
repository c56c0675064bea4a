"""The leaf of the ledger: 43 to 512 bytes for each admitted statement (PROTOCOL 8).

The first 43 bytes mean the same in every version. What a later version says beyond them is kept
and hashed, and means nothing here; so is a leaf whose type this program does not know.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

from schemas.claims import BY_CODE, StatementType
from schemas.encoding import MAX_SAFE_INTEGER, Digest, decode_base64url
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf

LEAF_BYTES: Final = 43
"""The part that means the same in every version; a leaf of version 1 has no more."""

MAX_LEAF_BYTES: Final = 512
"""Longest leaf, of any version."""

LEAF_PATTERN: Final = r"^[A-Za-z0-9_-]{58,683}$"
"""A leaf as text, base64url."""

_VERSION = 1
_LAYOUT = struct.Struct(">BQBB32s")
_ALWAYS_PUBLIC = frozenset({StatementType.EPOCH, StatementType.CREDENTIAL, StatementType.REVOCATION})


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the ledger says of a statement.

    Attributes:
        accepted_at: milliseconds since 1970 UTC, by the hub's clock.
        code: of the statement's type, 1 to 255.
        public: whether every member may read the text.
        digest: the statement's identity.
        version: of the leaf, 1 to 255.
        rest: what a later version says beyond byte 43; kept, not judged.
    """

    accepted_at: int
    code: int
    public: bool
    digest: Digest
    version: int = _VERSION
    rest: bytes = b""

    @property
    def type(self) -> StatementType | None:
        """The statement's type; ``None`` if it is newer than this program."""
        return BY_CODE.get(self.code)

    def to_bytes(self) -> bytes:
        """The bytes that are hashed."""
        return _LAYOUT.pack(self.version, self.accepted_at, self.code, self.public, self.digest) + self.rest

    @property
    def hash(self) -> Digest:
        """The leaf's hash in the tree."""
        return hash_leaf(self.to_bytes())

    @property
    def accepted_s(self) -> int:
        """Whole seconds of `accepted_at`."""
        return self.accepted_at // 1000


def is_public_type(kind: StatementType) -> bool:
    """Whether statements of a type are public whatever they say; events are where they have no ``to``."""
    return kind in _ALWAYS_PUBLIC


def parse_leaf(data: bytes) -> Leaf:
    """A leaf from its bytes, of a later version too.

    Raises:
        SeraiError: ``bad_proof`` if they are not a leaf of any version, or the flag does not fit the type.
    """
    leaf = unpack_leaf(data)
    # Else a hub could keep a revocation from those who ask for the text of every public leaf.
    if leaf.type not in (None, StatementType.EVENT) and leaf.public != (leaf.type in _ALWAYS_PUBLIC):
        raise SeraiError(Code.BAD_PROOF, "the public flag does not fit the type")
    return leaf


def unpack_leaf(data: bytes) -> Leaf:
    """A leaf that was kept before its type was known, from its bytes: whether the flag fits is not asked.

    Raises:
        SeraiError: ``bad_proof`` if they are not a leaf of any version.
    """
    if not LEAF_BYTES <= len(data) <= MAX_LEAF_BYTES:
        raise SeraiError(Code.BAD_PROOF, f"a leaf has {LEAF_BYTES} to {MAX_LEAF_BYTES} bytes")
    version, accepted_at, code, public, digest = _LAYOUT.unpack_from(data)
    if not version or not code or public > 1 or accepted_at > MAX_SAFE_INTEGER:
        raise SeraiError(Code.BAD_PROOF, "not a leaf")
    if version == _VERSION and len(data) != LEAF_BYTES:
        raise SeraiError(Code.BAD_PROOF, f"a leaf of version {_VERSION} has {LEAF_BYTES} bytes")
    return Leaf(accepted_at, code, bool(public), Digest(digest), version, data[LEAF_BYTES:])


def read_leaf(text: str) -> Leaf:
    """A leaf from its text, base64url.

    Raises:
        SeraiError: ``bad_proof`` if it is not a leaf.
    """
    try:
        return parse_leaf(decode_base64url(text))
    except SeraiError as error:
        raise SeraiError(Code.BAD_PROOF, error.detail) from error
