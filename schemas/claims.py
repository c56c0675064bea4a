"""What each type of statement says: the claims of its payload (PROTOCOL 3, 5, 6).

Models judge form only. Whether a claim is true, permitted or in time is judged where the
directory and the ledger are known. A claim that no model names is kept in the text and
ignored, unless ``critical`` names it.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from schemas import limits
from schemas.addresses import HUB, Address, AddressField, MemberField, domain_of
from schemas.checkpoint import parse_note
from schemas.encoding import MAX_SAFE_INTEGER, decode_digest
from schemas.errors import Code, SeraiError
from schemas.keys import EncryptionKey, VerifyKey
from schemas.sealing import ContentClaim, Envelope


class StatementType(Enum):
    """Types of statements: what ``typ`` in the header says, and the leaf's code."""

    EPOCH = ("serai-epoch+jwt", 1)
    CREDENTIAL = ("serai-credential+jwt", 2)
    REVOCATION = ("serai-revocation+jwt", 3)
    DISPATCH = ("serai-dispatch+jwt", 4)
    RECEIPT = ("serai-receipt+jwt", 5)
    EVENT = ("serai-event+jwt", 6)
    SESSION = ("serai-session+jwt", 0)
    ENROLMENT = ("serai-enrolment+jwt", 0)

    def __init__(self, typ: str, code: int) -> None:
        self.typ = typ
        self.code = code


BY_TYP = {kind.typ: kind for kind in StatementType}
BY_CODE = {kind.code: kind for kind in StatementType if kind.code}

DigestText = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$")]
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
_UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
Jti = Annotated[str, StringConstraints(pattern=_UUID7)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,31}$")]
"""A coded value that later versions may add to."""

Note = Annotated[str, StringConstraints(max_length=512)]
"""A checkpoint note, its form not yet judged."""

Seat = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]

Status = Literal["actual", "exercise", "test"]
Precedence = Literal["routine", "priority", "immediate", "flash"]
Handling = Literal["H0", "H1", "H2", "H3"]
Rel = Literal["reply", "update", "cancel", "translation", "countersign", "reseal", "interrupts", "related"]
Outcome = Literal["received", "acknowledged", "declined", "rejected"]
Lane = Literal["public", "urgent", "normal"]

LANES: tuple[Lane, ...] = ("public", "urgent", "normal")
"""The lanes in the order in which they are served."""

MEMBER_ROLES = frozenset({"exchange", "certify", "audit", "coordinate"})
"""Roles that must be held by whoever grants them; the rest are posts of officers."""

DECLINE_REASONS = frozenset({"not_ours", "insufficient", "duplicate", "unlawful", "capacity", "other"})
"""Why an officer may decline a dispatch."""

EVENT_CLAIMS = {
    "undeliverable": {"to", "digests", "member"},
    "overdue": {"to", "digests", "missing", "members", "due"},
    "suspended": {"member"},
}
"""The claims of each event; later versions may add events."""


def _verify_jwk(jwk: dict[str, Any]) -> dict[str, Any]:
    return _checked(VerifyKey, jwk)


def _encryption_jwk(jwk: dict[str, Any]) -> dict[str, Any]:
    return _checked(EncryptionKey, jwk)


def _checked(kind: type[VerifyKey | EncryptionKey], jwk: dict[str, Any]) -> dict[str, Any]:
    try:
        kind.from_jwk(jwk)
    except SeraiError as error:
        raise ValueError(error.detail) from error
    return jwk


def _note(text: str) -> str:
    try:
        parse_note(text)
    except SeraiError as error:
        raise ValueError(error.detail) from error
    return text


def _centred(codes: list[str]) -> list[str]:
    if domain_of(HUB) not in codes:
        raise ValueError(f"{domain_of(HUB)} is due")
    return codes


def _unique(items: list[str]) -> list[str]:
    if len(set(items)) != len(items):
        raise ValueError("named twice")
    return items


def _jwk_schema(length: int, **members: str) -> WithJsonSchema:
    """JSON Schema of a JWK: constants, and one member of base64url whose value is empty in ``members``."""
    properties: dict[str, Any] = {
        name: {"const": value} if value else {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{length}}}$"}
        for name, value in members.items()
    }
    whole = {"type": "object", "properties": properties, "required": list(members), "additionalProperties": False}
    return WithJsonSchema(whole)


VerifyJwk = Annotated[dict[str, Any], AfterValidator(_verify_jwk), _jwk_schema(43, kty="OKP", crv="Ed25519", x="")]
"""A signing key (PROTOCOL 4)."""

