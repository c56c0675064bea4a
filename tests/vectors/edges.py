"""Keys and signatures at the edges of Ed25519 (PROTOCOL 4): those that hold, and those that do not."""

from __future__ import annotations

from typing import Any

from schemas.claims import StatementType
from schemas.encoding import encode_base64url
from schemas.errors import Code
from tests.support.edges import EDGES, WEAK_KEYS, Edge
from tests.vectors import scenario
from tests.vectors.scenario import KG, KZ

Vector = dict[str, Any]


def _statement(edge: Edge) -> Vector:
    """A receipt signed at an edge, and the key that it names."""
    key = edge.key("serai vectors")
    claims = {**scenario.common(6, KG), "to": KZ, "outcome": "received", "digests": ["A" * 43]}
    return {"statement": scenario.sign(StatementType.RECEIPT, claims, key), "jwk": key.public.to_jwk()}


def ed25519_accepted() -> Vector:
    """Signatures that hold, though some libraries refuse them."""
    return {"accepted": [{"what": edge.what, **_statement(edge)} for edge in EDGES if edge.holds]}


def ed25519_refused() -> dict[str, Vector]:
    """Signatures and keys that do not hold, though some libraries accept them."""
    signatures = {
        f"ed25519-{edge.name}": {
            "fault": edge.what,
            "kind": "statement",
            **_statement(edge),
            "code": Code.BAD_SIGNATURE.value,
        }
        for edge in EDGES
        if not edge.holds
    }
    keys = {
        f"ed25519-key-{name}": {
            "fault": f"no key: {name.replace('-', ' ')}",
            "kind": "jwk",
            "jwk": {"kty": "OKP", "crv": "Ed25519", "x": encode_base64url(raw)},
            "code": Code.MALFORMED_KEY.value,
        }
        for name, raw in WEAK_KEYS.items()
    }
    return signatures | keys
