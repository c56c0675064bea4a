"""Attachments over HTTP: who may bring and fetch what, in which parts, and how it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.core.quota import Quota
from broker.service import blobs as module
from broker.service.blobs import BlobLimits
from broker.service.hub import Hub
from schemas import limits
from schemas.blobs import blob_size
from tests.support.blobs import LARGE, SMALL, Blob, Porter, blob_of, porter, state_of
from tests.support.world import KG, KZ, TJ, World
from tests.unit.broker.edges import loaded_hub, port_of, present_world, served, submit_all, until

SENT: dict[str, Any] = {"precedence": "routine"}


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ with an officer each."""
    return present_world()


@pytest.fixture
async def hub(world: World, tmp_path: Path) -> AsyncIterator[Hub]:
    """A hub that takes turns."""
    with loaded_hub(tmp_path, world) as hub:
        yield hub


@pytest.fixture
async def hands(hub: Hub, world: World) -> AsyncIterator[Porter]:
    """Members over real sockets."""
    async with served(hub) as server, porter(port_of(server), world) as made:
        yield made


def code(answer: httpx.Response) -> str:
    """The code of a refusal."""
    return str(answer.json()["code"])


async def link(hub: Hub, world: World, blob: Blob, to: str = KG, iss: str = f"{KZ}/DUTY-1", **cover: Any) -> str:
    """A dispatch that names a blob."""
    sent = world.dispatch(iss, [to], attachments=[blob.claim], **{**SENT, **cover})
    await submit_all(hub, sent)
    return sent.digest


async def test_blob_goes_up_and_comes_down(hub: Hub, hands: Porter, world: World) -> None:
    """What a member uploads and sends is fetched by its recipient and its sender, to the byte."""
    blob = blob_of(LARGE)
    answer = await hands.put(f"{KZ}/DUTY-1", blob)
    assert (answer.status_code, state_of(answer)) == (204, (len(blob.data), len(blob.data), "?1"))
    assert 'serai_uploads_total{outcome="accepted"} 1.0' in hub.metrics.text().decode()
    await link(hub, world, blob)
    for reader in (KG, KZ, f"{KG}/DUTY-1"):
        answer = await hands.get(reader, blob)
        assert (answer.status_code, answer.content) == (200, blob.data)
        assert answer.headers["content-type"] == "application/octet-stream"


async def test_parts_go_up_one_after_the_other(hands: Porter) -> None:
    """An upload in parts is asked for and continued; the last byte makes it whole."""
    blob = blob_of(LARGE)
    half = len(blob.data) // 2
    assert (await hands.look(KZ, blob)).status_code == 404
    assert state_of(await hands.put(KZ, blob, 0, half)) == (half, len(blob.data), "?0")
    assert state_of(await hands.look(f"{KZ}/DUTY-1", blob)) == (half, len(blob.data), "?0")
    assert state_of(await hands.put(KZ, blob, half)) == (len(blob.data), len(blob.data), "?1")
    assert state_of(await hands.look(KZ, blob)) == (len(blob.data), len(blob.data), "?1")


@pytest.mark.parametrize("start", [0, 100, 5_000])
async def test_part_that_does_not_follow(hands: Porter, start: int) -> None:
    """A part that begins elsewhere than the last one ended is refused with what is held, and changes nothing."""
    blob = blob_of(LARGE)
    await hands.put(KZ, blob, 0, 4_000)
    answer = await hands.put(KZ, blob, start)
    assert (answer.status_code, code(answer)) == (409, "upload_offset")
    assert state_of(answer) == (4_000, len(blob.data), "?0")


async def test_upload_that_begins_in_the_middle(hands: Porter) -> None:
    """Where nothing is held, only the first byte may come."""
    answer = await hands.put(KZ, blob_of(LARGE), 100)
    assert (answer.status_code, code(answer), state_of(answer)) == (409, "upload_offset", (0, None, None))


