"""What there is to see at a desk: read when the store has changed, worded for each language in which a page reads.

Everything is read in the worker's thread. What costs time is read only when something may have changed: the lists when
the store has, the operations then and every few seconds, because their clocks run. A badge counts exactly the list that
it opens, and no list holds what is real beside what is an exercise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from clients.actions.client import Client
from clients.actions.lists import SentReport, sent_report
from clients.actions.marked_lists import ListLane, MarkedLists, PlacedDispatch, PlacedPage, page_of
from clients.actions.news import News
from clients.actions.watching import LineState, NewsTail, line_state
from clients.desk import state
from clients.desk.feed import Parts
from clients.desk.outgoing import OutgoingItem, OutgoingItems, look_at_outgoing
from clients.desk.views.bounds import bounded
from clients.desk.views.operations import SeenOperation, look_at_operations, operation_row
from clients.desk.views.rows import RowWords, alarm_row, inbox_row, item_row, sent_row
from clients.desk.views.values import show_time
from clients.documents.news import news_json, news_line
from clients.mail.inbox import Delivery
from clients.store import KeptAlarm
from schemas.errors import Code, SeraiError
from schemas.rules.status import may_be_real

WINDOW: Final = 100
"""Rows of a list that a page has without asking; of each marking."""

_OPERATIONS_S: Final = 5.0
_REST: Final = 20.0
_LEAST_REST_S: Final = 1.0
_LONGEST_REST_S: Final = 1.0
"""A store is read again after a rest as long as the reading took: requests have their turn between.

