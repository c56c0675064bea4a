"""The directory: who holds which key, computed from public statements (PROTOCOL 5).

Hub and clients feed the same statements in ledger order to `Directory.apply` and get the
same answers. A `Directory` is a value: applying gives a new one and never changes the
old, so that a batch can be tried and dropped. It remembers the past: every question is
asked at a *place* (ledger index and time), because a statement is judged by what held
when it was accepted.

It leaves to others: checking signatures (`key_of` says with which key), the order of
statements, storing them, and what a signer may do beyond its roles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from schemas import limits
from schemas.addresses import HUB, ROOT, Address, domain_of, is_country, is_officer, member_of
from schemas.claims import (
    MEMBER_ROLES,
    Claims,
    Credential,
    Epoch,
    Event,
    NetworkDocument,
    Revocation,
    StatementType,
    is_public,
)
from schemas.encoding import decode_base64url, decode_object
from schemas.errors import Code, SeraiError
from schemas.keys import EncryptionKey, Kid, VerifyKey
from schemas.statements import UnverifiedStatement, VerifiedStatement, verify_statement


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A point in the ledger: everything below ``index`` has happened; time in seconds."""

    index: int
    time_s: int


@dataclass(frozen=True, slots=True)
class Certified:
    """An accepted credential and what became of it.

    Attributes:
        statement: the credential as signed.
        place: where it was accepted.
        key: the signing key it certifies.
        enc: the encryption key, of members.
        above: ledger index of the credential it follows from; ``None`` under the root.
        replaced_at: place of the next credential of the address.
        revoked_at: ledger index of its revocation.
    """

    statement: VerifiedStatement[Credential]
    place: Place
    key: VerifyKey
    enc: EncryptionKey | None
    above: int | None
    replaced_at: Place | None = None
    revoked_at: int | None = None

    @property
    def address(self) -> Address:
        """Whose key it is."""
        return self.statement.claims.sub

    @property
    def issuer(self) -> Address:
        """Who certified it; ``ROOT`` for the root."""
        return Address(self.statement.claims.iss)

    @property
    def roles(self) -> frozenset[str]:
        """What the holder may do."""
        return frozenset(self.statement.claims.roles)

    def in_date(self, time_s: int) -> bool:
        """Whether the time is within ``nbf`` and ``exp``."""
        return self.statement.claims.nbf <= time_s < self.statement.claims.exp

    def revoked(self, index: int) -> bool:
        """Whether a revocation stands below ``index``."""
        return self.revoked_at is not None and self.revoked_at < index

    def replaced(self, place: Place) -> bool:
        """Whether a newer credential of the address stands below the place."""
        return self.replaced_at is not None and self.replaced_at.index < place.index

    def outdated(self, place: Place) -> bool:
        """Whether it was replaced longer ago than the grace of a rotation."""
        return (
            self.replaced_at is not None
            and self.replaced(place)
            and self.replaced_at.time_s + limits.ROTATION_GRACE_S <= place.time_s
        )


