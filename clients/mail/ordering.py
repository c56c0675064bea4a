"""In which order things go out that undo each other: the end of an officer does not overtake what he signed before."""

from __future__ import annotations

from typing import Final

from clients.mail.state import State
from clients.store import Outgoing
from schemas.addresses import Address, is_officer
from schemas.claims import Claims, Dispatch, Receipt, Revocation
from schemas.errors import SeraiError
from schemas.statements import parse_statement, read_claims

MOST_SECONDS: Final = 600.0
"""How long the end of an officer waits at most for what he signed before."""

MOST_ROWS: Final = 1_000
"""How many rows before it are looked at; where there are more, it waits."""

AT_ONCE: Final = frozenset({"key_compromise", "lost"})
"""Reasons for which it waits for nothing: somebody else may be signing."""


def ending_officer(outgoing: Outgoing) -> Address | None:
    """The officer whose end a row says, if that may wait for what he signed before; ``None`` for everything else."""
    if outgoing.draft.get("draft") != "public":
        return None
    text = str(outgoing.draft.get("statement", ""))
    try:
        claims = read_claims(text, parse_statement(text).type)
    except SeraiError:
        return None
    if not isinstance(claims, Revocation) or claims.reason in AT_ONCE or not is_officer(claims.sub):
        return None
    return claims.sub


def claims_of(outgoing: Outgoing) -> Claims:
    """The claims of what was signed here."""
    text = outgoing.statement or ""
    return read_claims(text, parse_statement(text).type)


def named_by(outgoing: Outgoing) -> set[str]:
    """Digests of what a signed dispatch refers to."""
    claims = claims_of(outgoing)
    return {ref.digest for ref in claims.refs or ()} if isinstance(claims, Dispatch) else set()


def waited_for(outgoing: Outgoing, claims: Claims) -> list[str]:
    """Digests of what has to stand in the ledger again before this is submitted; nothing keeps a stop back.

    Args:
        outgoing: the row.
        claims: of what was signed in it.
    """
    if isinstance(claims, Receipt):
        return claims.digests
    if outgoing.first or not isinstance(claims, Dispatch):
        return []
    operation = claims.operation.id if claims.operation is not None else None
    return [*(ref.digest for ref in claims.refs or ()), *([operation] if operation is not None else [])]


class Order:
    """Keeps the end of an officer behind what he signed before.

    Args:
        state: what the client believes, and the store in which things wait.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._since_s: dict[int, float] = {}

    def overtakes(self, outgoing: Outgoing) -> bool:
        """Whether it would end an officer before the hub has what he signed before; not for ever."""
        officer = ending_officer(outgoing)
        if officer is None:
            return False
        now_s = self._state.system.monotonic()
        if now_s - self._since_s.setdefault(outgoing.id, now_s) >= MOST_SECONDS:
            return False
        before = self._state.store.outbox.waiting_before(outgoing.id, MOST_ROWS)
        found = (self._state.store.outbox.get(row) for row in before)
        return len(before) >= MOST_ROWS or any(each and each.draft.get("iss") == officer for each in found)
