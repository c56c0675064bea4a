"""What was written with each statement, computed again from the ledger's texts (for ``serai-hub ledger check``).

`Recount` takes the statements in order and gives each back as `Admitted`: where it went, what it
named, what was due. It decides nothing anew: what stands in the ledger was admitted. So whatever
the database says besides texts and sealed content can be compared with what the texts say.

The few rules that this takes (recipients, lanes, deadlines) are written here once more, on purpose, and
not taken from `schemas.rules` or from admission: a rule that is wrong there wrote wrong rows, and would
find them right. Only the directory is the same code: nothing could be read without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from broker.core.admission.effects import Admitted, BlobLink, MailboxEntry, StepNote, Watch
from broker.core.recount_steps import StepRecount, answers
from broker.core.verification import StoredEntry, SubmittedContent
from schemas import limits
from schemas.addresses import Address, is_officer, member_of
from schemas.claims import Claims, Dispatch, Event, Lane, Receipt, Revocation, is_public
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import Digest, decode_digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.leaf import Leaf
from schemas.statements import VerifiedStatement, parse_statement

_NO_ENTRY = StoredEntry(b"", b"")


@dataclass(frozen=True, slots=True)
class _Named:
    """A statement that others may name."""

    index: int
    lane: Lane
    sender: str
    origin: int


class Recount:
    """The ledger, read again from its first statement.

    Args:
        network: network id.

    Attributes:
        directory: as of the statements taken so far.
        ceased: members whose last key was revoked, and the place where.
        kept_from: members that had no key when they were sent a stop, and the place of that.
        ended: who owes an answer to the dispatch at which place, and the place of what ended that.
        erased: digests of what the hub said that it has erased.
    """

    def __init__(self, network: str) -> None:
        self.directory = Directory(network)
        self.ceased: list[tuple[Address, int]] = []
        self.ended: dict[tuple[int, Address], int | None] = {}
        self._named: dict[Digest, _Named] = {}
        self.erased: set[Digest] = set()
        self._gone: dict[Digest, Lane] = {}
        self.kept_from: list[tuple[Address, int]] = []
        self._steps = StepRecount()
        self._given: set[tuple[int, Address, str]] = set()

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
            self._apply(statement, Position(index, leaf.accepted_s))
        lane = self._lane(claims)
        admitted = Admitted(
            index, leaf, statement, member_of(claims.iss), lane, _content(claims, body),
            _deliveries(claims), self._references(claims), self._outcomes(claims), _watches(claims, index, leaf),
            _owing(claims), origin=self._origin(claims),
            links=_links(claims), step=self._step(claims, statement.digest, index),
        )  # fmt: skip
        if isinstance(claims, Dispatch) and _is_stop(claims):
            self.kept_from += [
                (each, index) for each in claims.to if self._is_gone(each, Position(index, leaf.accepted_s))
            ]
        sender, origin = admitted.sender, index if admitted.origin is None else admitted.origin
        self._named[statement.digest] = _Named(index, lane, sender, origin)
        self._end(claims, index)
        self.ended |= {(index, member): None for member in admitted.owing}
        return admitted

    def skip(self, leaf: Leaf, lane: Lane) -> None:
        """The next statement's text is gone: what names it, an `erased` event aside, cannot be recounted."""
        self._gone[leaf.digest] = lane

    def trust(self, index: int, note: StepNote | None) -> None:
        """What stands in the database of a step that could not be recounted: later ones are judged by it."""
        self._steps.trust(index, note)

    def _step(self, claims: Claims, digest: Digest, index: int) -> StepNote | None:
        if not isinstance(claims, Dispatch) or claims.operation is None:
            return None
        refs = () if _is_stop(claims) else claims.refs or ()
        return self._steps.take(claims, digest, index, [self._find(r.digest).origin for r in refs if r.rel == "reply"])

    def _is_gone(self, member: Address, place: Position) -> bool:
        return self.directory.current(member, place) is None

    def _apply(self, statement: VerifiedStatement[Claims], place: Position) -> None:
        claims = statement.claims
        before, self.directory = self.directory, apply_statement(self.directory, statement, place)
        if isinstance(claims, Revocation) and not is_officer(claims.sub):
            after = Position(place.index + 1, place.time_s)
            for member in (claims.sub, *before.units(claims.sub)):
                if before.current(member, place) is not None and self.directory.current(member, after) is None:
                    self.ceased.append((member, place.index))

    def _lane(self, claims: Claims) -> Lane:
        if is_public(claims):
            return "public"
        if isinstance(claims, Dispatch):
            return "normal" if claims.precedence in ("routine", "priority") else "urgent"
        if isinstance(claims, Event) and claims.event == "erased":
            return self._lane_of_erased(claims)
        digests = claims.digests if isinstance(claims, Receipt | Event) else None
        lanes = {self._find(digest).lane for digest in digests or ()}
        return "urgent" if "urgent" in lanes else "normal"

    def _lane_of_erased(self, claims: Event) -> Lane:
        """The lane of an event about texts that are gone, as a rule; it is noted what they are."""
        digests = [decode_digest(digest) for digest in claims.digests or ()]
        self.erased.update(digests)
        lanes = {self._gone.get(digest) or self._find(encode_base64url(digest)).lane for digest in digests}
        return "urgent" if "urgent" in lanes else "normal"

    def _find(self, digest: str) -> _Named:
        named = self._named.get(decode_digest(digest))
        if named is None:
            code = Code.GONE if decode_digest(digest) in self._gone else Code.UNKNOWN_REFERENCE
            raise SeraiError(code, digest)
        return named

    def _references(self, claims: Claims) -> tuple[tuple[int, str], ...]:
        refs = (claims.refs or ()) if isinstance(claims, Dispatch) and not _is_stop(claims) else ()
        return tuple((self._find(ref.digest).index, ref.rel) for ref in refs)

    def _origin(self, claims: Claims) -> int | None:
        refs = (claims.refs or ()) if isinstance(claims, Dispatch) else ()
        return next((self._find(ref.digest).origin for ref in refs if ref.rel == "reseal"), None)

    def _end(self, claims: Claims, index: int) -> None:
        """Take note of the answers that are not waited for any more."""
        if isinstance(claims, Receipt) and claims.outcome == "declined":
            for origin in [self._find(digest).origin for digest in claims.digests]:
                if origin not in self._steps.steps:
                    self._end_at(origin, member_of(claims.iss), index)
        if isinstance(claims, Dispatch) and not _is_reseal(claims) and not _is_stop(claims):
            for ref in claims.refs or ():
                self._end_by(claims, ref.rel, self._find(ref.digest), index)

    def _end_by(self, cover: Dispatch, rel: str, named: _Named, index: int) -> None:
        member = member_of(cover.iss)
        if named.origin in self._steps.steps and rel not in ("cancel", "update"):
            own = named.sender == member
            if answers(cover, rel, own=own) and (own or named.sender in cover.to):
                self._end_at(named.origin, member, index)
        elif rel == "cancel" or (rel == "update" and cover.expects is not None):
            for target, each in list(self.ended):
                if target == named.origin:
                    self._end_at(target, each, index)
        elif rel == "reply" and (named.sender in cover.to or named.sender == member):
            self._end_at(named.origin, member, index)

    def _end_at(self, target: int, member: Address, index: int) -> None:
        if self.ended.get((target, member), index) is None:
            self.ended[target, member] = index

    def _outcomes(self, claims: Claims) -> tuple[tuple[int, str], ...]:
        if not isinstance(claims, Receipt):
            return ()
        member, indices = member_of(claims.iss), [self._find(digest).index for digest in claims.digests]
        new = tuple((at, claims.outcome) for at in indices if (at, member, claims.outcome) not in self._given)
        self._given |= {(at, member, claims.outcome) for at in indices}
        return new


