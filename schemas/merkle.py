"""The Merkle tree of the ledger, as both peers check it (PROTOCOL 8, RFC 9162 section 2.1).

Hashing, verification of inclusion and consistency proofs, and the `Frontier`, with which
a client that follows every leaf recomputes the root. Proofs are sequences of 32-byte
hashes, the one nearest the leaf first. Making proofs is the hub's work and lies in its core.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

from schemas.encoding import MAX_SAFE_INTEGER, Digest, decode_base64url, encode_base64url, sha256
from schemas.errors import Code, SeraiError

HASH_BYTES: Final = 32
"""Length of every hash in the tree."""

MAX_PROOF_HASHES: Final = 64
"""Longest proof that is read; a tree of 2**53 leaves needs 54 hashes."""

PROOF_PATTERN: Final = r"^[A-Za-z0-9_-]{0,2731}$"
"""A proof as text, hashes joined, base64url."""

EMPTY_ROOT: Final = sha256(b"")
"""Root of the tree without leaves, and of no other."""

NODE_PREFIX: Final = b"\x01"
"""What an inner node's hash input begins with; a leaf's begins with zero."""


def hash_leaf(data: bytes) -> Digest:
    """Leaf hash of ``data``: SHA-256(0x00, data)."""
    return Digest(hashlib.sha256(b"\x00" + data).digest())


def hash_children(left: bytes, right: bytes) -> Digest:
    """Hash of an inner node: SHA-256(0x01, left, right)."""
    return Digest(hashlib.sha256(NODE_PREFIX + left + right).digest())


def root_of(leaf_hashes: Sequence[bytes]) -> Digest:
    """Root over a list that is held in memory whole.

    Args:
        leaf_hashes: 32-byte leaf hashes in order; none gives `EMPTY_ROOT`.
    """
    return Frontier.empty().extend(leaf_hashes).root()


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf stands at its place in a tree (RFC 9162 section 2.1.3.2).

    1. The index lies inside the tree. 2. The proof has exactly the hashes that this place
    and size call for. 3. Leaf and proof hash to the root.

    Args:
        leaf_hash: 32 bytes.
        index: place of the leaf, from 0.
        size: number of leaves of the tree.
        proof: hashes of 32 bytes, the leaf's sibling first.
        root: root of the tree, from a checkpoint that has been verified.

    Raises:
        SeraiError: ``bad_proof``.
    """
    if not 0 <= index < size or len(leaf_hash) != HASH_BYTES:
        raise SeraiError(Code.BAD_PROOF, "no such place in the tree")
    _check_hashes(proof)
    if _fold(leaf_hash, index, size, proof) != root:
        raise SeraiError(Code.BAD_PROOF, "leaf and proof do not hash to the root")


def verify_consistency(size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]) -> None:
    """Check that one tree is a later state of another (RFC 9162 section 2.1.4.2).

    Equal sizes take an empty proof and equal roots, and size 0 only `EMPTY_ROOT`. From
    size 0 to a larger tree nothing can be proven, so it is refused.

    Args:
        size1: leaves of the earlier tree.
        root1: its root.
        size2: leaves of the later tree.
        root2: its root.
        proof: hashes of 32 bytes.

    Raises:
        SeraiError: ``bad_proof``.
    """
    if size1 == size2:
        _verify_same(size1, root1, root2, proof)
        return
    if not 0 < size1 < size2:
        raise SeraiError(Code.BAD_PROOF, "these sizes cannot be proven consistent")
    _check_hashes(proof)
    # The largest complete subtree that ends where the earlier tree ends is a node of both trees.
    # It is the earlier root itself if that tree is complete, else the first hash of the proof.
    height = (size1 & -size1).bit_length() - 1
    seed, *path = [root1, *proof] if size1.bit_count() == 1 else proof or [b""]
    index, size = (size1 - 1) >> height, ((size2 - 1) >> height) + 1
    if _fold(seed, index, size, path) != root2:
        raise SeraiError(Code.BAD_PROOF, "the proof does not hash to the later root")
    if _fold_left(seed, index, size, path) != root1:
        raise SeraiError(Code.BAD_PROOF, "the proof does not hash to the earlier root")


def _verify_same(size: int, root1: bytes, root2: bytes, proof: Sequence[bytes]) -> None:
    if proof or root1 != root2:
        raise SeraiError(Code.BAD_PROOF, "equal sizes take equal roots and an empty proof")
    if size < 0 or (size == 0 and root1 != EMPTY_ROOT):
        raise SeraiError(Code.BAD_PROOF, "not the root of an empty tree")


