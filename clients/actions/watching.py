"""What a shift has open: how the line is, what is urgent and waits for an officer, everything else, what is to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from clients.actions.client import Client
from clients.actions.faulting import Seen
from clients.actions.listing import ListEntry, cut
from clients.actions.lists import SentReport, deliveries, inbox_entries, sent_entries, sent_reports
from clients.actions.news import News, Newsreader
from clients.actions.operations.calling import OperationCaller
from clients.actions.ringing import Urgent
from clients.line.lock import caught_up_ms
from clients.mail.inbox import Delivery
from clients.store import Store, StoredItem
from schemas.addresses import Address
from schemas.claims import Status
from schemas.errors import Code, SeraiError

_PAGE: Final = 200

_REST: Final = 20.0
"""How many times as long as it took nothing public is read anew: a large directory must not keep a screen busy."""

_LEAST_REST_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class LineState:
    """How the line to the hub is.

    Attributes:
        held: whether any process holds it.
        live: whether the hub answers.
        since_ms: since when that is so, as far as it is known, milliseconds since 1970 UTC; 0 if it is not.
        fault: why it does not.
        offset_ms: what is added to this machine's clock to have the hub's time.
        caught_up_ms: when everything that the hub had was last here; 0 if that is not known.
    """

    held: bool = False
    live: bool = False
    since_ms: int = 0
    fault: str = ""
    offset_ms: int = 0
    caught_up_ms: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """What there is to see.

    Attributes:
        member: whose it is.
        seat: its name.
        status: of the network: ``actual``, or ``exercise`` if all of it is one.
        now_ms: milliseconds since 1970 UTC, by the hub's clock.
        line: how the line is.
        urgent: what waits for an officer, flash first, then the newest; the oldest is always among them; as many as
            were asked for.
        waiting: how many wait.
        owed: what else asks us for an answer, the soonest first; as many as were asked for.
        owing: how many answers we owe.
        undone: what was sent and is not done, in the order of all lists; as many as were asked for.
        unfinished: how many are not done.
        others: everything else that came, the highest number first; as many as were asked for.
        queued: how much waits to be sent.
        alarms: how many alarms are open.
        alarm_ms: when the last of them was raised, milliseconds since 1970 UTC; 0 if there is none.
        returned: how much came back and was not sent.
        fault: what is wrong with the own store; empty if nothing.
    """

    member: Address
    seat: str
    status: Status
    now_ms: int
    line: LineState
    urgent: Sequence[Delivery] = ()
    waiting: int = 0
    owed: Sequence[Delivery] = ()
    owing: int = 0
    undone: Sequence[SentReport] = ()
    unfinished: int = 0
    others: Sequence[Delivery] = ()
    queued: int = 0
    alarms: int = 0
    alarm_ms: int = 0
    returned: int = 0
    fault: str = ""


class Watcher:
    """Looks, and reads the store again only when somebody has changed it; follows what is public as it is learned.

    Args:
        client: whose.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._urgent = Urgent(client.store)
        self._news = NewsTail(client, "watch")
        self._again_s = 0.0
        self._read_at: tuple[int, int] | None = None
        self._feed = Feed(client.member, client.settings.seat, client.network_status, 0, LineState())
        self._unheld_ms = 0
        self._seen = Seen(0)

    @property
    def has_looked(self) -> bool:
        """Whether there is anything to see yet."""
        return self._read_at is not None

    def take_news(self) -> list[News]:
        """What happened to something urgent, each once in the life of a store; nothing while the disk fails."""
        return self._news.take()

    def look(self, most: int) -> Feed:
        """What there is now; while the disk fails, what was seen last.

        Args:
            most: so many dispatches are looked at, of the urgent and of the others.

        Raises:
            SeraiError: the store is damaged.
        """
        line = line_state(self._client)
        now_ms = self._client.state.system.clock.local_ms() + line.offset_ms
        self._unheld_ms = 0 if line.held else self._unheld_ms or now_ms
        line = line if line.held else replace(line, since_ms=self._unheld_ms)
        self._feed = replace(self._feed, line=line, now_ms=now_ms, fault="")
        try:
            self._read(most)
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            self._feed = replace(self._feed, fault=error.detail)
        return self._feed

    @property
    def seen(self) -> Seen:
        """What may be wrong, as of the last look."""
        line = self._feed.line
        return replace(self._seen, now_ms=self._feed.now_ms, held=line.held, live=line.live, line_fault=line.fault)

    def _read(self, most: int) -> None:
        client, store = self._client, self._client.store
        if self._follow_directory():
            self._read_at = None
        read_at = store.version, most
        if read_at == self._read_at:
            return
        first, unfinished = inbox_entries(store, self._urgent), sent_entries(store)
        waiting = [entry for entry in first if entry.is_urgent]
        owed = [entry for entry in first if not entry.is_urgent]
        others = store.items.inbox_beside(frozenset(entry.digest for entry in first), most)
        undone = frozenset(entry.digest for entry in unfinished)
        self._feed = replace(
            self._feed,
            urgent=tuple(deliveries(client, _digests(waiting, most))),
            waiting=len(waiting),
            owed=tuple(deliveries(client, _digests(owed, most))),
            owing=len(owed),
            undone=tuple(sent_reports(client, _digests(unfinished, most), undone)),
            unfinished=len(unfinished),
            others=tuple(deliveries(client, tuple(others))),
            queued=store.outbox.waiting_count(),
            alarms=(alarms := store.alarms.in_short()).count,
            alarm_ms=alarms.newest.last_ms if alarms.newest else 0,
            returned=store.outbox.returned_count(),
        )
        self._seen = seen_of(store)
        self._read_at = read_at

    def _follow_directory(self) -> bool:
        """Believe what another process has learned of keys and epochs since; whether there was something."""
        client, trust = self._client, self._client.store.trust
        is_same = trust.cursors.public == client.state.cursors.public and len(trust.epochs) == len(client.state.epochs)
        begun_s = client.state.system.monotonic()
        if is_same or begun_s < self._again_s:
            return False
        client.reread()
        took_s = client.state.system.monotonic() - begun_s
        self._again_s = begun_s + max(_LEAST_REST_S, _REST * took_s)
        self._feed = replace(self._feed, status=client.network_status)
        return True