def _content(claims: Claims, body: bytes | None) -> SubmittedContent | None:
    if not isinstance(claims, Dispatch):
        return None
    recipients = _recipients(claims)
    return SubmittedContent(body or b"", claims.content.claim(), recipients, (), (_NO_ENTRY,) * len(recipients))


def _recipients(cover: Dispatch) -> tuple[Address, ...]:
    return tuple(dict.fromkeys((*cover.to, member_of(cover.iss))))


def _deliveries(claims: Claims) -> tuple[MailboxEntry, ...]:
    if isinstance(claims, Dispatch):
        return tuple(MailboxEntry(member, member in claims.to, _NO_ENTRY) for member in _recipients(claims))
    if isinstance(claims, Event):
        return tuple(MailboxEntry(member, addressed=True) for member in claims.to or ())
    if not isinstance(claims, Receipt):
        return ()
    signer = member_of(claims.iss)
    members: Sequence[Address] = (claims.to,) if claims.to == signer else (claims.to, signer)
    return tuple(MailboxEntry(member, addressed=member == claims.to) for member in members)


def _watches(claims: Claims, index: int, leaf: Leaf) -> tuple[Watch, ...]:
    if not isinstance(claims, Dispatch):
        return ()
    due_s = limits.RECEIVED_DUE_S.get(claims.precedence, limits.RECEIVED_DUE_S["immediate"])
    received = Watch(leaf.accepted_at + 1000 * due_s, index, "received")
    if claims.expects is None or _is_reseal(claims):
        return (received,)
    return (received, Watch(1000 * claims.expects.by, index, "reply"))


def _owing(claims: Claims) -> tuple[Address, ...]:
    if not isinstance(claims, Dispatch) or claims.expects is None or _is_reseal(claims):
        return ()
    return tuple(claims.expects.members if claims.expects.members is not None else claims.to)


def _links(claims: Claims) -> tuple[BlobLink, ...]:
    attached = (claims.attachments or ()) if isinstance(claims, Dispatch) else ()
    return tuple(BlobLink(decode_digest(each.digest), None) for each in attached)


def _is_stop(claims: Claims) -> bool:
    """Whether it is a stop, of which references are not noted."""
    return isinstance(claims, Dispatch) and claims.operation is not None and claims.operation.do == "stop"


def _is_reseal(cover: Dispatch) -> bool:
    return "reseal" in [ref.rel for ref in cover.refs or ()]
