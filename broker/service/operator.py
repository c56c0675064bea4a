"""What the hub's operator may do: bring public statements, suspend, begin an epoch, check the ledger.

The operator holds no key that speaks for a member. Everything here is what any member
could bring, or an event that the hub signs as itself.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from broker.core.admission.effects import Admitted, EventDraft
from broker.core.recount import Recount
from broker.core.timekeeping import BEHIND_MS, utc
from broker.core.tree import RightEdge, tile_levels, tile_width
from broker.core.verification import VerifiedSubmission, verify_submission
from broker.ports import HubClock, LedgerItem, LedgerStore, Register, Signer, StoredHead, StoredText
from broker.service.items import is_whole, is_whole_copy
from broker.service.sequencer import Candidate, Sequencer, Verdict
from broker.service.state import read_directory
from schemas.addresses import Address
from schemas.checkpoint import parse_note, parse_origin
from schemas.claims import Epoch, StatementType
from schemas.directory import Directory
from schemas.encoding import Digest, decode_digest, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.leaf import parse_leaf
from schemas.merkle import HASH_BYTES, Frontier, hash_leaf, split_hashes
from schemas.statements import parse_statement

_PAGE = 2_000
_TEXTS = 100
Answer = Callable[[Verdict], None]


def make_candidate(text: str, directory: Directory, answer: Answer) -> Candidate:
    """A candidate from a public statement that the operator brings.

    Raises:
        SeraiError: the text is no statement.
    """
    statement = parse_statement(text.strip())
    submission: VerifiedSubmission | SeraiError
    try:
        submission = verify_submission(statement, None, directory)
    except SeraiError as error:
        submission = error
    return Candidate(statement.digest, submission, None, answer, len(text))


def known_member(directory: Directory, member: Address) -> Address:
    """A member that has ever had a credential: a misspelt one is not suspended in another's place.

    Raises:
        SeraiError: ``not_found``.
    """
    if member not in directory.addresses():
        raise SeraiError(Code.NOT_FOUND, f"{member} has never had a credential")
    return member


def make_suspension(member: Address, answer: Answer) -> Candidate:
    """A candidate that makes the hub sign and append the suspension of a member."""
    draft = EventDraft("suspended", (), (), "public", member=member)
    return Candidate(Digest(b""), draft, None, answer)


def take_offline(sequencer: Sequencer, make: Callable[[Directory, Answer], Candidate]) -> Verdict:
    """Decide one candidate while the hub does not serve."""
    verdicts: list[Verdict] = []
    directory = sequencer.load().directory
    return sequencer.take_turn([make(directory, verdicts.append)]).verdicts[0]


# Time


def first_ahead(store: LedgerStore, now_ms: int) -> int | None:
    """Where the ledger begins to be ahead of the clock by more than five minutes; ``None`` if it is not; blocks.

    Args:
        store: the ledger; its times never decrease.
        now_ms: what the clock says, milliseconds since 1970 UTC.
    """
    size = store.head().size
    places = range(size)
    found = bisect_right(places, now_ms + BEHIND_MS, key=lambda place: _accepted_ms(store, place))
    return found if found < size else None


def _accepted_ms(store: LedgerStore, place: int) -> int:
    return parse_leaf(store.leaves(place, place + 1)[0]).accepted_at


# Epochs


class _EpochRegister:
    """A register that lets one commit jump from the old epoch's last checkpoint to the new epoch's first."""

    def __init__(self, register: Register, note: str) -> None:
        self._register = register
        self._note = note

    def read(self) -> str:
        """What the database says, because the register is of an epoch that cannot go on."""
        return self._note

    def swap(self, before: str, after: str) -> None:
        """Move the real register."""
        if before != after:
            self._register.swap(self._register.read(), after)


@dataclass(frozen=True, slots=True)
class NextEpoch:
    """What the root must sign so that this database may go on.

    Attributes:
        epoch: the number of the next epoch.
        index: where it begins.
        root: of the tree so far.
        last: the newest checkpoint that the register saw.
        newest_ms: time of the newest leaf before it, milliseconds since 1970 UTC; 0 if there is none.
    """

    epoch: int
    index: int
    root: Digest
    last: str
    newest_ms: int


def describe_epoch(store: LedgerStore, register: Register) -> NextEpoch:
    """What the next epoch's statement must say.

    Raises:
        SeraiError: ``inconsistent_ledger`` if the register has seen an epoch that this database has not.
    """
    head, outside = store.head(), register.read()
    if outside and parse_origin(parse_note(outside).checkpoint.origin).epoch > head.epoch:
        detail = "the database is from before the epoch in force; restore a backup made after that began"
        raise SeraiError(Code.INCONSISTENT_LEDGER, detail)
    root = RightEdge.load(head.size, store).frontier.root()
    return NextEpoch(head.epoch + 1, head.size, root, outside, head.accepted_at)


def begin_epoch(
    store: LedgerStore, register: Register, signer: Signer, clock: HubClock, network: str, text: str
) -> Verdict:
    """Append a root-signed epoch statement to a database that may not go on in its old epoch.

    The register moves in the same step as with any commit: after it, never before.

    Raises:
        SeraiError: ``wrong_epoch`` if the statement is not for this database, or if that is ahead of the clock;
            ``hub_not_ready`` if the clock is not believed.
    """
    head, now_ms = store.head(), clock.now_ms()
    if head.accepted_at > now_ms + BEHIND_MS:
        detail = f"its newest leaf is of {utc(head.accepted_at)}, the clock says {utc(now_ms)}"
        raise SeraiError(Code.WRONG_EPOCH, f"{detail}: restore a backup made before the ledger was ahead")
    statement = parse_statement(text.strip())
    if begun := store.indices([statement.digest]):
        _finish_epoch(register, head, begun[statement.digest])
        raise SeraiError(Code.WRONG_EPOCH, "this epoch has begun")
    claims = read_directory(store, network, head.size).verify(statement).claims
    need = describe_epoch(store, register)
    if statement.type is not StatementType.EPOCH:
        raise SeraiError(Code.WRONG_EPOCH, "not an epoch statement")
    epoch = cast("Epoch", claims)
    if epoch.root is None or decode_digest(epoch.root) != need.root or epoch.index != need.index:
        raise SeraiError(Code.WRONG_EPOCH, f"it must begin at {need.index} with the root of this database")
    guarded = _EpochRegister(register, head.note)
    sequencer = Sequencer(store, guarded, signer, clock, network, lambda _: None, new_epoch=True)
    return take_offline(sequencer, lambda directory, answer: make_candidate(text, directory, answer))


def _finish_epoch(register: Register, head: StoredHead, index: int) -> None:
    """Move the register after a crash between the commit that began an epoch and the register.

    Only then: a register of this same epoch may be ahead of a database that fell behind again.
    """
    outside = register.read()
    earlier = not outside or parse_origin(parse_note(outside).checkpoint.origin).epoch < head.epoch
    if earlier and head.size == index + 1:
        register.swap(outside, head.note)


# Checking


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What a check of the whole ledger found.

    Attributes:
        size: leaves.
        epoch: in force.
        public: public statements, all applied.
        gone: places whose text or content is not what the leaf says, and no `erased` event says why.
        erased: how many texts the hub erased and said so.
        faults: what is wrong with the tree itself; empty if nothing is.
    """

    size: int
    epoch: int
    public: int
    gone: tuple[int, ...]
    erased: int
    faults: tuple[str, ...]


