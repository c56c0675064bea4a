"""The first inputs of each target, from the vectors; ``python -m tests.fuzz TARGET --seeds`` writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, Final

from schemas.claims import StatementType
from schemas.encoding import decode_base64url, encode_base64url, encode_json
from schemas.merkle import encode_proof
from tests.fuzz import network
from tests.unit.schemas.reports.builders import COMPLETE, MINIMAL
from tests.vectors.court import forge

_DIGEST: Final = "A" * 43


def _negative(kind: str, member: str) -> Iterator[bytes]:
    for path in sorted((network.VECTORS / "negative").glob("*.json")):
        value = json.loads(path.read_text())
        if value["kind"] == kind and isinstance(value.get(member), str):
            yield value[member].encode()


def _statements() -> list[str]:
    file = network.evidence()
    items = [*file.epochs, *(item.statement for item in file.placed())]
    return [item.text for item in items]


def _frames() -> Iterator[bytes]:
    note, sealed = network.vector("checkpoint")["note"], network.vector("dispatch")["sealed"]
    cursors = {"public": 1, "urgent": 0, "normal": 2}
    problem = {"code": "stale_key", "title": "An entry is under an old key.", "detail": ""}
    accepted = {"digest": _DIGEST, "index": 5, "leaf": "A" * 58, "proof": ""}
    limits = {"frame": 2097152, "in_flight": 128}
    network_id = network.directory().network
    yield from map(
        _json,
        (
            {
                "type": "welcome",
                "protocol": "serai.v1",
                "network": network_id,
                "epoch": 0,
                "time": 1,
                "limits": limits,
                "features": ["a"],
            },
            {"type": "resume", "epoch": 0, "cursors": cursors, "checkpoint": None, "features": []},
            {"type": "resume", "epoch": 0, "cursors": cursors, "checkpoint": note, "features": ["a_1", "b"]},
            {"type": "submit", "statement": _statements()[1]},
            {"type": "submit", "statement": network.dispatch_text(), "sealed": sealed},
            {"type": "accepted", "items": [accepted], "checkpoint": note, "consistency": ""},
            {"type": "refused", "digest": None, "problem": problem},
            {"type": "refused", "digest": _DIGEST, "problem": problem},
            {"type": "deliver", "items": list(_items()), "checkpoint": note, "consistency": ""},
            {"type": "ack", "cursors": cursors},
        ),
    )
    yield from _negative("frame", "text")
    yield from _negative("json", "text")


def _items() -> Iterator[dict[str, Any]]:
    said = network.evidence().items[0]
    proof = encode_proof(said.proof)
    place = {"lane": "urgent", "index": said.index, "leaf": encode_base64url(said.leaf.to_bytes())}
    copies, entries = network.vector("dispatch")["copies"], network.vector("dispatch")["entries"]
    sealed = {"sealed": copies[network.MEMBER], "entry_proof": entries[0]["proof"]}
    yield {**place, "statement": network.dispatch_text(), **sealed, "proof": proof}
    yield {**place, "gone": True, "proof": proof}


def _claims() -> Iterator[bytes]:
    kinds, kids = list(StatementType), [key.kid for key in network.signing_keys()]
    for text in _statements():
        header, payload, _ = (decode_base64url(part) for part in text.split("."))
        said = json.loads(header)
        kind = next(number for number, each in enumerate(kinds) if each.typ == said["typ"])
        yield bytes([kind, kids.index(said["kid"])]) + payload
    common = {"aud": network.directory().network, "jti": "01a0c450-6c00-7000-8000-000000000009", "iat": 1790000006}
    others = (
        (StatementType.REVOCATION, 4, {"iss": "KZ/NFP", "sub": "KZ/NFP", "kid": kids[4], "reason": "lost"}),
        (StatementType.EVENT, 3, {"iss": "CENTRE/HUB", "event": "suspended", "member": "KG/NFP"}),
        (StatementType.SESSION, 4, {"iss": "KZ/NFP", "exp": 1790000066, "use": "read", "hub": "wss://hub.example:443"}),
    )
    for of, key, said in others:
        yield bytes([kinds.index(of), key]) + _json({**common, **said})
    cases = {each["says"]: each["step"]["cover"] for each in network.vector("steps")["cases"]}
    for says in ("a plan adds members", "an authorising officer grants", "an officer takes back a fact"):
        yield bytes([kinds.index(StatementType.DISPATCH), 4]) + _json({**cases[says], **common})


def _sealed() -> Iterator[bytes]:
    dispatch = network.vector("dispatch")
    yield _json(dispatch["sealed"])
    for entry in dispatch["entries"]:
        yield _json({**dispatch["copies"][entry["address"]], "entry_proof": entry["proof"]})


def _reports() -> Iterator[bytes]:
    yield network.vector("dispatch")["content"].encode()
    yield from (_json(value) for value in (*MINIMAL.values(), *COMPLETE.values()))


def _ledger() -> Iterator[bytes]:
    yield network.vector("checkpoint")["note"].encode()
    yield from (b"tile/0/000", b"tile/0/x001/x234/067.p/8", b"tile/entries/273.p/112")
    yield from _negative("note", "note")


def _evidence() -> Iterator[bytes]:
    yield from (file["file"].encode() for file in network.vector("evidence")["files"])
    yield from _negative("evidence", "file")
    yield from (file["file"].encode() for file in network.vector("court")["files"])


def _accounts() -> Iterator[bytes]:
    accounts = network.vector("accounts")
    yield _json(accounts["account"])
    yield from (_json(forge(accounts["account"], tuple(each["path"]), each["value"])) for each in accounts["forged"])


def _json(value: Any) -> bytes:
    return encode_json(value).encode()


SEEDS: Final[dict[str, Callable[[], Iterator[bytes]]]] = {
    "frame": _frames,
    "statement": lambda: (text.encode() for text in _statements()),
    "claims": _claims,
    "sealed": _sealed,
    "report": _reports,
    "ledger": _ledger,
    "evidence": _evidence,
    "account": _accounts,
}
"""By target."""
