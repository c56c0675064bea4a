"""The worked vectors: each of PROTOCOL's formats, taken apart into its steps."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from broker.core.prover import Prover
from broker.core.tree import RightEdge, TileMap, grow
from schemas.checkpoint import encode_base64, encode_body, key_id, view_of
from schemas.claims import StatementType
from schemas.encoding import decode_base64url, encode_base64url, encode_json, sha256
from schemas.errors import PROBLEMS
from schemas.keykinds import UnknownKey
from schemas.leaf import LEAF_BYTES, MAX_LEAF_BYTES, Leaf
from schemas.merkle import encode_proof, hash_leaf
from schemas.sealing import PROTECTED
from schemas.tiles import TILE_WIDTH, tile_path
from tests.support.later import LATER_CODE
from tests.vectors import scenario
from tests.vectors.blobs import blob_vectors
from tests.vectors.clocks import clock_vector
from tests.vectors.court import account_vector, court_vector
from tests.vectors.covers import cover_vectors
from tests.vectors.deconfliction import deconfliction
from tests.vectors.directory import directory_vector
from tests.vectors.edges import ed25519_accepted
from tests.vectors.evidence import evidence_vector
from tests.vectors.operations import operations
from tests.vectors.profiles import profiles
from tests.vectors.reports import closed_words, handling_uses, reports_read
from tests.vectors.scenario import CONTENT, CONTENT_KEY, IV, KG, NETWORK, RECIPIENTS, SIGNERS, Scenario
from tests.vectors.steps import step_vectors

Vector = dict[str, Any]

_TREE_SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 260)


def worked_vectors(made: Scenario) -> dict[str, Vector]:
    """Every worked vector by the name of its file."""
    return {
        "keys": _keys(),
        "codes": _codes(),
        "statement": _statement(made.statements[6]),
        "credential": _statement(made.statements[2]),
        "directory": directory_vector(),
        "ed25519": ed25519_accepted(),
        "dispatch": _dispatch(made),
        "leaf": {
            "leaves": [_leaf(leaf, index) for index, leaf in enumerate(made.leaves)],
            "later": _later_leaves(made),
        },
        "checkpoint": _checkpoint(made),
        "proofs": _proofs(),
        "tokens": {
            use: _statement(scenario.sign(StatementType.SESSION, scenario.token(use), scenario.signing(KG)))
            for use in ("exchange", "read", "store")
        },
        "frames": _frames(made),
        "report": reports_read(),
        "closed": closed_words(),
        "handling": handling_uses(),
        "evidence": evidence_vector(made),
        **cover_vectors(made),
        **step_vectors(),
        **blob_vectors(made),
        "clock": clock_vector(),
        "operations": operations(),
        "court": court_vector(made),
        "accounts": account_vector(),
        "profiles": profiles(),
        "deconfliction": deconfliction(),
    }


def _keys() -> Vector:
    return {
        "signing": [
            {"name": name, "seed": key.seed.hex(), "jwk": key.public.to_jwk(), "kid": key.kid}
            for name, key in ((name, scenario.signing(name)) for name in SIGNERS)
        ],
        "encryption": [
            {
                "name": name,
                "seed": key.seed.hex(),
                "shake256": hashlib.shake_256(key.seed).hexdigest(96),
                "jwk": key.public.to_jwk(),
                "kid": key.kid,
            }
            for name, key in ((name, scenario.decryption(name)) for name in RECIPIENTS)
        ],
        "unknown": [
            {"jwk": jwk, "kid": UnknownKey.from_jwk(jwk).kid}
            for jwk in (
                {"kty": "AKP", "alg": "ML-DSA-65", "pub": encode_base64url(bytes(1_952))},
                {"kty": "NEW", "zeta": "1", "alpha": "2", "crv": "3"},
            )
        ],
    }


def _codes() -> Vector:
    return {
        code.value: {
            "title": problem.title,
            "remedy": problem.remedy,
            "http_status": problem.http_status,
            "close_code": problem.close_code,
        }
        for code, problem in PROBLEMS.items()
    }


def _statement(text: str) -> Vector:
    header, payload, signature = text.split(".")
    return {
        "header": decode_base64url(header).decode(),
        "payload": decode_base64url(payload).decode(),
        "signing_input": f"{header}.{payload}",
        "signature": decode_base64url(signature).hex(),
        "statement": text,
        "digest": encode_base64url(sha256(text.encode())),
    }


def _dispatch(made: Scenario) -> Vector:
    sealed, claim = made.sealed
    aad = encode_json(list(scenario.envelope()))
    return {
        "content": CONTENT.decode(),
        "size": claim.size,
        "content_key": CONTENT_KEY.hex(),
        "iv": IV.hex(),
        "aad": aad,
        "additional_data": f"{PROTECTED}.{encode_base64url(aad.encode())}",
        "digest": encode_base64url(claim.digest),
        "commitment_input": (b"serai content key v1\0" + scenario.jti(5).encode() + CONTENT_KEY).hex(),
        "commitment": encode_base64url(claim.commitment),
        "entries": [_entry(made, index) for index in range(len(RECIPIENTS))],
        "entries_root": encode_base64url(claim.entries),
        "sealed": sealed.to_json(),
        "copies": {address: made.copy(address).to_json() for address in RECIPIENTS},
        "cover": _statement(made.dispatch),
    }


def _entry(made: Scenario, index: int) -> Vector:
    entry, address = made.sealed[0].entries[index], RECIPIENTS[index]
    extra = encode_json([*scenario.envelope(), address])
    return {
        "address": address,
        "kid": entry.kid,
        "ek": entry.ek,
        "encrypted_key": entry.encrypted_key,
        "info": (b"JOSE-HPKE rcpt\xffA256GCM\xff" + extra.encode()).hex(),
        "leaf_hash": encode_base64url(hash_leaf(entry.to_bytes())),
        "proof": encode_proof(made.entry_proof(index)),
    }


def _later_leaves(made: Scenario) -> list[Vector]:
    """Leaves of a later version: of a known type, longest, and of a type that is not known."""
    leaf = made.leaves[5]
    later = replace(leaf, version=2, rest=b"what a later version adds")
    longest = replace(leaf, version=255, rest=bytes(MAX_LEAF_BYTES - LEAF_BYTES))
    opaque = replace(leaf, code=LATER_CODE, digest=sha256(made.later.encode()))
    public = replace(opaque, public=True, version=2, rest=b"\0")
    made_of = [_leaf(each, 5) for each in (later, longest, opaque, public)]
    return [*made_of[:2], *({**each, "statement": made.later} for each in made_of[2:])]


def _leaf(leaf: Leaf, index: int) -> Vector:
    return {
        "index": index,
        "version": leaf.version,
        "accepted_at": leaf.accepted_at,
        "code": leaf.code,
        "public": leaf.public,
        "digest": encode_base64url(leaf.digest),
        "bytes": leaf.to_bytes().hex(),
        "leaf": encode_base64url(leaf.to_bytes()),
        "hash": encode_base64url(leaf.hash),
    }


def _checkpoint(made: Scenario) -> Vector:
    head, key = made.checkpoint, scenario.signing("ledger").public
    return {
        "origin": head.origin,
        "size": head.size,
        "root": encode_base64url(head.root),
        "body": encode_body(head).decode(),
        "key_id": key_id(head.origin, key.raw).hex(),
        "jwk": key.to_jwk(),
        "note": made.note,
        "later": [{"note": note, "view": view_of(note, key)} for note in _later_notes(made)],
    }


def _later_notes(made: Scenario) -> list[str]:
    """Notes of a later version: lines of a witness and of an ML-DSA-44 key of the ledger; extension lines."""
    body, line = made.note.split("\n\n")
    witness = "\N{EM DASH} witness.example/1 " + encode_base64(b"\4\0\0\1" + bytes(72)) + "\n"
    later = f"\N{EM DASH} {made.checkpoint.origin} " + encode_base64(b"\6\0\0\1" + bytes(2_420)) + "\n"
    extended = encode_body(made.checkpoint) + b"an extension line\nanother\n"
    key = scenario.signing("ledger")
    own = encode_base64(key_id(made.checkpoint.origin, key.public.raw) + key.sign(extended))
    signed = f"{extended.decode()}\n\N{EM DASH} {made.checkpoint.origin} {own}\n"
    return [made.note + witness + later, f"{body}\n\n{later}{line}{line}", signed + witness]


def _frames(made: Scenario) -> Vector:
    """One frame of each type, from a line on which the dispatch is submitted; and a welcome of a later version."""
    limits = {"frame": 2_097_152, "in_flight": 128, "blob": 268_435_456}
    cursors = {"public": 5, "urgent": 0, "normal": 0}
    place = {"index": 5, "leaf": encode_base64url(made.leaves[5].to_bytes())}
    proof = encode_proof(made.prover.inclusion(5))
    head = {"type": "welcome", "protocol": "serai.v1", "network": NETWORK, "epoch": 0, "time": 1_790_000_007_000}
    copy = {"sealed": made.copy(KG).to_json(), "entry_proof": encode_proof(made.entry_proof(0))}
    note = {"checkpoint": made.note, "consistency": ""}
    digest = encode_base64url(made.leaves[5].digest)
    said = {"statement": made.dispatch, "sealed": made.sealed[0].to_json()}
    item = {"lane": "urgent", **place, "statement": made.dispatch, **copy, "proof": proof}
    gone = {"lane": "urgent", **place, "gone": True, "proof": proof}
    by = {"index": 4, "leaf": encode_base64url(made.leaves[4].to_bytes())}  # the form only: it is no event
    by |= {"statement": made.statements[4], "proof": encode_proof(made.prover.inclusion(4))}
    frames = {
        "welcome": {**head, "limits": limits, "features": []},
        "welcome_later": {**head, "limits": {**limits, "later": 1}, "later": "x", "features": ["later_2", "more"]},
        "resume": {"type": "resume", "epoch": 0, "cursors": cursors, "checkpoint": None, "features": []},
        "submit": {"type": "submit", **said},
        "accepted": {"type": "accepted", "items": [{"digest": digest, **place, "proof": proof}], **note},
        "refused": {
            "type": "refused",
            "digest": None,
            "problem": {"code": "malformed_frame", "title": "T", "detail": "D"},
        },
        "deliver": {"type": "deliver", "items": [item], **note},
        "deliver_gone": {"type": "deliver", "items": [gone], **note},
        "deliver_erased": {"type": "deliver", "items": [{**gone, "erased": by}], **note},
        "ack": {"type": "ack", "cursors": cursors},
    }
    return {name: {"text": encode_json(frame)} for name, frame in frames.items()}


def _proofs() -> Vector:
    """Trees whose leaf data are the numbers from 0, as decimal text."""
    hashes = [hash_leaf(str(number).encode()) for number in range(max(_TREE_SIZES))]
    tiles = grow(RightEdge.empty(), hashes).tiles
    provers = {size: Prover(size, TileMap(tiles)) for size in _TREE_SIZES}
    return {
        "roots": [{"size": size, "root": encode_base64url(prover.root)} for size, prover in provers.items()],
        "inclusion": [
            {"size": size, "index": index, "proof": encode_proof(prover.inclusion(index))}
            for size, prover in provers.items()
            for index in sorted({0, size // 2, size - 1})
        ],
        "consistency": [
            {"from": old, "to": new, "proof": encode_proof(provers[new].consistency(old))}
            for old in _TREE_SIZES
            for new in _TREE_SIZES
            if old <= new and (old > 200 or new < 10 or new == 260)
        ],
        "tiles": [
            {
                "path": tile_path(tile.level, tile.number, min(TILE_WIDTH, len(data) // 32)),
                "hashes": encode_base64url(data),
            }
            for tile, data in sorted(tiles.items())
        ],
    }
