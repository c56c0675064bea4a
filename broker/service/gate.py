"""The gate: who may open a line or read, by a session token (PROTOCOL 9, 10)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from schemas import limits
from schemas.addresses import Address, member_of
from schemas.claims import Session, StatementType
from schemas.directory import Directory, Position
from schemas.errors import Code, SeraiError
from schemas.keys import Kid
from schemas.rules.signers import check_line_signer
from schemas.statements import parse_statement


@dataclass(frozen=True, slots=True)
class Pass:
    """What a verified token stands for.

    Attributes:
        holder: member or officer that signed it.
        member: whose mailbox.
        seat: the seat; empty for reading.
        kid: the key that signed.
        jti: the token's own id, to be used once.
        expires_s: when it ends.
        auditor: whether the holder may read every text.
    """

    holder: Address
    member: Address
    seat: str
    kid: Kid
    jti: str
    expires_s: int
    auditor: bool


def verify_token(
    token: str,
    use: str,
    origins: frozenset[str],
    directory: Directory,
    place: Position,
    note_time: Callable[[Address, int], None] = lambda _member, _ahead_s: None,
) -> Pass:
    """Judge a session token.

    1. it is a session statement of the right form, its signature holds, the network is ours
    2. it is for this use and for one of this hub's origins
    3. it is in time, and its life is at most 60 s
    4. its signer is good now, not suspended, and has a role that is good for this use
    5. the mailbox is the signer's member

    Whether it was used before is asked of the database by the caller, last.

    Args:
        token: as it came.
        use: what it must be for.
        origins: how this hub is dialled.
        directory: who is who.
        place: now.
        note_time: called with the member, and by how many seconds a token whose signature holds is ahead.

    Raises:
        SeraiError: ``token_invalid``, ``token_expired``, and those of `Directory.signer`.
    """
    statement = parse_statement(token)
    if statement.type is not StatementType.SESSION:
        raise SeraiError(Code.TOKEN_INVALID, "not a session token")
    verified = directory.verify(statement)
    claims = cast("Session", verified.claims)
    if claims.use != use or claims.hub not in origins:
        raise SeraiError(Code.TOKEN_INVALID, "for another use or another hub")
    if (owner := directory.owners.get(verified.kid)) is not None:  # whatever its `iss` says
        note_time(member_of(owner), claims.iat - place.time_s)
    if not claims.iat - limits.CLOCK_AHEAD_S <= place.time_s < claims.exp:
        raise SeraiError(Code.TOKEN_EXPIRED, f"the hub's time is {place.time_s}")
    if claims.exp - claims.iat > limits.TOKEN_LIFE_S:
        raise SeraiError(Code.TOKEN_INVALID, f"a token lives at most {limits.TOKEN_LIFE_S} s")
    certified = directory.signer(verified, place)
    check_line_signer(certified.roles, use)
    member = member_of(certified.address)
    if claims.mailbox is not None and claims.mailbox != member:
        raise SeraiError(Code.TOKEN_INVALID, "a mailbox is opened by its member")
    auditor = "audit" in certified.roles
    seat = claims.seat or ""
    return Pass(certified.address, member, seat, verified.kid, claims.jti, claims.exp, auditor)