def seen_of(store: Store) -> Seen:
    """What in a store may be wrong: open alarms, and what is urgent and came back."""
    alarms, urgent = store.alarms.in_short(), store.outbox.returned_count(urgent=True)
    numbers = store.alarms.newest(1)
    return Seen(
        0,
        alarms=alarms.differing,
        newest_alarm=numbers[0].number if numbers else 0,
        folded=alarms.folded,
        alarm_kind=alarms.newest.alarm.kind if alarms.newest else "",
        returned=urgent,
        newest_returned=max(store.outbox.returned(urgent), default=0),
    )


def see_faults(client: Client) -> Seen:
    """What may be wrong now, in the store and with the line, as its holder says."""
    line, clock = line_state(client), client.state.system.clock
    now_ms = clock.local_ms() + line.offset_ms
    return replace(seen_of(client.store), now_ms=now_ms, held=line.held, live=line.live, line_fault=line.fault)


def _digests(entries: Sequence[ListEntry], most: int) -> tuple[str, ...]:
    return tuple(entry.digest for entry in cut(entries, most).shown)


def line_state(client: Client) -> LineState:
    """How the line is, as its holder has written."""
    holder = client.holder
    if holder is None:
        last_ms = caught_up_ms(client.store.path)
        return LineState(offset_ms=client.state.system.clock.offset_ms, caught_up_ms=last_ms)
    return LineState(
        held=True,
        live=holder.live,
        since_ms=holder.turned_ms or holder.since_ms,
        fault=holder.fault,
        offset_ms=holder.offset_ms,
        caught_up_ms=holder.caught_up_ms,
    )


class NewsTail:
    """What happened to something urgent, each once in the life of a store.

    Args:
        client: whose.
        caller: name of who tells it: each does it once.
    """

    def __init__(self, client: Client, caller: str) -> None:
        self._reader = Newsreader(client.store, caller, client.state.system.clock.time_ms)
        self._operations = OperationCaller(client.state)

    def take(self) -> list[News]:
        """What has happened since; nothing while the disk fails.

        Raises:
            SeraiError: the store is damaged.
        """
        try:
            self._operations.look()
            found = self._reader.look()
            self._reader.called(found)
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            return []
        return found


class InboxTail:
    """What comes, each dispatch once, oldest first.

    Args:
        client: whose.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        newest = client.store.items.inbox(1)
        self._seq = newest[0].seq if newest else 0

    def before(self, count: int) -> list[Delivery]:
        """The newest of those that came before, oldest first."""
        items = self._client.store.items.inbox(count, self._seq + 1) if count else []
        return [self._client.delivery(each) for each in reversed(items)]

    def take(self) -> list[Delivery]:
        """What has come since."""
        found: list[StoredItem] = []
        before = None
        while items := [each for each in self._client.store.items.inbox(_PAGE, before) if each.seq > self._seq]:
            found += items
            before = items[-1].seq
        self._seq = found[0].seq if found else self._seq
        return [self._client.delivery(each) for each in reversed(found)]