async def test_length_is_as_first_named(hands: Porter) -> None:
    """An upload does not change its length."""
    blob = blob_of(LARGE)
    await hands.put(KZ, blob, 0, 4_000)
    other = Blob(blob.data + bytes(blob_size(4_096)), blob.name, blob.size)
    grown = Blob(bytes(blob_size(160_000 // 4096 * 4096)), blob.name, blob.size)
    for each in (other, grown):
        answer = await hands.put(KZ, each, 4_000, 5_000)
        assert code(answer) in ("upload_offset", "malformed_attachment")
    assert state_of(await hands.look(KZ, blob)) == (4_000, len(blob.data), "?0")


async def test_whole_blob_is_not_read_again(hands: Porter) -> None:
    """An upload of what this member has brought already is answered at once; nothing of it is taken."""
    blob = blob_of(SMALL)
    await hands.uploaded(KZ, blob)
    answer = await hands.put(KZ, blob, data=bytes(len(blob.data)))
    assert (answer.status_code, state_of(answer)) == (204, (len(blob.data), len(blob.data), "?1"))


async def test_cut_body_is_kept(hub: Hub, hands: Porter) -> None:
    """What of a body has come before the line is cut is held."""
    blob = blob_of(LARGE)

    async def body() -> AsyncIterator[bytes]:
        yield blob.data[:90_000]
        await until(lambda: bool(hub.blobs._bodies))
        raise ConnectionError

    headers = {"Content-Range": f"bytes 0-{len(blob.data) - 1}/{len(blob.data)}", "Content-Length": str(len(blob.data))}
    with pytest.raises(ConnectionError):
        await hands.ask("PUT", KZ, blob.name, headers=headers, content=body())
    await until(lambda: not hub.blobs._bodies)
    held, size, whole = state_of(await hands.look(KZ, blob))
    assert (held, size, whole) == (90_000, len(blob.data), "?0")
    assert state_of(await hands.put(KZ, blob, held)) == (size, size, "?1")


@pytest.mark.parametrize("size", [10, 2_063, 65_552 * 2 + 16, blob_size(limits.BLOB_CONTENT_BYTES) + 1])
async def test_length_that_no_blob_has(hands: Porter, size: int) -> None:
    """An upload whose length no blob has is refused before it begins."""
    headers = {"Content-Range": f"bytes 0-9/{size}"}
    answer = await hands.ask("PUT", KZ, blob_of().name, headers=headers, content=bytes(10))
    assert (answer.status_code, code(answer)) == (400, "malformed_attachment")
    assert (await hands.look(KZ, blob_of())).status_code == 404


async def test_blob_larger_than_the_hub_takes(hub: Hub, hands: Porter) -> None:
    """A hub that allows less says so, in `welcome` and to who tries."""
    hub.blobs.limits = BlobLimits(4_096, Quota())
    answer = await hands.put(KZ, blob_of(LARGE))
    assert (hub.blob_bytes, answer.status_code, code(answer)) == (4_096, 413, "attachment_too_large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Range": "bytes 0-2063/2064, bytes 0-1/2064"},
        {"Content-Range": "bytes 0-2064/2064"},
        {"Content-Range": "bytes 9-1/2064"},
        {"Content-Range": "bytes 0-2062/2064"},
        {"Content-Range": "bytes */2064"},
        {"Content-Range": "bytes 00-2063/2064"},
        {"Content-Range": "items 0-2063/2064"},
        {"Content-Range": "bytes 0-2063/99999999999999999999"},
        {},
    ],
)
async def test_content_range_that_fits_nothing(hands: Porter, headers: dict[str, str]) -> None:
    """A body whose range is not one, or not that of its length, is refused and leaves nothing."""
    answer = await hands.ask("PUT", KZ, blob_of().name, headers=headers, content=blob_of().data)
    assert (answer.status_code, code(answer)) == (416, "malformed_range")
    assert (await hands.look(KZ, blob_of())).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=151000-", slice(151_000, None)),
        ("bytes=151000-999999", slice(151_000, None)),
        ("bytes=5-5", slice(5, 6)),
    ],
)
async def test_range_of_a_blob(hub: Hub, hands: Porter, world: World, wanted: str, part: slice) -> None:
    """One range is answered with those bytes, and says which they are."""
    blob = blob_of(LARGE)
    await hands.uploaded(KZ, blob)
    await link(hub, world, blob)
    answer = await hands.get(KG, blob, wanted)
    first, last, _ = part.indices(len(blob.data))
    assert (answer.status_code, answer.content) == (206, blob.data[part])
    assert answer.headers["content-range"] == f"bytes {first}-{last - 1}/{len(blob.data)}"


@pytest.mark.parametrize(
    "wanted", ["bytes=0-1,5-6", "bytes=-5", "bytes=9-1", "bytes=151600-", "lines=0-1", "bytes=0x1-2"]
)
async def test_range_that_is_none(hub: Hub, hands: Porter, world: World, wanted: str) -> None:
    """Several ranges, the last so many bytes, or what lies beyond the end are refused."""
    blob = blob_of(LARGE)
    await hands.uploaded(KZ, blob)
    await link(hub, world, blob)
    answer = await hands.get(KG, blob, wanted)
    assert (answer.status_code, code(answer)) == (416, "malformed_range")


async def test_token_is_for_its_use(hands: Porter) -> None:
    """A token to read brings nothing, and one to store fetches nothing."""
    blob = blob_of()
    assert code(await hands.ask("PUT", KZ, blob.name, "read", content=blob.data)) == "token_invalid"
    assert code(await hands.ask("GET", KZ, blob.name, "store")) == "token_invalid"
    assert (await hands.ask("HEAD", KZ, blob.name, "read")).status_code == 401


async def test_bodies_of_a_member_are_counted(hub: Hub, hands: Porter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many bodies of a member are taken at a time; another member's go on."""
    monkeypatch.setattr(module, "BODIES", 1)
    waits = asyncio.Event()
    first, second, third = (blob_of(LARGE, bytes([number]) * 32) for number in range(3))

    async def body() -> AsyncIterator[bytes]:
        yield first.data[:20_000]
        await waits.wait()
        yield first.data[20_000:]

    headers = {
        "Content-Range": f"bytes 0-{len(first.data) - 1}/{len(first.data)}",
        "Content-Length": str(len(first.data)),
    }
    going = asyncio.create_task(hands.ask("PUT", KZ, first.name, headers=headers, content=body()))
    await until(lambda: bool(hub.blobs._bodies))
    refused = await hands.put(KZ, second)
    assert (refused.status_code, code(refused)) == (429, "rate_limited")
    assert (await hands.put(TJ, third)).status_code == 204
    waits.set()
    assert state_of(await going)[2] == "?1"


async def test_newer_body_ends_an_older_one(hub: Hub, hands: Porter) -> None:
    """Who comes back over another line goes on at once: the body that still waits on the dead one is ended."""
    blob = blob_of(LARGE)
    stays = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield blob.data[:20_000]
        await stays.wait()
        yield blob.data[20_000:]

    headers = {"Content-Range": f"bytes 0-{len(blob.data) - 1}/{len(blob.data)}", "Content-Length": str(len(blob.data))}
    dead = asyncio.create_task(hands.ask("PUT", KZ, blob.name, headers=headers, content=body()))
    await until(lambda: bool(hub.blobs._bodies))
    held = state_of(await hands.look(KZ, blob))[0]
    assert state_of(await hands.put(KZ, blob, held))[2] == "?1"
    stays.set()
    assert code(await dead) == "slow_reader"
