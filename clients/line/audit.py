"""Following every leaf: the daily check that the hub keeps one ledger for all (PROTOCOL 8).

`Auditor` is pure arithmetic over leaves in order; `audit` feeds it from a hub and compares the
outcome with what the client holds. What does not fit is an alarm, kept with both signed notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from clients.line.ledger import Reader, head_of
from clients.mail.kept import claimed_sender
from clients.mail.state import State
from clients.store import Head
from schemas.checkpoint import Checkpoint, parse_note, parse_origin, verify_note
from schemas.directory import NetworkEpoch
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.leaf import Leaf, parse_leaf
from schemas.merkle import Frontier, decode_proof, verify_consistency
from schemas.tiles import TILE_WIDTH

_SETTLE_S: Final = 2.0
"""How long a public text that is missing may still be on its way over the line."""


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit saw.

    Attributes:
        start: size up to which an earlier audit had got.
        size: size up to which this one got.
        public: public leaves whose text is held.
        own: own accepted statements found at their place.
        views: notes of others that were compared.
        newer: leaves of types that are newer than this program.
        faults: what did not fit, for people; each is an alarm too.
    """

    start: int
    size: int
    public: int
    own: int
    views: int
    newer: int
    faults: tuple[str, ...]


@dataclass
class Auditor:
    """Recomputes the tree leaf by leaf and notes what does not fit.

    Attributes:
        frontier: the tree so far.
        last_ms: time of its last leaf.
        wanted: sizes at which the root is needed.
        roots: the roots at those sizes, base64url.
        public: places and digests of the public leaves met.
        newer: codes of types that this program does not know, and how many leaves of each were met.
        own: places and digests that the client holds as its own, taken out as they are found.
        faults: what did not fit.
    """

    frontier: Frontier
    last_ms: int
    wanted: frozenset[int]
    own: dict[int, str]
    roots: dict[int, str] = field(default_factory=dict)
    public: dict[int, str] = field(default_factory=dict)
    newer: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def take(self, leaves: Sequence[bytes]) -> None:
        """The next leaves, in order.

        Raises:
            SeraiError: ``bad_proof`` if these are no leaves.
        """
        hashes = []
        for index, data in enumerate(leaves, self.frontier.size):
            leaf = parse_leaf(data)
            self._look(index, leaf)
            hashes.append(leaf.hash)
        self._extend(hashes)

    def _look(self, index: int, leaf: Leaf) -> None:
        digest = encode_base64url(leaf.digest)
        if leaf.accepted_at < self.last_ms:
            self.faults.append(f"the time at {index} is before the one at {index - 1}")
        self.last_ms = max(self.last_ms, leaf.accepted_at)
        if leaf.public:
            self.public[index] = digest
        if leaf.type is None:
            self.newer[leaf.code] += 1
        if self.own.get(index) == digest:
            del self.own[index]

    def _extend(self, hashes: Sequence[bytes]) -> None:
        start, done = self.frontier.size, 0
        for size in sorted(size for size in self.wanted if start < size <= start + len(hashes)):
            self.frontier = self.frontier.extend(hashes[done : size - start])
            self.roots[size] = encode_base64url(self.frontier.root())
            done = size - start
        self.frontier = self.frontier.extend(hashes[done:])


async def audit(
    state: State,
    reader: Reader,
    take: Callable[[DeliverItem, Head], None],
    sleep: Callable[[float], Awaitable[None]],
) -> AuditResult:
    """Audit from the last audited leaf to the newest verified head.

    1. Every leaf is fetched and the root recomputed; at the head's size it must be the head's, at
    an epoch's index the one that the root signed. 2. Times do not decrease. 3. The text of every
    public leaf is held, or is demanded and applied. 4. Every own accepted statement stands at its
    place. 5. The views that others signed are of this tree.

    Args:
        state: what the client believes; alarms and the audited size are kept in its store.
        reader: of the hub.
        take: takes in a public statement that the line did not bring.
        sleep: waits for so many seconds.

    Raises:
        SeraiError: the hub refused to show the ledger; what was audited before stands.
        OSError: it could not be reached.
    """
    head, (frontier, last_ms, _) = state.head, state.store.trust.audited
    if head is None or head.size < frontier.size:
        return AuditResult(frontier.size, frontier.size, 0, 0, 0, 0, ())
    own = state.store.items.own_between(frontier.size, head.size)
    auditor = Auditor(frontier, last_ms, _wanted(state, head), dict(own))
    try:
        await _read(auditor, reader, head.size)
    except SeraiError as error:
        if error.code is Code.BAD_PROOF:
            _fault(state, auditor, "bad_proof", f"leaves from {auditor.frontier.size}: {error.detail}", _note(head))
        raise
    for detail in auditor.faults:
        state.alarm("bad_time", detail, _note(head))
    _check_roots(state, auditor, head)
    if state.system.clock.is_ahead(auditor.last_ms):
        detail = "the ledger is more than an hour ahead of this machine's clock"
        _fault(state, auditor, "bad_time", detail, _note(head))
    for index, digest in auditor.own.items():
        _fault(state, auditor, "fork", f"the own statement {digest} is not at {index}", _note(head))
    await _demand(state, auditor, reader, take, sleep)
    views = await _compare_views(state, auditor, reader, head)
    _conclude(state, auditor, head)
    found = len(own) - len(auditor.own)
    newer = auditor.newer.total()
    return AuditResult(frontier.size, head.size, len(auditor.public), found, views, newer, tuple(auditor.faults))


