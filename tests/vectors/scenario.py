"""The small network of the vectors: every key, id, time and random value in it is fixed.

Only HPKE draws its own randomness inside the library, so the entries of the sealed dispatch
cannot be made twice; they are taken from the committed vector unless new ones are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from broker.core.prover import Prover
from broker.core.tree import RightEdge, TileMap, grow
from schemas.addresses import ROOT, Address, is_officer, member_of
from schemas.checkpoint import Checkpoint, parse_note, sign_note
from schemas.claims import StatementType, parse_claims
from schemas.encoding import Digest, encode_base64url, encode_json, sha256
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence
from schemas.keys import DecryptionKey, SigningKey
from schemas.leaf import Leaf
from schemas.sealing import ContentClaim, Entry, Envelope, UnverifiedCopy, UnverifiedSealed, entries_root, seal
from schemas.statements import parse_statement, sign_statement
from tests.support.later import sign_later

TIME_S: Final = 1_790_000_000
"""When the network begins."""

KZ, KG, UZ = (Address(f"{country}/NFP") for country in ("KZ", "KG", "UZ"))
OFFICER: Final = Address("KZ/NFP/DUTY-1")
SIGNERS: Final = ("ROOT", "next ROOT", "ledger", "event", KZ, OFFICER, KG, UZ, "stranger")
RECIPIENTS: Final = (KG, UZ, KZ)
"""For whom the dispatch has entries, in order: ``to``, then the sender's member."""

CONTENT_KEY: Final = sha256(b"serai vectors: content key")
IV: Final = sha256(b"serai vectors: iv")[:12]
CONTENT: Final = encode_json(
    {
        "report": "warning",
        "version": 1,
        "our_reference": "KZ-2026-0017",
        "requested_action": {"code": "observe"},
        "language": "ru",
        "summary": "Рефрижератор, ожидается ночью.",
    }
).encode()


def signing(name: str) -> SigningKey:
    """The signing key of a name."""
    return SigningKey.from_seed(sha256(f"serai vectors: signing key of {name}".encode()))


def decryption(name: str) -> DecryptionKey:
    """The decryption key of a member."""
    return DecryptionKey.from_seed(sha256(f"serai vectors: decryption key of {name}".encode()))


def jti(number: int) -> str:
    """The id of the statement of a number."""
    return f"01a0c450-6c00-7000-8000-{number:012x}"


NETWORK: Final = f"vectors/{signing('ROOT').kid}"


def common(number: int, iss: str) -> dict[str, Any]:
    """The claims that every statement has."""
    return {"iss": iss, "aud": NETWORK, "jti": jti(number), "iat": TIME_S + number}


def sign(kind: StatementType, claims: dict[str, Any], key: SigningKey) -> str:
    """A statement whose claims have the right form."""
    return sign_statement(parse_claims(kind, claims), key)


def document() -> dict[str, Any]:
    """The network document."""
    return {
        "name": "vectors",
        "suite": "serai-1",
        "status": "actual",
        "codes": ["CENTRE"],
        "ledger_key": signing("ledger").public.to_jwk(),
        "event_key": signing("event").public.to_jwk(),
        "root": signing("ROOT").public.to_jwk(),
        "next_root": signing("next ROOT").kid,
    }


def epoch() -> str:
    """Epoch 0."""
    start = {"epoch": 0, "index": 0, "network": document()}
    return sign(StatementType.EPOCH, {**common(0, ROOT), **start}, signing("ROOT"))


def credential(number: int, sub: Address, **changes: Any) -> str:
    """A credential by the root, or for an officer by its member."""
    officer = is_officer(sub)
    iss = member_of(sub) if officer else ROOT
    claims = {
        **common(number, iss),
        "sub": sub,
        "name": f"Vector {sub}",
        "nbf": TIME_S,
        "exp": TIME_S + 31_536_000,
        "roles": ["exchange", "duty_officer"] if officer else ["exchange", "certify"],
        **changes,
    }
    if "request" not in claims:
        claims["request"] = request(number, sub, roles=claims["roles"])
    return sign(StatementType.CREDENTIAL, claims, signing(iss))


def request(number: int, sub: Address, key: SigningKey | None = None, **changes: Any) -> str:
    """What a credential answers: the address asks to have its keys certified."""
    own = key or signing(sub)
    enc = {} if is_officer(sub) else {"enc": decryption(sub).public.to_jwk()}
    claims = {
        **common(100 + number, sub),
        "iat": TIME_S + number,
        "name": f"Vector {sub}",
        "roles": ["exchange"],
        "key": {"sig": own.public.to_jwk(), **enc},
    }
    return sign(StatementType.ENROLMENT, {**claims, **changes}, own)


def seal_content(entries: Sequence[Entry] | None) -> tuple[UnverifiedSealed, ContentClaim]:
    """The sealed content with given entries, or with new ones."""
    sealed, claim = seal(CONTENT, envelope(), [(each, decryption(each).public) for each in RECIPIENTS], CONTENT_KEY, IV)
    if entries is None:
        return sealed, claim
    kept = tuple(entries)
    return UnverifiedSealed(sealed.body, kept), claim._replace(entries=entries_root(kept))


