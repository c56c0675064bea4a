"""Identifiers made from time and entropy."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from schemas.claims import Jti
from schemas.ids import make_uuid7


def test_value_of_the_rfc() -> None:
    """The example of RFC 9562 appendix A.6 comes out from its time and random bits."""
    tail = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert make_uuid7(0x017F22E279B0, tail) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_every_id_is_a_jti(time_ms: int, entropy: bytes) -> None:
    """Whatever the time and entropy, the result is a version 7 UUID that a ``jti`` may be."""
    text = make_uuid7(time_ms, entropy)
    value = UUID(TypeAdapter(Jti).validate_python(text))
    assert (value.version, value.variant, value.int >> 80) == (7, "specified in RFC 4122", time_ms)


@given(st.binary(min_size=10, max_size=10), st.binary(min_size=10, max_size=10))
def test_entropy_tells_apart(one: bytes, other: bytes) -> None:
    """At one time, two ids are the same only if the 74 bits of entropy used are."""
    used = [int.from_bytes(entropy, "big") % 2**74 for entropy in (one, other)]
    assert (make_uuid7(1, one) == make_uuid7(1, other)) is (used[0] == used[1])


@given(st.integers(0, 2**48 - 2), st.binary(min_size=10, max_size=10))
def test_later_sorts_later(time_ms: int, entropy: bytes) -> None:
    """A later millisecond gives an id that sorts later, whatever the entropy."""
    assert make_uuid7(time_ms, b"\xff" * 10) < make_uuid7(time_ms + 1, entropy)