def check_ledger(store: LedgerStore, network: str) -> LedgerReport:
    """Read everything and recompute everything.

    1. every leaf: times do not decrease, the root is the checkpoint's
    2. every tile is what the leaves give
    3. every public text fits its leaf, and the directory follows from them
    4. every text and copy, in every mailbox, fits its leaf and cover
    5. every row says what the texts say: whose mail it is, what was said of what, what is due
    """
    head = store.head()
    faults: list[str] = []
    frontier, last = Frontier.empty(), 0
    for number, page in enumerate(_leaves(store, head.size)):
        hashes = [hash_leaf(leaf) for leaf in page]
        times = [last, *(int.from_bytes(leaf[1:9], "big") for leaf in page)]
        if times != sorted(times):
            faults.append(f"times decrease after leaf {number * _PAGE}")
        last = times[-1]
        frontier = frontier.extend(hashes)
    if head.size and frontier.root() != parse_note(head.note).checkpoint.root:
        faults.append("the leaves do not have the root of the checkpoint")
    faults += _check_tiles(store, head.size)
    public = 0
    try:
        directory = read_directory(store, network, head.size)
        public = directory.version
    except SeraiError as error:
        faults.append(str(error))
    gone: dict[int, Digest] = {}
    recount = Recount(network)
    faults += _recount(store, recount, head, gone)
    faults += [f"{encode_base64url(each)}: erased, and its text is there" for each in recount.erased - {*gone.values()}]
    unsaid = tuple(index for index, digest in gone.items() if digest not in recount.erased)
    return LedgerReport(head.size, head.epoch, public, unsaid, len(gone) - len(unsaid), tuple(faults))


