"""The mailroom: recent commits at hand, bounded and exact; who is woken; who has a seat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.service import mailroom as module
from broker.service.mailroom import Mailroom, Recent
from broker.service.sequencer import Commit
from schemas import limits
from schemas.addresses import Address
from schemas.errors import Code
from schemas.merkle import decode_proof, hash_leaf, root_of, verify_consistency
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World
from tests.unit.broker.service.notary import Item, Notary, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of three."""
    with founded(tmp_path, World([KZ, UZ, RU])) as made:
        yield made


@pytest.fixture
def room(notary: Notary) -> Mailroom:
    """A mailroom that has just been loaded."""
    room = Mailroom(notary.store)
    state = notary.sequencer.load()
    room.load(state.head.size, state.head.note, state.directory)
    return room


class Seat:
    """A session as the mailroom sees it, which counts how it is called."""

    def __init__(self) -> None:
        self.woken = 0
        self.replaced = 0

    def wake(self) -> None:
        """There is something."""
        self.woken += 1

    def replace(self) -> None:
        """Another has come."""
        self.replaced += 1


def _publish(notary: Notary, room: Mailroom, *items: Item) -> Commit:
    commit = notary.turn(*items)
    room.publish(commit)
    return commit


def _send(notary: Notary, room: Mailroom, count: int = 1, precedence: str = "routine") -> Commit:
    """A commit of dispatches from KZ to UZ."""
    world = notary.world
    return _publish(notary, room, *(world.dispatch(KZ, [UZ], precedence=precedence) for _ in range(count)))


def _spans(recent: list[Recent] | None) -> list[tuple[int, int]] | None:
    return None if recent is None else [(each.start, each.end) for each in recent]


def _recents(room: Mailroom, size: int) -> list[Recent]:
    recent = room.since(size)
    assert recent is not None
    return recent


def _join(room: Mailroom, *addresses: Address) -> list[Seat]:
    seats = []
    for address in addresses:
        seats.append(Seat())
        room.join(address, "main", seats[-1])
    return seats


# The head


def test_before_it_is_loaded(notary: Notary) -> None:
    """A mailroom that knows nothing has an empty ledger and no directory."""
    room = Mailroom(notary.store)
    assert (room.head.size, room.head.note, room.directory, room.since(0)) == (0, "", None, [])


def test_loaded(notary: Notary, room: Mailroom) -> None:
    """At a start the head and the directory are those that were read, and no commit is recent."""
    head = notary.store.head()
    assert (room.head.size, room.head.note) == (head.size, head.note)
    assert room.directory is not None
    assert room.directory.version == notary.world.directory.version
    assert (room.since(head.size), room.since(head.size - 1)) == ([], None)


def test_published(notary: Notary, room: Mailroom) -> None:
    """With each commit the head moves on, with proofs that hold at it, and so does the directory."""
    before = room.head.size
    credential = notary.world.credential(Party.of(UZ, 1))
    commit = _publish(notary, room, credential, notary.world.dispatch(KZ, [UZ]))
    assert (room.head.size, room.head.note, room.directory) == (before + 2, commit.head.note, commit.directory)
    hashes = [hash_leaf(leaf) for leaf in notary.leaves()]
    proof = decode_proof(room.head.consistency(before))
    verify_consistency(before, root_of(hashes[:before]), before + 2, root_of(hashes), proof)
    assert room.head.root == root_of(hashes)


# Recent commits


def test_since(notary: Notary, room: Mailroom) -> None:
    """From each size that memory reaches: just the commits above it, oldest first; from below, nothing is said."""
    start = room.head.size
    for count in (1, 3, 2):
        _send(notary, room, count)
    spans = [(start, start + 1), (start + 1, start + 4), (start + 4, start + 6)]
    for size in range(start, start + 7):
        assert _spans(room.since(size)) == [span for span in spans if span[1] > size]
    assert room.since(start - 1) is None


def test_what_a_recent_commit_holds(notary: Notary, room: Mailroom) -> None:
    """A commit is kept as what is public and what is whose, each in the ledger's order."""
    world, start = notary.world, room.head.size
    to_both, to_kz = world.dispatch(KZ, [UZ, RU]), world.dispatch(UZ, [KZ], precedence="flash")
    _publish(notary, room, to_both, world.credential(Party.of(RU, 1)), to_kz, world.receipt(RU, KZ, [to_both.digest]))
    (recent,) = _recents(room, start)
    assert [item.index for item in recent.public] == [start + 1]
    assert {member: [item.index - start for item in items] for member, items in recent.by_member.items()} == {
        UZ: [0, 2], RU: [0, 3], KZ: [0, 2, 3],
    }  # fmt: skip
    assert [item.lane for item in recent.by_member[KZ]] == ["normal", "urgent", "normal"]


def test_memory_is_bounded(notary: Notary, room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much is committed, the newest that fit are kept, and the rest is read from the database."""
    start = room.head.size
    _send(notary, room)
    (one,) = _recents(room, start)
    assert one.size_bytes > len(one.by_member[UZ][0].encode(UZ, room.head))
    monkeypatch.setattr(module, "RECENT_BYTES", 3 * one.size_bytes + one.size_bytes // 2)
    for _ in range(5):
        _send(notary, room)
    assert _spans(room.since(start + 3)) == [(start + at, start + at + 1) for at in (3, 4, 5)]
    assert room.since(start + 2) is None


def test_commit_larger_than_memory(notary: Notary, room: Mailroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that does not fit is not kept at all, and the head is right all the same."""
    monkeypatch.setattr(module, "RECENT_BYTES", 10)
    start = room.head.size
    (seat,) = _join(room, UZ)
    _send(notary, room)
    assert (room.since(start), room.since(start + 1), room.head.size) == (None, [], start + 1)
    assert seat.woken == 1


def test_size_counts_what_is_kept(notary: Notary, room: Mailroom) -> None:
    """A commit of more, and one with more recipients, counts as larger; one of receipts as smaller."""
    world, sizes = notary.world, []
    sent = world.dispatch(KZ, [UZ])
    for items in ([sent], [world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ])], [world.dispatch(KZ, [UZ, RU])]):
        size = room.head.size
        _publish(notary, room, *items)
        sizes.append(_recents(room, size)[0].size_bytes)
    size = room.head.size
    _publish(notary, room, world.receipt(UZ, KZ, [sent.digest]))
    assert _recents(room, size)[0].size_bytes < sizes[0] < sizes[2] < sizes[1]


