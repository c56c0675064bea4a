"""A history of what clients said and were shown, and the judgement on it.

A test notes what it attempts, what a client took on, what the hub was heard to accept and what
an application was shown. `History.judge` holds that against the hub's ledger and against every
member's store. Reports are told apart by their reference, so a dispatch that was signed twice is
seen even where every digest is unique.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from broker.ports import LedgerStore
from clients.mail.sent import Acceptance
from clients.store import Store, StoredItem
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.encoding import encode_base64url
from schemas.leaf import parse_leaf

_ALL = 1 << 20


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a history came to; of the last three each must be empty.

    Attributes:
        attempted: reports that somebody tried to send.
        accepted: dispatches in the ledger.
        delivered: reports in recipients' stores, each recipient counted.
        lost: taken on by a client, or accepted by the hub, and not with a recipient or not at its place.
        duplicated: in the ledger, in a store, or shown, more than once.
        unexpected: with somebody it was not for, never attempted, failing a recipient's step, or of nobody.
    """

    attempted: int
    accepted: int
    delivered: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    unexpected: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, duplicated or unexpected."""
        return not (self.lost or self.duplicated or self.unexpected)


@dataclass
class History:
    """What was said and shown, noted as it happens.

    Attributes:
        attempted: recipients by reference, noted before a client is asked to send.
        kept: references that a client took on: from then on it may not be lost.
        told: place by reference, as an application heard of it.
        shown: how often an application was shown a digest, by member.
        may_repeat: members whose application died, and may be shown again what it was shown last.
    """

    attempted: dict[str, frozenset[str]] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    told: dict[str, Acceptance] = field(default_factory=dict)
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    may_repeat: set[str] = field(default_factory=set)

    def attempt(self, reference: str, to: Iterable[str]) -> None:
        """Somebody is about to send a report."""
        assert reference not in self.attempted, "a reference is used once"
        self.attempted[reference] = frozenset(to)

    def judge(self, hub: LedgerStore, stores: Mapping[Address, Store]) -> Judgement:
        """Hold the history against the ledger and every member's store."""
        return _Judge(self, _ledger(hub), stores).judge()


def _ledger(hub: LedgerStore) -> list[tuple[str, bool]]:
    """Digest of every place, and whether it is a dispatch."""
    leaves = [parse_leaf(leaf) for leaf in hub.leaves(0, hub.head().size)]
    return [(encode_base64url(leaf.digest), leaf.type is StatementType.DISPATCH) for leaf in leaves]


def reference_of(item: StoredItem) -> str | None:
    """Reference of the report in a stored dispatch; ``None`` if it was not opened."""
    return None if item.content is None else str(json.loads(item.content)["our_reference"])


class _Judge:
    def __init__(self, history: History, ledger: list[tuple[str, bool]], stores: Mapping[Address, Store]) -> None:
        self._history = history
        self._ledger = ledger
        self._stores = stores
        self._digests: dict[str, set[str]] = {}
        self._met: Counter[tuple[str, str]] = Counter()
        self._lost: list[str] = []
        self._duplicated: list[str] = []
        self._unexpected: list[str] = []

    def judge(self) -> Judgement:
        for member, store in self._stores.items():
            for item in store.items.inbox(_ALL):
                self._met_by(member, item)
            for item in store.items.sent(_ALL):
                self._look(member, item)
        self._check_kept()
        self._check_told()
        self._check_ledger()
        self._check_shown()
        accepted = sum(is_dispatch for _, is_dispatch in self._ledger)
        findings = (tuple(self._lost), tuple(self._duplicated), tuple(self._unexpected))
        return Judgement(len(self._history.attempted), accepted, self._met.total(), *findings)

    def _look(self, member: str, item: StoredItem) -> str | None:
        """Note which digest carries which report, and that it stands where its holder believes."""
        reference = reference_of(item)
        if reference is None or item.step is not None:
            self._unexpected.append(f"{member} could not open {item.digest}: step {item.step}, {item.code}")
            return None
        self._digests.setdefault(reference, set()).add(item.digest)
        if item.index is None or not self._stands(item.digest, item.index):
            self._lost.append(f"{reference} is not at {item.index}, where {member} holds it")
        return reference

    def _met_by(self, member: str, item: StoredItem) -> None:
        reference = self._look(member, item)
        if reference is None:
            return
        self._met[member, reference] += 1
        if member not in self._history.attempted.get(reference, frozenset()):
            self._unexpected.append(f"{member} got {reference}")

    def _stands(self, digest: str, index: int) -> bool:
        return index < len(self._ledger) and self._ledger[index][0] == digest

    def _check_kept(self) -> None:
        for reference in sorted(self._history.kept):
            missing = [to for to in sorted(self._history.attempted[reference]) if not self._met[to, reference]]
            self._lost += [f"{reference} did not come to {to}" for to in missing if Address(to) in self._stores]

    def _check_told(self) -> None:
        for reference, told in self._history.told.items():
            if not self._stands(told.digest, told.index):
                self._lost.append(f"{reference} was accepted at {told.index} and is not there")

    def _check_ledger(self) -> None:
        places = Counter(digest for digest, _ in self._ledger)
        known = {digest for digests in self._digests.values() for digest in digests}
        self._duplicated += [f"{digest} has {count} places" for digest, count in places.items() if count > 1]
        for reference, digests in self._digests.items():
            if len(digests) > 1:
                self._duplicated.append(f"{reference} was accepted {len(digests)} times")
        strays = [digest for digest, is_dispatch in self._ledger if is_dispatch and digest not in known]
        self._unexpected += [f"the ledger has a dispatch {digest} of nobody" for digest in strays]

    def _check_shown(self) -> None:
        for (member, reference), count in self._met.items():
            if count > 1:
                self._duplicated.append(f"{member} holds {reference} {count} times")
        for (member, digest), count in self._history.shown.items():
            if count > 1 and member not in self._history.may_repeat:
                self._duplicated.append(f"{member} was shown {digest} {count} times")
