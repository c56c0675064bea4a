"""What a directory is made of: accepted credentials and epochs, each with its place (PROTOCOL 5)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas import limits
from schemas.addresses import Address
from schemas.claims import Credential, Epoch, NetworkDocument
from schemas.enrolment import VerifiedRequest
from schemas.keykinds import UnknownKey
from schemas.keys import EncryptionKey, Kid, VerifyKey
from schemas.statements import VerifiedStatement


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A point in the ledger: everything below ``index`` has happened; time in seconds."""

    index: int
    time_s: int


@dataclass(frozen=True, slots=True)
class Certified:
    """An accepted credential and what became of it.

    Attributes:
        statement: the credential as signed.
        place: where it was accepted.
        request: what it answers, by the holder of the key.
        above: ledger index of the credential it follows from; ``None`` under the root.
        replaced_at: place of the next credential of the address.
        revoked_at: ledger index of its revocation.
    """

    statement: VerifiedStatement[Credential]
    place: Position
    request: VerifiedRequest
    above: int | None
    replaced_at: Position | None = None
    revoked_at: int | None = None

    @property
    def key(self) -> VerifyKey | UnknownKey:
        """The signing key that it certifies."""
        return self.request.key

    @property
    def enc(self) -> EncryptionKey | UnknownKey | None:
        """The encryption key, of members."""
        return self.request.enc

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

    def replaced(self, place: Position) -> bool:
        """Whether a newer credential of the address stands below the place."""
        return self.replaced_at is not None and self.replaced_at.index < place.index

    def outdated(self, place: Position) -> bool:
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
    def kids(self) -> dict[str, Kid]:
        """Thumbprints of the keys that the document names, by purpose."""
        return {
            "root": self.root.kid,
            "next_root": Kid(self.document.next_root),
            "ledger_key": self.ledger_key.kid,
            "event_key": self.event_key.kid,
        }

    @property
    def number(self) -> int:
        """The epoch's number."""
        return self.statement.claims.epoch

    @property
    def origin(self) -> str:
        """Origin of the epoch's checkpoints (PROTOCOL 8)."""
        return f"serai/{self.statement.claims.aud}/{self.number}"
