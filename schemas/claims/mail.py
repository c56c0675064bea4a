"""Statements with recipients: dispatches, receipts, events (PROTOCOL 6)."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from schemas import limits
from schemas.addresses import MemberField
from schemas.claims.base import ClaimPart, Claims
from schemas.claims.fields import (
    Count,
    Digests,
    DigestText,
    HandlingWord,
    Lane,
    Outcome,
    StatusWord,
    TimeS,
    Word,
    lane_of,
    unique,
)
from schemas.claims.operations import OperationClaim
from schemas.claims.types import StatementType
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.sealing import ContentClaim, Envelope

EVENT_CLAIMS: Final = {
    "undeliverable": ("to", "digests", "member"),
    "overdue": ("to", "digests", "missing", "members", "due"),
    "suspended": ("member",),
    "erased": ("to", "digests", "reason"),
}
"""The claims of each event; later versions may add events, and further claims, which are kept and not judged."""

_JUDGED: Final = ("digests", "member", "members", "missing", "due", "reason")
"""Claims of some events only; of others they are further claims."""


class Reference(ClaimPart):
    """What a dispatch refers to, and how."""

    rel: Word
    digest: DigestText


class Expects(ClaimPart):
    """An answer that is asked for: by when, and of whom.

    Attributes:
        by: until when, in seconds since 1970 UTC.
        members: who owes one; all recipients if ``None``.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    by: TimeS
    members: (
        Annotated[list[MemberField], Field(min_length=1, max_length=limits.ANSWERS), AfterValidator(unique)] | None
    ) = Field(default=None, alias="from")


class Content(ClaimPart):
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


class AttachedBlob(ClaimPart):
    """An attachment as a cover names it: what the hub has to know of it, and no more.

    A reader takes any number and size; what composer and hub keep is in `schemas.rules.attaching`.

    Attributes:
        digest: SHA-256 of the blob, its name.
        size: of the padded file in it, in bytes.
    """

    digest: DigestText
    size: Count


class Dispatch(Claims):
    """The cover of a dispatch."""

    type = StatementType.DISPATCH

    to: list[MemberField]
    kind: Word
    status: StatusWord
    precedence: Word
    handling: HandlingWord
    content: Content
    refs: Annotated[list[Reference], Field(min_length=1, max_length=limits.REFERENCES)] | None = None
    expects: Expects | None = None
    stale_after: TimeS | None = None
    attachments: Annotated[list[AttachedBlob], Field(min_length=1)] | None = None
    operation: OperationClaim | None = None

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

    def content_do(self) -> str | None:
        """What the content of a step of an operation must say that it does (PROTOCOL 16); anything, if ``None``."""
        if self.operation is None or self.operation.do is not None:
            return self.operation.do if self.operation else None
        return "cancel" if any(ref.rel == "cancel" for ref in self.refs or ()) else None

    def lane(self) -> Lane:
        """The lane its precedence puts it on."""
        return lane_of(self.precedence)


class Receipt(Claims):
    """What became of dispatches at one recipient."""

    type = StatementType.RECEIPT

    to: MemberField
    outcome: Word
    digests: Digests
    step: Annotated[int, Field(strict=True, ge=1, le=255)] | None = None
    reason: Word | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.outcome not in get_args(Outcome):
            return self  # it has no effect, so nobody judges what it comes with
        if (self.outcome == "rejected") != (self.step is not None):
            raise ValueError("a rejected receipt, and only that, names a step")
        if (self.outcome in ("rejected", "declined")) != (self.reason is not None):
            raise ValueError("a rejected or declined receipt, and only that, names a reason")
        return self


def _by_event(schema: dict[str, Any]) -> None:
    """In the JSON Schema, as here, the claims of some events are judged in these events only."""
    properties = schema["properties"]
    judged = {name: properties.pop(name) for name in _JUDGED}
    judged["digests"] |= {"uniqueItems": True}
    schema["allOf"] = [
        {
            "if": {"properties": {"event": {"const": event}}, "required": ["event"]},
            "then": {
                "properties": {
                    name: judged[name] | ({"maxItems": limits.ERASED} if (event, name) == ("erased", "digests") else {})
                    for name in named
                    if name in judged
                },
                "required": list(named),
                **({} if "to" in named else {"not": {"required": ["to"]}}),
            },
        }
        for event, named in EVENT_CLAIMS.items()
    ]


class Event(Claims):
    """Something that the hub noticed."""

    model_config = ConfigDict(json_schema_extra=_by_event)

    type = StatementType.EVENT

    iss: Literal["CENTRE/HUB"]  # type: ignore[assignment]
    event: Word
    to: Annotated[list[MemberField], Field(min_length=1, max_length=limits.RECIPIENTS + 1)] | None = None
    digests: Digests | None = None
    member: MemberField | None = None
    members: Annotated[list[MemberField], Field(min_length=1, max_length=limits.RECIPIENTS)] | None = None
    missing: Word | None = None
    due: TimeS | None = None
    reason: Word | None = None

    @model_validator(mode="before")
    @classmethod
    def _judged(cls, payload: Any) -> Any:
        """Only what this event is known to say: anything else is a further claim, kept in the text."""
        if not isinstance(payload, dict):
            return payload
        word = payload.get("event")
        named = EVENT_CLAIMS.get(word, ()) if isinstance(word, str) else ()
        return {name: value for name, value in payload.items() if name not in _JUDGED or name in named}

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = EVENT_CLAIMS.get(self.event)
        if named is not None and ("to" in named) != (self.to is not None):
            raise ValueError("this event is public, or is not")
        if any(getattr(self, name) is None for name in named or ()):
            raise ValueError("not the claims of this event")
        if self.event == "erased" and len(self.digests or ()) > limits.ERASED:
            raise ValueError(f"at most {limits.ERASED} digests")
        return self
