"""The network of the vectors, as the fuzzed code meets it: its directory, its keys, its one dispatch."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from schemas.addresses import Address
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import decode_base64url
from schemas.evidence import UnverifiedEvidence, parse_evidence
from schemas.keys import DecryptionKey, Kid, SigningKey
from schemas.leaf import parse_leaf
from schemas.operations.held import HeldOperation
from schemas.proven import VerifiedEvidence
from schemas.verification import verify_evidence
from tests.vectors.operations import held_of

VECTORS: Final = Path(__file__).parents[1] / "vectors" / "protocol"
MEMBER: Final = Address("KG/NFP")
"""Whose copy of the dispatch is opened."""


@cache
def vector(name: str) -> dict[str, Any]:
    """A file of the vectors."""
    value: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text())
    return value


@cache
def evidence() -> UnverifiedEvidence:
    """The first evidence file of the vectors."""
    return parse_evidence(vector("evidence")["files"][0]["file"].encode())


@cache
def court() -> VerifiedEvidence:
    """The whole court's file of the vectors."""
    vectors = vector("court")
    return verify_evidence(parse_evidence(vectors["files"][0]["file"].encode()), vectors["root"])


@cache
def operation() -> HeldOperation:
    """The whole operation of the vectors."""
    return held_of(vector("operations")["whole"])


@cache
def directory() -> Directory:
    """What the public statements in the evidence file say."""
    file = evidence()
    known = Directory(vector("evidence")["files"][0]["proves"]["network"])
    known = apply_statement(known, known.verify(file.epochs[0]), Position(0, 0))
    for item in file.credentials:
        place = Position(item.index, item.leaf.accepted_s)
        known = apply_statement(known, known.verify(item.statement), place)
    return known


@cache
def place() -> Position:
    """Where the next statement would stand."""
    leaf = parse_leaf(decode_base64url(vector("leaf")["leaves"][-1]["leaf"]))
    return Position(len(vector("leaf")["leaves"]), leaf.accepted_s)


@cache
def signing_keys() -> tuple[SigningKey, ...]:
    """Keys of the root, the hub, members, an officer and a stranger."""
    return tuple(SigningKey.from_seed(bytes.fromhex(key["seed"])) for key in vector("keys")["signing"])


@cache
def decryption_keys() -> dict[Kid, DecryptionKey]:
    """The key that opens `MEMBER`'s copy, by its thumbprint."""
    keys = {key["name"]: key["seed"] for key in vector("keys")["encryption"]}
    key = DecryptionKey.from_seed(bytes.fromhex(keys[MEMBER]))
    return {key.public.kid: key}


@cache
def dispatch_text() -> str:
    """The dispatch, as a compact JWS."""
    return str(vector("dispatch")["cover"]["statement"])
