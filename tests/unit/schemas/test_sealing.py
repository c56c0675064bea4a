"""Sealing: one content, one signature, and for each recipient a key of its own to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas import sealing
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.encoding import decode_base64url, encode_base64url, encode_json, sha256
from schemas.errors import Code, SeraiError
from schemas.frames import Submit, encode_frame, parse_frame
from schemas.keys import DecryptionKey
from schemas.limits import CONTENT_BYTES, CONTENT_MIN_BYTES, FRAME_BYTES, RECIPIENTS
from schemas.merkle import hash_leaf, root_of, verify_inclusion
from schemas.sealing import (
    PROTECTED,
    Body,
    ContentClaim,
    Entry,
    Envelope,
    UnverifiedSealed,
    entries_root,
    open_body,
    pad_content,
    parse_copy,
    parse_sealed,
    seal,
    unwrap_key,
    verify_body,
    verify_commitment,
)
from schemas.statements import parse_statement
from tests.support.open_jwe import open_jwe
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, UZ, World, content_json, decryption_key, inclusion_proof

VECTORS = Path(__file__).parents[2] / "vectors" / "jose-hpke-pq"
WORLD = World([KZ, KG, TJ, UZ])
SENT = WORLD.dispatch("KZ/NFP/DUTY-1", [TJ, KG])
SEALED, ENVELOPE, CLAIM = SENT.sealed, SENT.envelope, SENT.claim
REPORT = b'{"note":"a toy report"}'


def _key(member: str) -> DecryptionKey:
    key = WORLD.party(member).enc
    assert key is not None
    return key


def _changed(text: str) -> str:
    """The text with its first character changed."""
    return ("B" if text[0] != "B" else "C") + text[1:]


def _vector(name: str) -> Any:
    return json.loads((VECTORS / name).read_text())


def test_outside_vector_opens_with_our_keys_and_suite() -> None:
    """The draft's example opens with the key made from its seed and the suite that we seal with."""
    jwe, jwk = _vector("HPKE-9-KE-flattened.json"), _vector("jwk-HPKE-9-KE.json")
    key = DecryptionKey.from_seed(decode_base64url(jwk["priv"]))
    header = json.loads(decode_base64url(jwe["protected"]))
    wrapped = decode_base64url(header["ek"]) + decode_base64url(jwe["encrypted_key"])
    content_key = sealing._SUITE.decrypt(wrapped, key.private_key, b"JOSE-HPKE rcpt\xffA256GCM\xff")
    sealed = decode_base64url(jwe["ciphertext"]) + decode_base64url(jwe["tag"])
    associated = f"{jwe['protected']}.{jwe['aad']}".encode()
    content = AESGCM(content_key).decrypt(decode_base64url(jwe["iv"]), sealed, associated)
    assert content.startswith(b"You can trust us to stick with you")


def test_second_opinion_opens_the_outside_vectors() -> None:
    """The independent code of the tests opens both forms of the draft's example."""
    seed = decode_base64url(_vector("jwk-HPKE-9-KE.json")["priv"])
    flattened = _vector("HPKE-9-KE-flattened.json")
    names = ("protected", "encrypted_key", "iv", "ciphertext", "tag")
    compact = dict(zip(names, (VECTORS / "HPKE-9-KE-compact.txt").read_text().strip().split("."), strict=True))
    contents = {open_jwe(jwe, jwe, seed, b"")[1] for jwe in (flattened, compact)}
    assert len(contents) == 1


@pytest.mark.parametrize("member", [TJ, KG, KZ])
def test_second_opinion_opens_ours(member: Address) -> None:
    """Each recipient, and the sender's member, opens its entry with code that is not ours."""
    jwe = json.loads(json.dumps(SEALED.to_json()))
    extra = encode_json([*ENVELOPE, member]).encode()
    entry = jwe["recipients"][SENT.addresses.index(member)]
    content_key, content = open_jwe(jwe, entry, _key(member).seed, extra)
    assert (content_key, content) == (SENT.content_key, REPORT.ljust(2048))


@pytest.mark.parametrize("member", [TJ, KG, KZ])
def test_recipient_opens(member: Address) -> None:
    """Each recipient's copy goes through the steps and gives the report."""
    copy = parse_copy(json.loads(json.dumps(SENT.copy(member).to_json())))
    assert copy == SENT.copy(member)
    assert copy.entry.kid == _key(member).kid
    verify_body(copy.body, CLAIM, ENVELOPE)
    content_key = unwrap_key(copy.entry, _key(member), CLAIM, ENVELOPE, member)
    assert open_body(copy.body, content_key, ENVELOPE).rstrip() == REPORT


