"""Members as the measuring sees them: they send, count, acknowledge, and forget nothing.

A frame is looked through only as far as counting needs; what was seen is compared with what
was accepted when the measuring is over, and samples are then verified as a client would.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Callable, Iterator, Sequence

from schemas.checkpoint import parse_note, verify_note
from schemas.encoding import decode_base64url, sha256
from schemas.frames import Deliver, parse_frame
from schemas.leaf import parse_leaf
from schemas.merkle import decode_proof, hash_leaf, verify_inclusion
from tests.bench.alerts import Alert, Alerts
from tests.bench.network import Bench
from tests.bench.wire import Wire, WireError, make_frame
from tests.support.hub import resume_text

OnItem = Callable[[bytearray, int, int], None]
"""Called with a buffer and the beginning of an item in it, and the end of the frame."""

_DELIVER, _ACCEPTED, _REFUSED, _WELCOME = (ord(kind[0]) for kind in ("deliver", "accepted", "refused", "welcome"))
_OPEN_S = 30.0
_KIND_AT = len('{"type":"')


class Load:
    """What all members of a workload have sent and got so far, and when senders must wait.

    Args:
        copies: mailboxes that each alert enters.
        backlog: undelivered copies beyond which senders pause, so that rates are those of a
            steady state in which recipients keep up; ``None`` if they never do.
    """

    def __init__(self, copies: int, backlog: int | None = None) -> None:
        self.accepted = 0
        self.delivered = 0
        self.acks = 0
        self.changed = asyncio.Event()
        self.faults: list[Exception] = []
        self._copies = copies
        self._backlog = backlog
        self._waiting: set[Member] = set()

    @property
    def outstanding(self) -> int:
        """Copies of accepted alerts that have not come; copies may come before the answer."""
        return self.accepted * self._copies - self.delivered

    def must_wait(self, member: Member) -> bool:
        """Whether a sender must pause; it is woken again."""
        if self._backlog is None or self.outstanding <= self._backlog:
            return False
        self._waiting.add(member)
        return True

    def note(self) -> None:
        """Something has changed."""
        self.changed.set()
        if self._waiting and self._backlog is not None and self.outstanding <= self._backlog // 2:
            waiting, self._waiting = self._waiting, set()
            for member in waiting:
                member.fill()

    async def until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait until something holds.

        Raises:
            TimeoutError: it did not.
            WireError: a line broke, or something was refused.
        """
        async with asyncio.timeout(timeout_s):
            while not condition():
                if self.faults:
                    raise self.faults[0]
                self.changed.clear()
                await self.changed.wait()