def _leaves(store: LedgerStore, size: int) -> Iterator[Sequence[bytes]]:
    for start in range(0, size, _PAGE):
        yield store.leaves(start, min(start + _PAGE, size))


def _check_tiles(store: LedgerStore, size: int) -> Iterator[str]:
    """Each tile against the level below it; level 0 against the leaves."""
    below: Iterable[bytes] = (hash_leaf(leaf) for page in _leaves(store, size) for leaf in page)
    for level in range(tile_levels(size)):
        tiles: list[bytes] = []
        number = 0
        while width := tile_width(size, level, number):
            tiles.append(store.tile(level, number)[: width * HASH_BYTES])
            number += 1
        if b"".join(below) != b"".join(tiles):
            yield f"tiles of level {level} are not what lies below them"
        full = [tile for tile in tiles if len(tile) == 256 * HASH_BYTES]
        below = [Frontier.empty().extend(split_hashes(tile)).root() for tile in full]


def _recount(store: LedgerStore, recount: Recount, head: StoredHead, gone: dict[int, Digest]) -> Iterator[str]:
    """Steps 4 and 5: faults are given, places whose text or content is gone are noted."""
    unknown = set[int]()
    for start in range(0, head.size, _TEXTS):
        admitted: list[Admitted] = []
        notes = store.step_notes(start, min(start + _TEXTS, head.size))
        for found in store.texts(start, min(start + _TEXTS, head.size)):
            try:
                if (item := _take(recount, found, gone)) is not None:
                    admitted.append(item)
            except SeraiError as error:
                if found.lane == "public":
                    return  # everything after is judged by it, and step 3 has said so
                unknown.add(found.index)
                recount.trust(found.index, notes.get(found.index))
                if error.code is not Code.GONE:
                    yield f"{found.index}: {error}"
        yield from store.compare(admitted, head.accepted_at)
    yield from store.compare_withdrawn(recount.ceased, recount.kept_from, unknown)
    yield from store.compare_endings(recount.ended, unknown)


def _take(recount: Recount, found: StoredText, gone: dict[int, Digest]) -> Admitted | None:
    """What a text says; ``None`` if it or a copy is not what leaf and cover name."""
    leaf = parse_leaf(found.leaf)
    if not is_whole(LedgerItem(found.lane, found.index, found.leaf, found.text, None)) or found.text is None:
        if found.lane != "public":
            gone[found.index] = leaf.digest
        recount.skip(leaf, found.lane)
        raise SeraiError(Code.GONE, str(found.index))
    admitted = recount.take(found.index, leaf, found.text, found.body)
    if all(is_whole_copy(copy) for copy in found.copies):
        return admitted
    gone[found.index] = leaf.digest
    return None