def test_form_by_hand() -> None:
    """What is sealed has the members, header and additional data that PROTOCOL 7 says."""
    jwe = SEALED.to_json()
    assert list(jwe) == ["protected", "iv", "ciphertext", "tag", "aad", "recipients"]
    assert decode_base64url(PROTECTED) == b'{"enc":"A256GCM"}'
    aad = f'["{WORLD.network}","actual","{ENVELOPE.jti}","KZ/NFP/DUTY-1"]'
    assert decode_base64url(jwe["aad"]) == aad.encode()
    assert [entry["header"] for entry in jwe["recipients"]] == [
        {"alg": "HPKE-9-KE", "kid": _key(member).kid, "ek": entry.ek}
        for member, entry in zip([TJ, KG, KZ], SEALED.entries, strict=True)
    ]


def test_claim_by_hand() -> None:
    """Digest, commitment, entries and size are those of PROTOCOL 7, put together by hand."""
    jwe = SEALED.to_json()
    text = ".".join(jwe[name] for name in ("protected", "iv", "ciphertext", "tag", "aad"))
    entries = [
        ".".join([*(entry["header"][name] for name in ("alg", "kid", "ek")), entry["encrypted_key"]])
        for entry in jwe["recipients"]
    ]
    assert (
        ContentClaim(
            sha256(text.encode()),
            sha256(b"serai content key v1\0" + ENVELOPE.jti.encode() + SENT.content_key),
            root_of([hash_leaf(entry.encode()) for entry in entries]),
            2048,
        )
        == CLAIM
    )


def test_parts_come_back_from_their_bytes() -> None:
    """Body and entries read back from the bytes that are hashed and kept."""
    assert Body.from_bytes(SEALED.body.to_bytes()) == SEALED.body
    assert [Entry.from_bytes(entry.to_bytes()) for entry in SEALED.entries] == list(SEALED.entries)
    assert parse_sealed(SEALED.to_json()) == SEALED


def test_own_entry_is_proven() -> None:
    """An entry with its proof is in the cover's root at its place, another's or another place is not."""
    hashes = [hash_leaf(entry.to_bytes()) for entry in SEALED.entries]
    for index, leaf in enumerate(hashes):
        verify_inclusion(leaf, index, len(hashes), inclusion_proof(hashes, index), CLAIM.entries)
    with refused(Code.BAD_PROOF):
        verify_inclusion(hashes[1], 0, len(hashes), inclusion_proof(hashes, 0), CLAIM.entries)


def test_swapped_entries_make_another_root() -> None:
    """Entries in another order, one fewer, or one changed by a character are not those signed."""
    one, two, three = SEALED.entries
    forged = replace(one, encrypted_key=_changed(one.encrypted_key))
    for entries in ([two, one, three], [one, two], [one, two, three, three], [forged, two, three]):
        assert entries_root(entries) != CLAIM.entries


@pytest.mark.parametrize("name", ["iv", "ciphertext", "tag", "aad"])
def test_body_is_the_one_signed(name: str) -> None:
    """A character changed anywhere in the body is a content mismatch."""
    body = replace(SEALED.body, **{name: _changed(getattr(SEALED.body, name))})
    with refused(Code.CONTENT_MISMATCH, "digest"):
        verify_body(body, CLAIM, ENVELOPE)


def test_size_is_the_one_signed() -> None:
    """A body whose size the cover misstates is refused."""
    with refused(Code.CONTENT_MISMATCH, "size"):
        verify_body(SEALED.body, CLAIM._replace(size=2176), ENVELOPE)


@pytest.mark.parametrize("name", Envelope._fields)
def test_body_belongs_to_its_cover(name: str) -> None:
    """A body lifted to a cover of another network, status, jti or issuer is refused, even if that cover names it."""
    other = ENVELOPE._replace(**{name: "other"})
    with refused(Code.CONTENT_MISMATCH, "aad"):
        verify_body(SEALED.body, CLAIM, other)
    with refused(Code.DECRYPTION_FAILED):
        open_body(SEALED.body, SENT.content_key, other)
    with refused(Code.DECRYPTION_FAILED):
        unwrap_key(SEALED.entries[0], _key(TJ), CLAIM, other, TJ)


def test_aad_is_rebuilt() -> None:
    """Additional data as sent is not believed: a body sealed under other data does not open under the cover's."""
    other = ENVELOPE._replace(status="exercise")
    sealed, _ = seal(REPORT, other, [(TJ, _key(TJ).public)], SENT.content_key, bytes(12))
    relabelled = replace(sealed.body, aad=SEALED.body.aad)
    assert open_body(sealed.body, SENT.content_key, other).rstrip() == REPORT
    for body in (sealed.body, relabelled):
        with refused(Code.DECRYPTION_FAILED):
            open_body(body, SENT.content_key, ENVELOPE)


