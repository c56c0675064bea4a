"""JSON in one spelling (RFC 8785)."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.canonical import canonical_json

NUMBERS = [
    (333333333.33333329, "333333333.3333333"),
    (1e30, "1e+30"),
    (4.50, "4.5"),
    (2e-3, "0.002"),
    (1e-27, "1e-27"),
    (1e21, "1e+21"),
    (1e20, "100000000000000000000"),
    (1e-6, "0.000001"),
    (1.5e-7, "1.5e-7"),
    (5e-324, "5e-324"),
    (1.7976931348623157e308, "1.7976931348623157e+308"),
    (-0.0, "0"),
    (-3.25, "-3.25"),
    (12.0, "12"),
]


@pytest.mark.parametrize(("number", "text"), NUMBERS)
def test_numbers_are_written_as_ecmascript_does(number: float, text: str) -> None:
    """A number has the shortest digits that read back as it, with an exponent only beyond 21 and below 6 places."""
    assert canonical_json(number).decode() == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(number: float) -> None:
    """No digit is lost, and none is added."""
    text = canonical_json(number).decode()
    assert float(text) == number
    assert Decimal(text) == Decimal(repr(number))


def test_names_are_sorted_by_utf_16() -> None:
    """Members stand in the order of their names' UTF-16 units, not of their code points."""
    value = {"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "1": 4, "\r": 5}
    assert canonical_json(value).decode() == '{"\\r":5,"1":4,"\u20ac":3,"\U0001f600":2,"\ufb33":1}'


def test_lists_keep_their_order_and_words_their_letters() -> None:
    """Nothing is escaped that need not be, and no white space is left."""
    value = {"b": ["ж", True, None], "a": {}}
    assert canonical_json(value).decode() == '{"a":{},"b":["ж",true,null]}'
    assert json.loads(canonical_json(value)) == value
