"""A toy network for tests: its keys, its credentials, a ledger that is a list.

Nothing is drawn by chance and no clock is read: keys come from their names, ``jti``, content
keys and initialisation vectors from a counter, time stands until a test lets it pass. Two
worlds made alike therefore sign alike, byte for byte; only HPKE's own entropy differs.

`World` builds claims by hand rather than through the models, so that a test can also make
what no honest party would: every maker takes ``changes``, and ``None`` leaves a claim out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final, NamedTuple

from schemas.addresses import HUB, ROOT, Address, is_officer, member_of, parse_address
from schemas.checkpoint import Checkpoint, sign_note
from schemas.claims import Claims, Dispatch, StatementType, is_public
from schemas.directory import Directory, Position, apply_statement
from schemas.encoding import Digest, encode_base64url, encode_json, sha256
from schemas.ids import make_uuid7
from schemas.keykinds import UnknownKey
from schemas.keys import DecryptionKey, EncryptionKey, SigningKey
from schemas.leaf import Leaf
from schemas.merkle import root_of
from schemas.sealing import ContentClaim, Envelope, UnverifiedCopy, UnverifiedSealed, seal
from schemas.statements import VerifiedStatement, parse_statement

START_S: Final = 1_790_000_000
"""When every world begins, seconds since 1970 UTC."""

YEAR_S: Final = 365 * 24 * 3600
DAY_S: Final = 24 * 3600
HUB_ORIGIN: Final = "ws://127.0.0.1:8443"

MEMBERS: Final = (
    *(Address(f"{country}/NFP") for country in ("KZ", "KG", "TJ", "TM", "UZ", "AZ", "RU")),
    Address("CENTRE/ROOM"),
)
KZ, KG, TJ, TM, UZ, AZ, RU, ROOM = MEMBERS

REPORT: Final[Mapping[str, Any]] = {"note": "a toy report"}
"""Content for tests to which it does not matter."""


@cache
def signing_key(name: str) -> SigningKey:
    """The signing key that belongs to a name, in every world."""
    return SigningKey.from_seed(sha256(f"signing key of {name}".encode()))


@cache
def decryption_key(name: str) -> DecryptionKey:
    """The decryption key that belongs to a name, in every world."""
    return DecryptionKey.from_seed(sha256(f"decryption key of {name}".encode()))


def sign_payload(kind: StatementType, payload: Mapping[str, Any] | str, key: SigningKey) -> str:
    """A compact JWS in the form of the profile over any payload, claims or text, sensible or not."""
    header = f'{{"alg":"Ed25519","kid":"{key.kid}","typ":"{kind.typ}"}}'
    body = payload if isinstance(payload, str) else encode_json(payload)
    signed = f"{encode_base64url(header.encode())}.{encode_base64url(body.encode())}"
    return f"{signed}.{encode_base64url(key.sign(signed.encode()))}"


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof of a leaf hash among all of them, by the recursion of RFC 9162 section 2.1.3.1."""
    if len(hashes) == 1:
        return []
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if index < split:
        return [*inclusion_proof(hashes[:split], index), root_of(hashes[split:])]
    return [*inclusion_proof(hashes[split:], index - split), root_of(hashes[:split])]


def consistency_proof(hashes: Sequence[bytes], size: int, *, whole: bool = True) -> list[bytes]:
    """The proof that the first ``size`` leaf hashes begin all of them, by RFC 9162 section 2.1.4.1."""
    if size == len(hashes):
        return [] if whole else [root_of(hashes)]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    if size <= split:
        return [*consistency_proof(hashes[:split], size, whole=whole), root_of(hashes[split:])]
    return [*consistency_proof(hashes[split:], size - split, whole=False), root_of(hashes[:split])]


@dataclass(frozen=True, slots=True)
class Party:
    """A member or officer with its private keys.

    Attributes:
        address: who it is.
        sig: its signing key.
        enc: its decryption key; officers have none.
        turn: how many keys it had before these.
    """

    address: Address
    sig: SigningKey
    enc: DecryptionKey | None
    turn: int = 0

    @classmethod
    def of(cls, address: Address, turn: int = 0) -> Party:
        """The keys that belong to an address and a turn."""
        name = f"{address} {turn}"
        return cls(address, signing_key(name), None if is_officer(address) else decryption_key(name), turn)

    def key(self) -> dict[str, Any]:
        """The ``key`` of its credential."""
        enc = {} if self.enc is None else {"enc": self.enc.public.to_jwk()}
        return {"sig": self.sig.public.to_jwk(), **enc}