def test_gap(notary: Notary, room: Mailroom) -> None:
    """After a commit that was not seen, what was recent is forgotten and everybody looks for mail."""
    start = room.head.size
    _send(notary, room)
    seats = _join(room, KZ, UZ, RU)
    notary.turn(notary.world.dispatch(KZ, [RU]))
    commit = _send(notary, room)
    assert _spans(room.since(commit.start)) == [(commit.start, commit.head.size)]
    assert (room.since(start), room.since(commit.start - 1)) == (None, None)
    assert [seat.woken for seat in seats] == [1, 1, 1]
    assert room.head.root == root_of([hash_leaf(leaf) for leaf in notary.leaves()])


def test_loaded_again(notary: Notary, room: Mailroom) -> None:
    """Loading forgets what was at hand: after a restore, memory may be of another ledger."""
    start = room.head.size
    _send(notary, room)
    state = notary.sequencer.load()
    room.load(state.head.size, state.head.note, state.directory)
    assert (room.since(start), room.since(start + 1)) == (None, [])


# Who is woken


def test_wakes_those_it_is_for(notary: Notary, room: Mailroom) -> None:
    """A dispatch wakes its recipients and its sender, every seat of each, and nobody else."""
    kz, uz, ru = _join(room, KZ, UZ, RU)
    second = Seat()
    room.join(UZ, "second", second)
    _send(notary, room)
    assert [seat.woken for seat in (kz, uz, second, ru)] == [1, 1, 1, 0]


def test_public_wakes_everybody(notary: Notary, room: Mailroom) -> None:
    """A public statement wakes every session, once."""
    seats = _join(room, KZ, UZ, RU)
    _publish(notary, room, notary.world.credential(Party.of(UZ, 1)), notary.world.dispatch(KZ, [UZ]))
    assert [seat.woken for seat in seats] == [1, 1, 1]


def test_leaving_while_being_woken(notary: Notary, room: Mailroom) -> None:
    """A session that leaves when it is woken keeps none of the others from it."""

    class Leaver(Seat):
        def wake(self) -> None:
            super().wake()
            room.leave(UZ, "main", self)

    leaver, other = Leaver(), Seat()
    room.join(UZ, "main", leaver)
    room.join(UZ, "second", other)
    _send(notary, room, 1)
    _send(notary, room, 1)
    assert (leaver.woken, other.woken, room.count()) == (1, 2, 1)


# Seats


def test_replaced_seat(room: Mailroom) -> None:
    """A newer session of a seat replaces the one before, which gives nothing up by leaving late."""
    old, new = Seat(), Seat()
    room.join(KZ, "main", old)
    room.join(KZ, "main", new)
    assert (old.replaced, new.replaced, room.count()) == (1, 0, 1)
    room.leave(KZ, "main", old)
    assert list(room.sessions()) == [new]
    room.leave(KZ, "main", new)
    room.leave(KZ, "main", new)
    assert (list(room.sessions()), room.count()) == ([], 0)


def test_seats_side_by_side(room: Mailroom) -> None:
    """Other seats of a member, and the same seat of another member, are not replaced."""
    seats = [Seat() for _ in range(3)]
    for (member, name), seat in zip(((KZ, "main"), (KZ, "night"), (UZ, "main")), seats, strict=True):
        room.join(member, name, seat)
    assert [seat.replaced for seat in seats] == [0, 0, 0]
    assert (list(room.sessions()), room.count()) == (seats, 3)
    room.leave(KZ, "main", seats[0])
    assert list(room.sessions()) == seats[1:]


def test_leaving_while_being_told(room: Mailroom) -> None:
    """Sessions may leave while all of them are gone through."""
    seats = _join(room, KZ, UZ, RU)
    for session, member in zip(room.sessions(), (KZ, UZ, RU), strict=True):
        room.leave(member, "main", session)
    assert room.count() == 0
    assert len(seats) == 3


def test_seats_are_bounded(room: Mailroom) -> None:
    """A member has so many seats and no more; one that it has already may always be taken over."""
    seats = [Seat() for _ in range(limits.SEATS)]
    for number, seat in enumerate(seats):
        room.join(KZ, f"seat-{number}", seat)
    with refused(Code.RATE_LIMITED):
        room.join(KZ, "one-more", Seat())
    room.join(KZ, "seat-0", Seat())
    assert seats[0].replaced == 1
    room.join(UZ, "seat-0", Seat())


def test_withdrawn_mail_is_forgotten(notary: Notary, room: Mailroom) -> None:
    """When a member ceases, nothing recent is told from memory, where what was withdrawn may be."""
    start = room.head.size
    _send(notary, room)
    assert _recents(room, start)
    world = notary.world
    _publish(notary, room, world.revocation(world.party(UZ)))
    assert room.since(start) is None
    assert room.since(room.head.size) == []
