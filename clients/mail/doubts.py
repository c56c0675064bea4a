"""What came and was signed by a key that was revoked since, because somebody else has it.

It was good when it came, and stays in force: but who signed it is in doubt, so a person is shown it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.mail.state import State
from clients.store import Answer
from schemas.addresses import Address, member_of
from schemas.claims import Dispatch, Revocation, StatementType
from schemas.directory import Certified
from schemas.errors import SeraiError
from schemas.keys import Kid
from schemas.statements import VerifiedStatement, read_claims, read_header

_COMPROMISED: Final = "key_compromise"


class Doubts:
    """Notes at each dispatch that came that its key was revoked since; within a change of the state.

    Args:
        state: of the client.
    """

    def __init__(self, state: State) -> None:
        self._state = state

    def revoked(self, digest: str, at_ms: int, claims: Revocation) -> None:
        """A key was revoked: look again at what came under it, or under a key that it certified.

        Args:
            digest: of the revocation.
            at_ms: when the hub accepted it, milliseconds since 1970 UTC.
            claims: of the revocation, which is in the directory.
        """
        if claims.reason != _COMPROMISED:
            return
        found = list(self._beneath(claims))
        kids = {certified.key.kid for certified in found}
        since_ms = 1000 * min((certified.place.time_s for certified in found), default=0)
        for glance in self._state.store.items.glances(since_ms):
            if glance.inbox and glance.statement is not None and _kid_of(glance.statement) in kids:
                self._note(glance.digest, Answer(member_of(claims.sub), "compromised", at_ms, statement=digest))

    def _beneath(self, claims: Revocation) -> Iterator[Certified]:
        """Credentials of the key, and those that follow from it."""
        directory = self._state.directory
        members = {member_of(claims.sub), *directory.units(claims.sub)}
        for address in directory.addresses():
            for certified in directory.credentials(address) if member_of(address) in members else ():
                if any(link.key.kid == claims.kid for link in directory.chain(certified)):
                    yield certified

    def arrived(self, digest: str, statement: VerifiedStatement[Dispatch]) -> None:
        """A dispatch came late: its key may have been revoked between it and now.

        Args:
            digest: of the dispatch.
            statement: it was good at its place.
        """
        directory = self._state.directory
        held = [each for each in directory.credentials(Address(statement.claims.iss)) if each.key.kid == statement.kid]
        for link in (link for certified in held for link in directory.chain(certified)):
            item = None if link.revoked_at is None else self._state.store.items.at(link.revoked_at)
            claims = _revocation(item.statement) if item is not None else None
            if item is not None and claims is not None and claims.reason == _COMPROMISED:
                said = Answer(member_of(claims.sub), "compromised", item.leaf.accepted_at, statement=item.digest)
                self._note(digest, said)

    def _note(self, digest: str, answer: Answer) -> None:
        self._state.store.outcomes.add(digest, answer)


def _kid_of(statement: str) -> Kid | None:
    try:
        return Kid(read_header(statement).kid)
    except SeraiError:
        return None


def _revocation(text: str | None) -> Revocation | None:
    try:
        claims = read_claims(text or "", StatementType.REVOCATION)
    except SeraiError:
        return None
    return claims if isinstance(claims, Revocation) else None
