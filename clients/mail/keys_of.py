"""Whether the keys that a signed row of the outbox was made with are still the right ones."""

from __future__ import annotations

from clients.mail.state import State
from clients.store import Outgoing
from schemas.addresses import Address
from schemas.claims import Claims, Dispatch
from schemas.directory import Directory
from schemas.errors import SeraiError
from schemas.sealing import parse_sealed
from schemas.statements import parse_statement


def lacks_keys(outgoing: Outgoing, claims: Claims, directory: Directory) -> bool:
    """Whether the directory has lost the key that signed it, or one that it is sealed to.

    Args:
        outgoing: signed.
        claims: what it says.
        directory: where the keys stand.
    """
    try:
        directory.key_of(parse_statement(outgoing.statement or ""))
    except SeraiError:
        return True
    if not isinstance(claims, Dispatch) or outgoing.sealed is None:
        return False
    known = {c.enc.kid for member in claims.to for c in directory.credentials(member) if c.enc is not None}
    entries = parse_sealed(outgoing.sealed).entries[: len(claims.to)]
    return not {entry.kid for entry in entries} <= known


def has_another_key(outgoing: Outgoing, state: State) -> bool:
    """Whether what was refused for its key would be signed with another one now."""
    signer = Address(str(outgoing.draft.get("iss")))
    try:
        return state.signing_key(signer).kid != parse_statement(outgoing.statement or "").kid
    except SeraiError:
        return False
