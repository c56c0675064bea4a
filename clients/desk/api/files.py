"""Files that go with a draft: they come as they are, are bounded as they come, and are encrypted at once."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import unquote

from fastapi import APIRouter, Request

from clients.actions.client import Client
from clients.actions.drafts.files import add_file, drop_file, name_file, upload_folder
from clients.actions.drafts.keeping import find_draft
from clients.desk.api.asking import Answer, DeskOf, OfficerOf
from clients.desk.api.draft_models import CaptionAsked, DraftAnswer, Name
from clients.desk.api.session import NothingAsked
from clients.desk.views.drafting import draft_view
from clients.errors import ClientError, LocalCode
from clients.formats.filenames import clean_name
from clients.mail.attaching import FileToAttach
from schemas.errors import Code, SeraiError
from schemas.limits import BLOB_CONTENT_BYTES

router = APIRouter(prefix="/api/drafts/{name}/files")

_MIB = 1 << 20
_NAME_CHARACTERS = 1_024
_CAPTION_CHARACTERS = 400


@router.post("", response_model=DraftAnswer)
async def upload(name: Name, request: Request, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Add a file: its bytes are the body, its name and caption are percent-encoded headers.

    ``Serai-Name``, ``Serai-Caption``, and ``Serai-Keep-Metadata: yes`` where location and author stay in a picture.
    """
    asked = request.headers
    called = clean_name(unquote(asked.get("serai-name", ""))[:_NAME_CHARACTERS])
    caption = " ".join(unquote(asked.get("serai-caption", "")).split())[:_CAPTION_CHARACTERS]
    as_it_is = asked.get("serai-keep-metadata") == "yes"

    def begin(client: Client) -> tuple[Path, int]:
        find_draft(client, name)
        most = client.store.trust.hub_blob_bytes
        folder = Path(mkdtemp(dir=upload_folder(client)))
        return folder, BLOB_CONTENT_BYTES if most is None else min(most, BLOB_CONTENT_BYTES)

    folder, most = await desk.do(begin)
    path = folder / called
    try:
        await _receive(path, most, request.stream(), asked.get("content-length"))
        file = FileToAttach(path, caption or None, as_it_is)
        return await desk.do(lambda client: draft_view(client, add_file(client, name, officer, file)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _receive(path: Path, most: int, pieces: AsyncIterator[bytes], named: str | None) -> None:
    """Write what comes, for the owner alone; never more than the bound, whatever length was named.

    Raises:
        ClientError: ``attachment_over_limit``.
        SeraiError: ``storage_failed``.
    """
    size = int(named) if named is not None and named.isdecimal() else 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            written = 0
            if size > most:
                raise _over(path, size, most)
            async for piece in pieces:
                written += len(piece)
                if written > most:
                    raise _over(path, written, most)
                file.write(piece)
    except OSError as error:
        raise SeraiError(Code.STORAGE_FAILED, f"attachments: {error.strerror or type(error).__name__}") from error


def _over(path: Path, size: int, most: int) -> ClientError:
    facts = {"size": -(-size // _MIB), "limit": most // _MIB}
    return ClientError(LocalCode.ATTACHMENT_OVER_LIMIT, path=path.name, **facts)


@router.put("/{number}", response_model=DraftAnswer)
async def call(name: Name, number: int, asked: CaptionAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Say what is to be seen in a file."""
    caption = " ".join(asked.caption.split())
    return await desk.do(lambda client: draft_view(client, name_file(client, name, officer, number, caption)))


@router.delete("/{number}", response_model=DraftAnswer)
async def take_away(name: Name, number: int, _asked: NothingAsked, desk: DeskOf, officer: OfficerOf) -> Answer:
    """Take a file away again."""
    return await desk.do(lambda client: draft_view(client, drop_file(client, name, officer, number)))
