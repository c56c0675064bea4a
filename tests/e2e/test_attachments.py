"""Attachments through a real hub: a flash before its photograph, and a large file over a line that is cut."""

from __future__ import annotations

import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from clients import Delivery, FileToAttach, FocalPoint
from clients.line.blobs import HeldBytes, HubBlobs
from clients.store import BlobState
from tests.support.cutter import cutting
from tests.support.desk import cover_to, warning
from tests.support.exchange import DUTY, Exchange, exchange
from tests.support.harbour import present_world
from tests.support.hub import free_port
from tests.support.pictures import drawn_of_jpeg, photograph, save_photograph
from tests.support.world import KZ, UZ

SIZE = 64 << 20


class Held(HubBlobs):
    """Blobs that nobody uploads before the gate is open."""

    gate = asyncio.Event()

    async def put(self, digest: str, begin: int, pieces: Iterable[bytes], end: int, total: int) -> HeldBytes:
        """Wait, then upload."""
        await self.gate.wait()
        return await super().put(digest, begin, pieces, end, total)


async def deliveries(point: FocalPoint) -> AsyncIterator[Delivery]:
    """What comes, with a receipt that it was seen."""
    async for delivery in point.deliveries():
        yield delivery


async def test_flash_arrives_before_its_photograph(tmp_path: Path) -> None:
    """The text is there while nothing is uploaded; then the same with its photograph, whose points are those sent."""
    Held.gate = asyncio.Event()
    with exchange(tmp_path, KZ, UZ) as serai:
        async with serai.desk("KZ/NFP", make_blobs=Held) as kz, serai.desk("UZ/NFP") as uz:
            cover, file = cover_to("UZ/NFP", precedence="flash"), FileToAttach(save_photograph(tmp_path), "the lorry")
            first = await kz.send(warning(), cover, [file])
            coming = deliveries(uz)
            text = await anext(coming)
            assert (text.digest, text.report and text.report.attachments_follow) == (first.digest, 1)
            assert not list(uz.state.store.attachments.all())
            Held.gate.set()
            full = await anext(coming)
            assert (full.completes, full.report and full.report.summary) == (first.digest, "look out")
            path = tmp_path / "came"
            with path.open("wb") as out:
                attachment = await uz.fetch_attachment(full, 1, out)
            assert attachment.caption == "the lorry"
            assert drawn_of_jpeg(path.read_bytes()) == drawn_of_jpeg(photograph())


async def test_large_file_over_a_line_that_is_cut_every_second(tmp_path: Path) -> None:
    """64 MiB go up and down a line that breaks every second, whole, in memory that does not grow with them."""
    file = tmp_path / "film.bin"
    with file.open("wb") as out:
        for number in range(SIZE >> 16):
            out.write(hashlib.sha256(number.to_bytes(4)).digest() * 2048)
    serai = Exchange(tmp_path, present_world([KZ, UZ]))
    port = free_port()
    settings = serai.hub.folder.path / "hub.toml"
    settings.write_text(settings.read_text().replace(str(serai.hub.port), str(port), 1))
    serai.hub.start()
    try:
        async with cutting(port, serai.hub.port) as cutter:
            await _carry(serai, file, f"ws://127.0.0.1:{port}", tmp_path / "came")
    finally:
        serai.hub.stop()
    assert cutter.cuts > 4


async def _carry(serai: Exchange, file: Path, hub: str, came: Path) -> None:
    kz, uz = (serai.store(name, f"{name.upper()}/NFP", f"{name.upper()}/NFP/{DUTY}") for name in ("kz", "uz"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    async with serai.point(kz, hubs=[hub]) as sender, serai.point(uz, hubs=[hub]) as reader:
        await sender.wait_live()
        await sender.send(warning(), cover_to("UZ/NFP"), [FileToAttach(file)])
        delivery = await anext(deliveries(reader))
        with came.open("wb") as out:
            attachment = await reader.fetch_attachment(delivery, 1, out)
        (blob,) = reader.state.store.attachments.all()
        assert (blob.digest, blob.state) == (attachment.blob, BlobState.KEPT)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    with came.open("rb") as one, file.open("rb") as other:
        assert hashlib.file_digest(one, "sha256").digest() == hashlib.file_digest(other, "sha256").digest()
    assert grown < SIZE >> 11, f"{grown} KiB"
