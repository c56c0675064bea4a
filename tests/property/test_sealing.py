"""Sealing whatever content to whomever: each recipient opens it, nobody else, and no change goes unnoticed."""

from __future__ import annotations

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.addresses import Address
from schemas.encoding import decode_json, encode_json
from schemas.errors import Code
from schemas.limits import CONTENT_BYTES, CONTENT_MIN_BYTES, FRAME_MEMBERS
from schemas.sealing import (
    Body,
    Entry,
    Envelope,
    open_body,
    pad_content,
    parse_copy,
    parse_sealed,
    seal,
    unwrap_key,
    verify_body,
)
from tests.support.open_jwe import open_jwe
from tests.support.refusals import outcome
from tests.support.world import KG, KZ, MEMBERS, World, decryption_key

WORLD = World([KZ, KG])
SENT = WORLD.dispatch(KZ, [KG])
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
envelopes = st.builds(Envelope, words, words, st.just(SENT.envelope.jti), words)
recipients = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=4, unique=True)
contents = st.binary(max_size=200) | st.integers(0, 6_000).map(lambda size: b"x" * size)


@given(contents, envelopes, recipients, st.binary(min_size=32, max_size=32), st.binary(min_size=12, max_size=12))
def test_everybody_named_opens(content: bytes, envelope: Envelope, to: list[Address], key: bytes, iv: bytes) -> None:
    """Sealed, sent as JSON and parsed, content opens for each recipient, with our code and with other code."""
    sealed, claim = seal(content, envelope, [(each, decryption_key(each).public) for each in to], key, iv)
    jwe = decode_json(encode_json(sealed.to_json()), FRAME_MEMBERS)
    parsed = parse_sealed(jwe)
    verify_body(parsed.body, claim, envelope)
    for address, entry, sent in zip(to, parsed.entries, jwe["recipients"], strict=True):
        opened = open_body(parsed.body, unwrap_key(entry, decryption_key(address), claim, envelope, address), envelope)
        assert opened == pad_content(content)
        extra = encode_json([*envelope, address]).encode()
        assert open_jwe(jwe, sent, decryption_key(address).seed, extra) == (key, opened)


def _open(body: Body, entry: Entry) -> bytes:
    verify_body(body, SENT.claim, SENT.envelope)
    opener = WORLD.party(KG).enc
    assert opener is not None
    return open_body(body, unwrap_key(entry, opener, SENT.claim, SENT.envelope, KG), SENT.envelope)


@given(st.data())
def test_no_change_goes_unnoticed(data: st.DataObject) -> None:
    """Any character of a copy changed, put in or left out is refused, as a form or by a step."""
    jwe = SENT.copy(KG).to_json()
    member = data.draw(st.sampled_from(["iv", "ciphertext", "tag", "aad", "encrypted_key", "ek"]))
    home = jwe["header"] if member == "ek" else jwe
    text: str = home[member]
    at, cut = data.draw(st.integers(0, len(text) - 1)), data.draw(st.integers(0, 2))
    home[member] = text[:at] + data.draw(st.characters(exclude_categories=["Cs"])) + text[at + cut :]
    assume(home[member] != text)
    answer = outcome(lambda: _open(parse_copy(jwe).body, parse_copy(jwe).entry))
    assert answer in (Code.MALFORMED_SEALED, Code.CONTENT_MISMATCH, Code.DECRYPTION_FAILED)


@given(st.integers(0, CONTENT_BYTES))
def test_padding_leaks_little(length: int) -> None:
    """Padded content is never shorter, at most an eighth longer beyond the least size, and padded for good."""
    padded = pad_content(bytes(length))
    assert length <= len(padded) <= max(CONTENT_MIN_BYTES, length * 9 // 8)
    assert pad_content(padded) == padded


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_json_is_sealed_content_or_refused(data: st.DataObject) -> None:
    """Whatever JSON stands where sealed content is due, the answer is the content or its refusal."""
    whole, copy = json.loads(json.dumps(SENT.sealed.to_json())), SENT.copy(KG).to_json()
    place = data.draw(st.sampled_from([*whole, *copy, "new"]))
    value = data.draw(json_values)
    for parse, jwe in ((parse_sealed, whole), (parse_copy, copy)):
        assert outcome(lambda parse=parse: parse(value)) is Code.MALFORMED_SEALED  # type: ignore[misc]
        changed = {**jwe, place: value}
        answer = outcome(lambda parse=parse, changed=changed: parse(changed))  # type: ignore[misc]
        assert answer is Code.MALFORMED_SEALED or place == "aad"
