"""`FocalPoint.fetch_attachment`: the file that was named, all of it or nothing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from clients import Delivery, FocalPoint, Store
from clients.errors import LocalCode
from clients.mail.attaching import FileToAttach
from schemas.errors import Code
from schemas.reports import ReportModel
from tests.support.desk import ScriptedHub, cover_to, warning
from tests.support.points import both, next_delivery
from tests.support.refusals import refused

TEXT = b"one lorry, two drivers\n" * 4_000


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking for work takes no time."""
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)


async def send(kz: FocalPoint, uz: FocalPoint, folder: Path) -> Delivery:
    """KZ sends a list to UZ, which has the report."""
    path = folder / "list.txt"
    path.write_bytes(TEXT)
    sent = kz.send(warning(), cover_to("UZ/NFP"), [FileToAttach(path, "the list")])
    await sent
    return await next_delivery(uz)


async def test_file_is_written_as_it_was_attached(hub: ScriptedHub, stores: dict[str, Store], tmp_path: Path) -> None:
    """It waits until the blob has come, and gives the file to the last byte with what the report says of it."""
    async with both(hub, stores) as (kz, uz):
        delivery = await send(kz, uz, tmp_path)
        out = BytesIO()
        attachment = await uz.fetch_attachment(delivery.digest, 1, out)
        assert out.getvalue() == TEXT
        assert (attachment.name, attachment.caption) == ("list.txt", "the list")


async def test_no_such_attachment(hub: ScriptedHub, stores: dict[str, Store], tmp_path: Path) -> None:
    """A number that the report does not have, and a dispatch that is not here, are refused at once."""
    async with both(hub, stores) as (kz, uz):
        delivery = await send(kz, uz, tmp_path)
        for number in (0, 2):
            with refused(Code.NOT_FOUND):
                await uz.fetch_attachment(delivery, number, BytesIO())
        with refused(LocalCode.NOT_IN_STORE):
            await uz.fetch_attachment("A" * 43, 1, BytesIO())


async def test_what_the_hub_does_not_have_is_told(hub: ScriptedHub, stores: dict[str, Store], tmp_path: Path) -> None:
    """Whoever waits for a file that the hub erased gets the reason, and nothing is written."""
    async with both(hub, stores) as (kz, uz):
        uz.state.fetch_bytes = 0
        delivery = await send(kz, uz, tmp_path)
        assert not list(stores["UZ/NFP"].attachments.all())
        hub.shelf.kept.clear()
        out = BytesIO()
        with refused(Code.NOT_FOUND):
            await uz.fetch_attachment(delivery, 1, out)
        assert not out.getvalue()


async def test_another_file_than_was_named_is_not_written(
    hub: ScriptedHub, stores: dict[str, Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blob that opens to another file than the report names, as its sender may try, gives not one byte."""

    def lie(report: ReportModel, _more: object = ()) -> ReportModel:
        (attachment,) = report.attachments
        return report.model_copy(update={"attachments": (attachment.model_copy(update={"sha256": "A" * 43}),)})

    async with both(hub, stores) as (kz, uz):
        attach = kz.attach
        monkeypatch.setattr(kz, "attach", lambda report, files: lie(attach(report, files)))
        delivery = await send(kz, uz, tmp_path)
        out = BytesIO()
        with refused(Code.ATTACHMENT_MISMATCH):
            await uz.fetch_attachment(delivery, 1, out)
        assert not out.getvalue()
