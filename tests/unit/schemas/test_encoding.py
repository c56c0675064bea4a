"""One spelling for bytes and for JSON: what is written reads back, and nothing else is read."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from schemas.encoding import (
    MAX_DEPTH,
    MAX_SAFE_INTEGER,
    decode_base64url,
    decode_digest,
    decode_json,
    decode_object,
    encode_base64url,
    encode_json,
    sha256,
)
from schemas.errors import Code, SeraiError
from tests.support.refusals import refused

MANY = 10_000
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, max_size=20)
scalars = st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5), max_leaves=20
)


def assert_refused(text: str | bytes, detail: str, max_members: int = MANY) -> None:
    """Assert that the text is refused as ``malformed_json`` with just this detail."""
    with pytest.raises(SeraiError) as caught:
        decode_json(text, max_members)
    assert (caught.value.code, caught.value.detail) == (Code.MALFORMED_JSON, detail)


def assert_not_base64url(text: str, size_bytes: int | None = None) -> None:
    """Assert that the text is refused as base64url with ``malformed_json``."""
    with pytest.raises(SeraiError) as caught:
        decode_base64url(text, size_bytes)
    assert caught.value.code is Code.MALFORMED_JSON


def nested(depth: int, core: str = "") -> str:
    """A JSON text of ``depth`` arrays, one in another."""
    return "[" * depth + core + "]" * depth


def same(left: Any, right: Any) -> bool:
    """Equal in value and in type, so that 1, 1.0 and true are three things, at every depth."""
    return repr(left) == repr(right)


def test_sha256_is_sha256() -> None:
    """The hash of "abc" is the one of the standard (FIPS 180-4)."""
    assert sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.binary(max_size=100))
def test_base64url_round_trip(data: bytes) -> None:
    """Bytes come back as they were, with or without their length being asked for."""
    text = encode_base64url(data)
    assert decode_base64url(text) == data
    assert decode_base64url(text, len(data)) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"foob", "Zm9vYg"), (b"\xfb\xff\xfe", "-__-")],
)
def test_base64url_of_the_standard(data: bytes, text: str) -> None:
    """The test vectors of RFC 4648 hold, less their padding, in the alphabet for URLs."""
    assert encode_base64url(data) == text
    assert decode_base64url(text) == data


@given(st.text(ALPHABET, max_size=12))
@example("Zh")
@example("Zm9")
@example("A")
def test_base64url_has_one_spelling(text: str) -> None:
    """Whatever text of the alphabet is accepted is the one that would be written."""
    try:
        data = decode_base64url(text)
    except SeraiError as error:
        assert error.code is Code.MALFORMED_JSON  # noqa: PT017 - both outcomes are legal, each with its own claim
    else:
        assert encode_base64url(data) == text


@given(st.binary(min_size=1, max_size=20), st.integers(1, 15))
def test_base64url_with_spare_bits_is_refused(data: bytes, bits: int) -> None:
    """Setting any spare bit of the last character makes another spelling, which is refused."""
    spare_bits = {0: 0, 1: 4, 2: 2}[len(data) % 3]
    assume(bits < 1 << spare_bits)
    text = encode_base64url(data)
    assert_not_base64url(text[:-1] + ALPHABET[ALPHABET.index(text[-1]) | bits])


@pytest.mark.parametrize(
    "text",
    [
        "Zg==",
        "Zg=",
        "Zm8=",
        "A",
        "Zm9vA",
        "Zm9v\n",
        "Zm8\n",
        "Zg\n",
        " Zm9v",
        "Zm 9v",
        "Zm9+",
        "Zm9/",
        "Zm\u00e4v",
        "Zm9\u0661",
        "Zm\0v",
    ],
)
def test_other_spellings_of_base64url_are_refused(text: str) -> None:
    """Padding, white space, the other alphabet, foreign characters and impossible lengths are refused."""
    assert_not_base64url(text)


@pytest.mark.parametrize("size_bytes", [0, 2, 4])
def test_base64url_of_another_length_is_refused(size_bytes: int) -> None:
    """Three bytes are refused where another number is due."""
    assert_not_base64url("Zm9v", size_bytes)


@given(st.binary(max_size=50))
def test_digest_round_trip(data: bytes) -> None:
    """A digest is 43 characters long and reads back as the hash it came from."""
    text = encode_base64url(hashlib.sha256(data).digest())
    assert len(text) == 43
    assert decode_digest(text) == sha256(data)


@pytest.mark.parametrize("size_bytes", [0, 31, 33])
def test_digest_has_32_bytes(size_bytes: int) -> None:
    """No other number of bytes is a digest."""
    with pytest.raises(SeraiError) as caught:
        decode_digest(encode_base64url(bytes(size_bytes)))
    assert caught.value.code is Code.MALFORMED_JSON


@given(values)
def test_json_round_trip(value: Any) -> None:
    """Every value of I-JSON comes back as it was, from text and from its UTF-8 bytes."""
    text = encode_json(value)
    assert same(decode_json(text, MANY), value)
    assert same(decode_json(text.encode(), MANY), value)


@given(values)
def test_json_is_compact(value: Any) -> None:
    """What is written is what the standard library reads, and has no white space between tokens."""
    text = encode_json(value)
    assert same(json.loads(text), value)
    assert len(text) <= len(json.dumps(value, ensure_ascii=False))


def test_json_spelling() -> None:
    """Names keep their order, and what is not ASCII is written as itself."""
    assert encode_json({"b": [1, None], "a": "\u0416"}) == '{"b":[1,null],"a":"\u0416"}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_json_lacks_is_not_written(value: float) -> None:
    """Writing NaN or an infinity is a fault of the caller."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_json({"a": value})


