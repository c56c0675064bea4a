"""What the JSON Schemas say beyond the types of members: which come together, how many, each once.

The models say the same in code; a test runs every vector through both. What only a program can
judge (signatures, digests, a code that must be of a known country) stands in no schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from schemas import limits
from schemas.sealing import PROTECTED

Schema = dict[str, Any]

_BASE64URL: Final = "^[A-Za-z0-9_-]+$"


def _text(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _exactly(members: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": {**members}, "required": [*members], "additionalProperties": False}


def _together(*members: str) -> Schema:
    """Each of these only beside all others."""
    return {name: [other for other in members if other != name] for name in members}


def _without(members: Iterable[str]) -> Schema:
    return {"properties": dict.fromkeys(members, False)}


def _where(member: str, value: str, then: Schema) -> Schema:
    return {"if": {"properties": {member: {"const": value}}, "required": [member]}, "then": then}


_HEADER: Final = _exactly(
    {
        "alg": _text("^[A-Za-z0-9-]{1,32}$"),
        "kid": _text("^[A-Za-z0-9_-]{43}$"),
        "ek": {**_text(_BASE64URL), "maxLength": 8_192},
    }
)
_ENTRY: Final = {"header": _HEADER, "encrypted_key": {**_text(_BASE64URL), "maxLength": 8_192}}
_BODY: Final = {
    "protected": {"const": PROTECTED},
    "iv": _text("^[A-Za-z0-9_-]{16}$"),
    "ciphertext": _text(_BASE64URL),
    "tag": _text("^[A-Za-z0-9_-]{22}$"),
    "aad": _text(_BASE64URL),
}
_SEALED: Final = _exactly(
    {
        **_BODY,
        "recipients": {
            "type": "array",
            "items": _exactly(_ENTRY),
            "minItems": 1,
            "maxItems": limits.RECIPIENTS + 1,
        },
    }
)
_COPY: Final = _exactly({**_BODY, **_ENTRY})

_OUTCOMES: Final = {
    "received": _without(("step", "reason")),
    "acknowledged": _without(("step", "reason")),
    "declined": {"required": ["reason"], **_without(("step",))},
    "rejected": {"required": ["step", "reason"]},
}


RULES: Final[dict[str, Schema]] = {
    "dispatch": {
        "properties": {
            "to": {"minItems": 1, "maxItems": limits.RECIPIENTS, "uniqueItems": True},
            "refs": {"uniqueItems": True},
            "attachments": {"maxItems": limits.ATTACHMENTS, "uniqueItems": True},
        }
    },
    "AttachedBlob": {
        "properties": {"size": {"minimum": limits.CONTENT_MIN_BYTES, "maximum": limits.BLOB_CONTENT_BYTES}}
    },
    "receipt": {
        "properties": {"digests": {"uniqueItems": True}},
        "allOf": [_where("outcome", outcome, then) for outcome, then in _OUTCOMES.items()],
    },
    "session": {
        "allOf": [
            _where("use", "exchange", {"required": ["mailbox", "seat"]}),
            *(_where("use", use, _without(("mailbox", "seat"))) for use in ("read", "store")),
        ]
    },
    "evidence": {"properties": {"credentials": {"uniqueItems": True}, "items": {"uniqueItems": True}}},
    "ShownModel": {
        "properties": {"sealed": _COPY},
        "dependentRequired": {**_together("sealed", "entry_proof", "recipient"), "content_key": ["sealed"]},
    },
    "Submit": {"properties": {"sealed": _SEALED}},
    "DeliverItem": {
        "properties": {"sealed": _COPY},
        "oneOf": [
            {"required": ["statement"], **_without(("gone", "erased"))},
            {"required": ["gone"], **_without(("statement", "sealed", "entry_proof"))},
        ],
        "dependentRequired": _together("sealed", "entry_proof"),
    },
}
"""By the name of a schema, or of a part of one: what is added to it."""


def with_rules(name: str, schema: Schema) -> Schema:
    """A schema, or a part of one, with what its rules add."""
    rules = RULES.get(name, {})
    members = dict(schema.get("properties", {}))
    for member, more in rules.get("properties", {}).items():
        members[member] = more if "properties" in more else members[member] | more
    more = {key: value for key, value in rules.items() if key != "properties"}
    return schema | ({"properties": members} if members else {}) | more
