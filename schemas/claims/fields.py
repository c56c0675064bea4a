"""Fields of which claims are made: their form, and the words that stand in them (PROTOCOL 2 to 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeVar, cast, get_args

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema

from schemas import limits
from schemas.checkpoint import MAX_NOTE_BYTES, MAX_VIEW_BYTES, parse_note, parse_view
from schemas.encoding import DIGEST_PATTERN, MAX_SAFE_INTEGER
from schemas.errors import Code, SeraiError
from schemas.keykinds import (
    JWK_NAME,
    JWK_VALUE,
    KNOWN_KINDS,
    MAX_JWK_MEMBERS,
    SECRET_MEMBERS,
    UnknownKey,
    read_encryption_key,
    read_signing_key,
)
from schemas.keys import ENCRYPTION_ALG
from schemas.labels import is_lenient

DigestText = Annotated[str, StringConstraints(pattern=DIGEST_PATTERN)]
"""A digest as text: 43 characters of canonical base64url."""

KidText = DigestText
"""A thumbprint as text."""

TimeS = Annotated[int, Field(strict=True, ge=0, le=MAX_SAFE_INTEGER)]
"""Seconds since 1970 UTC."""

Count = Annotated[int, Field(strict=True, ge=0, le=MAX_SAFE_INTEGER)]
"""A number of things, or a place in the ledger."""

NetworkId = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]/[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")
]
"""A network: name, slash, thumbprint of its first root."""

NetworkName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]$")]
T = TypeVar("T", bound=str)

_UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Jti = Annotated[str, StringConstraints(pattern=_UUID7)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
"""A coded value that later versions may add to."""

Note = Annotated[str, StringConstraints(max_length=MAX_NOTE_BYTES)]
"""A checkpoint note, its form not yet judged."""

SUITE: Final = "serai-1"
"""What no network ever changes: SHA-256 for digests, thumbprints and tree, and the leaf (PROTOCOL 5)."""

Seat = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]


def closed(words: tuple[str, ...]) -> tuple[Any, ...]:
    """A closed field: a hub and a composer refuse another word, a reader loses nothing (PROTOCOL 6)."""

    def check(word: str, info: ValidationInfo) -> str:
        if word not in words and not is_lenient(info):
            raise ValueError(f"one of {', '.join(words)}")
        return word

    form = StringConstraints(pattern=r"^[A-Za-z0-9_]{1,32}$")
    return form, AfterValidator(check), WithJsonSchema({"enum": list(words), "type": "string"})


HUB_ORIGIN: Final = r"^wss?://([a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?|\[[0-9a-f:.]{2,45}\]):[1-9][0-9]{0,4}$"
"""A hub as it is dialled, in one spelling: scheme, host in lower case, port."""

HubOrigin = Annotated[str, StringConstraints(pattern=HUB_ORIGIN)]

Status = Literal["actual", "exercise", "test"]
Precedence = Literal["routine", "priority", "immediate", "flash"]
Handling = Literal["H0", "H1", "H2", "H3"]
StatusWord = Annotated[str, *closed(get_args(Status))]
"""A `Status`; who reads what others signed takes another word, and does not know then whether it is real."""

HandlingWord = Annotated[str, *closed(get_args(Handling))]
"""A `Handling`; who reads takes another word for the strictest (`schemas.rules.handling`)."""

Rel = Literal["reply", "update", "cancel", "translation", "countersign", "reseal", "interrupts", "related"]
Outcome = Literal["received", "acknowledged", "declined", "rejected"]
DeclineReason = Literal["not_ours", "insufficient", "duplicate", "unlawful", "capacity", "other"]
"""Precedence, relation, outcome and reason are open: these are the words that a composer writes, a reader keeps any."""
Lane = Literal["public", "urgent", "normal"]

LANES: tuple[Lane, ...] = ("public", "urgent", "normal")
"""The lanes in the order in which they are served."""


def counted_precedence(word: str) -> Precedence:
    """How urgent a dispatch is: a word that is not known counts as ``immediate``, for only higher ones are added."""
    return cast("Precedence", word) if word in get_args(Precedence) else "immediate"


def lane_of(precedence: str) -> Lane:
    """The lane that a precedence puts a dispatch on."""
    return "urgent" if counted_precedence(precedence) in ("immediate", "flash") else "normal"


def _network_jwk(jwk: dict[str, Any]) -> dict[str, Any]:
    _checked(read_signing_key, jwk)
    if isinstance(read_signing_key(jwk), UnknownKey):
        raise SeraiError(Code.UNSUPPORTED_KEY, "a key of the network is of a kind that is not known here")
    return jwk


def _suite(word: str) -> str:
    if word != SUITE:
        raise SeraiError(Code.UNSUPPORTED_SUITE, word)
    return word


def _signing_jwk(jwk: dict[str, Any]) -> dict[str, Any]:
    return _checked(read_signing_key, jwk)


def _encryption_jwk(jwk: dict[str, Any]) -> dict[str, Any]:
    return _checked(read_encryption_key, jwk)


def _checked(read: Callable[[Any], object], jwk: dict[str, Any]) -> dict[str, Any]:
    try:
        read(jwk)
    except SeraiError as error:
        raise ValueError(error.detail) from error
    return jwk


def _view(text: str) -> str:
    return _of_note(parse_view, text)


def _note(text: str) -> str:
    return _of_note(parse_note, text)


def _of_note(read: Callable[[str], object], text: str) -> str:
    try:
        read(text)
    except SeraiError as error:
        raise ValueError(error.detail) from error
    return text


def unique(items: list[T]) -> list[T]:
    """A list as it is, if nothing stands in it twice.

    Raises:
        ValueError: something does.
    """
    if len(set(items)) != len(items):
        raise ValueError("named twice")
    return items


def _jwk_schema(length: int, **members: str) -> dict[str, Any]:
    """JSON Schema of a JWK: constants, and one member of base64url whose value is empty in ``members``."""
    properties: dict[str, Any] = {
        name: {"const": value} if value else {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{length}}}$"}
        for name, value in members.items()
    }
    return {"type": "object", "properties": properties, "required": list(members), "additionalProperties": False}


_SIGNING_SCHEMA = _jwk_schema(43, kty="OKP", crv="Ed25519", x="")
_ENCRYPTION_SCHEMA = _jwk_schema(1_622, kty="AKP", alg=ENCRYPTION_ALG, pub="")
_UNKNOWN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["kty"],
    "minProperties": 2,
    "maxProperties": MAX_JWK_MEMBERS,
    "propertyNames": {"pattern": JWK_NAME, "not": {"enum": [*SECRET_MEMBERS]}},
    "additionalProperties": {"type": "string", "pattern": JWK_VALUE},
    "not": {
        "anyOf": [
            {"properties": {name: {"const": value} for name, value in kind.items()}, "required": [*kind]}
            for kind in KNOWN_KINDS
        ]
    },
}

Suite = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]{1,32}$"),
    AfterValidator(_suite),
    WithJsonSchema({"const": SUITE}),
]
"""The suite of a network; a later one is no fault of form, and nothing of it can be judged."""

NetworkJwk = Annotated[dict[str, Any], AfterValidator(_network_jwk), WithJsonSchema(_SIGNING_SCHEMA)]
"""A signing key of a kind that is known (PROTOCOL 4)."""

SigningJwk = Annotated[
    dict[str, Any], AfterValidator(_signing_jwk), WithJsonSchema({"anyOf": [_SIGNING_SCHEMA, _UNKNOWN_SCHEMA]})
]
"""A signing key, of an unknown kind too (PROTOCOL 4)."""

EncryptionJwk = Annotated[
    dict[str, Any], AfterValidator(_encryption_jwk), WithJsonSchema({"anyOf": [_ENCRYPTION_SCHEMA, _UNKNOWN_SCHEMA]})
]
"""An encryption key, of an unknown kind too (PROTOCOL 4)."""

View = Annotated[str, StringConstraints(max_length=MAX_VIEW_BYTES), AfterValidator(_view)]
"""A checkpoint note with the ledger key's line only, its signature not checked."""

LastNote = Annotated[Note, AfterValidator(_note)]
"""A checkpoint note of the right form, with all its lines, none of them checked."""

Digests = Annotated[list[DigestText], Field(min_length=1, max_length=limits.DIGESTS), AfterValidator(unique)]