@given(st.binary(max_size=60) | st.text(max_size=60))
@example(b"\xff")
@example("\ud800")
def test_any_input_is_read_or_refused(text: str | bytes) -> None:
    """Whatever arrives is read or refused as ``malformed_json``; no other fault gets out."""
    try:
        decode_json(text, MANY)
    except SeraiError as error:
        assert error.code is Code.MALFORMED_JSON  # noqa: PT017 - both outcomes are legal, each with its own claim


@pytest.mark.parametrize("data", [b'"\xff"', b'"\xc0\xaf"', b'"\xed\xa0\x80"', '"a"'.encode("utf-16")])
def test_what_is_not_utf8_is_refused(data: bytes) -> None:
    """Stray bytes, overlong forms, encoded surrogates and other encodings are refused."""
    assert_refused(data, "not UTF-8")


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "[1,]", '{"a":1,}', "{'a':1}", "[1] [2]", "01", "+1", ".5", "1.", "0x1", "True", '"\t"', "\ufeff1"],
)
def test_what_is_not_json_is_refused(text: str) -> None:
    """Near misses, two values, control characters in a string and a byte order mark are refused."""
    assert_refused(text, "not JSON")


@pytest.mark.parametrize(
    "text", ['{"a":1,"a":1}', '{"a":1,"b":2,"a":3}', '{"a":1,"\\u0061":2}', '[{"x":{"a":1,"a":2}}]', '{"":1,"":2}']
)
def test_duplicate_names_are_refused(text: str) -> None:
    """A name twice in one object is refused, however deep and however it is escaped."""
    assert_refused(text, "duplicate name")


def test_same_name_in_two_objects_is_read() -> None:
    """The same name may stand in an object and in one inside it."""
    assert decode_json('{"a":{"a":1}}', MANY) == {"a": {"a": 1}}


@pytest.mark.parametrize(
    "text",
    ['"\\ud800"', '"\\uDFFF"', '{"\\ud800":1}', '["a",{"b":"\\udc00\\ud800"}]', '"\ud800"', '{"a":["\udfff"]}'],
)
def test_lone_surrogates_are_refused(text: str) -> None:
    """A lone surrogate is refused in values and names, escaped or raw."""
    assert_refused(text, "lone surrogate")


@pytest.mark.parametrize("text", ['"\\ud83d\\ude00"', '"\U0001f600"'])
def test_paired_surrogates_are_one_character(text: str) -> None:
    """An escaped pair is read as the character it stands for."""
    assert decode_json(text, MANY) == "\U0001f600"


def test_escaped_backslash_is_no_surrogate() -> None:
    """A backslash followed by what looks like an escape is text."""
    assert decode_json('"\\\\ud800"', MANY) == "\\ud800"


@pytest.mark.parametrize("number", [0, 1, -1, MAX_SAFE_INTEGER, -MAX_SAFE_INTEGER])
def test_safe_integers_are_read(number: int) -> None:
    """Integers that every implementation reads exactly stay integers."""
    assert same(decode_json(str(number), MANY), number)