EncryptionJwk = Annotated[
    dict[str, Any], AfterValidator(_encryption_jwk), _jwk_schema(1_622, kty="AKP", alg="HPKE-10-KE", pub="")
]
"""An encryption key (PROTOCOL 4)."""

View = Annotated[Note, AfterValidator(_note)]
"""A checkpoint note of the right form, its signature not checked."""

Digests = Annotated[list[DigestText], Field(min_length=1, max_length=limits.DIGESTS), AfterValidator(_unique)]


class Part(BaseModel):
    """A part of a signed payload: unknown members are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Claims(Part):
    """The claims that every statement has (PROTOCOL 3)."""

    type: ClassVar[StatementType]

    iss: AddressField
    aud: NetworkId
    jti: Jti
    iat: TimeS
    view: View | None = None
    critical: Annotated[list[str], Field(min_length=1, max_length=16)] | None = None

    @model_validator(mode="after")
    def _understood(self) -> Self:
        unknown = set(self.critical or ()) - set(type(self).model_fields)
        if unknown:
            raise SeraiError(Code.UNSUPPORTED_CRITICAL, ", ".join(sorted(unknown))[:200])
        return self


class NetworkDocument(Part):
    """What the root says of the network (PROTOCOL 5)."""

    name: NetworkName
    status: Literal["actual", "exercise"]
    codes: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,22}[A-Z0-9]$")]],
        Field(min_length=1, max_length=256),
        AfterValidator(_unique),
        AfterValidator(_centred),
    ]
    ledger_key: VerifyJwk
    event_key: VerifyJwk
    root: VerifyJwk
    next_root: KidText


class Epoch(Claims):
    """The start of an epoch of the ledger."""

    type = StatementType.EPOCH

    iss: Literal["ROOT"]  # type: ignore[assignment]
    epoch: Count
    index: Count
    root: DigestText | None = None
    last: View | None = None
    network: NetworkDocument

    @model_validator(mode="after")
    def _whole(self) -> Self:
        first = self.epoch == 0
        if first != (self.index == 0) or first != (self.root is None) or (first and self.last is not None):
            raise ValueError("epoch 0 is leaf 0; later ones name the root before them")
        return self


class KeyPair(Part):
    """The keys of a credential; officers have none to be sealed to."""

    sig: VerifyJwk
    enc: EncryptionJwk | None = None


def _keys_fit(address: Address, key: KeyPair) -> None:
    if (address.count("/") == 2) != (key.enc is None):
        raise ValueError("members have an encryption key, officers none")


Roles = Annotated[list[Word], Field(min_length=1, max_length=16), AfterValidator(_unique)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]


class Credential(Claims):
    """A key belongs to an address."""

    type = StatementType.CREDENTIAL

    iss: AddressField | Literal["ROOT"]  # type: ignore[assignment]
    sub: AddressField
    name: Name
    nbf: TimeS
    exp: TimeS
    roles: Roles
    key: KeyPair

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _keys_fit(self.sub, self.key)
        if self.nbf >= self.exp or self.sub == HUB:
            raise ValueError("nbf before exp; not for the hub")
        return self


class Enrolment(Claims):
    """A request to be certified, which proves possession of the signing key."""

    type = StatementType.ENROLMENT

    name: Name
    roles: Roles
    key: KeyPair

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _keys_fit(self.iss, self.key)
        return self


class Revocation(Claims):
    """A key no longer belongs to an address."""

    type = StatementType.REVOCATION

    iss: AddressField | Literal["ROOT"]  # type: ignore[assignment]
    sub: AddressField
    kid: KidText
    reason: Literal["key_compromise", "lost", "superseded", "ceased", "other"]


class Reference(Part):
    """What a dispatch refers to, and how."""

    rel: Rel
    digest: DigestText


class Content(Part):
    """What a cover says of the sealed content (PROTOCOL 7)."""

    digest: DigestText
    commitment: DigestText
    entries: DigestText
    size: Annotated[int, Field(strict=True, ge=limits.CONTENT_MIN_BYTES, le=limits.CONTENT_BYTES)]

    def claim(self) -> ContentClaim:
        """The same with digests as bytes."""
        return ContentClaim(
            decode_digest(self.digest), decode_digest(self.commitment), decode_digest(self.entries), self.size
        )


class Dispatch(Claims):
    """The cover of a dispatch."""

    type = StatementType.DISPATCH

    to: list[MemberField]
    kind: Word
    status: Status
    precedence: Precedence
    handling: Handling
    content: Content
    refs: Annotated[list[Reference], Field(min_length=1, max_length=limits.REFERENCES)] | None = None
    reply_by: TimeS | None = None
    exp: TimeS | None = None
    group: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None
    operation: Annotated[str, StringConstraints(min_length=1, max_length=80)] | None = None

    @model_validator(mode="after")
    def _addressed(self) -> Self:
        if len({(ref.rel, ref.digest) for ref in self.refs or ()}) != len(self.refs or ()):
            raise ValueError("refs: named twice")
        if not self.to:
            raise SeraiError(Code.NO_RECIPIENTS)
        if len(self.to) > limits.RECIPIENTS:
            raise SeraiError(Code.TOO_MANY_RECIPIENTS, f"{len(self.to)} named")
        if len(set(self.to)) != len(self.to):
            raise SeraiError(Code.DUPLICATE_RECIPIENT)
        return self

    def envelope(self) -> Envelope:
        """What of the cover is bound into the seal."""
        return Envelope(self.aud, self.status, self.jti, self.iss)

    def lane(self) -> Lane:
        """The lane its precedence puts it on."""
        return "urgent" if self.precedence in ("immediate", "flash") else "normal"


class Receipt(Claims):
    """What became of dispatches at one recipient."""

    type = StatementType.RECEIPT

    to: MemberField
    outcome: Outcome
    digests: Digests
    step: Annotated[int, Field(strict=True, ge=1, le=10)] | None = None
    reason: Word | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.outcome == "rejected") != (self.step is not None):
            raise ValueError("a rejected receipt, and only that, names a step")
        if (self.outcome in ("rejected", "declined")) != (self.reason is not None):
            raise ValueError("a rejected or declined receipt, and only that, names a reason")
        if self.outcome == "declined" and self.reason not in DECLINE_REASONS:
            raise ValueError("not a reason to decline")
        return self


class Event(Claims):
    """Something that the hub noticed."""

    type = StatementType.EVENT

    iss: Literal["CENTRE/HUB"]  # type: ignore[assignment]
    event: Word
    to: Annotated[list[MemberField], Field(min_length=1, max_length=limits.RECIPIENTS)] | None = None
    digests: Digests | None = None
    member: MemberField | None = None
    members: Annotated[list[MemberField], Field(min_length=1, max_length=limits.RECIPIENTS)] | None = None
    missing: Literal["received", "reply"] | None = None
    due: TimeS | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = ("to", "digests", "member", "members", "missing", "due")
        given = {name for name in named if getattr(self, name) is not None}
        if given != EVENT_CLAIMS.get(self.event, given):
            raise ValueError("not the claims of this event")
        return self


class Session(Claims):
    """A bearer token that opens a line or reads over HTTP (PROTOCOL 9, 10)."""

    type = StatementType.SESSION

    exp: TimeS
    use: Literal["exchange", "read"]
    hub: Annotated[str, StringConstraints(min_length=1, max_length=300)]
    mailbox: MemberField | None = None
    seat: Seat | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.use == "exchange") == (self.mailbox is not None) == (self.seat is not None):
            raise ValueError("an exchange token, and only that, names mailbox and seat")
        return self


CLAIMS: dict[StatementType, type[Claims]] = {
    model.type: model for model in (Epoch, Credential, Enrolment, Revocation, Dispatch, Receipt, Event, Session)
}
"""The model of each type's payload."""


def null_member(model: BaseModel) -> str | None:
    """Where a member that may be absent is null instead: there is one way to say nothing."""
    for name in model.model_fields_set:
        value = getattr(model, name)
        if value is None and not type(model).model_fields[name].is_required():
            return name
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, BaseModel) and (inner := null_member(part)):
                return f"{name}.{inner}"
    return None


def parse_claims(kind: StatementType, payload: dict[str, Any]) -> Claims:
    """The claims of a payload whose signature has been checked.

    Raises:
        SeraiError: ``malformed_statement`` naming the claim, or the code of a rule of
            form that has one of its own (recipients, ``critical``).
    """
    try:
        claims = CLAIMS[kind].model_validate(payload)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "payload"
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{where}: {first['msg']}"[:300]) from None
    if name := null_member(claims):
        raise SeraiError(Code.MALFORMED_STATEMENT, f"{name}: null")
    return claims


def is_public(claims: Claims) -> bool:
    """Whether every member gets the statement: credentials, revocations, epochs, events to nobody."""
    if isinstance(claims, Event):
        return claims.to is None
    return isinstance(claims, Epoch | Credential | Revocation)
