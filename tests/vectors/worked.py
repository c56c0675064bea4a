"""The worked vectors: each of PROTOCOL's formats, taken apart into its steps."""

from __future__ import annotations

import hashlib
from typing import Any

from broker.core.prover import Prover
from broker.core.tree import RightEdge, TileMap, grow
from schemas.checkpoint import encode_body, key_id
from schemas.encoding import decode_base64url, encode_base64url, encode_json, sha256
from schemas.errors import PROBLEMS
from schemas.evidence import encode_evidence
from schemas.merkle import encode_proof, hash_leaf
from schemas.sealing import PROTECTED
from schemas.tlogproof import TILE_WIDTH, tile_path
from schemas.verification import verify_evidence
from tests.vectors import scenario
from tests.vectors.scenario import CONTENT, CONTENT_KEY, IV, NETWORK, RECIPIENTS, SIGNERS, Scenario

Vector = dict[str, Any]

_TREE_SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 260)


def worked_vectors(made: Scenario) -> dict[str, Vector]:
    """Every worked vector by the name of its file."""
    return {
        "keys": _keys(),
        "codes": _codes(),
        "statement": _statement(made.statements[6]),
        "credential": _statement(made.statements[2]),
        "dispatch": _dispatch(made),
        "leaf": {"leaves": [_leaf(made, index) for index in range(len(made.leaves))]},
        "checkpoint": _checkpoint(made),
        "proofs": _proofs(),
        "evidence": _evidence(made),
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


def _leaf(made: Scenario, index: int) -> Vector:
    leaf = made.leaves[index]
    return {
        "index": index,
        "accepted_at": leaf.accepted_at,
        "type": leaf.type.typ,
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
    }


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


def _evidence(made: Scenario) -> Vector:
    evidence = made.evidence()
    root = NETWORK.partition("/")[2]
    verified = verify_evidence(evidence, root)
    return {
        "root": root,
        "file": encode_evidence(evidence).decode(),
        "proves": {
            "network": verified.network,
            "signer": verified.said.statement.claims.iss,
            "chain": [link.address for link in verified.said.chain],
            "index": verified.said.index,
            "accepted_at": verified.said.accepted_at,
            "size": verified.checkpoint.size,
            "recipients": list(verified.recipients),
            "content": CONTENT.decode(),
            "receipts": [receipt.statement.claims.iss for receipt in verified.receipts],
        },
        "does_not_prove": [limit.value for limit in verified.limits],
    }
