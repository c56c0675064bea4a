"""Operations: what is due, and one with everything that follows from its steps."""

from __future__ import annotations

from fastapi import APIRouter

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.operations.finding import find_operation
from clients.actions.operations.known import read_operation
from clients.desk.api.asking import Answer, DeskOf
from clients.desk.api.listing import Digest, Limit, Marking, words_for
from clients.desk.views.operations import (
    OperationPage,
    OperationStrip,
    look_at_operations,
    operation_page,
    operation_row,
)
from clients.desk.views.values import PageAsOf, PageValue, show_as_of
from clients.documents.operations.state_json import view_json
from clients.documents.operations.viewing import view_of

router = APIRouter(prefix="/api/operations")


class OperationsPage(PageValue):
    """Operations of one marking, the next due first."""

    rows: list[OperationStrip]
    left_out: int
    total: int
    as_of: PageAsOf


@router.get("")
async def list_operations(
    desk: DeskOf,
    status: Marking = "actual",
    limit: Limit = 100,
    *,
    closed: bool = False,
    red: bool = False,
) -> OperationsPage:
    """Operations by their next clock; ``closed`` ones too, or only those in which something is ``red``."""

    def read(client: Client) -> OperationsPage:
        every = look_at_operations(client, closed=closed)
        found = [each for each in every if each.is_exercise is (status == "exercise") and (each.reds or not red)]
        words = words_for(client)
        rows = [operation_row(client, each.known, words) for each in found[:limit]]
        as_of = show_as_of(read_as_of(client))
        return OperationsPage(rows=rows, left_out=len(found) - len(rows), total=len(found), as_of=as_of)

    return await desk.do(read)


@router.get("/{operation}")
async def show_operation(desk: DeskOf, operation: Digest) -> OperationPage:
    """An operation: what is wrong, whose move it is, by when, what may go on."""

    def read(client: Client) -> OperationPage:
        known = read_operation(client, find_operation(client, operation))
        return operation_page(client, known, words_for(client))

    return await desk.do(read)


@router.get("/{operation}/json")
async def show_operation_json(desk: DeskOf, operation: Digest) -> Answer:
    """An operation for programs, as ``serai operation show --json`` has it."""

    def read(client: Client) -> Answer:
        known = read_operation(client, find_operation(client, operation))
        return view_json(view_of(client, known))

    return await desk.do(read)
