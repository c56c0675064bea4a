"""Addresses of members and officers (PROTOCOL 4)."""

from __future__ import annotations

import re
from typing import Annotated, NewType

from pydantic import AfterValidator, WithJsonSchema

from schemas.errors import Code, SeraiError

Address = NewType("Address", str)
"""A member (`KZ/NFP`) or an officer beneath one (`KZ/NFP/DUTY-2`), well formed."""

HUB = Address("CENTRE/HUB")
"""Where a network's hub speaks from."""

ROOT = "ROOT"
"""What stands as issuer where the root signs; not an address."""

_PART = r"[A-Z0-9](?:[A-Z0-9-]{0,22}[A-Z0-9])"
_ADDRESS = re.compile(rf"{_PART}/{_PART}(?:/{_PART})?")


def parse_address(text: str) -> Address:
    """An address from its only spelling.

    Raises:
        SeraiError: ``malformed_address``.
    """
    if len(text) > 74 or not _ADDRESS.fullmatch(text):
        raise SeraiError(Code.MALFORMED_ADDRESS, "two or three parts of A-Z 0-9 - joined by /")
    return Address(text)


def parse_member(text: str) -> Address:
    """An address of two parts.

    Raises:
        SeraiError: ``malformed_address`` if it is not one, or an officer's.
    """
    address = parse_address(text)
    if is_officer(address):
        raise SeraiError(Code.MALFORMED_ADDRESS, "a member is due, not an officer")
    return address


def member_of(address: Address) -> Address:
    """The member an address belongs to: itself, or what it stands beneath."""
    return Address("/".join(address.split("/", 2)[:2]))


def is_officer(address: Address) -> bool:
    """Whether the address has a third part."""
    return address.count("/") == 2


def domain_of(address: Address) -> str:
    """The first part: a country or an organisation code."""
    return address.split("/", 1)[0]


def is_country(domain: str) -> bool:
    """Whether a first part has the shape of an ISO 3166 alpha-2 code."""
    return len(domain) == 2 and domain.isalpha()


def _field(parse: object) -> object:
    def validate(text: str) -> str:
        try:
            return parse(text)  # type: ignore[operator,no-any-return]
        except SeraiError as error:
            raise ValueError(error.detail) from error

    return AfterValidator(validate)


AddressField = Annotated[
    Address,
    _field(parse_address),
    WithJsonSchema({"type": "string", "pattern": f"^{_ADDRESS.pattern}$"}),
]
"""An `Address` as a field of a model."""

MemberField = Annotated[
    Address,
    _field(parse_member),
    WithJsonSchema({"type": "string", "pattern": f"^{_PART}/{_PART}$"}),
]
"""A member's `Address` as a field of a model."""
