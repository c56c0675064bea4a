"""The leaf: 43 bytes, one meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import BY_CODE, StatementType
from schemas.encoding import MAX_SAFE_INTEGER, Digest, sha256
from schemas.errors import Code
from schemas.leaf import LEAF_BYTES, Leaf, parse_leaf
from tests.support.refusals import outcome, refused
from tests.support.world import KG, KZ, World

DIGEST = sha256(b"statement")
LEAF = Leaf(1_790_000_000_123, StatementType.DISPATCH, False, DIGEST)
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
    leaf = Leaf(accepted_at, kind, public, Digest(digest))
    assert parse_leaf(leaf.to_bytes()) == leaf


@pytest.mark.parametrize(
    ("at", "value"), [(0, 0), (0, 2), (9, 0), (9, 7), (9, 255), (10, 2), (10, 255), (1, 0x80), (2, 0x20)]
)
def test_refuses_other_values(at: int, value: int) -> None:
    """Another version, an unknown type, a flag that is none and a time beyond 2^53 are refused."""
    data = bytearray(LEAF.to_bytes())
    data[at] = value
    with refused(Code.BAD_PROOF):
        parse_leaf(bytes(data))


@pytest.mark.parametrize("kind", [kind for kind in BY_CODE.values() if kind is not StatementType.EVENT])
def test_refuses_a_flag_that_does_not_fit(kind: StatementType) -> None:
    """A hub cannot hide a revocation, or show a dispatch to all, by turning the flag."""
    with refused(Code.BAD_PROOF, "public"):
        parse_leaf(Leaf(1, kind, kind not in PUBLIC, DIGEST).to_bytes())


def test_flag_is_0_or_1() -> None:
    """The flag of an event, which may be public or not, has two values."""
    data = Leaf(1, StatementType.EVENT, True, DIGEST).to_bytes()
    with refused(Code.BAD_PROOF):
        parse_leaf(data[:10] + b"\x02" + data[11:])


def test_refuses_a_type_that_is_never_in_the_ledger() -> None:
    """Session tokens and enrolment requests have no leaf."""
    for kind in (StatementType.SESSION, StatementType.ENROLMENT):
        with refused(Code.BAD_PROOF):
            parse_leaf(Leaf(1, kind, False, DIGEST).to_bytes())


@given(st.binary(max_size=60) | st.binary(min_size=43, max_size=43))
def test_any_bytes_are_a_leaf_or_refused(data: bytes) -> None:
    """Any bytes are refused with the one code, or are exactly what the leaf says."""
    assert outcome(lambda: parse_leaf(data).to_bytes()) in (data, Code.BAD_PROOF)


def test_leaves_of_a_world() -> None:
    """What a toy ledger holds is what the leaves say."""
    world = World([KZ, KG])
    world.admit(world.dispatch(KZ, [KG]).text)
    assert [parse_leaf(logged.leaf.to_bytes()) for logged in world.log] == [logged.leaf for logged in world.log]
    assert [logged.leaf.public for logged in world.log] == [True] * 5 + [False]