def test_entry_belongs_to_its_recipient() -> None:
    """An entry opens only with its key and for its address."""
    for entry, key, member in (
        (SEALED.entries[0], _key(KG), TJ),
        (SEALED.entries[1], _key(TJ), TJ),
        (SEALED.entries[0], _key(TJ), KG),
        (SEALED.entries[0], _key(UZ), UZ),
    ):
        with refused(Code.DECRYPTION_FAILED):
            unwrap_key(entry, key, CLAIM, ENVELOPE, member)


@pytest.mark.parametrize("ek", [bytes(1120), b"\xff" * 1120, bytes(1088) + (1).to_bytes(32, "little")])
def test_hostile_encapsulations_are_refused(ek: bytes) -> None:
    """An ``ek`` of all zeros, of all ones or with a point of small order does not open, and nothing else happens."""
    entry = replace(SEALED.entries[0], ek=encode_base64url(ek))
    with refused(Code.DECRYPTION_FAILED):
        unwrap_key(entry, _key(TJ), CLAIM, ENVELOPE, TJ)


def test_two_contents_under_one_signature() -> None:
    """A sender who gives one recipient another content key is found out by the commitment."""
    other, _ = seal(REPORT, ENVELOPE, [(TJ, _key(TJ).public)], bytes(32), bytes(12))
    with refused(Code.COMMITMENT_MISMATCH):
        unwrap_key(other.entries[0], _key(TJ), CLAIM, ENVELOPE, TJ)


def test_commitment_binds_key_and_jti() -> None:
    """The commitment holds for this key and this jti only."""
    verify_commitment(SENT.content_key, CLAIM, ENVELOPE)
    for key, envelope in ((bytes(32), ENVELOPE), (SENT.content_key, ENVELOPE._replace(jti=_changed(ENVELOPE.jti)))):
        with refused(Code.COMMITMENT_MISMATCH):
            verify_commitment(key, CLAIM, envelope)


def test_content_does_not_open_with_another_key() -> None:
    """Another content key, or one of another length, does not open the content."""
    for key in (bytes(32), bytes(5)):
        with refused(Code.DECRYPTION_FAILED):
            open_body(SEALED.body, key, ENVELOPE)


def _with(jwe: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**jwe, **changes}.items() if value is not ...}


WHOLE = SEALED.to_json()
COPY = SENT.copy(KG).to_json()
ENTRY = WHOLE["recipients"][0]
SPARE = encode_base64url(bytes(2048))[:-1]

BODY_CHANGES: list[dict[str, Any]] = [
    {"protected": encode_base64url(b'{"enc": "A256GCM"}')},
    {"protected": encode_base64url(b'{"enc":"A256GCM","zip":"DEF"}')},
    {"protected": encode_base64url(b'{"enc":"A128GCM"}')},
    {"protected": PROTECTED + "="},
    {"protected": None},
    {"protected": ["a"]},
    {"unprotected": {}},
    {"iv": "A" * 15},
    {"iv": "A" * 17},
    {"iv": "+" * 16},
    {"iv": 5},
    {"tag": "A" * 21 + "B"},
    {"tag": "A" * 24},
    {"aad": "A"},
    {"aad": None},
    {"aad": "AB=="},
    {"ciphertext": ""},
    {"ciphertext": encode_base64url(bytes(CONTENT_MIN_BYTES - 1))},
    {"ciphertext": encode_base64url(bytes(CONTENT_BYTES + 1))},
    {"ciphertext": SPARE + "B"},
    {"ciphertext": SPARE + "\n"},
    *({name: ...} for name in ("protected", "iv", "ciphertext", "tag", "aad")),
]

ENTRY_CHANGES: list[dict[str, Any]] = [
    {"header": _with(ENTRY["header"], alg="")},
    {"header": _with(ENTRY["header"], alg="A" * 33)},
    {"header": _with(ENTRY["header"], alg="HPKE.99")},
    {"header": _with(ENTRY["header"], alg="HPKE-99-KE", ek="A" * 8_196)},
    {"header": _with(ENTRY["header"], alg="HPKE-99-KE", ek="A=")},
    {"header": _with(ENTRY["header"], alg="HPKE-99-KE", kid="A")},
    {"header": _with(ENTRY["header"], alg="HPKE-99-KE"), "encrypted_key": 5},
    {"header": _with(ENTRY["header"], alg=["HPKE-9-KE"])},
    {"header": _with(ENTRY["header"], psk_id="a")},
    {"header": _with(ENTRY["header"], kid=...)},
    {"header": _with(ENTRY["header"], kid="A" * 42 + "B")},
    {"header": _with(ENTRY["header"], kid=5)},
    {"header": _with(ENTRY["header"], ek="A" * 1493)},
    {"header": _with(ENTRY["header"], ek=ENTRY["header"]["ek"][:-1] + "B")},
    {"header": {}},
    {"header": []},
    {"header": None},
    {"header": ...},
    {"encrypted_key": ...},
    {"encrypted_key": "A" * 63},
    {"encrypted_key": "A" * 63 + "."},
    {"encrypted_key": {}},
]


