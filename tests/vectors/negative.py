"""What must be refused: each vector has one fault, and the code that names it.

``kind`` says how the input is read: `READERS` of ``tests/test_vectors.py`` has one reader
for each, and the README beside the vectors describes them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.addresses import Address
from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, encode_json, sha256
from schemas.errors import Code
from schemas.keys import SigningKey
from schemas.merkle import encode_proof
from schemas.sealing import entries_root
from schemas.statements import read_payload
from tests.vectors import scenario
from tests.vectors.blobs import blobs_refused
from tests.vectors.edges import ed25519_refused
from tests.vectors.evidence import evidence_refused
from tests.vectors.reports import reports_refused
from tests.vectors.scenario import KG, KZ, NETWORK, OFFICER, TIME_S, UZ, Scenario, signing

Vector = dict[str, Any]


def negative_vectors(made: Scenario) -> dict[str, Vector]:
    """Every negative vector by the name of its file."""
    cases = (_directories, _contents, _ledgers, evidence_refused)
    made_of = {name: vector for case in cases for name, vector in case(made).items()}
    return {**_texts(), **_statements(made), **ed25519_refused(), **reports_refused(), **blobs_refused(), **made_of}


def _vector(kind: str, fault: str, code: Code, **given: Any) -> Vector:
    return {"fault": fault, "kind": kind, **given, "code": code.value}


def _texts() -> dict[str, Vector]:
    x = signing(KZ).public.to_jwk()["x"]
    ack = '{"type":"ack","cursors":{"public":0,"urgent":0,"normal":0}'
    json_code, frame = Code.MALFORMED_JSON, Code.MALFORMED_FRAME
    return {
        "json-duplicate-name": _vector("json", "a name twice", json_code, text='{"a":1,"a":1}'),
        "json-lone-surrogate": _vector("json", "a lone surrogate", json_code, text='{"a":"\\ud800"}'),
        "json-large-integer": _vector("json", "an integer beyond 2^53 - 1", json_code, text='{"a":9007199254740992}'),
        "json-fraction": _vector("json", "a number with a point", json_code, text='{"a":1.0}'),
        "json-exponent": _vector("json", "a number with an exponent", json_code, text='{"a":1e3}'),
        "json-minus-zero": _vector("json", "minus zero", json_code, text='{"a":-0}'),
        "json-nan": _vector("json", "NaN", json_code, text='{"a":NaN}'),
        "json-too-deep": _vector("json", "nested 33 deep", json_code, text='{"a":' + "[" * 32 + "]" * 32 + "}"),
        "base64url-padding": _vector("base64url", "padding", json_code, text="AAAAAA=="),
        "base64url-spare-bits": _vector("base64url", "spare bits that are not zero", json_code, text="AB"),
        "address-lower-case": _vector("address", "small letters", Code.MALFORMED_ADDRESS, text="kz/NFP"),
        "address-four-parts": _vector("address", "four parts", Code.MALFORMED_ADDRESS, text="KZ/NFP/DUTY-1/A"),
        "address-short-part": _vector("address", "a part of one character", Code.MALFORMED_ADDRESS, text="KZ/N"),
        "jwk-further-member": _vector(
            "jwk", "a member too many", Code.MALFORMED_KEY, jwk={"kty": "OKP", "crv": "Ed25519", "x": x, "use": "sig"}
        ),
        "jwk-secret": _vector(
            "jwk", "a secret member", Code.MALFORMED_KEY, jwk={"kty": "OKP", "crv": "Ed448", "x": "AAAA", "d": "AAAA"}
        ),
        "jwk-escape": _vector(
            "jwk", "a member that JSON would escape", Code.MALFORMED_KEY, jwk={"kty": "NEW", "x": "\\"}
        ),
        "frame-further-member": _vector("frame", "an unknown member", frame, text=ack + ',"more":1}'),
        "frame-both": _vector("frame", "an item with a statement that is gone", frame, text=_item(statement="a.b.c")),
        "frame-gone-sealed": _vector("frame", "content of what is gone", frame, text=_item(sealed={}, entry_proof="")),
        "frame-neither": _vector("frame", "an item without statement that is not gone", frame, text=_item(gone=...)),
        "frame-gone-false": _vector("frame", "gone that is false", frame, text=_item(gone=False)),
        "frame-fraction": _vector("frame", "a number with a point", frame, text=ack.replace(":0}", ":0.0}") + "}"),
        "frame-features-twice": _vector("frame", "a feature twice", frame, text=_greeting(["a", "a"])),
        "frame-features-word": _vector("frame", "a feature that is no word", frame, text=_greeting(["A-B"])),
        "frame-features-none": _vector("frame", "no features", frame, text=_greeting(None)),
        "frame-unknown-type": _vector("frame", "an unknown type", frame, text='{"type":"hello"}'),
    }


def _item(**changes: Any) -> str:
    item = {"lane": "normal", "index": 5, "leaf": "A" * 58, "gone": True, "proof": "", **changes}
    kept = {name: value for name, value in item.items() if value is not ...}
    return encode_json({"type": "deliver", "items": [kept], "checkpoint": "", "consistency": ""})


def _greeting(features: object) -> str:
    limits = {"frame": 2_097_152, "in_flight": 128, "blob": 268_435_456}
    head = {"type": "welcome", "protocol": "serai.v1", "network": NETWORK, "epoch": 0, "time": TIME_S * 1000}
    return encode_json({**head, "limits": limits, "features": features})


def _signed(header: str, payload: str, key: SigningKey) -> str:
    text = f"{encode_base64url(header.encode())}.{encode_base64url(payload.encode())}"
    return f"{text}.{encode_base64url(key.sign(text.encode()))}"


def _header(key: SigningKey, typ: str = "serai-receipt+jwt", alg: str = "Ed25519") -> str:
    return f'{{"alg":"{alg}","kid":"{key.kid}","typ":"{typ}"}}'


def _statements(made: Scenario) -> dict[str, Vector]:
    key, good = signing(KG), made.receipt
    claims = {**scenario.common(6, KG), "to": KZ, "outcome": "received", "digests": ["A" * 43]}
    sent = scenario.cover(made.sealed[1])
    malformed, no_alg, dispatch = Code.MALFORMED_STATEMENT, Code.UNSUPPORTED_ALG, "serai-dispatch+jwt"
    later = _signed(_header(key, alg="ML-DSA-65"), encode_json(claims), key).rpartition(".")[0] + "." + "A" * 4_412

    def vector(fault: str, code: Code, text: str) -> Vector:
        return _vector("statement", fault, code, statement=text, jwk=key.public.to_jwk())

    def receipt(**changes: Any) -> str:
        return _signed(_header(key), encode_json({**claims, **changes}), key)

    def token(**changes: Any) -> str:
        return _signed(_header(key, "serai-session+jwt"), encode_json({**scenario.token("read"), **changes}), key)

    def event(**changes: Any) -> str:
        hub = signing("event")
        said = {**scenario.common(6, Address("CENTRE/HUB")), "event": "suspended", "member": KG, **changes}
        return _signed(_header(hub, "serai-event+jwt"), encode_json(said), hub)

    def cover(**changes: Any) -> str:
        return _signed(_header(key, dispatch), encode_json({**sent, **changes}), key)

    tail = good.rsplit(".", 1)
    flipped = f"{tail[0]}.{'B' if tail[1][0] == 'A' else 'A'}{tail[1][1:]}"
    spaced = _signed(_header(key).replace(",", ", "), encode_json(claims), key)
    return {
        "statement-signature": vector("another signature", Code.BAD_SIGNATURE, flipped),
        "statement-header-order": vector("white space in the header", malformed, spaced),
        "statement-alg-none": vector("another alg", no_alg, _signed(_header(key, alg="none"), "{}", key)),
        "statement-eddsa": vector("the old name of the alg", no_alg, _signed(_header(key, alg="EdDSA"), "{}", key)),
        "statement-ml-dsa": vector("an alg of a later version, with its signature", no_alg, later),
        "statement-typ": vector("an unknown typ", Code.UNSUPPORTED_TYPE, _signed(_header(key, "jwt"), "{}", key)),
        "statement-other-key": vector("another key's kid", Code.UNKNOWN_KEY, made.statements[2]),
        "statement-critical": vector(
            "critical names an unknown claim", Code.UNSUPPORTED_CRITICAL, receipt(critical=["secret"])
        ),
        "statement-critical-absent": vector("critical names what is not there", malformed, receipt(critical=["view"])),
        "token-hub-case": vector("a hub in capitals", malformed, token(hub="wss://HUB.example:443")),
        "token-hub-port": vector("a hub without its port", malformed, token(hub="wss://hub.example")),
        "token-seat": vector("a seat in a token to read", malformed, token(seat="desk")),
        "token-use": vector("a use that there is not", malformed, token(use="write")),
        "statement-null": vector("null in place of absence", malformed, receipt(reason=None)),
        "statement-jti": vector("a jti that is no UUIDv7", malformed, receipt(jti=scenario.jti(6).upper())),
        "receipt-without-step": vector("rejected without step", malformed, receipt(outcome="rejected", reason="x")),
        "receipt-without-reason": vector("rejected without reason", malformed, receipt(outcome="rejected", step=7)),
        "receipt-step-beside": vector("received with a step", malformed, receipt(step=7)),
        "receipt-digest-twice": vector("a digest twice", malformed, receipt(digests=["A" * 43] * 2)),
        "event-claims": _vector(
            "statement",
            "a claim of the event missing",
            malformed,
            statement=event(event="undeliverable", to=[KZ]),
            jwk=signing("event").public.to_jwk(),
        ),
        "event-erased-many": _vector(
            "statement",
            "sixty-five digests erased at once",
            malformed,
            statement=event(event="erased", to=[KZ], digests=_many(65), reason="law"),
            jwk=signing("event").public.to_jwk(),
        ),
        "event-erased-why": _vector(
            "statement",
            "erased without a reason",
            malformed,
            statement=event(event="erased", to=[KZ], digests=["A" * 43]),
            jwk=signing("event").public.to_jwk(),
        ),
        "dispatch-to-nobody": vector("an empty to", Code.NO_RECIPIENTS, cover(to=[])),
        "dispatch-to-twice": vector("a recipient twice", Code.DUPLICATE_RECIPIENT, cover(to=[KG, KG])),
        "dispatch-to-officer": vector("an officer in to", malformed, cover(to=["KG/NFP/DUTY-1"])),
        "dispatch-status": vector("an unknown status, at a hub", malformed, cover(status="real")),
        "dispatch-handling": vector("an unknown handling code, at a hub", malformed, cover(handling="H4")),
    }


def _many(count: int) -> list[str]:
    return [encode_base64url(sha256(str(number).encode())) for number in range(count)]


def _directories(made: Scenario) -> dict[str, Vector]:
    """Public statements of which the last is refused at its place."""

    def vector(fault: str, code: Code, *last: str) -> Vector:
        texts = [*made.statements[:5], *last]
        items = [{"statement": text, "index": at, "time": TIME_S + at} for at, text in enumerate(texts)]
        return _vector("directory", fault, code, root=NETWORK.partition("/")[2], network=NETWORK, items=items)

    def credential(sub: str, **changes: Any) -> str:
        return scenario.credential(7, Address(sub), **changes)

    def revoke(iss: Address, sub: Address) -> str:
        claims = {**scenario.common(7, iss), "sub": sub, "kid": signing(sub).kid, "reason": "lost"}
        return scenario.sign(StatementType.REVOCATION, claims, signing(iss))

    def named(name: str) -> str:
        return unchecked(StatementType.CREDENTIAL, scenario.credential(7, Address("KZ/NFP/DUTY-2")), {"name": name})

    def asked(sub: str, key: SigningKey | None = None, **changes: Any) -> str:
        return scenario.request(7, Address(sub), key, **{"roles": ["exchange", "duty_officer"], **changes})

    def later(**changes: Any) -> str:
        return later_epoch(1, {**scenario.document(), **changes})

    def later_epoch(number: int, document: Vector) -> str:
        start = {"epoch": number, "index": 5, "root": encode_base64url(made.prover.root_at(5)), "network": document}
        key = signing("ROOT")
        return _signed(_header(key, "serai-epoch+jwt"), encode_json({**scenario.common(7, "ROOT"), **start}), key)

    def unchecked(kind: StatementType, text: str, changes: Vector) -> str:
        key = signing(KZ)
        return _signed(_header(key, kind.typ), encode_json({**read_payload(text), **changes}), key)

    invalid, malformed, unasked = Code.CREDENTIAL_INVALID, Code.MALFORMED_STATEMENT, Code.REQUEST_INVALID
    officer = "KZ/NFP/DUTY-2"
    signed = asked(officer).rpartition(".")
    unformed = _signed(_header(signing(officer), "serai-enrolment+jwt"), "{}", signing(officer))
    other = f"{signed[0]}.{asked('KZ/NFP/DUTY-3').rpartition('.')[2]}"
    network = f"vectors/{signing('stranger').kid}"
    return {
        "credential-roles-wider": vector(
            "a role that the issuer does not hold", invalid, credential("KZ/NFP/DUTY-2", roles=["audit"])
        ),
        "credential-outlives-issuer": vector(
            "it ends after its issuer's", invalid, credential("KZ/NFP/DUTY-2", exp=TIME_S + 31_536_001)
        ),
        "credential-of-another": vector(
            "a key that is another address's",
            Code.KEY_REUSED,
            credential("KZ/NFP/DUTY-2", request=asked("KZ/NFP/DUTY-2", signing(OFFICER))),
        ),
        "credential-of-next-root": vector(
            "the key of the next root",
            Code.KEY_REUSED,
            credential("KZ/NFP/DUTY-2", request=asked("KZ/NFP/DUTY-2", signing("next ROOT"))),
        ),
        "request-signature": vector("a request with another signature", unasked, credential(officer, request=other)),
        "request-of-another": vector(
            "a request of another address", unasked, credential(officer, request=asked("KZ/NFP/DUTY-3"))
        ),
        "request-other-network": vector(
            "a request in another network", unasked, credential(officer, request=asked(officer, aud=network))
        ),
        "request-fewer-roles": vector(
            "a role that was not asked for", unasked, credential(officer, request=asked(officer, roles=["exchange"]))
        ),
        "request-older": vector(
            "a request older than the one answered before",
            unasked,
            credential(OFFICER, request=asked(OFFICER, iat=TIME_S + 1)),
        ),
        "request-ahead": vector(
            "a request dated ahead",
            Code.CLOCK_AHEAD,
            credential(officer, request=asked(officer, iat=TIME_S + 126)),
        ),
        "request-no-request": vector("a receipt for a request", unasked, credential(officer, request=made.receipt)),
        "request-form": vector(
            "a request of another form",
            malformed,
            credential(officer, request=unformed),
        ),
        "credential-name-lines": vector("a name of two lines", malformed, named("one\ntwo")),
        "credential-name-turned": vector("a name that turns its direction", malformed, named("KZ \u202eKZ")),
        "credential-name-blank": vector("a name of blanks", malformed, named(" \xa0")),
        "epoch-suite": vector("another suite", Code.UNSUPPORTED_SUITE, later(suite="serai-2")),
        "epoch-key-of-member": vector(
            "an event key that is a member's", Code.KEY_REUSED, later(event_key=signing(KZ).public.to_jwk())
        ),
        "epoch-key-of-other-purpose": vector(
            "a ledger key that was the event key",
            Code.KEY_REUSED,
            later(ledger_key=signing("event").public.to_jwk(), event_key=signing("stranger").public.to_jwk()),
        ),
        "epoch-name": vector("another name", Code.WRONG_NETWORK, later(name="other")),
        "epoch-keep-days": vector(
            "receipts kept shorter than mail", Code.MALFORMED_STATEMENT, later(keep_days={"mail": 90, "receipts": 60})
        ),
        "epoch-gap": vector("a number left out", Code.WRONG_EPOCH, later_epoch(2, scenario.document())),
        "credential-unknown-organisation": vector(
            "an organisation that the network document does not list", invalid, credential("ABCD/DESK")
        ),
        "credential-issuer-unknown": vector(
            "an issuer without credential", Code.UNKNOWN_KEY, credential("TJ/NFP/DUTY-1")
        ),
        "credential-of-revoked-key": vector(
            "a signing key that was revoked", Code.CREDENTIAL_REVOKED, revoke(KG, KG), credential(KG)
        ),
        "revocation-from-beside": vector(
            "by a member that does not stand above", Code.NOT_PERMITTED, revoke(KG, OFFICER)
        ),
    }


def _contents(made: Scenario) -> dict[str, Vector]:
    """A recipient's steps 6 to 9."""
    copy, dispatch = made.copy(KG).to_json(), made.dispatch
    flip = {"A": "B"}

    def changed(name: str) -> Vector:
        text = copy[name]
        return {**copy, name: flip.get(text[0], "A") + text[1:]}

    def vector(fault: str, code: Code, given: Vector, statement: str = dispatch, **changes: Any) -> Vector:
        base = {
            "statement": statement,
            "jwk": signing(OFFICER).public.to_jwk(),
            "copy": given,
            "entry_proof": encode_proof(made.entry_proof(0)),
            "recipient": KG,
            "seed": scenario.decryption(KG).seed.hex(),
        }
        return _vector("copy", fault, code, **{**base, **changes})

    committed = made.sealed[1]._replace(commitment=made.sealed[1].entries)
    other = scenario.sign(StatementType.DISPATCH, scenario.cover(committed), signing(OFFICER))
    header = {**copy["header"], "psk_id": "AAAA"}
    later = (replace(made.copy(KG).entry, alg="HPKE-99-KE"), *made.sealed[0].entries[1:])
    claim = made.sealed[1]._replace(entries=entries_root(later))
    signed_later = scenario.sign(StatementType.DISPATCH, scenario.cover(claim), signing(OFFICER))
    return {
        "copy-ciphertext": vector("another ciphertext", Code.CONTENT_MISMATCH, changed("ciphertext")),
        "copy-aad": vector("another aad", Code.CONTENT_MISMATCH, changed("aad")),
        "copy-protected": vector("another protected header", Code.MALFORMED_SEALED, changed("protected")),
        "copy-header": vector(
            "a member too many in the entry's header", Code.MALFORMED_SEALED, {**copy, "header": header}
        ),
        "copy-entry": vector("another entry", Code.ENTRIES_MISMATCH, changed("encrypted_key")),
        "copy-of-another": vector("another recipient's entry", Code.ENTRIES_MISMATCH, made.copy(UZ).to_json()),
        "copy-not-named": vector("a recipient not named", Code.NOT_A_RECIPIENT, copy, recipient="TJ/NFP"),
        "copy-no-key": vector(
            "an entry under a key not held", Code.NO_KEY, copy, seed=scenario.decryption(UZ).seed.hex()
        ),
        "copy-alg": vector(
            "an entry of an alg of a later version",
            Code.NO_KEY,
            {**copy, "header": {**copy["header"], "alg": "HPKE-99-KE"}},
            signed_later,
            entry_proof=encode_proof(scenario.entry_prover(later).inclusion(0)),
        ),
        "copy-alg-changed": vector(
            "an entry whose alg is not the one signed",
            Code.ENTRIES_MISMATCH,
            {**copy, "header": {**copy["header"], "alg": "HPKE-99-KE"}},
        ),
        "copy-commitment": vector("another commitment", Code.COMMITMENT_MISMATCH, copy, other),
    }


