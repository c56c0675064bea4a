"""How the desk is: findings, alarms with their evidence, and what has left the system from here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from clients.actions.alarms import list_alarms
from clients.actions.client import Client
from clients.desk.api.asking import DeskOf
from clients.desk.api.listing import AlarmsPage, Limit, words_for
from clients.desk.views.health import AlarmPage, HealthPage, LogRow, alarm_page, health_page, log_row
from clients.desk.views.rows import alarm_row
from clients.desk.views.values import PageValue

router = APIRouter()


class LogPage(PageValue):
    """What left the system from here: what was changed since first, then the newest first."""

    rows: list[LogRow]
    left_out: int
    changed: int


@router.get("/api/health")
async def show_health(desk: DeskOf) -> HealthPage:
    """What is wrong with this client and how to fix it, how it stands, and what it is made of."""
    return await desk.do(health_page)


@router.get("/api/alarms")
async def show_alarms(desk: DeskOf, limit: Limit = 100, *, closed: bool = False) -> AlarmsPage:
    """Alarms that are open, the newest first; then, if they are wanted, those that somebody has closed."""

    def read(client: Client) -> AlarmsPage:
        found, words = list_alarms(client, limit, closed=closed), words_for(client)
        rows = [alarm_row(each, words) for each in (*found.open, *found.closed)]
        return AlarmsPage(rows=rows, left_out=found.open_left, closed_left_out=found.closed_left)

    return await desk.do(read)


@router.get("/api/alarms/{number}")
async def show_alarm(desk: DeskOf, number: Annotated[int, Path(ge=1, le=1 << 53)]) -> AlarmPage:
    """An alarm with its evidence, as it came."""
    return await desk.do(lambda client: alarm_page(client, number, words_for(client)))


@router.get("/api/log")
async def show_log(desk: DeskOf, limit: Limit = 100) -> LogPage:
    """What was printed, exported and passed on; looking at it here does not count as looking at what was changed."""

    def read(client: Client) -> LogPage:
        log, words = client.store.handed, words_for(client)
        rows = [log_row(client, each, words) for each in log.newest(limit)]
        return LogPage(rows=rows, left_out=log.count() - len(rows), changed=log.changed_count())

    return await desk.do(read)
