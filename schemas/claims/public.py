"""Statements that everybody gets: epochs, credentials, revocations (PROTOCOL 5)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from schemas import limits
from schemas.addresses import HUB, AddressField, domain_of
from schemas.claims.base import ClaimPart, Claims
from schemas.claims.fields import (
    Count,
    DigestText,
    KidText,
    LastNote,
    NetworkJwk,
    NetworkName,
    Suite,
    TimeS,
    Word,
    unique,
)
from schemas.claims.keys import Name, RequestText, Roles
from schemas.claims.types import StatementType

MEMBER_ROLES = frozenset({"exchange", "certify", "audit", "coordinate"})
"""Roles that give a right of the directory, the line or reading, and must be held by whoever grants them.

Any other word gives none of these, whoever has it, in any version.
"""


def _centred(codes: list[str]) -> list[str]:
    if domain_of(HUB) not in codes:
        raise ValueError(f"{domain_of(HUB)} is due")
    return codes


class Bounds(ClaimPart):
    """How many a member may certify, where the root permits more than the protocol (PROTOCOL 5)."""

    addresses: Annotated[int, Field(strict=True, ge=limits.ADDRESSES, le=1_000_000)]
    day: Annotated[int, Field(strict=True, ge=limits.CREDENTIALS_A_DAY, le=1_000_000)]


_Days = Annotated[int, Field(strict=True, ge=limits.KEEP_DAYS_LEAST, le=limits.KEEP_DAYS_MOST)]


class KeepDays(ClaimPart):
    """For how many days the hub keeps texts; what is not named it keeps for ever (PROTOCOL 5, 6).

    Receipts say that mail had come, so they do not go before it.
    """

    mail: _Days | None = None
    blobs: _Days | None = None
    receipts: _Days | None = None

    @model_validator(mode="after")
    def _said(self) -> Self:
        if self.mail is None and self.blobs is None and self.receipts is None:
            raise ValueError("keep_days names something")
        if self.receipts is not None and (self.mail is None or self.receipts < self.mail):
            raise ValueError("receipts are kept as long as mail at least")
        return self


class NetworkDocument(ClaimPart):
    """What the root says of the network (PROTOCOL 5)."""

    name: NetworkName
    suite: Suite
    status: Literal["actual", "exercise"]
    codes: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,22}[A-Z0-9]$")]],
        Field(min_length=1, max_length=256),
        AfterValidator(unique),
        AfterValidator(_centred),
    ]
    ledger_key: NetworkJwk
    event_key: NetworkJwk
    root: NetworkJwk
    next_root: KidText
    bounds: Bounds | None = None
    keep_days: KeepDays | None = None


class Epoch(Claims):
    """The start of an epoch of the ledger."""

    type = StatementType.EPOCH

    iss: Literal["ROOT"]  # type: ignore[assignment]
    epoch: Count
    index: Count
    root: DigestText | None = None
    last: LastNote | None = None
    network: NetworkDocument

    @model_validator(mode="after")
    def _whole(self) -> Self:
        first = self.epoch == 0
        if first != (self.index == 0) or first != (self.root is None) or (first and self.last is not None):
            raise ValueError("epoch 0 is leaf 0; later ones name the root before them")
        return self


class Credential(Claims):
    """The key that asked for it belongs to an address."""

    type = StatementType.CREDENTIAL

    iss: AddressField | Literal["ROOT"]  # type: ignore[assignment]
    sub: AddressField
    name: Name
    nbf: TimeS
    exp: TimeS
    roles: Roles
    request: RequestText

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.nbf >= self.exp or self.sub == HUB:
            raise ValueError("nbf before exp; not for the hub")
        return self


class Revocation(Claims):
    """A key no longer belongs to an address."""

    type = StatementType.REVOCATION

    iss: AddressField | Literal["ROOT"]  # type: ignore[assignment]
    sub: AddressField
    kid: KidText
    reason: Word