@pytest.mark.parametrize(
    "text", [str(MAX_SAFE_INTEGER + 1), str(-MAX_SAFE_INTEGER - 1), "-0", "1" + "0" * 17, "9" * 5000]
)
def test_other_integers_are_refused(text: str) -> None:
    """Integers beyond that, minus zero and endless digits are refused."""
    assert_refused(f"[{text}]", "integer out of range")


@pytest.mark.parametrize("text", ["1.0", "1e3", "1E3", "0.5", "-0.0", "1e400", "0." + "1" * 40])
def test_numbers_with_a_fraction_are_refused(text: str) -> None:
    """Every number on the wire is written as an integer: any other could be read in two ways."""
    assert_refused(text, "a number that is not written as an integer")
    assert_refused(f'{{"a":[{text}]}}', "a number that is not written as an integer")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_fractions_are_read_where_a_person_is_to_see_them(value: float) -> None:
    """What others wrote for people may have them, within the range of a double."""
    assert same(decode_json(encode_json(value), MANY, fractions=True), value)
    assert same(decode_object(encode_json({"a": value}), MANY, fractions=True), {"a": value})


@pytest.mark.parametrize("text", ["1e400", "-1e400", "0." + "1" * 40])
def test_fractions_out_of_range_are_refused(text: str) -> None:
    """What overflows to an infinity or has endless digits is refused even there."""
    with refused(Code.MALFORMED_JSON, "number out of range"):
        decode_json(text, MANY, fractions=True)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity"])
def test_constants_of_other_languages_are_refused(text: str) -> None:
    """NaN and the infinities are not JSON, wherever they stand."""
    assert_refused(text, f"{text} is not JSON")
    assert_refused(f'{{"a":{text}}}', f"{text} is not JSON")


@given(st.integers(1, MAX_DEPTH))
@example(MAX_DEPTH)
def test_permitted_depth_is_read(depth: int) -> None:
    """Arrays and objects may be nested to the limit."""
    assert decode_json(nested(depth, "1"), MANY) == json.loads(nested(depth, "1"))
    text = '{"a":' * depth + "1" + "}" * depth
    assert decode_json(text, MANY) == json.loads(text)


@given(st.integers(MAX_DEPTH + 1, 300))
@example(MAX_DEPTH + 1)
def test_deeper_nesting_is_refused(depth: int) -> None:
    """One level more is refused, empty or not, in arrays and in objects."""
    assert_refused(nested(depth), f"nested deeper than {MAX_DEPTH}")
    assert_refused(nested(depth, "1"), f"nested deeper than {MAX_DEPTH}")
    assert_refused('{"a":' * depth + "1" + "}" * depth, f"nested deeper than {MAX_DEPTH}")


@pytest.mark.parametrize("core", ["", '"\\ud83d\\ude00"', '"\\ud800"'])
def test_nesting_near_the_stack_is_refused(core: str) -> None:
    """Depth at which the interpreter itself gives up is refused like any other."""
    for depth in [*range(850, 1010), 9_000]:
        with pytest.raises(SeraiError) as caught:
            decode_json(nested(depth, core), MANY)
        assert caught.value.code is Code.MALFORMED_JSON


@given(values)
def test_members_are_bounded(value: Any) -> None:
    """A text is read with as many commas and openings as it has, and refused with one fewer allowed."""
    text = encode_json(value)
    count = sum(text.count(mark) for mark in ",{[")
    assert same(decode_json(text, count), value)
    assert_refused(text, f"more than {count - 1} members", count - 1)


def test_members_are_counted_before_parsing() -> None:
    """Too many members are refused as such, even where the text is no JSON."""
    assert_refused("[" * 11, "more than 10 members", 10)


@given(st.text(ALPHABET, min_size=8, max_size=20))
def test_refusal_does_not_quote(secret: str) -> None:
    """The refusal of a text never holds a piece of it."""
    with pytest.raises(SeraiError) as caught:
        decode_json(f'{{"{secret}":1,"{secret}":', MANY)
    assert secret not in str(caught.value)


@given(st.dictionaries(texts, scalars, max_size=5))
def test_object_round_trip(value: dict[str, Any]) -> None:
    """An object comes back as it was."""
    assert same(decode_object(encode_json(value), MANY), value)


@given(values.filter(lambda value: not isinstance(value, dict)))
def test_only_an_object_is_an_object(value: Any) -> None:
    """Any other value is refused where an object is due."""
    with pytest.raises(SeraiError) as caught:
        decode_object(encode_json(value), MANY)
    assert (caught.value.code, caught.value.detail) == (Code.MALFORMED_JSON, "not an object")
