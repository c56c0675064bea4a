"""What must be refused: each vector has one fault, and the code that names it.

``kind`` says how the input is read: `READERS` of ``tests/test_vectors.py`` has one reader
for each, and the README beside the vectors describes them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from schemas.addresses import Address
from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code
from schemas.evidence import UnverifiedEvidence, encode_evidence
from schemas.keys import SigningKey
from schemas.merkle import encode_proof
from tests.vectors import scenario
from tests.vectors.scenario import KG, KZ, NETWORK, OFFICER, TIME_S, UZ, Scenario, signing

Vector = dict[str, Any]


def negative_vectors(made: Scenario) -> dict[str, Vector]:
    """Every negative vector by the name of its file."""
    return {**_texts(), **_statements(made), **_directories(made), **_contents(made), **_ledgers(made), **_files(made)}


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
        "frame-further-member": _vector("frame", "an unknown member", frame, text=ack + ',"more":1}'),
        "frame-unknown-type": _vector("frame", "an unknown type", frame, text='{"type":"hello"}'),
    }


def _signed(header: str, payload: str, key: SigningKey) -> str:
    text = f"{encode_base64url(header.encode())}.{encode_base64url(payload.encode())}"
    return f"{text}.{encode_base64url(key.sign(text.encode()))}"


def _header(key: SigningKey, typ: str = "serai-receipt+jwt", alg: str = "Ed25519") -> str:
    return f'{{"alg":"{alg}","kid":"{key.kid}","typ":"{typ}"}}'


def _statements(made: Scenario) -> dict[str, Vector]:
    key, good = signing(KG), made.receipt
    claims = {**scenario.common(6, KG), "to": KZ, "outcome": "received", "digests": ["A" * 43]}
    sent = scenario.cover(made.sealed[1])
    malformed, dispatch = Code.MALFORMED_STATEMENT, "serai-dispatch+jwt"

    def vector(fault: str, code: Code, text: str) -> Vector:
        return _vector("statement", fault, code, statement=text, jwk=key.public.to_jwk())

    def receipt(**changes: Any) -> str:
        return _signed(_header(key), encode_json({**claims, **changes}), key)

    def cover(**changes: Any) -> str:
        return _signed(_header(key, dispatch), encode_json({**sent, **changes}), key)

    tail = good.rsplit(".", 1)
    flipped = f"{tail[0]}.{'B' if tail[1][0] == 'A' else 'A'}{tail[1][1:]}"
    spaced = _signed(_header(key).replace(",", ", "), encode_json(claims), key)
    return {
        "statement-signature": vector("another signature", Code.BAD_SIGNATURE, flipped),
        "statement-header-order": vector("white space in the header", malformed, spaced),
        "statement-alg-none": vector("another alg", malformed, _signed(_header(key, alg="none"), "{}", key)),
        "statement-eddsa": vector("the old name of the alg", malformed, _signed(_header(key, alg="EdDSA"), "{}", key)),
        "statement-typ": vector("an unknown typ", Code.UNSUPPORTED_TYPE, _signed(_header(key, "jwt"), "{}", key)),
        "statement-other-key": vector("another key's kid", Code.UNKNOWN_KEY, made.statements[2]),
        "statement-critical": vector(
            "critical names an unknown claim", Code.UNSUPPORTED_CRITICAL, receipt(critical=["secret"])
        ),
        "statement-null": vector("null in place of absence", malformed, receipt(reason=None)),
        "statement-jti": vector("a jti that is no UUIDv7", malformed, receipt(jti=scenario.jti(6).upper())),
        "receipt-without-step": vector("rejected without step", malformed, receipt(outcome="rejected", reason="x")),
        "dispatch-to-nobody": vector("an empty to", Code.NO_RECIPIENTS, cover(to=[])),
        "dispatch-to-twice": vector("a recipient twice", Code.DUPLICATE_RECIPIENT, cover(to=[KG, KG])),
        "dispatch-to-officer": vector("an officer in to", malformed, cover(to=["KG/NFP/DUTY-1"])),
        "dispatch-status": vector("an unknown status", malformed, cover(status="real")),
    }


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

    invalid = Code.CREDENTIAL_INVALID
    stranger = signing("stranger").public.to_jwk()
    return {
        "credential-roles-wider": vector(
            "a role that the issuer does not hold", invalid, credential("KZ/NFP/DUTY-2", roles=["audit"])
        ),
        "credential-outlives-issuer": vector(
            "it ends after its issuer's", invalid, credential("KZ/NFP/DUTY-2", exp=TIME_S + 31_536_001)
        ),
        "credential-of-another": vector(
            "a key that is another address's",
            invalid,
            credential("KZ/NFP/DUTY-2", key={"sig": signing(OFFICER).public.to_jwk()}),
        ),
        "credential-unknown-organisation": vector(
            "an organisation that the network document does not list", invalid, credential("ABCD/DESK")
        ),
        "credential-issuer-unknown": vector(
            "an issuer without credential", Code.UNKNOWN_KEY, credential("TJ/NFP/DUTY-1", key={"sig": stranger})
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
        "copy-commitment": vector("another commitment", Code.COMMITMENT_MISMATCH, copy, other),
    }


def _ledgers(made: Scenario) -> dict[str, Vector]:
    head, note, key = made.checkpoint, made.note, signing("ledger")
    proof = list(made.prover.inclusion(5))
    leaf = made.leaves[5].to_bytes()

    def noted(fault: str, text: str) -> Vector:
        known = {"origin": head.origin, "jwk": key.public.to_jwk()}
        return _vector("note", fault, Code.BAD_CHECKPOINT, note=text, **known)

    def proven(fault: str, **changes: Any) -> Vector:
        base = {
            "leaf": encode_base64url(leaf),
            "index": 5,
            "size": head.size,
            "root": encode_base64url(head.root),
            "proof": encode_proof(proof),
        }
        return _vector("inclusion", fault, Code.BAD_PROOF, **{**base, **changes})

    cosigned = "".join(note.splitlines()[-1].replace("serai", name) + "\n" for name in ("one", "two", "three"))
    later = Checkpoint(f"serai/{NETWORK}/1", head.size, head.root)
    stranger = sign_note(head, signing("stranger").private_key)
    return {
        "note-other-size": noted("another size", note.replace(f"\n{head.size}\n", f"\n{head.size + 1}\n")),
        "note-other-epoch": noted("another epoch", sign_note(later, key.private_key)),
        "note-stranger": noted("signed by another key", stranger),
        "note-crlf": noted("other line ends", note.replace("\n", "\r\n")),
        "note-too-long": noted("more than 512 bytes", note + cosigned),
        "leaf-version": proven("a leaf of version 2", leaf=encode_base64url(b"\2" + leaf[1:])),
        "leaf-type": proven("a leaf of an unknown type", leaf=encode_base64url(leaf[:9] + b"\7" + leaf[10:])),
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


def _files(made: Scenario) -> dict[str, Vector]:
    evidence = made.evidence()
    file: dict[str, Any] = json.loads(encode_evidence(evidence))
    assert evidence.content is not None

    def vector(fault: str, code: Code, text: str, step: int | None = None, root: str = "") -> Vector:
        pinned = root or NETWORK.partition("/")[2]
        return _vector("evidence", fault, code, root=pinned, file=text, step=step)

    def encoded(changed: UnverifiedEvidence) -> str:
        return encode_evidence(changed).decode()

    other_key = replace(evidence, content=replace(evidence.content, content_key=scenario.IV + bytes(20)))
    shifted = replace(evidence, said=replace(evidence.said, leaf=replace(evidence.said.leaf, accepted_at=0)))
    return {
        "evidence-null": vector(
            "null in place of absence", Code.MALFORMED_EVIDENCE, encode_json({**file, "content_key": None})
        ),
        "evidence-version": vector("version 2", Code.MALFORMED_EVIDENCE, encode_json({**file, "version": 2})),
        "evidence-other-root": vector(
            "a reader who pins another root", Code.UNKNOWN_KEY, encoded(evidence), 1, signing("stranger").kid
        ),
        "evidence-time": vector("another time in the leaf", Code.BAD_PROOF, encoded(shifted), 3),
        "evidence-chain": vector(
            "a credential left out", Code.UNKNOWN_KEY, encoded(replace(evidence, credentials=(made.item(2),))), 4
        ),
        "evidence-key": vector("another content key", Code.COMMITMENT_MISMATCH, encoded(other_key), 7),
    }