def envelope() -> Envelope:
    """What of the dispatch's cover is bound into the seal."""
    return Envelope(NETWORK, "actual", jti(5), OFFICER)


def cover(claim: ContentClaim, **changes: Any) -> dict[str, Any]:
    """The claims of the dispatch."""
    digests = {name: encode_base64url(getattr(claim, name)) for name in ("digest", "commitment", "entries")}
    return {
        **common(5, OFFICER),
        "to": [KG, UZ],
        "kind": "warning",
        "status": "actual",
        "precedence": "immediate",
        "handling": "H1",
        "content": {**digests, "size": claim.size},
        **changes,
    }


def token(use: str) -> dict[str, Any]:
    """The claims of a session token of KG."""
    place = {"mailbox": KG, "seat": "desk-1"} if use == "exchange" else {}
    return {**common(8, KG), "exp": common(8, KG)["iat"] + 60, "use": use, "hub": "wss://hub.example:443", **place}


@dataclass(frozen=True)
class Scenario:
    """Seven statements in a ledger.

    Attributes:
        entries: of the dispatch; ``None`` makes new ones.
    """

    entries: tuple[Entry, ...] | None

    @cached_property
    def sealed(self) -> tuple[UnverifiedSealed, ContentClaim]:
        """The dispatch's content."""
        return seal_content(self.entries)

    @cached_property
    def dispatch(self) -> str:
        """The dispatch."""
        return sign(StatementType.DISPATCH, cover(self.sealed[1]), signing(OFFICER))

    @cached_property
    def receipt(self) -> str:
        """What the first recipient said of it."""
        digests = [encode_base64url(sha256(self.dispatch.encode()))]
        claims = {**common(6, KG), "to": KZ, "outcome": "received", "digests": digests}
        return sign(StatementType.RECEIPT, claims, signing(KG))

    @cached_property
    def later(self) -> str:
        """A statement of a type that no program of today knows; it is not in the ledger."""
        return sign_later({**common(7, KG), "to": [KZ]}, signing(KG))

    @cached_property
    def statements(self) -> list[str]:
        """The ledger."""
        credentials = [credential(at, sub) for at, sub in enumerate((KZ, OFFICER, KG, UZ), 1)]
        return [epoch(), *credentials, self.dispatch, self.receipt]

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Leaf after leaf, a second and a millisecond apart."""
        return [self._leaf(at, text) for at, text in enumerate(self.statements)]

    def _leaf(self, index: int, text: str) -> Leaf:
        statement = parse_statement(text)
        public = statement.type in (StatementType.EPOCH, StatementType.CREDENTIAL)
        return Leaf((TIME_S + index) * 1000 + index, statement.type.code, public, statement.digest)

    @cached_property
    def prover(self) -> Prover:
        """Proofs over the ledger."""
        growth = grow(RightEdge.empty(), [leaf.hash for leaf in self.leaves])
        return Prover(len(self.leaves), TileMap(growth.tiles))

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """The head of the ledger."""
        return Checkpoint(f"serai/{NETWORK}/0", len(self.leaves), self.prover.root)

    @cached_property
    def note(self) -> str:
        """The same, signed."""
        return sign_note(self.checkpoint, signing("ledger").private_key)

    def copy(self, recipient: Address) -> UnverifiedCopy:
        """One recipient's copy of the content."""
        sealed = self.sealed[0]
        return UnverifiedCopy(sealed.body, sealed.entries[RECIPIENTS.index(recipient)])

    def item(self, index: int) -> EvidenceItem:
        """A statement with its proof."""
        statement, proof = parse_statement(self.statements[index]), self.prover.inclusion(index)
        return EvidenceItem(statement, index, self.leaves[index], tuple(proof))

    def evidence(self) -> UnverifiedEvidence:
        """The evidence file about the dispatch, with its content disclosed and the receipt."""
        return UnverifiedEvidence(
            parse_note(self.note),
            (parse_statement(self.statements[0]),),
            (self.item(1), self.item(2), self.item(3)),
            (replace(self.item(5), content=self.content), self.item(6)),
        )

    @property
    def content(self) -> EvidenceContent:
        """The first recipient's copy of the content, disclosed."""
        return EvidenceContent(self.copy(KG), self.entry_proof(0), KG, CONTENT_KEY)

    def entry_proof(self, index: int) -> tuple[Digest, ...]:
        """The Merkle proof of an entry."""
        return entry_prover(self.sealed[0].entries).inclusion(index)


def entry_prover(entries: Sequence[Entry]) -> Prover:
    """Proofs over the entries of a dispatch."""
    hashes = [hash_of(entry) for entry in entries]
    return Prover(len(hashes), TileMap(grow(RightEdge.empty(), hashes).tiles))


def hash_of(entry: Entry) -> Digest:
    """An entry's leaf hash."""
    return sha256(b"\0" + entry.to_bytes())
