"""What routes of lists have in common: the lists of the desk, bounds of what is asked, the pages that they answer."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Path, Query

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.marked_lists import MarkedLists
from clients.desk.desk import Desk
from clients.desk.looking import DeskLooking
from clients.desk.views.rows import AlarmRow, InboxRow, RowWords, SentRow
from clients.desk.views.values import PageAsOf, PageValue

MOST: Final = 200
"""Rows of one answer at most."""

Limit = Annotated[int, Query(ge=1, le=MOST)]
Marking = Literal["actual", "exercise"]
"""What a list is of: never both."""

Cursor = Annotated[str, Query(max_length=160)]
Digest = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]
"""The digest of a statement, base64url."""


class InboxPage(PageValue):
    """A part of what came; ``left_out`` come after it, ``total`` are in the list."""

    rows: list[InboxRow]
    left_out: int
    urgent_left_out: int
    total: int
    next: str | None
    as_of: PageAsOf


class SentPage(PageValue):
    """A part of what was sent, waits, or came back."""

    rows: list[SentRow]
    left_out: int
    urgent_left_out: int
    total: int
    next: str | None
    as_of: PageAsOf


class FoundPage(PageValue):
    """What a search has found; ``searched`` were looked at."""

    rows: list[InboxRow | SentRow]
    left_out: int
    urgent_left_out: int
    total: int
    next: str | None
    searched: int
    as_of: PageAsOf


class AlarmsPage(PageValue):
    """Alarms, those that are open first."""

    rows: list[AlarmRow]
    left_out: int
    closed_left_out: int


def lists_of(desk: Desk, client: Client) -> MarkedLists:
    """The lists of a desk as they are now; in the worker's thread."""
    looking = desk.feed.looking
    if isinstance(looking, DeskLooking):
        return looking.look_now(client, desk.feed.revision)
    lists = MarkedLists(client.store)
    lists.look()
    return lists


def words_for(client: Client) -> RowWords:
    """What all rows need, now."""
    return RowWords(client.member, read_as_of(client).now_ms)