class Logged(NamedTuple):
    """A statement at its place in the ledger."""

    text: str
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Sent:
    """A signed dispatch with everything its sender knows.

    Attributes:
        text: the compact JWS.
        sealed: what is submitted beside it.
        addresses: whom the entries are for, in order.
        envelope: what is bound into the seal.
        claim: what the cover says of the content, digests as bytes.
        content_key: the secret all entries wrap.
    """

    text: str
    sealed: UnverifiedSealed
    addresses: tuple[Address, ...]
    envelope: Envelope
    claim: ContentClaim
    content_key: bytes

    @property
    def digest(self) -> str:
        """The statement's identity as text."""
        return digest_of(self.text)

    def copy(self, member: Address) -> UnverifiedCopy:
        """The copy that one member gets."""
        return UnverifiedCopy(self.sealed.body, self.sealed.entries[self.addresses.index(member)])


def digest_of(text: str) -> str:
    """A statement's digest as text."""
    return encode_base64url(sha256(text.encode()))


class World:
    """A network, its parties and its ledger.

    Args:
        members: whom the root certifies at the start, each with the officer ``DUTY-1``.
        status: `actual` or `exercise`.
        name: of the network.

    Attributes:
        root, next_root, ledger_key, event_key: the keys of network and hub.
        network: the network id, what ``aud`` says.
        parties: everybody with a credential, with the keys held now.
        log: the ledger.
        directory: what the public statements in the log say.
        time_ms: now.
    """

    def __init__(
        self, members: Sequence[Address] = MEMBERS, *, status: str = "actual", name: str = "toy", **document: Any
    ) -> None:
        self.root = signing_key(f"{name} root")
        self.next_root = signing_key(f"{name} next root")
        self.ledger_key = signing_key(f"{name} ledger")
        self.event_key = signing_key(f"{name} event")
        self.name, self.status, self._document = name, status, document
        self.network = f"{name}/{self.root.kid}"
        self.parties: dict[Address, Party] = {}
        self.log: list[Logged] = []
        self.directory = Directory(self.network)
        self.time_ms = START_S * 1000
        self._count = 0
        self.admit(self.epoch())
        for member in members:
            self.enrol(member)
            self.enrol(f"{member}/DUTY-1")

    # Time, chance, places

    @property
    def time_s(self) -> int:
        """Now, in whole seconds."""
        return self.time_ms // 1000

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.time_ms += int(seconds * 1000)

    def entropy(self, size_bytes: int) -> bytes:
        """The next bytes of this world's chance; up to 32."""
        self._count += 1
        return sha256(f"{self.name} {self._count}".encode())[:size_bytes]

    @property
    def place(self) -> Position:
        """Where the next statement would stand."""
        return Position(len(self.log), self.time_s)

    def party(self, address: str) -> Party:
        """Who holds the keys of an address now."""
        return self.parties[Address(address)]

    # Makers: each gives the text of a signed statement

    def common(self, iss: str) -> dict[str, Any]:
        """The claims every statement has."""
        jti = make_uuid7(self.time_ms, self.entropy(10))
        return {"iss": iss, "aud": self.network, "jti": jti, "iat": self.time_s}

    def sign(self, kind: StatementType, iss: str, claims: Mapping[str, Any], key: SigningKey | None = None) -> str:
        """A statement with the common claims; ``key`` if not the issuer's own."""
        owners = {ROOT: self.root, HUB: self.event_key}
        signer = key or owners.get(iss) or self.party(iss).sig
        payload = {**self.common(iss), **claims}
        return sign_payload(kind, {name: value for name, value in payload.items() if value is not None}, signer)

    def document(self, **changes: Any) -> dict[str, Any]:
        """The network document."""
        return {
            "name": self.name,
            "suite": "serai-1",
            "status": self.status,
            "codes": ["CENTRE", "UNODC"],
            "ledger_key": self.ledger_key.public.to_jwk(),
            "event_key": self.event_key.public.to_jwk(),
            "root": self.root.public.to_jwk(),
            "next_root": self.next_root.kid,
            **self._document,
            **changes,
        }

    def epoch(self, key: SigningKey | None = None, **changes: Any) -> str:
        """The next epoch, at the end of the log."""
        number, index = len(self.directory.epochs), len(self.log)
        tree = encode_base64url(self.tree_root()) if number else None
        claims = {"epoch": number, "index": index, "root": tree, "network": self.document(), **changes}
        return self.sign(StatementType.EPOCH, ROOT, claims, key or self.root)

    def credential(self, party: Party, by: str | None = None, key: SigningKey | None = None, **changes: Any) -> str:
        """A credential for a party's keys; from the root or the member above unless ``by`` says else."""
        officer = is_officer(party.address)
        claims = {
            "sub": party.address,
            "name": f"Seat {party.address}",
            "nbf": self.time_s,
            "exp": self.time_s + (YEAR_S if officer or by else 2 * YEAR_S),
            "roles": ["exchange", "duty_officer"] if officer else ["exchange", "certify"],
            **changes,
        }
        if "request" not in claims:
            claims["request"] = self.enrolment(party, roles=claims["roles"])
        issuer = by or (member_of(party.address) if officer else ROOT)
        return self.sign(StatementType.CREDENTIAL, issuer, claims, key)

    def revocation(self, party: Party, by: str | None = None, key: SigningKey | None = None, **changes: Any) -> str:
        """A revocation of a party's signing key, by itself unless ``by`` says else."""
        claims = {"sub": party.address, "kid": party.sig.kid, "reason": "lost", **changes}
        return self.sign(StatementType.REVOCATION, by or party.address, claims, key or (None if by else party.sig))

    def enrolment(self, party: Party, **changes: Any) -> str:
        """A party's request to be certified."""
        claims = {"name": f"Seat {party.address}", "roles": ["exchange"], "key": party.key(), **changes}
        address = str(claims.pop("iss", party.address))
        return self.sign(StatementType.ENROLMENT, address, claims, party.sig)

    def later_enrolment(self, address: str, key: Mapping[str, Any], **changes: Any) -> str:
        """A request whose signing key is of a kind that nobody knows yet: what signs it is not judged."""
        kid = UnknownKey.from_jwk(key["sig"]).kid
        header = {"alg": key["sig"].get("alg", "LATER"), "kid": kid, "typ": StatementType.ENROLMENT.typ}
        claims = {"name": f"Seat {address}", "roles": ["exchange"], "key": key, **changes}
        parts = [encode_json(header), encode_json({**self.common(address), **claims}), "later signature"]
        return ".".join(encode_base64url(part.encode()) for part in parts)

    def dispatch(self, iss: str, to: Sequence[str], report: Mapping[str, Any] | bytes = REPORT, **changes: Any) -> Sent:
        """A dispatch sealed to the current keys of ``to`` and of the sender's member."""
        claims = {
            "to": list(to),
            "kind": "warning",
            "status": self.status,
            "precedence": "routine",
            "handling": "H1",
            **self.common(iss),
            **changes,
        }
        envelope = Envelope(claims["aud"], claims["status"], claims["jti"], claims["iss"])
        sender = member_of(Address(iss))
        addresses = tuple(Address(each) for each in ([*to] if sender in to else [*to, sender]))
        recipients = [(each, self.sealing_key(each)) for each in addresses]
        content = report if isinstance(report, bytes) else encode_json(report).encode()
        content_key = self.entropy(32)
        sealed, claim = seal(content, envelope, recipients, content_key, self.entropy(12))
        text = self.sign(
            StatementType.DISPATCH, iss, {**claims, "content": changes.get("content", content_json(claim))}
        )
        return Sent(text, sealed, addresses, envelope, claim, content_key)

    def sealing_key(self, member: str) -> EncryptionKey:
        """The key that a member can be sealed to now."""
        return self.directory.encryption_key(Address(member), self.place)

    def receipt(self, iss: str, to: str, digests: Sequence[str], outcome: str = "received", **changes: Any) -> str:
        """A receipt; ``step`` and ``reason`` as changes."""
        claims = {"to": to, "outcome": outcome, "digests": list(digests), **changes}
        return self.sign(StatementType.RECEIPT, iss, claims)

    def event(self, event: str, key: SigningKey | None = None, **claims: Any) -> str:
        """An event of the hub."""
        return self.sign(StatementType.EVENT, HUB, {"event": event, **claims}, key)

    def token(self, iss: str, use: str = "exchange", key: SigningKey | None = None, **changes: Any) -> str:
        """A session token; for an exchange with the seat ``main`` of its member's mailbox."""
        claims: dict[str, Any] = {"exp": self.time_s + 60, "use": use, "hub": HUB_ORIGIN}
        if use == "exchange":
            claims |= {"mailbox": member_of(Address(iss)), "seat": "main"}
        return self.sign(StatementType.SESSION, iss, {**claims, **changes}, key)

    # What changes the world

    def admit(self, text: str) -> Logged:
        """Verify a statement, append it to the log, apply it if it is public.

        Raises:
            SeraiError: what the directory refuses; the world is unchanged.
        """
        unverified = parse_statement(text)
        verified = self.directory.verify(unverified)
        public = is_public(verified.claims)
        if public:
            self.directory = apply_statement(self.directory, verified, self.place)
        logged = Logged(text, Leaf(self.time_ms, unverified.type.code, public, unverified.digest))
        self.log.append(logged)
        return logged

    def verified(self, text: str) -> VerifiedStatement[Claims]:
        """A statement, its signature checked with the key that the directory knows."""
        return self.directory.verify(parse_statement(text))

    def enrol(self, address: str, by: str | None = None, **changes: Any) -> Party:
        """Give an address its first keys, or fresh ones, and admit the credential."""
        known = self.parties.get(parse_address(address))
        party = Party.of(Address(address), known.turn + 1 if known else 0)
        self.admit(self.credential(party, by, **changes))
        self.parties[party.address] = party
        return party

    def rotate(self, address: str, **changes: Any) -> Party:
        """Give an address new keys; the old ones are returned."""
        old = self.party(address)
        self.enrol(address, **changes)
        return old

    def renew(self, address: str, by: str | None = None, **changes: Any) -> None:
        """Admit another credential for the keys that an address has."""
        self.admit(self.credential(self.party(address), by, **changes))

    def revoke(self, address: str, by: str | None = None, **changes: Any) -> None:
        """Admit a revocation of an address's present key."""
        self.admit(self.revocation(self.party(address), by, **changes))

    def suspend(self, member: str) -> None:
        """Admit the event that suspends a member."""
        self.admit(self.event("suspended", member=member))

    def turn_root(self) -> None:
        """Start a new epoch under the next root, which commits to a further one."""
        self.root, old = self.next_root, self.root
        self.next_root = signing_key(f"after {old.kid}")
        self.admit(self.epoch())

    # The ledger

    def hashes(self) -> list[Digest]:
        """Leaf hashes of the log."""
        return [logged.leaf.hash for logged in self.log]

    def tree_root(self) -> Digest:
        """Root over the log."""
        return root_of(self.hashes())

    def checkpoint(self, size: int | None = None) -> str:
        """The signed note over the log, or its first ``size`` leaves."""
        hashes = self.hashes()[:size]
        origin = self.directory.epoch.origin
        return sign_note(Checkpoint(origin, len(hashes), root_of(hashes)), self.ledger_key.private_key)

    def proof(self, index: int) -> list[bytes]:
        """The inclusion proof of a leaf in the whole log."""
        return inclusion_proof(self.hashes(), index)


def content_json(claim: ContentClaim) -> dict[str, Any]:
    """The ``content`` of a cover."""
    digests = {name: encode_base64url(getattr(claim, name)) for name in ("digest", "commitment", "entries")}
    return {**digests, "size": claim.size}


def reseal(sent: Sent, **changes: Any) -> Sent:
    """The same dispatch with other sealed content or entries beside the same cover."""
    return replace(sent, sealed=replace(sent.sealed, **changes))


def cover_of(statement: VerifiedStatement[Claims]) -> Dispatch:
    """The claims of a statement that is a dispatch."""
    assert isinstance(statement.claims, Dispatch)
    return statement.claims
