"""What was sent, what waits to go, what came back; and one item that has no number."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.marked_lists import ListLane, page_of
from clients.actions.returned import find_item
from clients.desk.api.asking import DeskOf
from clients.desk.api.listing import Cursor, Limit, Marking, SentPage, lists_of, words_for
from clients.desk.looking import read_reports
from clients.desk.outgoing import is_exercise, look_at_outgoing
from clients.desk.views.items import ItemPage, item_page
from clients.desk.views.rows import SentRow, item_row, sent_row
from clients.desk.views.values import show_as_of

router = APIRouter()


@router.get("/api/sent")
async def list_sent(
    desk: DeskOf,
    status: Marking = "actual",
    lane: Literal["", "undone", "returned", "waiting"] = "",
    before: Cursor = "",
    limit: Limit = 100,
) -> SentPage:
    """What was sent, of one marking: what came back and what waits first, then what is not done, then the rest."""

    def read(client: Client) -> SentPage:
        items = _items(client, desk, lane, is_real=status == "actual")
        after = "" if before.startswith("i:") else before
        past = len(items) if after else next((at for at, row in enumerate(items, 1) if row.cursor == before), 0)
        first, rest = items[past : past + limit], items[past + limit :]
        listed = lists_of(desk, client).sent.get(status == "exercise", ())
        listed = listed if lane in ("", "undone") else ()
        room = limit - len(first)
        page = page_of(listed, max(room, 1), ListLane.UNDONE if lane else None, after)
        shown = page.shown if room else ()
        reports, words = read_reports(client, shown), words_for(client)
        rows = [*first, *(sent_row(reports[one.digest], one, words) for one in shown if one.digest in reports)]
        left = len(rest) + page.left_out + len(page.shown) - len(shown)
        cursor = page.next if room else (first[-1].cursor if left else None)
        return SentPage(
            rows=rows,
            left_out=left,
            urgent_left_out=page.urgent_left_out,
            total=len(items) + page.total,
            next=cursor,
            as_of=show_as_of(read_as_of(client)),
        )

    def _items(client: Client, desk: DeskOf, lane: str, *, is_real: bool) -> list[SentRow]:
        found = look_at_outgoing(client, lists_of(desk, client)).of(exercise=not is_real)
        rows = [item_row(each.returned, words_for(client), exercise=each.is_exercise) for each in found]
        return [row for row in rows if lane in ("", row.lane)]

    return await desk.do(read)


@router.get("/api/items/{item}")
async def show_item(desk: DeskOf, item: Annotated[int, Path(ge=1, le=1 << 53)]) -> ItemPage:
    """An item of the outbox: what it says, to whom, how it stands, and why it came back."""

    def read(client: Client) -> ItemPage:
        found = find_item(client, item)
        marked = is_exercise(client, found.draft, lists_of(desk, client))
        return item_page(client, found, words_for(client), exercise=marked)

    return await desk.do(read)