What was done at this desk is seen at once.
"""

_NEWS: Final = 20
_MARKINGS: Final = (False, True)


@dataclass(frozen=True, slots=True)
class SeenInbox:
    """What came, of one marking: the beginning of its list."""

    page: PlacedPage
    deliveries: Mapping[str, Delivery]


@dataclass(frozen=True, slots=True)
class SeenSent:
    """What was sent, of one marking: the beginning of its list."""

    page: PlacedPage
    reports: Mapping[str, SentReport]


@dataclass(slots=True)
class SeenDesk:
    """What was seen last, without words.

    Attributes:
        line: how the line is.
        inbox: by whether it is an exercise.
        sent: the same.
        outgoing: what waits and what came back.
        operations: by their next clock.
        alarms: open ones, the newest first.
        alarm_count: how many are open.
        queued: how much waits to be sent, in all.
        news: the last calls with the times when they were found, the newest first.
        fault: why the store could not be read at the last look; empty if it could.
        now_ms: when it was looked, by the hub's clock; milliseconds since 1970 UTC.
    """

    line: LineState = field(default_factory=LineState)
    inbox: Mapping[bool, SeenInbox] = field(default_factory=dict)
    sent: Mapping[bool, SeenSent] = field(default_factory=dict)
    outgoing: OutgoingItems = field(default_factory=OutgoingItems)
    operations: Sequence[SeenOperation] = ()
    alarms: Sequence[KeptAlarm] = ()
    alarm_count: int = 0
    queued: int = 0
    news: Sequence[tuple[News, int]] = ()
    fault: str = ""
    now_ms: int = 0


class DeskLooking:
    """Looks at the store of a member; what `clients.desk.feed` asks."""

    def __init__(self) -> None:
        self._seen = SeenDesk()
        self._client: Client | None = None
        self._lists: MarkedLists | None = None
        self._tail: NewsTail | None = None
        self._news: deque[tuple[News, int]] = deque(maxlen=_NEWS)
        self._read_at: tuple[int, int] | None = None
        self._listed_at: tuple[int, int] | None = None
        self._operations_at_s = 0.0
        self._again_s = 0.0
        self._rested_s = 0.0

    # What the feed calls

    def look(self, client: Client, revision: int) -> bool:
        """Read again what may have changed.

        Args:
            client: the member's.
            revision: another number after something was done at this desk.

        Raises:
            SeraiError: the store is damaged.
        """
        before = (self._seen.line, self._seen.fault)
        is_new = False
        self._begin(client)
        self._seen.line = line_state(client)
        self._seen.now_ms = client.state.system.clock.local_ms() + self._seen.line.offset_ms
        try:
            is_new = self._read(client, revision)
            self._seen.fault = ""
        except SeraiError as error:
            if error.code is not Code.STORAGE_FAILED:
                raise
            self._seen.fault = error.detail
        return is_new or before != (self._seen.line, self._seen.fault)

    def parts(self, client: Client, language: str) -> Parts:  # noqa: ARG002 - whoever asks speaks it
        """What was seen last, in the language that is spoken now."""
        seen, words = self._seen, RowWords(client.member, self._seen.now_ms)
        return {
            "line": _line(seen),
            "counts": counts_of(seen, self._lists),
            "inbox": _inbox(seen, words),
            "sent": _sent(seen, words),
            "operations": _operations(client, seen, words),
            "alarms": _alarms(seen, words),
            "news": _news(seen, words),
        }

    def diff(self, old: Parts, new: Parts) -> list[dict[str, Any]]:
        """What has to be told to a page that has the old parts."""
        return state.diff(old, new)

    # What routes ask

    @property
    def lists(self) -> MarkedLists:
        """The lists as of the last look."""
        assert self._lists is not None, "nothing was looked at yet"  # noqa: S101 - a fault of the program
        return self._lists

    def look_now(self, client: Client, revision: int) -> MarkedLists:
        """The lists as they are now: what a route answers may be newer than what the pages have been told.

        Args:
            client: the member's.
            revision: as for `look`.
        """
        self._begin(client)
        read_at = client.store.version, revision
        if self._listed_at != read_at:
            self.lists.look()
            self._listed_at = read_at
        return self.lists

    # Reading

    def _begin(self, client: Client) -> None:
        if self._client is not client:
            self._client, self._lists, self._tail = client, MarkedLists(client.store), NewsTail(client, "desk")
            self._read_at = self._listed_at = None

    def _read(self, client: Client, revision: int) -> bool:
        now_s = client.state.system.monotonic()
        if self._follow_directory(client, now_s):
            self._read_at = None
        read_at = client.store.version, revision
        is_own = self._read_at is None or self._read_at[1] != revision
        is_changed = read_at != self._read_at and (is_own or now_s >= self._rested_s)
        if is_changed:
            self.look_now(client, revision)
            self._read_lists(client)
        if is_changed or (self._seen.operations and now_s - self._operations_at_s >= _OPERATIONS_S):
            self._seen.operations = look_at_operations(client)
            self._operations_at_s = client.state.system.monotonic()
            is_changed = True
        if is_changed:
            ended_s = client.state.system.monotonic()
            self._read_at, self._rested_s = read_at, ended_s + min(_LONGEST_REST_S, ended_s - now_s)
        return is_changed

    def _read_lists(self, client: Client) -> None:
        seen, store = self._seen, client.store
        seen.inbox = {each: self._inbox(client, exercise=each) for each in _MARKINGS}
        seen.sent = {each: self._sent(client, exercise=each) for each in _MARKINGS}
        seen.outgoing = look_at_outgoing(client, self.lists)
        seen.alarms, seen.alarm_count = store.alarms.newest(WINDOW), store.alarms.open_count()
        seen.queued = store.outbox.waiting_count()
        assert self._tail is not None  # noqa: S101 - `_begin` has made it
        self._news.extendleft((each, seen.now_ms) for each in self._tail.take())
        seen.news = tuple(self._news)

    def _inbox(self, client: Client, *, exercise: bool) -> SeenInbox:
        page = page_of(self.lists.inbox.get(exercise, ()), WINDOW)
        return SeenInbox(page, read_deliveries(client, page.shown))

    def _sent(self, client: Client, *, exercise: bool) -> SeenSent:
        page = page_of(self.lists.sent.get(exercise, ()), WINDOW)
        return SeenSent(page, read_reports(client, page.shown))

    def _follow_directory(self, client: Client, now_s: float) -> bool:
        """Believe what another process has learned of keys and epochs since; whether there was something."""
        trust = client.store.trust
        is_same = trust.cursors.public == client.state.cursors.public and len(trust.epochs) == len(client.state.epochs)
        if is_same or now_s < self._again_s:
            return False
        client.reread()
        took_s = client.state.system.monotonic() - now_s
        self._again_s = now_s + max(_LEAST_REST_S, _REST * took_s)
        return True


def read_deliveries(client: Client, placed: Sequence[PlacedDispatch]) -> dict[str, Delivery]:
    """Dispatches of a page of a list, by digest; one that was deleted meanwhile is not there."""
    found = ((each.digest, client.store.items.get(each.digest)) for each in placed)
    return {digest: client.delivery(item) for digest, item in found if item is not None}


def read_reports(client: Client, placed: Sequence[PlacedDispatch]) -> dict[str, SentReport]:
    """What became of dispatches of a page of a list, by digest."""
    lanes = {each.digest: each.lane for each in placed}
    found = read_deliveries(client, placed)
    return {
        digest: sent_report(client, each, is_done=lanes[digest] is not ListLane.UNDONE)
        for digest, each in found.items()
        if each.cover is not None
    }


# Words


def counts_of(seen: SeenDesk, lists: MarkedLists | None) -> dict[str, Any]:
    """The badges, by marking: each is the length of the list that it opens."""
    return {
        "actual": _counts(seen, lists, exercise=False),
        "exercise": _counts(seen, lists, exercise=True),
        "alarms": seen.alarm_count,
        "queued": seen.queued,
    }


def _counts(seen: SeenDesk, lists: MarkedLists | None, *, exercise: bool) -> dict[str, int]:
    def lane(which: ListLane) -> int:
        return lists.count(which, exercise=exercise) if lists is not None else 0

    reds = [each for each in seen.operations if each.is_exercise is exercise and each.reds]
    return {
        "urgent": lane(ListLane.URGENT),
        "owed": lane(ListLane.OWED),
        "undone": lane(ListLane.UNDONE),
        "returned": sum(each.is_exercise is exercise for each in seen.outgoing.returned),
        "queued": sum(each.is_exercise is exercise for each in seen.outgoing.waiting),
        "operations_red": len(reds),
    }


def _line(seen: SeenDesk) -> dict[str, Any]:
    line = seen.line
    return {
        "held": line.held,
        "connected": line.live,
        "since_ms": line.since_ms,
        "fault": bounded(seen.fault or line.fault, 400),
        "true_ms": line.caught_up_ms,
        "offset_ms": line.offset_ms,
        "nobody_rings": not line.held,
    }


def _list(rows: Mapping[str, Any], left_out: int, left: Mapping[bool, int]) -> dict[str, Any]:
    apart = {"actual": left.get(False, 0), "exercise": left.get(True, 0)}
    return {"order": list(rows), "rows": dict(rows), "left_out": left_out, "left": apart}


def _inbox(seen: SeenDesk, words: RowWords) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for each in seen.inbox.values():
        found = [(one, each.deliveries[one.digest]) for one in each.page.shown if one.digest in each.deliveries]
        rows |= {one.digest: dumped(inbox_row(delivery, one, words)) for one, delivery in found}
    left = {marking: each.page.left_out for marking, each in seen.inbox.items()}
    return _list(rows, sum(left.values()), left)


def _sent(seen: SeenDesk, words: RowWords) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for marking, each in seen.sent.items():
        rows |= item_rows(seen.outgoing.of(exercise=marking), words)
        found = [(one, each.reports[one.digest]) for one in each.page.shown if one.digest in each.reports]
        rows |= {f"d:{one.digest}": dumped(sent_row(report, one, words)) for one, report in found}
    left = {marking: each.page.left_out for marking, each in seen.sent.items()}
    return _list(rows, sum(left.values()) + seen.outgoing.left_out, left)


def item_rows(items: Sequence[OutgoingItem], words: RowWords) -> dict[str, Any]:
    """Rows of what waits and what came back, by their ids."""
    made = [item_row(each.returned, words, exercise=each.is_exercise) for each in items]
    return {each.id: dumped(each) for each in made}


def _operations(client: Client, seen: SeenDesk, words: RowWords) -> dict[str, Any]:
    rows = [dumped(operation_row(client, each.known, words)) for each in seen.operations[:WINDOW]]
    return _list({row["id"]: row for row in rows}, max(0, len(seen.operations) - WINDOW), {})


def _alarms(seen: SeenDesk, words: RowWords) -> dict[str, Any]:
    rows = [dumped(alarm_row(each, words)) for each in seen.alarms]
    return _list({row["id"]: row for row in rows}, seen.alarm_count - len(rows), {})


def _news(seen: SeenDesk, words: RowWords) -> list[dict[str, Any]]:
    return [_call(each, at_ms, words) for each, at_ms in seen.news]


def _call(news: News, at_ms: int, words: RowWords) -> dict[str, Any]:
    at = show_time(at_ms, words.member[:2], words.now_ms).model_dump()
    return {**news_json(news), "words": bounded(news_line(news)), "exercise": not may_be_real(news.status), "at": at}


def dumped(row: Any) -> dict[str, Any]:
    """A row as JSON."""
    value: dict[str, Any] = row.model_dump(mode="json", by_alias=True)
    return value
