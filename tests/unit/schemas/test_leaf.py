"""The leaf: 43 bytes that mean the same in every version, and what a later version says beyond."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import BY_CODE, StatementType
from schemas.encoding import MAX_SAFE_INTEGER, Digest, encode_base64url, sha256
from schemas.errors import Code
from schemas.leaf import LEAF_BYTES, MAX_LEAF_BYTES, Leaf, parse_leaf, read_leaf
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, World

DIGEST = sha256(b"statement")
LEAF = Leaf(1_790_000_000_123, StatementType.DISPATCH.code, False, DIGEST)
PUBLIC = {StatementType.EPOCH, StatementType.CREDENTIAL, StatementType.REVOCATION}


def test_layout() -> None:
    """Version, time in 8 bytes, type code, public flag, digest: 43 bytes."""
    data = LEAF.to_bytes()
    assert data == b"\x01" + (1_790_000_000_123).to_bytes(8, "big") + b"\x04\x00" + DIGEST
    assert len(data) == LEAF_BYTES
    assert (LEAF.hash, LEAF.accepted_s) == (sha256(b"\x00" + data), 1_790_000_000)


@given(
    st.integers(0, MAX_SAFE_INTEGER),
    st.sampled_from([*BY_CODE.values()]),
    st.binary(min_size=32, max_size=32),
    st.booleans(),
)
def test_reads_back(accepted_at: int, kind: StatementType, digest: bytes, addressed: bool) -> None:
    """Every leaf of a ledger reads back as itself."""
    public = kind in PUBLIC or (kind is StatementType.EVENT and not addressed)
    leaf = Leaf(accepted_at, kind.code, public, Digest(digest))
    assert parse_leaf(leaf.to_bytes()) == leaf


@pytest.mark.parametrize(("at", "value"), [(0, 0), (9, 0), (10, 2), (10, 255), (1, 0x80), (2, 0x20)])
def test_refuses_what_no_version_says(at: int, value: int) -> None:
    """Version 0, type 0, a flag that is none and a time beyond 2^53 are refused."""
    data = bytearray(LEAF.to_bytes())
    data[at] = value
    with refused(Code.BAD_PROOF):
        parse_leaf(bytes(data))


@pytest.mark.parametrize("kind", [kind for kind in BY_CODE.values() if kind is not StatementType.EVENT])
def test_refuses_a_flag_that_does_not_fit(kind: StatementType) -> None:
    """A hub cannot hide a revocation, or show a dispatch to all, by turning the flag."""
    with refused(Code.BAD_PROOF, "public"):
        parse_leaf(Leaf(1, kind.code, kind not in PUBLIC, DIGEST).to_bytes())


def test_flag_is_0_or_1() -> None:
    """The flag of an event, which may be public or not, has two values."""
    data = Leaf(1, StatementType.EVENT.code, True, DIGEST).to_bytes()
    with refused(Code.BAD_PROOF):
        parse_leaf(data[:10] + b"\x02" + data[11:])


def test_refuses_a_type_that_is_never_in_the_ledger() -> None:
    """Session tokens and enrolment requests have no leaf."""
    for kind in (StatementType.SESSION, StatementType.ENROLMENT):
        with refused(Code.BAD_PROOF):
            parse_leaf(Leaf(1, kind.code, False, DIGEST).to_bytes())


@given(st.binary(max_size=60) | st.binary(min_size=43, max_size=43) | st.binary(min_size=505, max_size=520))
def test_any_bytes_are_a_leaf_or_refused(data: bytes) -> None:
    """Any bytes are refused with the one code, or are exactly what the leaf says."""
    assert outcome(lambda: parse_leaf(data).to_bytes()) in (data, Code.BAD_PROOF)


@given(st.integers(2, 255), st.integers(7, 255), st.booleans(), st.binary(max_size=MAX_LEAF_BYTES - LEAF_BYTES))
def test_a_later_version_reads_back(version: int, code: int, public: bool, rest: bytes) -> None:
    """A leaf of a later version and of a type that is not known is kept to the byte, and its type is nobody's."""
    leaf = Leaf(1, code, public, DIGEST, version, rest)
    assert parse_leaf(leaf.to_bytes()) == leaf
    assert leaf.type is None
    assert leaf.hash == sha256(b"\x00" + leaf.to_bytes())


def test_a_later_version_of_a_known_type() -> None:
    """The first 43 bytes say the same in every version: a known type is judged as itself."""
    later = parse_leaf(replace(LEAF, version=2, rest=b"more").to_bytes())
    assert (later.type, later.accepted_at, later.public, later.digest) == (LEAF.type, LEAF.accepted_at, False, DIGEST)
    with refused(Code.BAD_PROOF, "public"):
        parse_leaf(replace(later, public=True).to_bytes())


def test_sizes() -> None:
    """A leaf has 43 to 512 bytes, and one of version 1 exactly 43."""
    for leaf in (replace(LEAF, rest=b"x"), replace(LEAF, version=2, rest=bytes(MAX_LEAF_BYTES - LEAF_BYTES + 1))):
        with refused(Code.BAD_PROOF):
            parse_leaf(leaf.to_bytes())


def test_text() -> None:
    """A leaf as text is base64url in its one spelling."""
    text = encode_base64url(LEAF.to_bytes())
    assert read_leaf(text) == LEAF
    for other in (text + "=", text[:-1], text.replace(text[0], "+", 1), ""):
        with refused(Code.BAD_PROOF):
            read_leaf(other)


def test_leaves_of_a_world() -> None:
    """What a toy ledger holds is what the leaves say."""
    world = World([KZ, KG])
    world.admit(world.dispatch(KZ, [KG]).text)
    assert [parse_leaf(logged.leaf.to_bytes()) for logged in world.log] == [logged.leaf for logged in world.log]
    assert [logged.leaf.public for logged in world.log] == [True] * 5 + [False]