class Member:
    """One member with one line.

    Args:
        bench: network and hub.
        address: whose mailbox.
        load: shared by all members.
        step_bytes: the least that an item takes in a frame, so that counting can leap.
        on_item: called for each item, where its place alone is not enough.
    """

    def __init__(
        self, bench: Bench, address: str, load: Load, step_bytes: int = 1, on_item: OnItem | None = None
    ) -> None:
        self.address = address
        self.received = array("Q")
        self.accepted = array("Q")
        self.samples: list[str] = []
        self.waiting: dict[bytes, Alert] = {}
        self._bench = bench
        self._load = load
        self._step_bytes = step_bytes
        self._on_item = on_item
        self._sample_at = 0
        self._wire: Wire | None = None
        self._ready = asyncio.Event()
        self._source: Iterator[bytes] = iter(())
        self._window = 0

    async def open(self, cursor: int | None = None) -> None:
        """Dial, take `welcome`, send `resume`, wait for its answer.

        Args:
            cursor: from where; the end of the ledger as it was made if ``None``.
        """
        hub = self._bench.hub
        async with asyncio.timeout(_OPEN_S):
            self._wire = await Wire.dial(hub.port, self._bench.token(self.address), self._take, hub.trust)
            place = self._bench.size if cursor is None else cursor
            self._wire.send(make_frame(resume_text((place, place, place)).encode()))
            await self._ready.wait()

    def close(self) -> None:
        """End the line."""
        if self._wire is not None:
            self._wire.close()

    # Sending

    def start(self, alerts: Alerts, window: int) -> None:
        """Keep ``window`` alerts in flight as long as there are some."""
        self._source = (self._frame(alerts, alert) for alert in alerts.alerts)
        self._window = window
        self.fill()

    def stop(self) -> None:
        """Send no more."""
        self._source = iter(())

    def send(self, alerts: Alerts, alert: Alert) -> None:
        """Send one alert now."""
        assert self._wire is not None
        self._wire.send(self._frame(alerts, alert))

    def _frame(self, alerts: Alerts, alert: Alert) -> bytes:
        self.waiting[alert.digest] = alert
        return alerts.frame(alert)

    def fill(self) -> None:
        """Send as much as the window has room for, in one write."""
        assert self._wire is not None
        frames = []
        while len(self.waiting) < self._window and not self._load.must_wait(self):
            frame = next(self._source, None)
            if frame is None:
                break
            frames.append(frame)
        if frames:
            self._wire.send(*frames)

    # Receiving

    def _take(self, buffer: bytearray, start: int, end: int) -> None:
        kind = buffer[start + _KIND_AT]
        if kind == _DELIVER:
            self._delivered(buffer, start, end)
        elif kind == _ACCEPTED:
            self._settled(buffer, start, end)
        elif kind != _WELCOME:
            self._load.faults.append(WireError(buffer[start:end].decode()))
        self._load.note()

    def _delivered(self, buffer: bytearray, start: int, end: int) -> None:
        before = len(self.received)
        at = buffer.find(b'{"lane":"', start, end)
        while at >= 0:
            number = buffer.index(b'"index":', at, end) + 8
            self.received.append(int(buffer[number : buffer.index(b",", number, end)]))
            if self._on_item is not None:
                self._on_item(buffer, at, end)
            at = buffer.find(b'{"lane":"', at + self._step_bytes, end)
        self._ready.set()
        if count := len(self.received) - before:
            self._load.delivered += count
            self._acknowledge(self.received[-1] + 1)
            if len(self.received) >= self._sample_at:
                self._sample_at = 4 * len(self.received)
                self.samples.append(buffer[start:end].decode())

    def _acknowledge(self, following: int) -> None:
        assert self._wire is not None
        cursors = f'{{"public":{following},"urgent":{following},"normal":{following}}}'
        self._wire.send(make_frame(f'{{"type":"ack","cursors":{cursors}}}'.encode()))
        self._load.acks += 1

    def _settled(self, buffer: bytearray, start: int, end: int) -> None:
        at = buffer.find(b'{"digest":"', start, end)
        while at >= 0:
            del self.waiting[bytes(buffer[at + 11 : at + 54])]
            number = buffer.index(b'"index":', at + 54, end) + 8
            self.accepted.append(int(buffer[number : buffer.index(b",", number, end)]))
            self._load.accepted += 1
            at = buffer.find(b'{"digest":"', number, end)
        self.fill()


def check_complete(members: list[Member], expected: list[int]) -> None:
    """Demand that each member got each of these places once, in order, and nothing else.

    Raises:
        AssertionError: something was lost, came twice, out of order, or unasked.
    """
    assert len(set(expected)) == len(expected), "two alerts were given one place"
    wanted = array("Q", sorted(expected))
    for member in members:
        lost, more = set(wanted) - set(member.received), set(member.received) - set(wanted)
        assert member.received == wanted, (
            f"{member.address}: {len(lost)} lost, {len(more)} unexpected, "
            f"{len(member.received) - len(set(member.received))} twice, or out of order"
        )
        assert not member.waiting, f"{member.address}: {len(member.waiting)} unanswered"


def check_samples(bench: Bench, members: list[Member]) -> int:
    """Verify the frames that were kept: statement, leaf, proof, checkpoint; says how many items.

    Raises:
        AssertionError, SeraiError: something does not hold.
    """
    origin, key = bench.world.directory.epoch.origin, bench.world.ledger_key.public
    count = 0
    for text in (sample for member in members for sample in member.samples):
        frame = parse_frame(text)
        assert isinstance(frame, Deliver)
        checkpoint = verify_note(parse_note(frame.checkpoint), origin, key).checkpoint
        for item in frame.items:
            leaf = decode_base64url(item.leaf)
            assert item.statement is not None
            assert sha256(item.statement.encode()) == parse_leaf(leaf).digest
            proof = decode_proof(item.proof)
            verify_inclusion(hash_leaf(leaf), item.index, checkpoint.size, proof, checkpoint.root)
            count += 1
    return count


async def open_all(members: Sequence[Member], cursor: int | None = None) -> None:
    """Open many lines, some at a time."""
    for start in range(0, len(members), 25):
        await asyncio.gather(*(member.open(cursor) for member in members[start : start + 25]))


def finish(network: Bench, members: list[Member]) -> dict[str, int]:
    """Close every line, then demand that nothing was lost."""
    for member in members:
        member.close()
    expected = [index for member in members for index in member.accepted]
    check_complete(members, expected)
    return {"accepted": len(expected), "lost": 0, "items_verified": check_samples(network, members)}