def test_entry_of_a_later_alg_is_kept() -> None:
    """An entry of an alg that is not known is kept as it is, and is nothing that can be opened here."""
    header = {"alg": "HPKE-99-KE", "kid": ENTRY["header"]["kid"], "ek": "A" * 8_192}
    later = _with(COPY, header=header, encrypted_key="")
    copy = parse_copy(later)
    assert copy.to_json() == later
    assert Entry.from_bytes(copy.entry.to_bytes()) == copy.entry
    with refused(Code.NO_KEY, "HPKE-99-KE"):
        unwrap_key(copy.entry, _key(KG), CLAIM, ENVELOPE, KG)


@pytest.mark.parametrize("changes", BODY_CHANGES)
def test_refuses_other_bodies(changes: dict[str, Any]) -> None:
    """A body outside the profile is refused in both forms; nothing in it is optional or has a second spelling."""
    with refused(Code.MALFORMED_SEALED):
        parse_sealed(_with(WHOLE, **changes))
    with refused(Code.MALFORMED_SEALED):
        parse_copy(_with(COPY, **changes))


@pytest.mark.parametrize("changes", ENTRY_CHANGES)
def test_refuses_other_entries(changes: dict[str, Any]) -> None:
    """An entry outside the profile is refused in both forms."""
    with refused(Code.MALFORMED_SEALED):
        parse_sealed(_with(WHOLE, recipients=[ENTRY, _with(ENTRY, **changes)]))
    with refused(Code.MALFORMED_SEALED):
        parse_copy(_with(COPY, **changes))


@pytest.mark.parametrize("recipients", [[], {}, "", None, ..., [None], [[]], [ENTRY | {"a": 1}], [ENTRY] * 1_002])
def test_refuses_other_recipients(recipients: Any) -> None:
    """A list of 1 to 1,001 entries is due."""
    with refused(Code.MALFORMED_SEALED):
        parse_sealed(_with(WHOLE, recipients=recipients))


@pytest.mark.parametrize("value", [None, [], "", 5, {}, COPY])
def test_forms_are_not_mixed(value: Any) -> None:
    """Where the general form is due the flattened one is refused, and the other way round."""
    with refused(Code.MALFORMED_SEALED):
        parse_sealed(value)
    with refused(Code.MALFORMED_SEALED):
        parse_copy(WHOLE if value is COPY else value)


@pytest.mark.parametrize(
    ("length", "size_bytes"),
    [
        (0, 2_048),
        (2_048, 2_048),
        (2_049, 2_176),
        (2_176, 2_176),
        (4_095, 4_096),
        (4_097, 4_352),
        (100_000, 100_352),
        (131_072, 131_072),
        (131_073, 135_168),
        (196_608, 196_608),
    ],
)
def test_padding(length: int, size_bytes: int) -> None:
    """Content is followed by spaces up to the size that Padmé gives."""
    padded = pad_content(b"x" * length)
    assert (padded[:length], padded[length:].strip(b" "), len(padded)) == (b"x" * length, b"", size_bytes)


def test_too_large_to_seal() -> None:
    """Content over 196,608 bytes is refused."""
    with refused(Code.MALFORMED_SEALED):
        pad_content(bytes(CONTENT_BYTES + 1))


def test_largest_dispatch_fits() -> None:
    """A thousand recipients with the longest addresses and the largest content fit the limits."""
    key = decryption_key("many").public
    to = [Address(f"{'A' * 24}/{number:024}") for number in range(RECIPIENTS)]
    one, claim = seal(bytes(CONTENT_BYTES), ENVELOPE, [(to[0], key)], bytes(32), bytes(12))
    sealed = UnverifiedSealed(one.body, one.entries * (RECIPIENTS + 1))
    claims = {"to": to, "kind": "bulletin", "status": "actual", "precedence": "routine", "handling": "H0"}
    text = WORLD.sign(StatementType.DISPATCH, KZ, {**claims, "content": content_json(claim)})
    frame = encode_frame(Submit(statement=text, sealed=sealed.to_json()))
    assert len(frame.encode()) <= FRAME_BYTES
    read = parse_frame(frame)
    assert isinstance(read, Submit)
    assert parse_sealed(read.sealed) == sealed
    assert WORLD.verified(parse_statement(read.statement).text).claims.iss == KZ


def test_nothing_secret_in_a_refusal() -> None:
    """A refusal tells the step, never content or key."""
    with pytest.raises(SeraiError) as caught:
        unwrap_key(SEALED.entries[0], _key(KG), CLAIM, ENVELOPE, TJ)
    assert caught.value.detail == "the entry does not open"