def _check_hashes(proof: Sequence[bytes]) -> None:
    if any(len(node) != HASH_BYTES for node in proof):
        raise SeraiError(Code.BAD_PROOF, "a hash of the proof is not 32 bytes")


def _meeting_height(index: int, size: int) -> int:
    """Height at which the path of a leaf joins the path of the last leaf."""
    return (index ^ (size - 1)).bit_length()


def _fold(node: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Root that a node and its proof lead to; the proof must have the length due."""
    meeting = _meeting_height(index, size)
    if len(proof) != meeting + (index >> meeting).bit_count():
        raise SeraiError(Code.BAD_PROOF, "the proof has another length than place and size call for")
    for height, sibling in enumerate(proof):
        is_right = height >= meeting or index >> height & 1
        node = hash_children(sibling, node) if is_right else hash_children(node, sibling)
    return node


def _fold_left(node: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Root of the tree that ends with a node: its proof without what stands to the right."""
    meeting = _meeting_height(index, size)
    for height, sibling in enumerate(proof):
        if height >= meeting or index >> height & 1:
            node = hash_children(sibling, node)
    return node


def encode_proof(hashes: Iterable[bytes]) -> str:
    """A proof as it travels: the hashes joined, base64url; the empty proof is the empty string."""
    return encode_base64url(b"".join(hashes))


def decode_proof(text: str) -> tuple[Digest, ...]:
    """The hashes of a proof as it travels.

    Raises:
        SeraiError: ``bad_proof`` if it is not base64url of whole hashes, or more than 64.
    """
    if len(text) > (MAX_PROOF_HASHES * HASH_BYTES * 4 + 2) // 3:
        raise SeraiError(Code.BAD_PROOF, f"a proof of more than {MAX_PROOF_HASHES} hashes")
    try:
        data = decode_base64url(text)
    except SeraiError as error:
        raise SeraiError(Code.BAD_PROOF, error.detail) from error
    if len(data) % HASH_BYTES:
        raise SeraiError(Code.BAD_PROOF, "not a whole number of hashes")
    return split_hashes(data)


def split_hashes(data: bytes) -> tuple[Digest, ...]:
    """The 32-byte hashes of which ``data`` is the joined form."""
    return tuple(Digest(data[at : at + HASH_BYTES]) for at in range(0, len(data), HASH_BYTES))


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree reduced to what it takes to append to it and to know its root.

    Attributes:
        size: number of leaves.
        hashes: roots of the complete subtrees that the tree is made of, one for each bit
            set in ``size``, the largest (leftmost) first.

    Raises:
        SeraiError: ``damaged`` if there are not as many hashes as the size calls for.
    """

    size: int
    hashes: tuple[Digest, ...]

    def __post_init__(self) -> None:
        if not 0 <= self.size <= MAX_SAFE_INTEGER or len(self.hashes) != self.size.bit_count():
            raise SeraiError(Code.DAMAGED, "a frontier whose hashes do not fit its size")

    @classmethod
    def empty(cls) -> Self:
        """The frontier of the tree without leaves."""
        return cls(0, ())

    def append(self, leaf_hash: bytes) -> Self:
        """The frontier with one leaf more; for many, `extend` is quicker."""
        return self.extend((leaf_hash,))

    def extend(self, leaf_hashes: Iterable[bytes]) -> Self:
        """The frontier with further leaves, at about one hash for each.

        Args:
            leaf_hashes: 32-byte leaf hashes in order.

        Raises:
            SeraiError: ``bad_proof`` if a leaf hash is not 32 bytes.
        """
        size, hashes = self.size, list[bytes](self.hashes)
        for leaf_hash in leaf_hashes:
            if len(leaf_hash) != HASH_BYTES:
                raise SeraiError(Code.BAD_PROOF, "a leaf hash that is not 32 bytes")
            node, carry = leaf_hash, size
            while carry & 1:
                node = hashlib.sha256(NODE_PREFIX + hashes.pop() + node).digest()
                carry >>= 1
            hashes.append(node)
            size += 1
        return type(self)(size, tuple(Digest(node) for node in hashes))

    def root(self) -> Digest:
        """Root of the tree."""
        if not self.hashes:
            return EMPTY_ROOT
        *larger, node = self.hashes
        for left in reversed(larger):
            node = hash_children(left, node)
        return node
