"""One dispatch: in the reader, for programs, and the pictures that came with it."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response

from clients.actions.attachments import files_of, nature_of, pieces_of
from clients.actions.client import Client
from clients.actions.lists import sent_report
from clients.actions.reading import find_dispatch, thread_of
from clients.actions.returned import not_sent_to
from clients.desk.api.asking import Answer, DeskOf
from clients.desk.api.listing import Digest, lists_of, words_for
from clients.desk.views.reader import SHOWABLE, ReaderPage, reader_page
from clients.documents.attachments import attached_json
from clients.documents.dispatches import delivery_json
from clients.documents.items import item_json
from clients.documents.sent_rows import sent_report_json
from clients.documents.threads import link_json
from clients.errors import ClientError, LocalCode
from clients.formats.media import HEAD_BYTES
from clients.store import StoredItem

router = APIRouter()

_MOST_BYTES: Final = 32 << 20
"""Of a picture that is shown; a larger one is saved."""


def find_by_digest(client: Client, digest: str) -> StoredItem:
    """A dispatch that came, or was sent.

    Args:
        client: whose.
        digest: of the dispatch.

    Raises:
        ClientError: ``not_in_store``; ``deleted_here``.
    """
    item = client.store.items.get(digest)
    if item is None:
        raise ClientError(LocalCode.NOT_IN_STORE, digest=digest)
    return find_dispatch(client, item.index) if item.index is not None else item


@router.get("/api/dispatches/{digest}")
async def show_dispatch(desk: DeskOf, digest: Digest, *, whole: bool = False) -> ReaderPage:
    """A dispatch in the reader; opening it acknowledges nothing."""

    def read(client: Client) -> ReaderPage:
        delivery = client.delivery(find_by_digest(client, digest))
        return reader_page(client, delivery, lists_of(desk, client), words_for(client), whole=whole)

    return await desk.do(read)


@router.get("/api/dispatches/{digest}/json")
async def show_dispatch_json(desk: DeskOf, digest: Digest) -> Answer:
    """A dispatch for programs, as ``serai show --json`` has it."""

    def read(client: Client) -> Answer:
        item = find_by_digest(client, digest)
        delivery = client.delivery(item)
        value: dict[str, Any] = delivery_json(delivery)
        if item.sent_by_us and not item.inbox:
            is_done = not client.store.outcomes.is_missing(digest, "done")
            value = sent_report_json(sent_report(client, delivery, is_done=is_done))
            value["not_sent"] = [item_json(each) for each in not_sent_to(client, digest)]
        files, thread = files_of(client, digest), thread_of(client, delivery)
        attachments = [attached_json(each) for each in files]
        return {**value, "attachments": attachments, "thread": [link_json(each) for each in thread]}

    return await desk.do(read)


@router.get("/api/attachments/{digest}/{number}", response_class=Response)
async def show_picture(desk: DeskOf, digest: Digest, number: Annotated[int, Path(ge=1, le=100)]) -> Response:
    """A picture that is what it says: JPEG, PNG or WebP; everything else is saved, and not shown."""

    def read(client: Client) -> tuple[bytes, str]:
        files = files_of(client, find_by_digest(client, digest).digest)
        file = next((each for each in files if each.number == number), None)
        if file is None or not file.is_here or file.attachment.size > _MOST_BYTES:
            raise ClientError(LocalCode.NO_PICTURE, which=number)
        data = b"".join(pieces_of(client, file))
        nature = nature_of(file, data[:HEAD_BYTES])
        if nature.is_lie or nature.is_program or nature.media_type not in SHOWABLE:
            raise ClientError(LocalCode.NO_PICTURE, which=number)
        return data, nature.media_type

    data, media_type = await desk.do(read)
    return Response(data, media_type=media_type)