def _ledgers(made: Scenario) -> dict[str, Vector]:
    head, note, key = made.checkpoint, made.note, signing("ledger")
    proof = list(made.prover.inclusion(5))
    leaf = made.leaves[5].to_bytes()

    def noted(fault: str, text: str) -> Vector:
        known = {"origin": head.origin, "jwk": key.public.to_jwk()}
        return _vector("note", fault, Code.BAD_CHECKPOINT, note=text, **known)

    def viewed(fault: str, text: str) -> Vector:
        return _vector("view", fault, Code.BAD_CHECKPOINT, note=text)

    def proven(fault: str, **changes: Any) -> Vector:
        base = {
            "leaf": encode_base64url(leaf),
            "index": 5,
            "size": head.size,
            "root": encode_base64url(head.root),
            "proof": encode_proof(proof),
        }
        return _vector("inclusion", fault, Code.BAD_PROOF, **{**base, **changes})

    def placed(fault: str, leaf: bytes, statement: str = "", code: Code = Code.BAD_PROOF) -> Vector:
        given = {"statement": statement} if statement else {}
        return _vector("leaf", fault, code, leaf=encode_base64url(leaf), **given)

    line = note.splitlines()[-1] + "\n"
    witness = line.replace("serai", "witness", 1)
    bad = line.replace(line[-60:-50], "AAAAAAAAAA")
    later = Checkpoint(f"serai/{NETWORK}/1", head.size, head.root)
    stranger = sign_note(head, signing("stranger").private_key)
    return {
        "note-other-size": noted("another size", note.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n")),
        "note-other-epoch": noted("another epoch", sign_note(later, key.private_key)),
        "note-stranger": noted("signed by another key", stranger),
        "note-crlf": noted("other line ends", note.replace("\n", "\r\n")),
        "note-too-long": noted("more than 16 KiB", note + witness * 60 + witness.replace("witness", "w" * 8_192)),
        "note-too-many-lines": noted("65 signature lines", note + witness * 64),
        "note-second-line": noted("a second line of the ledger key that does not hold", note + bad),
        "note-only-witnesses": noted("no line of the ledger key", note.replace(line, witness)),
        "note-extension": noted("an extension line that was not signed", note.replace("\n\n", "\nmore\n\n")),
        "note-extension-long": noted("extension lines of 129 bytes", note.replace("\n\n", f"\n{'e' * 128}\n\n")),
        "view-witness": viewed("a line beside the ledger key's", note + witness),
        "view-twice": viewed("the ledger key's line twice", note + line),
        "view-witness-only": viewed("another line than the ledger key's", note.replace(line, witness)),
        "leaf-version-0": placed("version 0", b"\0" + leaf[1:]),
        "leaf-type-0": placed("type 0", leaf[:9] + b"\0" + leaf[10:]),
        "leaf-flag": placed("a dispatch that is public", leaf[:10] + b"\1" + leaf[11:]),
        "leaf-flag-later": placed("the same in a later version", b"\2" + leaf[1:10] + b"\1" + leaf[11:] + b"x"),
        "leaf-flag-2": placed("a flag that is neither 0 nor 1", leaf[:10] + b"\2" + leaf[11:]),
        "leaf-time": placed("a time beyond 2^53 - 1", leaf[:1] + b"\0\x20" + leaf[3:]),
        "leaf-short": placed("42 bytes", leaf[:-1]),
        "leaf-longer": placed("version 1 with 44 bytes", leaf + b"x"),
        "leaf-too-long": placed("513 bytes", b"\2" + leaf[1:] + bytes(470)),
        "leaf-known-typ": placed(
            "a known typ under a code that is not known", leaf[:9] + b"\7" + leaf[10:], made.dispatch
        ),
        "leaf-known-code": placed(
            "a typ that is not known under a known code", leaf[:11] + sha256(made.later.encode()), made.later
        ),
        "leaf-other-typ": placed("a known typ under another known code", leaf[:9] + b"\5" + leaf[10:], made.dispatch),
        "leaf-other-digest": placed("the digest of another statement", leaf[:11] + bytes(32), made.dispatch),
        "leaf-unknown-type": placed(
            "a statement of a later type: opaque",
            leaf[:9] + b"\7" + leaf[10:11] + sha256(made.later.encode()),
            made.later,
            Code.UNSUPPORTED_TYPE,
        ),
        "inclusion-other-index": proven("another index", index=4),
        "inclusion-short": proven("a hash too few", proof=encode_proof(proof[:-1])),
        "inclusion-long": proven("a hash too many", proof=encode_proof([*proof, proof[0]])),
        "inclusion-beyond": proven("an index beyond the tree", index=head.size),
        "consistency-other-root": _vector(
            "consistency",
            "another root before",
            Code.BAD_PROOF,
            size1=4,
            root1=encode_base64url(made.prover.root_at(3)),
            size2=head.size,
            root2=encode_base64url(head.root),
            proof=encode_proof(made.prover.consistency(4)),
        ),
    }
