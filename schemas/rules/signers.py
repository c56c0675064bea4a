"""Who may sign which statement, with which role (PROTOCOL 6, 9)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, get_args

from schemas.addresses import Address, is_officer
from schemas.claims import Outcome
from schemas.errors import Code, SeraiError
from schemas.keys import Kid

OFFICERS_SAY: Final[frozenset[str]] = frozenset({"acknowledged", "declined"})
"""Outcomes that a person gives; the others are a machine's."""

LINE_ROLES: Final = frozenset({"exchange", "audit", "coordinate"})
"""One of these roles opens a line, and reads."""

STORE_ROLES: Final = frozenset({"exchange"})
"""One of these roles stores attachments."""

_EXCHANGE: Final = "exchange"


def check_dispatch_signer(roles: AbstractSet[str]) -> None:
    """A dispatch is signed with the role ``exchange``, by a member or an officer.

    Raises:
        SeraiError: ``role_missing``.
    """
    if _EXCHANGE not in roles:
        raise SeraiError(Code.ROLE_MISSING, _EXCHANGE)


def check_receipt_signer(iss: Address, outcome: str) -> None:
    """Officers acknowledge and decline, members receive and reject; no role is asked for.

    Either may give an outcome that is not known: it has no effect.

    Raises:
        SeraiError: ``not_permitted``.
    """
    if outcome in get_args(Outcome) and is_officer(iss) != (outcome in OFFICERS_SAY):
        raise SeraiError(Code.NOT_PERMITTED, "officers acknowledge and decline, members receive and reject")


def check_event_signer(kid: Kid, event_kid: Kid) -> None:
    """An event is signed with the event key of the epoch in force.

    Raises:
        SeraiError: ``unknown_key``.
    """
    if kid != event_kid:
        raise SeraiError(Code.UNKNOWN_KEY, "not signed with the event key")


def check_line_signer(roles: AbstractSet[str], use: str) -> None:
    """A session token is signed with a role that opens a line; one that stores, with the role to exchange.

    Args:
        roles: of the signer's credential.
        use: what the token is for.

    Raises:
        SeraiError: ``role_missing``.
    """
    needed = STORE_ROLES if use == "store" else LINE_ROLES
    if not roles & needed:
        raise SeraiError(Code.ROLE_MISSING, _EXCHANGE)
