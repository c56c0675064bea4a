"""Statements that never enter the ledger: requests to be certified, session tokens (PROTOCOL 5, 9)."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from schemas.addresses import MemberField
from schemas.claims.base import Claims
from schemas.claims.fields import HubOrigin, Seat, TimeS
from schemas.claims.keys import KeyPair, Name, Roles, check_pair
from schemas.claims.types import StatementType


class Enrolment(Claims):
    """A request to be certified, which proves possession of the signing key."""

    type = StatementType.ENROLMENT

    name: Name
    roles: Roles
    key: KeyPair

    @model_validator(mode="after")
    def _whole(self) -> Self:
        check_pair(self.iss, self.key)
        return self


class Session(Claims):
    """A bearer token that opens a line, reads, or stores attachments over HTTP (PROTOCOL 9, 10)."""

    type = StatementType.SESSION

    exp: TimeS
    use: Literal["exchange", "read", "store"]
    hub: HubOrigin
    mailbox: MemberField | None = None
    seat: Seat | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not (self.use == "exchange") == (self.mailbox is not None) == (self.seat is not None):
            raise ValueError("an exchange token, and only that, names mailbox and seat")
        return self
