"""Merkle verification: other people's vectors, the shapes of RFC 9162, and what must be refused."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.encoding import sha256
from schemas.errors import Code, SeraiError
from schemas.merkle import (
    EMPTY_ROOT,
    MAX_PROOF_HASHES,
    Frontier,
    decode_proof,
    encode_proof,
    hash_children,
    hash_leaf,
    root_of,
    verify_consistency,
    verify_inclusion,
)

VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "rfc9162"
LEAVES = [hash_leaf(bytes([number])) for number in range(7)]


def _vectors(kind: str) -> list[Any]:
    cases: dict[str, dict[str, Any]] = json.loads((VECTORS / f"{kind}.json").read_text())
    return [pytest.param(case, id=name) for name, case in cases.items()]


def _proof(case: dict[str, Any]) -> list[bytes]:
    return [b64decode(node) for node in case["proof"] or []]


def _check_inclusion(case: dict[str, Any]) -> None:
    leaf_hash, root = b64decode(case["leafHash"]), b64decode(case["root"])
    verify_inclusion(leaf_hash, case["leafIdx"], case["treeSize"], _proof(case), root)


def _check_consistency(case: dict[str, Any]) -> None:
    root1, root2 = b64decode(case["root1"]), b64decode(case["root2"])
    verify_consistency(case["size1"], root1, case["size2"], root2, _proof(case))


def _outcome(check: Callable[[dict[str, Any]], None], case: dict[str, Any]) -> Code | None:
    try:
        check(case)
    except SeraiError as error:
        return error.code
    return None


@pytest.mark.parametrize("case", _vectors("inclusion"))
def test_inclusion_vector(case: dict[str, Any]) -> None:
    """An outside inclusion case is accepted or refused as it says."""
    assert _outcome(_check_inclusion, case) == (Code.BAD_PROOF if case["wantErr"] else None)


@pytest.mark.parametrize("case", _vectors("consistency"))
def test_consistency_vector(case: dict[str, Any]) -> None:
    """An outside consistency case is accepted or refused as it says."""
    assert _outcome(_check_consistency, case) == (Code.BAD_PROOF if case["wantErr"] else None)


def test_vectors_are_all_there() -> None:
    """Every case of the origin is run, and both outcomes occur."""
    for kind in ("inclusion", "consistency"):
        wanted = [param.values[0]["wantErr"] for param in _vectors(kind)]
        assert (len(wanted), wanted.count(False)) == (98, 6)


def test_prefixes_keep_leaves_and_nodes_apart() -> None:
    """A leaf whose data looks like two hashes does not hash like the node above them."""
    left, right = LEAVES[:2]
    assert hash_leaf(left + right) != hash_children(left, right)
    assert hash_leaf(b"") == sha256(b"\x00")
    assert hash_children(left, right) == sha256(b"\x01" + left + right)


def test_root_of_seven_leaves() -> None:
    """Seven leaves hash as RFC 9162 section 2.1.5 draws them: ((ab)(cd))((ef)g)."""
    a, b, c, d, e, f, g = LEAVES
    left = hash_children(hash_children(a, b), hash_children(c, d))
    assert root_of(LEAVES) == hash_children(left, hash_children(hash_children(e, f), g))


def test_root_of_none_and_one() -> None:
    """No leaves give the hash of nothing, one leaf gives its own hash."""
    assert root_of([]) == EMPTY_ROOT == sha256(b"")
    assert root_of(LEAVES[:1]) == LEAVES[0]


def test_inclusion_of_the_promoted_leaf() -> None:
    """The last of seven leaves is proven by the two subtrees to its left."""
    proof = [root_of(LEAVES[4:6]), root_of(LEAVES[:4])]
    verify_inclusion(LEAVES[6], 6, 7, proof, root_of(LEAVES))


@pytest.mark.parametrize("index", [-1, 7, 8, 1 << 60])
def test_inclusion_outside_the_tree(index: int) -> None:
    """A place that the tree does not have is refused, whatever the proof."""
    with pytest.raises(SeraiError, match="bad_proof"):
        verify_inclusion(LEAVES[0], index, 7, [], LEAVES[0])


def test_place_before_the_first() -> None:
    """A negative place is refused although arithmetic on its bits would lead to the root."""
    with pytest.raises(SeraiError, match="no such place"):
        verify_inclusion(LEAVES[3], -1, 1, [LEAVES[2], root_of(LEAVES[:2])], root_of(LEAVES[:4]))


def test_hashes_of_other_lengths_are_refused() -> None:
    """Moving a byte from one hash of a proof to its neighbour is refused before hashing."""
    left, right = LEAVES[:2]
    root = hash_children(left, right)
    verify_inclusion(left, 0, 2, [right], root)
    with pytest.raises(SeraiError, match="no such place"):
        verify_inclusion(left + right[:1], 0, 2, [right[1:]], root)
    with pytest.raises(SeraiError, match="not 32 bytes"):
        verify_inclusion(left, 0, 2, [right[1:]], root)
    with pytest.raises(SeraiError, match="not 32 bytes"):
        verify_consistency(1, left, 2, root, [right[1:]])


def test_consistency_between_seven_leaves() -> None:
    """From six leaves to seven: their last pair, the new leaf, the first four."""
    proof = [root_of(LEAVES[4:6]), LEAVES[6], root_of(LEAVES[:4])]
    verify_consistency(6, root_of(LEAVES[:6]), 7, root_of(LEAVES), proof)


def test_consistency_from_a_complete_tree_omits_its_root() -> None:
    """From four leaves to seven the earlier root is not repeated in the proof."""
    proof = [root_of(LEAVES[4:])]
    verify_consistency(4, root_of(LEAVES[:4]), 7, root_of(LEAVES), proof)


def test_earlier_root_is_checked_too() -> None:
    """A proof that reaches the later root only is refused."""
    proof = [root_of(LEAVES[4:6]), LEAVES[6], root_of(LEAVES[:4])]
    with pytest.raises(SeraiError, match="earlier root"):
        verify_consistency(6, LEAVES[0], 7, root_of(LEAVES), proof)


def test_size_zero_has_one_root() -> None:
    """Two empty trees agree on the root of the empty tree and on no other."""
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    with pytest.raises(SeraiError, match="empty tree"):
        verify_consistency(0, LEAVES[0], 0, LEAVES[0], [])


def test_nothing_is_proven_from_size_zero() -> None:
    """Consistency from the empty tree to a larger one is refused, not passed as trivial."""
    with pytest.raises(SeraiError, match="bad_proof"):
        verify_consistency(0, EMPTY_ROOT, 7, root_of(LEAVES), [])


def test_negative_sizes_are_refused() -> None:
    """Sizes below zero are refused even if they are equal."""
    with pytest.raises(SeraiError, match="bad_proof"):
        verify_consistency(-1, EMPTY_ROOT, -1, EMPTY_ROOT, [])


def test_proof_text_round_trip() -> None:
    """A proof comes back from its text; the empty proof is the empty string."""
    assert decode_proof(encode_proof(LEAVES)) == tuple(LEAVES)
    assert encode_proof([]) == ""
    assert decode_proof("") == ()


@pytest.mark.parametrize(
    "text",
    [
        encode_proof(LEAVES)[:-1],
        encode_proof([LEAVES[0][:31]]),
        encode_proof(LEAVES[:1]) + "=",
        encode_proof(LEAVES[:1])[:-1] + "_",
        " " + encode_proof(LEAVES[:1]),
        encode_proof(LEAVES[:1] * (MAX_PROOF_HASHES + 1)),
        "A" * 10_000_000,
    ],
    ids=["cut", "31 bytes", "padded", "spare bits", "space", "65 hashes", "huge"],
)
def test_proof_text_has_one_spelling(text: str) -> None:
    """Anything but the base64url of at most 64 whole hashes is refused."""
    with pytest.raises(SeraiError) as caught:
        decode_proof(text)
    assert caught.value.code is Code.BAD_PROOF


def test_longest_proof_is_read() -> None:
    """A proof of exactly 64 hashes is within the limit."""
    assert len(decode_proof(encode_proof(LEAVES[:1] * MAX_PROOF_HASHES))) == MAX_PROOF_HASHES


def test_frontier_names_the_complete_subtrees() -> None:
    """Seven leaves leave three subtrees, of four, two and one, the largest first."""
    frontier = Frontier.empty().extend(LEAVES)
    assert (frontier.size, frontier.hashes) == (7, (root_of(LEAVES[:4]), root_of(LEAVES[4:6]), LEAVES[6]))


def test_frontier_is_a_value() -> None:
    """Appending gives a new frontier and leaves the old one as it was."""
    before = Frontier.empty().extend(LEAVES[:3])
    assert before.append(LEAVES[3]) == Frontier(4, (root_of(LEAVES[:4]),))
    assert before == Frontier.empty().append(LEAVES[0]).append(LEAVES[1]).append(LEAVES[2])


def test_frontier_takes_hashes_only() -> None:
    """A leaf hash of another length is refused."""
    with pytest.raises(SeraiError, match="bad_proof"):
        Frontier.empty().append(b"leaf")
