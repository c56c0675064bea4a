"""What came, a page of it at a time."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.marked_lists import ListLane, page_of
from clients.desk.api.asking import DeskOf
from clients.desk.api.listing import Cursor, InboxPage, Limit, Marking, lists_of, words_for
from clients.desk.looking import read_deliveries
from clients.desk.views.rows import inbox_row
from clients.desk.views.values import show_as_of

router = APIRouter(prefix="/api/inbox")


@router.get("")
async def list_inbox(
    desk: DeskOf,
    status: Marking = "actual",
    lane: Literal["", "urgent", "owed", "others"] = "",
    before: Cursor = "",
    limit: Limit = 100,
) -> InboxPage:
    """What came, of one marking: urgent and open first, then what owes an answer, then the highest number first."""

    def read(client: Client) -> InboxPage:
        listed = lists_of(desk, client).inbox.get(status == "exercise", ())
        page = page_of(listed, limit, ListLane(lane) if lane else None, before)
        found, words = read_deliveries(client, page.shown), words_for(client)
        rows = [inbox_row(found[each.digest], each, words) for each in page.shown if each.digest in found]
        return InboxPage(
            rows=rows,
            left_out=page.left_out,
            urgent_left_out=page.urgent_left_out,
            total=page.total,
            next=page.next,
            as_of=show_as_of(read_as_of(client)),
        )

    return await desk.do(read)
