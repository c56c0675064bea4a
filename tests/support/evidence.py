"""Evidence files from a toy network: honest ones, to be changed by tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from schemas.addresses import Address, member_of
from schemas.checkpoint import parse_note
from schemas.encoding import Digest
from schemas.evidence import EvidenceContent, EvidenceItem, UnverifiedEvidence
from schemas.leaf import Leaf
from schemas.merkle import hash_leaf
from schemas.statements import parse_statement, read_payload
from tests.support.world import KG, KZ, TJ, UZ, Logged, Sent, World, inclusion_proof

REPORT: Final[dict[str, Any]] = {
    "report": "warning",
    "version": 1,
    "our_reference": "KZ-2026-17",
    "requested_action": {"code": "observe"},
    "summary": "A refrigerated lorry, expected in the night.",
}
"""A warning in its minimal form."""


def proven(world: World, index: int) -> EvidenceItem:
    """A statement of a world's ledger with its proof under the newest checkpoint."""
    logged = world.log[index]
    hashes = tuple(Digest(node) for node in world.proof(index))
    return EvidenceItem(parse_statement(logged.text), index, logged.leaf, hashes)


def credentials_of(world: World, addresses: Sequence[str]) -> tuple[EvidenceItem, ...]:
    """Every credential of these addresses."""
    places = [c.place.index for name in addresses for c in world.directory.credentials(Address(name))]
    return tuple(proven(world, index) for index in sorted(places))


def _path(text: str) -> tuple[str, ...]:
    """Who has signed a statement, and its member."""
    iss = Address(read_payload(text)["iss"])
    return (member_of(iss), iss)


def with_item(evidence: UnverifiedEvidence, at: int, **changes: Any) -> UnverifiedEvidence:
    """The file with one of its items changed."""
    items = list(evidence.items)
    items[at] = replace(items[at], **changes)
    return replace(evidence, items=tuple(items))


@dataclass
class Case:
    """A network in which KZ/NFP/DUTY-1 has warned KG/NFP and UZ/NFP, and both have answered.

    Attributes:
        world: the network; its ledger holds the dispatch and three receipts.
        report: what the warning says.
        sent: the dispatch, with what its sender knows.
    """

    world: World = field(default_factory=lambda: World((KZ, KG, TJ, UZ)))
    report: dict[str, Any] = field(default_factory=lambda: REPORT)
    sent: Sent = field(init=False)
    receipts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.world.wait(60)
        self.sent = self.world.dispatch(f"{KZ}/DUTY-1", [KG, UZ], self.report)
        self.world.admit(self.sent.text)
        self.receipts = []
        for iss, outcome in ((KG, "received"), (UZ, "received"), (f"{KG}/DUTY-1", "acknowledged")):
            self.world.wait(5)
            self.receipts.append(self.world.receipt(iss, KZ, [self.sent.digest], outcome))
            self.world.admit(self.receipts[-1])

    @property
    def root(self) -> str:
        """What the reader knows."""
        return self.world.network.partition("/")[2]

    def index(self, text: str) -> int:
        """Where a statement stands."""
        return next(at for at, logged in enumerate(self.world.log) if logged.text == text)

    def item(self, index: int) -> EvidenceItem:
        """A statement of the ledger, proven."""
        return proven(self.world, index)

    def credentials(self, addresses: Sequence[str]) -> tuple[EvidenceItem, ...]:
        """Every credential of these addresses."""
        return credentials_of(self.world, addresses)

    def content(self, member: Address = KG, *, key: bool = True) -> EvidenceContent:
        """A recipient's copy of the content."""
        leaves = [hash_leaf(entry.to_bytes()) for entry in self.sent.sealed.entries]
        proof = tuple(Digest(node) for node in inclusion_proof(leaves, self.sent.addresses.index(member)))
        return EvidenceContent(self.sent.copy(member), proof, member, self.sent.content_key if key else None)

    def evidence(self, content: EvidenceContent | None = None, *, receipts: bool = True) -> UnverifiedEvidence:
        """The file about the dispatch; without content unless it is given."""
        return self.file(self.sent.text, *(self.receipts if receipts else ()), content=content)

    def file(self, *texts: str, content: EvidenceContent | None = None) -> UnverifiedEvidence:
        """A file about statements of the ledger; the content is that of the dispatch."""
        items = [self.item(self.index(text)) for text in texts]
        signers = {address for text in texts for address in _path(text)}
        return UnverifiedEvidence(
            parse_note(self.world.checkpoint()),
            tuple(parse_statement(epoch.statement.text) for epoch in self.world.directory.epochs),
            tuple(each for each in self.credentials(sorted(signers)) if each.statement.text not in texts),
            tuple(
                replace(item, content=content if item.statement.text == self.sent.text else None)
                for item in sorted(items, key=lambda item: item.index)
            ),
        )

    def force(self, text: str, **leaf: Any) -> int:
        """Append what no honest hub would, under any leaf; where it stands."""
        statement = parse_statement(text)
        made = {"accepted_at": self.world.time_ms, "code": statement.type.code, "public": False, **leaf}
        self.world.log.append(Logged(text, Leaf(digest=statement.digest, **made)))
        return len(self.world.log) - 1
