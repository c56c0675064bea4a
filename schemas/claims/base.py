"""What every statement says (PROTOCOL 3)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.addresses import AddressField
from schemas.claims.fields import Jti, NetworkId, TimeS, View
from schemas.claims.types import StatementType
from schemas.errors import Code, SeraiError


class ClaimPart(BaseModel):
    """A part of a signed payload: unknown members are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Claims(ClaimPart):
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
        named = set(self.critical or ())
        unknown = named - set(type(self).model_fields)
        if unknown:
            raise SeraiError(Code.UNSUPPORTED_CRITICAL, ", ".join(sorted(unknown))[:200])
        if named - self.model_fields_set or len(named) != len(self.critical or ()):
            raise ValueError("critical names what is not there, or twice")
        return self