def _note(head: Head) -> dict[str, str]:
    return {"checkpoint": head.note or ""}


def _fault(
    state: State, auditor: Auditor, kind: str, detail: str, evidence: Mapping[str, str], cause: str = ""
) -> None:
    auditor.faults.append(detail)
    state.alarm(kind, detail, evidence, cause)


def _wanted(state: State, head: Head) -> frozenset[int]:
    views = {parse_note(note).checkpoint.size for note, _ in state.store.trust.views(head.size)}
    return frozenset({head.size} | views | {epoch.statement.claims.index for epoch in state.epochs})


async def _read(auditor: Auditor, reader: Reader, size: int) -> None:
    while auditor.frontier.size < size:
        number, skip = divmod(auditor.frontier.size, TILE_WIDTH)
        width = min(TILE_WIDTH, size - number * TILE_WIDTH)
        auditor.take((await reader.leaves(number, width))[skip:])


def _check_roots(state: State, auditor: Auditor, head: Head) -> None:
    expected = {head.size: encode_base64url(head.root)}
    for epoch in state.epochs:
        claims = epoch.statement.claims
        if claims.root is not None:
            expected[claims.index] = claims.root
    computed = {**auditor.roots, auditor.frontier.size: encode_base64url(auditor.frontier.root())}
    for size, root in expected.items():
        if computed.get(size, root) != root:
            evidence = {"checkpoint": head.note or "", "root": computed[size]}
            _fault(state, auditor, "fork", f"the leaves up to {size} do not give the root that was signed", evidence)


async def _demand(
    state: State,
    auditor: Auditor,
    reader: Reader,
    take: Callable[[DeliverItem, Head], None],
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """The text of every public leaf; one that does not come over the line is fetched, and that is an alarm."""
    wanted = {**state.store.items.gone_public(), **auditor.public}
    missing, before = _missing(state, wanted), -1
    while missing and state.cursors.public > before:
        before = state.cursors.public
        await sleep(_SETTLE_S)
        missing = _missing(state, missing)
    for index, digest in missing.items():
        held = state.store.items.get(digest)
        is_gone = held is not None and held.statement is None
        kind, how = ("damaged", "delivered without its text") if is_gone else ("withheld", "not delivered")
        _fault(state, auditor, kind, f"the public statement at {index} was {how}", {"digest": digest})
        item, note = await reader.statement(digest)
        take(item, await head_of(state, reader, note))


def _missing(state: State, public: Mapping[int, str]) -> dict[int, str]:
    if not public:
        return {}
    held = state.store.items.public_between(min(public), max(public) + 1)
    return {index: digest for index, digest in public.items() if held.get(index) != digest}


async def _compare_views(state: State, auditor: Auditor, reader: Reader, head: Head) -> int:
    count = 0
    for note, digest in state.store.trust.views(head.size):
        seen = parse_note(note).checkpoint
        epoch = _epoch_of(state, seen)
        if epoch is None:
            continue
        count += 1
        if not await _is_of_tree(seen, auditor, reader, head):
            _contradicted(state, auditor, note, digest, epoch)
    return count


def _epoch_of(state: State, seen: Checkpoint) -> NetworkEpoch | None:
    """The epoch under which a view can be compared; ``None`` beyond what a later epoch has dropped."""
    number = parse_origin(seen.origin).epoch
    if number >= len(state.epochs) or state.epochs[number].origin != seen.origin:
        return None
    later = state.epochs[number + 1 :]
    return None if later and seen.size > later[0].statement.claims.index else state.epochs[number]


async def _is_of_tree(seen: Checkpoint, auditor: Auditor, reader: Reader, head: Head) -> bool:
    if seen.size in auditor.roots:
        return auditor.roots[seen.size] == encode_base64url(seen.root)
    if seen.size == 0:
        return True
    proof = await reader.consistency(seen.size, head.size)
    try:
        verify_consistency(seen.size, seen.root, head.size, head.root, decode_proof(proof))
    except SeraiError:
        return False
    return True


def _contradicted(state: State, auditor: Auditor, note: str, digest: str, epoch: NetworkEpoch) -> None:
    """Two signed histories are a fork; a note without the hub's signature is its signer's lie."""
    evidence = {"seen": note, "statement": digest, "checkpoint": (state.head.note if state.head else None) or ""}
    try:
        verify_note(parse_note(note), epoch.origin, epoch.ledger_key)
    except SeraiError:
        item = state.store.items.get(digest)
        signer = claimed_sender(item.statement if item else None) or ""
        _fault(state, auditor, "bad_view", f"{digest} names a checkpoint that the hub did not sign", evidence, signer)
    else:
        _fault(state, auditor, "fork", f"{digest} names a checkpoint of another ledger", evidence)


def _conclude(state: State, auditor: Auditor, head: Head) -> None:
    """What was checked need not be fetched again; with a fault in the tree it is."""
    with state.change():
        if auditor.frontier.root() == head.root:
            state.store.trust.set_audited(auditor.frontier, auditor.last_ms, state.system.clock.local_ms())
            state.store.trust.add_newer(auditor.newer)
            state.store.trust.drop_views(head.size)
