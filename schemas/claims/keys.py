"""Keys, names and roles, as asked for and as certified (PROTOCOL 4, 5)."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from schemas import limits
from schemas.addresses import Address, is_officer
from schemas.claims.base import ClaimPart
from schemas.claims.fields import EncryptionJwk, SigningJwk, Word, unique
from schemas.text import LINE


class KeyPair(ClaimPart):
    """The keys of who asks to be certified; officers have none to be sealed to."""

    sig: SigningJwk
    enc: EncryptionJwk | None = None


def check_pair(address: Address, key: KeyPair) -> None:
    """Check that keys are those of a member, or of an officer.

    Raises:
        ValueError: they are not.
    """
    if is_officer(address) != (key.enc is None):
        raise ValueError("members have an encryption key, officers none")


Roles = Annotated[list[Word], Field(min_length=1, max_length=16), AfterValidator(unique)]
_LINE: Final = re.compile(LINE)


def _line(text: str) -> str:
    if not _LINE.fullmatch(text):
        raise ValueError("one line, not blank, without marks that hide it or turn its direction")
    return text


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80),
    AfterValidator(_line),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 80, "pattern": LINE}),
]
"""What people call somebody: one line."""

RequestText = Annotated[
    str,
    StringConstraints(
        max_length=limits.REQUEST_BYTES, pattern=r"^[A-Za-z0-9_-]{1,200}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$"
    ),
]
"""A request to be certified, as text; what it says is judged by `schemas.enrolment`."""
