"""What was written with each statement, computed again from the ledger's texts (for ``serai-hub ledger check``).

`Recount` takes the statements in order and gives each back as `Admitted`: where it went, what it
named, what was due. It decides nothing anew: what stands in the ledger was admitted. So whatever
the database says besides texts and sealed content can be compared with what the texts say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broker.core.admission import Admitted, Delivery, Watch
from broker.core.facts import most_urgent
from broker.core.verification import StoredEntry, VerifiedContent, recipients_of
from schemas import limits
from schemas.addresses import Address, is_officer, member_of
from schemas.claims import Claims, Dispatch, Event, Lane, Outcome, Receipt, Rel, Revocation, is_public
from schemas.directory import Directory, Place
from schemas.encoding import Digest, decode_digest
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from schemas.statements import VerifiedStatement, parse_statement

_NO_ENTRY = StoredEntry(b"", b"")


@dataclass(frozen=True, slots=True)
class _Named:
    """A statement that others may name."""

    index: int
    lane: Lane


class Recount:
    """The ledger, read again from its first statement.

    Args:
        network: network id.

    Attributes:
        directory: as of the statements taken so far.
        ceased: members whose last key was revoked, and the place where.
    """

    def __init__(self, network: str) -> None:
        self.directory = Directory(network)
        self.ceased: list[tuple[Address, int]] = []
        self._named: dict[Digest, _Named] = {}
        self._gone: set[Digest] = set()
        self._given: set[tuple[int, Address, Outcome]] = set()

    def take(self, index: int, leaf: Leaf, text: str, body: bytes | None) -> Admitted:
        """The next statement with everything that was written with it.

        Args:
            index: its place.
            leaf: its leaf.
            text: its text, which is the leaf's.
            body: of a dispatch, what recipients share; entries are left empty.

        Raises:
            SeraiError: the statement does not follow; ``gone`` if it names one whose text is gone.
        """
        statement = self.directory.verify(parse_statement(text))
        claims = statement.claims
        if is_public(claims) != leaf.public or claims.type is not leaf.type:
            raise SeraiError(Code.DAMAGED, f"leaf {index} says another type")
        if leaf.public:
            self._apply(statement, Place(index, leaf.accepted_s))
        lane = self._lane(claims)
        admitted = Admitted(
            index, leaf, statement, member_of(claims.iss), lane, _content(claims, body),
            _deliveries(claims), self._references(claims), self._outcomes(claims), _watches(claims, index, leaf),
        )  # fmt: skip
        self._named[statement.digest] = _Named(index, lane)
        return admitted

    def skip(self, leaf: Leaf) -> None:
        """The next statement's text is gone: what names it cannot be recounted."""
        self._gone.add(leaf.digest)

    def _apply(self, statement: VerifiedStatement[Claims], place: Place) -> None:
        claims = statement.claims
        before, self.directory = self.directory, self.directory.apply(statement, place)
        if isinstance(claims, Revocation) and not is_officer(claims.sub):
            after = Place(place.index + 1, place.time_s)
            for member in (claims.sub, *before.units(claims.sub)):
                if before.current(member, place) is not None and self.directory.current(member, after) is None:
                    self.ceased.append((member, place.index))

    def _lane(self, claims: Claims) -> Lane:
        if is_public(claims):
            return "public"
        if isinstance(claims, Dispatch):
            return claims.lane()
        digests = claims.digests if isinstance(claims, Receipt | Event) else None
        return most_urgent(self._find(digest).lane for digest in digests or ())

    def _find(self, digest: str) -> _Named:
        named = self._named.get(decode_digest(digest))
        if named is None:
            code = Code.GONE if decode_digest(digest) in self._gone else Code.UNKNOWN_REFERENCE
            raise SeraiError(code, digest)
        return named

    def _references(self, claims: Claims) -> tuple[tuple[int, Rel], ...]:
        refs = (claims.refs or ()) if isinstance(claims, Dispatch) else ()
        return tuple((self._find(ref.digest).index, ref.rel) for ref in refs)

    def _outcomes(self, claims: Claims) -> tuple[tuple[int, Outcome], ...]:
        if not isinstance(claims, Receipt):
            return ()
        member, indices = member_of(claims.iss), [self._find(digest).index for digest in claims.digests]
        new = tuple((at, claims.outcome) for at in indices if (at, member, claims.outcome) not in self._given)
        self._given |= {(at, member, claims.outcome) for at in indices}
        return new


def _content(claims: Claims, body: bytes | None) -> VerifiedContent | None:
    if not isinstance(claims, Dispatch):
        return None
    recipients = recipients_of(claims)
    return VerifiedContent(body or b"", claims.content.claim(), recipients, (), (_NO_ENTRY,) * len(recipients))


def _deliveries(claims: Claims) -> tuple[Delivery, ...]:
    if isinstance(claims, Dispatch):
        return tuple(Delivery(member, member in claims.to, _NO_ENTRY) for member in recipients_of(claims))
    if isinstance(claims, Event):
        return tuple(Delivery(member, addressed=True) for member in claims.to or ())
    if not isinstance(claims, Receipt):
        return ()
    signer = member_of(claims.iss)
    members: Sequence[Address] = (claims.to,) if claims.to == signer else (claims.to, signer)
    return tuple(Delivery(member, addressed=member == claims.to) for member in members)


def _watches(claims: Claims, index: int, leaf: Leaf) -> tuple[Watch, ...]:
    if not isinstance(claims, Dispatch):
        return ()
    received = Watch(leaf.accepted_at + 1000 * limits.RECEIVED_DUE_S[claims.precedence], index, "received")
    if claims.reply_by is None:
        return (received,)
    return (received, Watch(1000 * claims.reply_by, index, "reply"))