@dataclass(frozen=True, slots=True)
class NetworkEpoch:
    """An accepted epoch statement and the keys it names."""

    statement: VerifiedStatement[Epoch]
    root: VerifyKey
    ledger_key: VerifyKey
    event_key: VerifyKey

    @classmethod
    def of(cls, statement: VerifiedStatement[Epoch]) -> NetworkEpoch:
        """From a verified epoch statement."""
        document = statement.claims.network
        return cls(
            statement,
            VerifyKey.from_jwk(document.root),
            VerifyKey.from_jwk(document.ledger_key),
            VerifyKey.from_jwk(document.event_key),
        )

    @property
    def document(self) -> NetworkDocument:
        """The network document in force."""
        return self.statement.claims.network

    @property
    def number(self) -> int:
        """The epoch's number."""
        return self.statement.claims.epoch

    @property
    def origin(self) -> str:
        """Origin of the epoch's checkpoints (PROTOCOL 8)."""
        return f"serai/{self.statement.claims.aud}/{self.number}"


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything the public statements so far say, as a value.

    Attributes:
        network: network id, ``name/thumbprint of the first root``; the thumbprint is
            the one thing a client knows beforehand.
        epochs: every epoch, oldest first; empty before leaf 0.
        version: grows with every statement applied.
    """

    network: str
    epochs: tuple[NetworkEpoch, ...] = ()
    version: int = 0
    _history: Mapping[Address, tuple[Certified, ...]] = field(default_factory=dict, repr=False)
    _owners: Mapping[Kid, Address] = field(default_factory=dict, repr=False)
    _keys: Mapping[Kid, VerifyKey] = field(default_factory=dict, repr=False)
    _suspended: Mapping[Address, tuple[Place, ...]] = field(default_factory=dict, repr=False)

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

    @property
    def keys(self) -> Mapping[Kid, VerifyKey]:
        """Every signing key that was ever certified or named by an epoch, by thumbprint."""
        return self._keys

    def key_of(self, statement: UnverifiedStatement) -> VerifyKey:
        """The key that a statement names, to check its signature with.

        Raises:
            SeraiError: ``unknown_key``.
        """
        key = self._keys.get(statement.kid) or self._root_key(statement)
        if key is None:
            raise SeraiError(Code.UNKNOWN_KEY, statement.kid)
        return key

    def _root_key(self, statement: UnverifiedStatement) -> VerifyKey | None:
        """A new root brings its key along; its thumbprint was known beforehand.

        The payload is not verified yet. Nothing of it is believed but a key with that
        thumbprint, and with this key the signature is checked next.
        """
        if statement.kid != self._next_root() or statement.type is not StatementType.EPOCH:
            return None
        try:
            payload = decode_object(decode_base64url(statement.text.split(".")[1]), limits.STATEMENT_MEMBERS)
            network = payload.get("network")
            key = VerifyKey.from_jwk(network.get("root") if isinstance(network, dict) else None)
        except SeraiError:
            return None
        return key if key.kid == statement.kid else None

    def _next_root(self) -> str:
        return self.epochs[-1].document.next_root if self.epochs else self.network.partition("/")[2]

    def verify(self, statement: UnverifiedStatement) -> VerifiedStatement[Claims]:
        """Signature, claims and network of a statement, with the key it names.

        Raises:
            SeraiError: ``unknown_key``, ``wrong_network``, and those of `verify_statement`.
        """
        verified = verify_statement(statement, self.key_of(statement))
        if verified.claims.aud != self.network:
            raise SeraiError(Code.WRONG_NETWORK, verified.claims.aud)
        return verified

    def signer(self, statement: VerifiedStatement[Claims], place: Place) -> Certified:
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

    def holder(self, kid: Kid, place: Place) -> Certified:
        """The newest credential that makes a signing key good at a place.

        Raises:
            SeraiError: ``unknown_key``, ``credential_revoked``, ``credential_expired``.
        """
        fault = SeraiError(Code.UNKNOWN_KEY, kid)
        for certified in self._credentials(self._owners.get(kid), kid, place):
            try:
                self._check_good(certified, place)
            except SeraiError as error:
                fault = error
            else:
                return certified
        raise fault

    def _credentials(self, address: Address | None, kid: Kid, place: Place) -> Iterator[Certified]:
        """Credentials of a signing key accepted below a place, newest first."""
        for certified in reversed(self._history.get(address, ()) if address else ()):
            if certified.key.kid == kid and certified.place.index < place.index:
                yield certified

    def _check_good(self, certified: Certified, place: Place) -> None:
        if certified.outdated(place):
            raise SeraiError(Code.CREDENTIAL_EXPIRED, f"{certified.address}: replaced over seven days before")
        self._check_standing(certified, place)

    def _check_standing(self, certified: Certified, place: Place) -> None:
        """In date and not revoked, up to the root."""
        if certified.revoked(place.index):
            raise SeraiError(Code.CREDENTIAL_REVOKED, certified.address)
        if not certified.in_date(place.time_s):
            raise SeraiError(Code.CREDENTIAL_EXPIRED, certified.address)
        for above in self._above(certified):
            self._check_standing(above, place)

    def _above(self, certified: Certified) -> Iterator[Certified]:
        """The credential that stands above, if the root does not."""
        yield from (c for c in self._history.get(certified.issuer, ()) if c.place.index == certified.above)

    def chain(self, certified: Certified) -> tuple[Certified, ...]:
        """The path of credentials from the root down to this one."""
        return (*(link for above in self._above(certified) for link in self.chain(above)), certified)

    def current(self, address: Address, place: Place) -> Certified | None:
        """The newest credential of an address, not revoked and not replaced long ago.

        It may be out of date or suspended: mail for it is held. ``None`` if the address
        is unknown or its last key was revoked: mail for it is refused.
        """
        for certified in reversed(self._history.get(address, ())):
            known = certified.place.index < place.index and not certified.outdated(place)
            if known and not self._revoked(certified, place):
                return certified
        return None

    def _revoked(self, certified: Certified, place: Place) -> bool:
        return certified.revoked(place.index) or any(self._revoked(above, place) for above in self._above(certified))

    def encryption_key(self, member: Address, place: Place) -> EncryptionKey:
        """The key to seal to.

        Raises:
            SeraiError: ``unknown_recipient``.
        """
        certified = self.current(member, place)
        if certified is None or certified.enc is None:
            raise SeraiError(Code.UNKNOWN_RECIPIENT, member)
        return certified.enc

    def verify_entry_key(self, member: Address, kid: Kid, place: Place) -> None:
        """Check that an entry for a member is under its current key or the one before.

        Raises:
            SeraiError: ``unknown_recipient``, ``stale_key``.
        """
        if self.encryption_key(member, place).kid == kid:
            return
        for certified in self._history[member]:
            held = certified.enc is not None and certified.enc.kid == kid and certified.place.index < place.index
            if held and not certified.outdated(place) and not self._revoked(certified, place):
                return
        raise SeraiError(Code.STALE_KEY, member)

    def rotated_since(self, member: Address, index: int, place: Place) -> bool:
        """Whether a member's current encryption key was certified above a ledger index."""
        current = self.current(member, place)
        first = [c for c in self._history.get(member, ()) if current and c.enc == current.enc]
        return bool(first) and first[0].place.index > index

    def is_suspended(self, address: Address, place: Place) -> bool:
        """Whether the address's member is suspended at a place."""
        member = member_of(address)
        marks = [mark for mark in self._suspended.get(member, ()) if mark.index < place.index]
        # One signed before would let whoever kept it ready lift the suspension.
        lifted = (
            c.place.index > marks[-1].index and c.statement.claims.iat >= marks[-1].time_s
            for c in self._history.get(member, ())
            if c.place.index < place.index
        )
        return bool(marks) and not any(lifted)

    def addresses(self) -> tuple[Address, ...]:
        """Every address that ever had a credential."""
        return tuple(self._history)

    def units(self, member: Address) -> tuple[Address, ...]:
        """Every member that a member ever certified."""
        return tuple(
            address
            for address, history in self._history.items()
            if not is_officer(address) and any(certified.issuer == member for certified in history)
        )

    def credentials(self, address: Address) -> tuple[Certified, ...]:
        """All credentials of an address, oldest first."""
        return self._history.get(address, ())

    # Changes

    def apply(self, statement: VerifiedStatement[Claims], place: Place) -> Directory:
        """The directory after a public statement, judged at its place.

        Args:
            statement: its signature checked with `key_of` and its network with `verify`.
            place: ``index`` the statement's own; everything below has been applied.

        Raises:
            SeraiError: ``credential_invalid``, ``not_permitted``, ``role_missing``,
                ``wrong_epoch``, and those of `signer`. The directory is unchanged.
        """
        claims = statement.claims
        if isinstance(claims, Epoch):
            return self._apply_epoch(cast("VerifiedStatement[Epoch]", statement), place)
        if isinstance(claims, Credential):
            return self._apply_credential(cast("VerifiedStatement[Credential]", statement), place)
        if isinstance(claims, Revocation):
            return self._apply_revocation(claims, statement.kid, place)
        if isinstance(claims, Event) and is_public(claims):
            return self._apply_event(claims, statement.kid, place)
        raise SeraiError(Code.NOT_PERMITTED, "not a public statement")

    def _apply_epoch(self, statement: VerifiedStatement[Epoch], place: Place) -> Directory:
        new = NetworkEpoch.of(statement)
        claims = statement.claims
        if claims.epoch != len(self.epochs) or claims.index != place.index:
            raise SeraiError(Code.WRONG_EPOCH, f"epoch {claims.epoch} at {claims.index} does not come next")
        if statement.kid not in ({self._next_root()} | {epoch.root.kid for epoch in self.epochs[-1:]}):
            raise SeraiError(Code.UNKNOWN_KEY, "not signed by the root or the next one")
        if new.document.name != self.network.partition("/")[0] or statement.kid != new.root.kid:
            raise SeraiError(Code.WRONG_NETWORK, "name and root of the document")
        keys = {new.root.kid: new.root, new.event_key.kid: new.event_key}
        return replace(self, epochs=(*self.epochs, new), version=self.version + 1, _keys={**self._keys, **keys})

    def _apply_credential(self, statement: VerifiedStatement[Credential], place: Place) -> Directory:
        claims = statement.claims
        key = VerifyKey.from_jwk(claims.key.sig)
        enc = EncryptionKey.from_jwk(claims.key.enc) if claims.key.enc else None
        issuer = self._check_issue(statement, place)
        for kid in (key.kid, *([enc.kid] if enc else ())):
            if self._owners.get(kid, claims.sub) != claims.sub or kid in self._network_keys():
                raise SeraiError(Code.CREDENTIAL_INVALID, "the key belongs to another address")
        if any(c.key.kid == key.kid and c.revoked_at is not None for c in self._history.get(claims.sub, ())):
            raise SeraiError(Code.CREDENTIAL_REVOKED, "a key that was revoked is never certified again")
        certified = Certified(statement, place, key, enc, issuer.place.index if issuer else None)
        before = self._history.get(claims.sub, ())
        if any(earlier.statement.digest == statement.digest for earlier in before):
            raise SeraiError(Code.CREDENTIAL_INVALID, "a credential counts once")
        if before:
            before = (*before[:-1], replace(before[-1], replaced_at=place))
        owners = {key.kid: claims.sub, **({enc.kid: claims.sub} if enc else {})}
        return replace(
            self,
            version=self.version + 1,
            _history={**self._history, claims.sub: (*before, certified)},
            _owners={**self._owners, **owners},
            _keys={**self._keys, key.kid: key},
        )

    def _network_keys(self) -> set[Kid]:
        return {key.kid for epoch in self.epochs for key in (epoch.root, epoch.ledger_key, epoch.event_key)}

    def _check_issue(self, statement: VerifiedStatement[Credential], place: Place) -> Certified | None:
        """Rules 1 to 3 of PROTOCOL 5; the issuer's credential, ``None`` for the root."""
        claims = statement.claims
        domain = domain_of(claims.sub)
        if not is_country(domain) and domain not in self.epoch.document.codes:
            raise SeraiError(Code.CREDENTIAL_INVALID, f"{domain} is no country and no organisation of the network")
        if claims.iss == ROOT:
            self._check_root(statement.kid)
            if is_officer(claims.sub):
                raise SeraiError(Code.CREDENTIAL_INVALID, "the root certifies members, members their officers")
            self._check_roles(claims, MEMBER_ROLES)
            return None
        issuer = self.signer(statement, place)
        self._check_beneath(claims, issuer)
        if any(earlier.issuer != issuer.address for earlier in self._history.get(claims.sub, ())):
            raise SeraiError(Code.CREDENTIAL_INVALID, f"{claims.sub} was certified by another than {issuer.address}")
        if "certify" not in issuer.roles:
            raise SeraiError(Code.ROLE_MISSING, "certify")
        if claims.exp > issuer.statement.claims.exp:
            raise SeraiError(Code.CREDENTIAL_INVALID, "it ends after its issuer's")
        self._check_roles(claims, issuer.roles & MEMBER_ROLES)
        return issuer

    def _check_root(self, kid: Kid) -> None:
        if kid != self.epoch.root.kid:
            raise SeraiError(Code.UNKNOWN_KEY, "not signed by the root")

    @staticmethod
    def _check_beneath(claims: Credential, issuer: Certified) -> None:
        if is_officer(claims.sub):
            fits = issuer.address == member_of(claims.sub)
        else:
            same = domain_of(claims.sub) == domain_of(issuer.address) and is_country(domain_of(claims.sub))
            fits = same and issuer.issuer == ROOT and not is_officer(issuer.address) and claims.sub != issuer.address
        if not fits:
            raise SeraiError(Code.CREDENTIAL_INVALID, f"{issuer.address} does not certify {claims.sub}")

    @staticmethod
    def _check_roles(claims: Credential, held: frozenset[str]) -> None:
        roles = frozenset(claims.roles)
        if is_officer(claims.sub):
            held = held - {"certify"}
        elif roles - MEMBER_ROLES:
            raise SeraiError(Code.CREDENTIAL_INVALID, "posts are for officers")
        if (roles & MEMBER_ROLES) - held:
            raise SeraiError(Code.CREDENTIAL_INVALID, "roles wider than the issuer's")

    def _apply_revocation(self, claims: Revocation, kid: Kid, place: Place) -> Directory:
        history = self._history.get(claims.sub, ())
        targets = [certified for certified in history if certified.key.kid == claims.kid]
        if not targets:
            raise SeraiError(Code.UNKNOWN_KEY, f"{claims.sub} holds no key {claims.kid}")
        self._check_revoker(claims, kid, targets[-1], place)
        revoked = tuple(
            replace(c, revoked_at=place.index) if c.key.kid == claims.kid and c.revoked_at is None else c
            for c in history
        )
        if revoked == history:
            raise SeraiError(Code.CREDENTIAL_REVOKED, "it has been revoked before")
        return replace(self, version=self.version + 1, _history={**self._history, claims.sub: revoked})

    def _check_revoker(self, claims: Revocation, kid: Kid, target: Certified, place: Place) -> None:
        if claims.iss == ROOT:
            return self._check_root(kid)
        if kid == target.key.kid and claims.iss == claims.sub:
            return None
        if claims.iss not in {link.address for link in self.chain(target)[:-1]}:
            raise SeraiError(Code.NOT_PERMITTED, f"{claims.iss} does not stand above {claims.sub}")
        above = self.holder(kid, place)
        if above.address != claims.iss or "certify" not in above.roles:
            raise SeraiError(Code.NOT_PERMITTED, "not a key that certifies")
        return None

    def _apply_event(self, claims: Event, kid: Kid, place: Place) -> Directory:
        if kid != self.epoch.event_key.kid or claims.iss != HUB:
            raise SeraiError(Code.UNKNOWN_KEY, "not signed with the event key")
        if claims.event != "suspended" or claims.member is None:
            return replace(self, version=self.version + 1)
        marks = (*self._suspended.get(claims.member, ()), place)
        return replace(self, version=self.version + 1, _suspended={**self._suspended, claims.member: marks})
