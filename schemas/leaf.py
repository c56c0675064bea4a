"""The leaf of the ledger: 43 bytes for each admitted statement (PROTOCOL 8)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from schemas.claims import BY_CODE, StatementType
from schemas.encoding import MAX_SAFE_INTEGER, Digest
from schemas.errors import Code, SeraiError
from schemas.merkle import hash_leaf

LEAF_BYTES = 43
_VERSION = 1
_LAYOUT = struct.Struct(">BQBB32s")
_ALWAYS_PUBLIC = frozenset({StatementType.EPOCH, StatementType.CREDENTIAL, StatementType.REVOCATION})


@dataclass(frozen=True, slots=True)
class Leaf:
    """What the ledger says of a statement.

    Attributes:
        accepted_at: milliseconds since 1970 UTC, by the hub's clock.
        type: the statement's type.
        public: whether every member may read the text.
        digest: the statement's identity.
    """

    accepted_at: int
    type: StatementType
    public: bool
    digest: Digest

    def to_bytes(self) -> bytes:
        """The 43 bytes that are hashed."""
        return _LAYOUT.pack(_VERSION, self.accepted_at, self.type.code, self.public, self.digest)

    @property
    def hash(self) -> Digest:
        """The leaf's hash in the tree."""
        return hash_leaf(self.to_bytes())

    @property
    def accepted_s(self) -> int:
        """Whole seconds of `accepted_at`."""
        return self.accepted_at // 1000


def parse_leaf(data: bytes) -> Leaf:
    """A leaf from its bytes.

    Raises:
        SeraiError: ``bad_proof`` if they are not a leaf.
    """
    if len(data) != LEAF_BYTES:
        raise SeraiError(Code.BAD_PROOF, f"a leaf has {LEAF_BYTES} bytes")
    version, accepted_at, code, public, digest = _LAYOUT.unpack(data)
    if version != _VERSION or code not in BY_CODE or public > 1 or accepted_at > MAX_SAFE_INTEGER:
        raise SeraiError(Code.BAD_PROOF, "not a leaf of version 1")
    leaf = Leaf(accepted_at, BY_CODE[code], bool(public), Digest(digest))
    # Else a hub could keep a revocation from those who ask for the text of every public leaf.
    if leaf.type is not StatementType.EVENT and leaf.public != (leaf.type in _ALWAYS_PUBLIC):
        raise SeraiError(Code.BAD_PROOF, "the public flag does not fit the type")
    return leaf
