"""The directory as a value: what it knows, and every question that it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.addresses import Address, is_officer, member_of
from schemas.claims import Claims, StatementType
from schemas.directory.credentials import Certified, NetworkEpoch, Position
from schemas.errors import Code, SeraiError
from schemas.keykinds import UnknownKey
from schemas.keys import EncryptionKey, Kid, VerifyKey
from schemas.statements import UnverifiedStatement, VerifiedStatement, read_payload, verify_statement


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything the public statements so far say, as a value.

    Attributes:
        network: network id, ``name/thumbprint of the first root``; the thumbprint is
            the one thing a client knows beforehand.
        epochs: every epoch, oldest first; empty before leaf 0.
        version: grows with every statement applied.
        history: every credential of each address, oldest first.
        owners: whose each signing key is.
        keys: every signing key that was ever certified or named by an epoch, by thumbprint.
        suspensions: where members were suspended.
        beneath: how many stand beneath each member that the root certified: address to ``exp`` of its newest
            credential (`schemas.directory.bounds`).
        days: the day on which a credential was last accepted beneath such a member, and how many were.
        marks: where something was said of an address that cannot be read (`schemas.directory.marks`).
    """

    network: str
    epochs: tuple[NetworkEpoch, ...] = ()
    version: int = 0
    history: Mapping[Address, tuple[Certified, ...]] = field(default_factory=dict, repr=False)
    owners: Mapping[Kid, Address] = field(default_factory=dict, repr=False)
    keys: Mapping[Kid, VerifyKey] = field(default_factory=dict, repr=False)
    suspensions: Mapping[Address, tuple[Position, ...]] = field(default_factory=dict, repr=False)
    beneath: Mapping[Address, Mapping[Address, int]] = field(default_factory=dict, repr=False)
    days: Mapping[Address, tuple[int, int]] = field(default_factory=dict, repr=False)
    marks: Mapping[Address, tuple[int, ...]] = field(default_factory=dict, repr=False)

    # Questions

    @property
    def epoch(self) -> NetworkEpoch:
        """The epoch in force.

        Raises:
            SeraiError: ``wrong_epoch`` before the first.
        """
        if not self.epochs:
            raise SeraiError(Code.WRONG_EPOCH, "no epoch yet")
        return self.epochs[-1]

    def key_of(self, statement: UnverifiedStatement) -> VerifyKey:
        """The key that a statement names, to check its signature with.

        Raises:
            SeraiError: ``unknown_key``.
        """
        key = self.keys.get(statement.kid) or self._root_key(statement)
        if key is None:
            raise SeraiError(Code.UNKNOWN_KEY, statement.kid)
        return key

    def _root_key(self, statement: UnverifiedStatement) -> VerifyKey | None:
        """A new root brings its key along; its thumbprint was known beforehand.

        The payload is not verified yet. Nothing of it is believed but a key with that
        thumbprint, and with this key the signature is checked next.
        """
        if statement.kid != self.next_root or statement.type is not StatementType.EPOCH:
            return None
        try:
            network = read_payload(statement.text).get("network")
            key = VerifyKey.from_jwk(network.get("root") if isinstance(network, dict) else None)
        except SeraiError:
            return None
        return key if key.kid == statement.kid else None

    @property
    def next_root(self) -> str:
        """Thumbprint of the root that may sign the next epoch besides the present one."""
        return self.epochs[-1].document.next_root if self.epochs else self.network.partition("/")[2]

    def verify(self, statement: UnverifiedStatement, *, lenient: bool = False) -> VerifiedStatement[Claims]:
        """Signature, claims and network of a statement, with the key it names.

        Args:
            statement: as received.
            lenient: as in `verify_statement`.

        Raises:
            SeraiError: ``unknown_key``, ``wrong_network``, and those of `verify_statement`.
        """
        verified = verify_statement(statement, self.key_of(statement), lenient=lenient)
        if verified.claims.aud != self.network:
            raise SeraiError(Code.WRONG_NETWORK, verified.claims.aud)
        return verified

    def signer(self, statement: VerifiedStatement[Claims], place: Position) -> Certified:
        """The credential by which a statement's signer speaks for ``iss`` at a place.

        Raises:
            SeraiError: ``unknown_key``, ``credential_revoked``, ``credential_expired``,
                ``suspended``.
        """
        certified = self.holder(statement.kid, place)
        if certified.address != statement.claims.iss:
            raise SeraiError(Code.UNKNOWN_KEY, f"the key is not one of {statement.claims.iss}")
        if self.is_suspended(certified.address, place):
            raise SeraiError(Code.SUSPENDED, member_of(certified.address))
        return certified

    def holder(self, kid: Kid, place: Position) -> Certified:
        """The newest credential that makes a signing key good at a place.

        Raises:
            SeraiError: ``unknown_key``, ``credential_revoked``, ``credential_expired``.
        """
        fault = SeraiError(Code.UNKNOWN_KEY, kid)
        for certified in self._credentials(self.owners.get(kid), kid, place):
            try:
                self.check_good(certified, place)
            except SeraiError as error:
                fault = error
            else:
                return certified
        raise fault

    def _credentials(self, address: Address | None, kid: Kid, place: Position) -> Iterator[Certified]:
        """Credentials of a signing key accepted below a place, newest first."""
        for certified in reversed(self.history.get(address, ()) if address else ()):
            if certified.key.kid == kid and certified.place.index < place.index:
                yield certified

    def check_good(self, certified: Certified, place: Position) -> None:
        """Check that a credential makes its key good at a place that it stands below (PROTOCOL 5).

        Raises:
            SeraiError: ``credential_revoked``, ``credential_expired``.
        """
        if certified.outdated(place):
            raise SeraiError(Code.CREDENTIAL_EXPIRED, f"{certified.address}: replaced over seven days before")
        self._check_standing(certified, place)

    def _check_standing(self, certified: Certified, place: Position) -> None:
        """In date and not revoked, up to the root."""
        if certified.revoked(place.index):
            raise SeraiError(Code.CREDENTIAL_REVOKED, certified.address)
        if not certified.in_date(place.time_s):
            raise SeraiError(Code.CREDENTIAL_EXPIRED, certified.address)
        for above in self._above(certified):
            self._check_standing(above, place)

    def _above(self, certified: Certified) -> Iterator[Certified]:
        """The credential that stands above, if the root does not."""
        yield from (c for c in self.history.get(certified.issuer, ()) if c.place.index == certified.above)

    def chain(self, certified: Certified) -> tuple[Certified, ...]:
        """The path of credentials from the root down to this one."""
        return (*(link for above in self._above(certified) for link in self.chain(above)), certified)

    def current(self, address: Address, place: Position) -> Certified | None:
        """The newest credential of an address, not revoked and not replaced long ago.

        It may be out of date or suspended: mail for it is held. ``None`` if the address
        is unknown or its last key was revoked: mail for it is refused.
        """
        return next(self._standing(address, place), None)

    def _standing(self, address: Address, place: Position) -> Iterator[Certified]:
        """Credentials of an address that are not revoked and not replaced long ago, newest first."""
        for certified in reversed(self.history.get(address, ())):
            known = certified.place.index < place.index and not certified.outdated(place)
            if known and not self.is_revoked(certified, place):
                yield certified

    def is_revoked(self, certified: Certified, place: Position) -> bool:
        """Whether a credential, or one above it, was revoked below a place."""
        return certified.revoked(place.index) or any(self.is_revoked(above, place) for above in self._above(certified))

    def is_judged(self, certified: Certified, place: Position) -> bool:
        """Whether all that was said of an address, and of those above it, up to a place can be read here."""
        return all(self._is_free(link, place) for link in self.chain(certified))

    def judges(self, statement: VerifiedStatement[Claims], place: Position) -> bool:
        """Whether all that was said of a statement's signer up to a place can be read here."""
        newest = next(self._credentials(Address(statement.claims.iss), statement.kid, place), None)
        return newest is None or self.is_judged(newest, place)

    def _is_free(self, certified: Certified, place: Position) -> bool:
        """Whether no mark lies on a credential: none came after it, or its key was certified again since.

        What is said of another key frees none: who holds an older one could revoke that, and go on with this.
        """
        last = self._last_mark(certified.address, place)
        return last is None or any(
            last < later.place.index < place.index and later.key.kid == certified.key.kid
            for later in self.history.get(certified.address, ())
        )

    def _last_mark(self, address: Address, place: Position) -> int | None:
        return max((mark for mark in self.marks.get(address, ()) if mark < place.index), default=None)

    def _is_unjudged(self, address: Address, place: Position) -> bool:
        """Whether a mark lies on the current credential of an address; without one, whether it was the last word."""
        if (current := self.current(address, place)) is not None:
            return not self._is_free(current, place)
        last = self._last_mark(address, place)
        ends = (c.revoked_at or 0 for c in self.history.get(address, ()) if c.revoked(place.index))
        return last is not None and max(ends, default=0) < last

    def unjudged(self, place: Position) -> tuple[Address, ...]:
        """Addresses of which something was said that cannot be read, in the order of the alphabet."""
        return tuple(sorted(address for address in self.marks if self._is_unjudged(address, place)))

    def encryption_key(self, member: Address, place: Position) -> EncryptionKey:
        """The key to seal to: the newest one of a known kind, a replaced one for seven days.

        Raises:
            SeraiError: ``unknown_recipient``; ``unjudged`` if something was said of the member that cannot be
                read; ``unsupported_key`` if all keys are of unknown kinds.
        """
        current = self.current(member, place)
        if current is not None and not self.is_judged(current, place):
            raise SeraiError(Code.UNJUDGED, member)
        self._encryption_keys(member, place)
        keys = (each.enc for each in self._standing(member, place) if self.is_judged(each, place))
        known = next((key for key in keys if isinstance(key, EncryptionKey)), None)
        if known is None:
            raise SeraiError(Code.UNSUPPORTED_KEY, f"the key of {member} is of a kind that is not known here")
        return known

    def _encryption_keys(self, member: Address, place: Position) -> list[EncryptionKey | UnknownKey]:
        """What a member can be sealed to, of unknown kinds too, newest first."""
        keys = [certified.enc for certified in self._standing(member, place) if certified.enc is not None]
        if not keys:
            raise SeraiError(Code.UNKNOWN_RECIPIENT, member)
        return keys

    def verify_entry_key(self, member: Address, kid: Kid, alg: str, place: Position) -> None:
        """Check that an entry for a member is under its current key or the one before, and of that key's kind.

        Raises:
            SeraiError: ``unknown_recipient``, ``stale_key``, ``malformed_sealed``.
        """
        for key in self._encryption_keys(member, place):
            if key.kid == kid:
                if key.alg not in (None, alg):
                    raise SeraiError(Code.MALFORMED_SEALED, "an entry whose alg is not its key's")
                return
        raise SeraiError(Code.STALE_KEY, member)

    def rotated_since(self, member: Address, index: int, place: Position) -> bool:
        """Whether a member's current encryption key was certified above a ledger index."""
        current = self.current(member, place)
        first = [c for c in self.history.get(member, ()) if current and c.enc == current.enc]
        return bool(first) and first[0].place.index > index

    def is_suspended(self, address: Address, place: Position) -> bool:
        """Whether the address's member is suspended at a place."""
        member = member_of(address)
        since = [at for at in self.suspensions.get(member, ()) if at.index < place.index]
        # One signed before would let whoever kept it ready lift the suspension.
        lifted = (
            c.place.index > since[-1].index and c.statement.claims.iat >= since[-1].time_s
            for c in self.history.get(member, ())
            if c.place.index < place.index
        )
        return bool(since) and not any(lifted)

    def addresses(self) -> tuple[Address, ...]:
        """Every address that ever had a credential."""
        return tuple(self.history)

    def units(self, member: Address) -> tuple[Address, ...]:
        """Every member that a member ever certified."""
        return tuple(
            address
            for address, history in self.history.items()
            if not is_officer(address) and any(certified.issuer == member for certified in history)
        )

    def credentials(self, address: Address) -> tuple[Certified, ...]:
        """All credentials of an address, oldest first."""
        return self.history.get(address, ())
