"""Attachments: what is brought, linked, fetched and opened by those who may not, or not so (PROTOCOL 7, 10)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.adapters.blobs.folder import BlobFolder
from broker.core.quota import Quota
from broker.service import blobs as module
from broker.service.blobs import BlobLimits
from broker.service.hub import Hub
from broker.service.sequencer import AcceptedAt, Verdict
from schemas.blobs import BlobOpener, BlobSealer
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.limits import BLOB_CONTENT_BYTES, CHUNK_BYTES
from tests.attacks.salamander import seal_for_two
from tests.support.blobs import LARGE, Blob, Porter, blob_of, porter, state_of
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, Sent, World
from tests.unit.broker.edges import candidate, change, loaded_hub, port_of, present_world, served, until

PATIENCE_S = 8.0
"""How long an attack may take; only one that succeeds takes so long."""

TAG = 16


class Scene:
    """A hub behind a socket, and members who upload, send and fetch.

    Attributes:
        hub: the hub.
        world: signs.
        hands: HTTP.
        port: where the hub listens.
    """

    def __init__(self, hub: Hub, world: World, hands: Porter, port: int) -> None:
        self.hub, self.world, self.hands, self.port = hub, world, hands, port

    async def submit(self, sent: Sent) -> Verdict:
        """What becomes of a dispatch."""
        verdicts: list[Verdict] = []
        self.hub.sequencer.submit(candidate(self.hub, sent, verdicts.append))
        await until(lambda: bool(verdicts))
        return verdicts[0]

    async def send(self, iss: str, to: str, *blobs: Blob, **cover: Any) -> Verdict:
        """A dispatch that names blobs."""
        claims = {"attachments": [blob.claim for blob in blobs], "precedence": "routine", **cover}
        return await self.submit(self.world.dispatch(f"{iss}/DUTY-1", [to], **claims))


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """KZ, KG and TJ at a hub."""
    world = present_world()
    with loaded_hub(tmp_path, world) as hub:
        async with served(hub) as server, porter(port_of(server), world) as hands:
            yield Scene(hub, world, hands, port_of(server))


def code(answer: httpx.Response | Verdict) -> str:
    """The code of a refusal; empty if there is none."""
    if isinstance(answer, httpx.Response):
        return "" if answer.is_success else str(answer.json()["code"])
    return answer.code.value if isinstance(answer, SeraiError) else ""


# Bringing


async def test_poisoned_digest(scene: Scene) -> None:
    """Other bytes than those of the digest are held for nobody, linked by nothing, and do not stop the right ones."""
    blob = blob_of()
    answer = await scene.hands.put(KZ, blob, data=bytes(len(blob.data)))
    assert code(answer) == "attachment_mismatch"
    assert (await scene.hands.look(KZ, blob)).status_code == 404
    assert code(await scene.send(KZ, KG, blob)) == "attachment_missing"
    await scene.hands.uploaded(KZ, blob)


async def test_foreign_upload(scene: Scene) -> None:
    """Another member's bytes under the same digest do not reach an upload that has begun."""
    blob = blob_of(LARGE)
    await scene.hands.put(KZ, blob, 0, 1_000)
    foreign = await scene.hands.put(KG, blob, 0, 5_000, bytes(5_000))
    assert state_of(foreign) == (5_000, len(blob.data), "?0")
    assert state_of(await scene.hands.put(KZ, blob, 1_000))[2] == "?1"


async def test_nobody_is_told_of_others_uploads(scene: Scene) -> None:
    """Whether others have uploaded the same is said by no answer."""
    blob = blob_of(LARGE)
    await scene.hands.uploaded(KZ, blob)
    assert (await scene.hands.look(KG, blob)).status_code == 404
    assert state_of(await scene.hands.put(KG, blob, 0, 10)) == (10, len(blob.data), "?0")


@pytest.mark.parametrize("start", [0, 999, 1_001])
async def test_part_that_does_not_follow(scene: Scene, start: int) -> None:
    """A part goes where the last one ended, and nowhere else."""
    blob = blob_of(LARGE)
    await scene.hands.put(KZ, blob, 0, 1_000)
    answer = await scene.hands.put(KZ, blob, start, start + 50)
    assert (code(answer), state_of(answer)[0]) == ("upload_offset", 1_000)


async def test_length_that_lies(scene: Scene) -> None:
    """A body that is shorter than its range says is no part of anything."""
    blob = blob_of()
    answer = await scene.hands.put(KZ, blob, data=blob.data[:-1])
    assert code(answer) == "malformed_range"


async def test_length_that_no_blob_has(scene: Scene) -> None:
    """No room is reserved for what cannot be a blob, however large it says it is."""
    headers = {"Content-Range": f"bytes 0-9/{2 * BLOB_CONTENT_BYTES}"}
    answer = await scene.hands.ask("PUT", KZ, blob_of().name, headers=headers, content=bytes(10))
    assert code(answer) == "malformed_attachment"


async def test_many_partial_uploads(scene: Scene) -> None:
    """Of ten thousand uploads that a member begins so many are taken; others begin theirs."""
    most = scene.hub.blobs.limits.quota.partial
    blobs = [blob_of(LARGE, sha256(number.to_bytes(2))) for number in range(most + 3)]
    answers = [code(await scene.hands.put(KZ, blob, 0, 10)) for blob in blobs]
    assert answers == [""] * most + ["quota_exceeded"] * 3
    assert code(await scene.hands.put(KG, blobs[-1], 0, 10)) == ""


async def test_bytes_that_nobody_sends(scene: Scene) -> None:
    """What a member uploads and no dispatch names is bounded, whole or not."""
    first, second = blob_of(LARGE, bytes([1]) * 32), blob_of(LARGE, bytes([2]) * 32)
    scene.hub.blobs.limits = BlobLimits(BLOB_CONTENT_BYTES, Quota(waiting_bytes=len(first.data) + 1_000))
    await scene.hands.uploaded(KZ, first)
    assert code(await scene.hands.put(KZ, second, 0, 10)) == "quota_exceeded"
    assert isinstance(await scene.send(KZ, KG, first), AcceptedAt)
    assert code(await scene.hands.put(KZ, second, 0, 10)) == ""


async def test_bytes_without_end(scene: Scene) -> None:
    """What a member begins to upload in a day is bounded, also what is sent at once."""
    first, second = blob_of(LARGE, bytes([1]) * 32), blob_of(LARGE, bytes([2]) * 32)
    scene.hub.blobs.limits = BlobLimits(BLOB_CONTENT_BYTES, Quota(day_bytes=len(first.data) + 1_000))
    await scene.hands.uploaded(KZ, first)
    assert isinstance(await scene.send(KZ, KG, first), AcceptedAt)
    assert code(await scene.hands.put(KZ, second, 0, 10)) == "quota_exceeded"


async def test_many_bodies_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member's bodies are taken a few at a time, so that it fills neither memory nor threads."""
    monkeypatch.setattr(module, "BODIES", 2)
    async with asyncio.timeout(PATIENCE_S), hanging(scene, 2):
        assert code(await scene.hands.put(KZ, blob_of(LARGE))) == "rate_limited"
        assert code(await scene.hands.put(KG, blob_of(LARGE))) == ""


@asynccontextmanager
async def hanging(scene: Scene, count: int) -> AsyncIterator[None]:
    """Uploads of KZ that have begun and do not go on."""
    ends = asyncio.Event()

    async def body(blob: Blob) -> AsyncIterator[bytes]:
        yield blob.data[:20_000]
        await ends.wait()
        yield blob.data[20_000:]

    async def one(blob: Blob) -> httpx.Response:
        size = len(blob.data)
        headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Length": str(size)}
        return await scene.hands.ask("PUT", KZ, blob.name, headers=headers, content=body(blob))

    tasks = [asyncio.create_task(one(blob_of(LARGE, bytes([100 + each]) * 32))) for each in range(count)]
    await until(lambda: sum(scene.hub.blobs._bodies.values()) == count)
    try:
        yield
    finally:
        ends.set()
        await asyncio.gather(*tasks)


async def test_slow_writer(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that hardly comes is ended; what came of it is held."""
    monkeypatch.setattr(module, "SLOW_S", 0.3)
    blob = blob_of(LARGE)
    ended = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield blob.data[:100]
        await ended.wait()
        yield blob.data[100:]

    size = len(blob.data)
    headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Length": str(size)}
    asking = asyncio.create_task(scene.hands.ask("PUT", KZ, blob.name, headers=headers, content=body()))
    async with asyncio.timeout(PATIENCE_S):
        await until(lambda: bool(scene.hub.blobs._bodies))
        await until(lambda: not scene.hub.blobs._bodies)
    ended.set()
    assert code(await asking) == "slow_reader"
    assert state_of(await scene.hands.look(KZ, blob))[0] == 100


async def test_full_disk(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads stop while a tenth of the disk is free; statements go on."""
    monkeypatch.setattr(BlobFolder, "free_share", lambda _: 0.09)
    assert code(await scene.hands.put(KZ, blob_of())) == "no_room"
    assert isinstance(await scene.submit(scene.world.dispatch(f"{KZ}/DUTY-1", [KG])), AcceptedAt)


async def test_body_without_a_token(scene: Scene) -> None:
    """A body of somebody whose token is not good is not taken: of 64 MiB a few are read at most, and the line ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
    size = 64 << 20
    lines = [
        "Host: hub",
        "Authorization: Bearer x",
        f"Content-Length: {size}",
        f"Content-Range: bytes 0-{size - 1}/{size}",
    ]
    writer.write("\r\n".join([f"PUT /v1/blobs/{blob_of().name} HTTP/1.1", *lines, "", ""]).encode())
    written = 0
    async with asyncio.timeout(PATIENCE_S):
        try:
            while written < size:
                writer.write(bytes(1 << 16))
                await writer.drain()
                written += 1 << 16
        except ConnectionError:
            pass
    assert written < size // 4
    writer.transport.abort()
    del reader


# Linking


async def test_link_without_a_right(scene: Scene) -> None:
    """Who has only seen a digest cannot link it, and is told nothing but that it is missing."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    assert code(await scene.send(TJ, KG, blob)) == "attachment_missing"
    assert isinstance(await scene.send(KZ, KG, blob), AcceptedAt)
    assert code(await scene.send(TJ, KG, blob)) == "attachment_missing"
    assert isinstance(await scene.send(KG, TJ, blob), AcceptedAt)


async def test_attachment_of_another_status(scene: Scene) -> None:
    """A picture of an exercise does not become one of a real alert, nor the reverse."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    assert isinstance(await scene.send(KZ, KG, blob, status="exercise"), AcceptedAt)
    assert code(await scene.send(KZ, KG, blob, status="actual")) == "status_mismatch"
    assert code(await scene.send(KG, KZ, blob, status="actual")) == "status_mismatch"


async def test_size_that_lies(scene: Scene) -> None:
    """A cover says the size that its blob has."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    assert code(await scene.send(KZ, KG, Blob(blob.data, blob.name, 4_096))) == "attachment_missing"


async def test_dispatch_before_its_attachment(scene: Scene) -> None:
    """A dispatch is not admitted before its attachments are whole; then the same bytes are."""
    blob = blob_of(LARGE)
    claims: dict[str, Any] = {"attachments": [blob.claim], "precedence": "routine"}
    sent = scene.world.dispatch(f"{KZ}/DUTY-1", [KG], **claims)
    await scene.hands.put(KZ, blob, 0, len(blob.data) - 1)
    assert code(await scene.submit(sent)) == "attachment_missing"
    await scene.hands.put(KZ, blob, len(blob.data) - 1)
    assert isinstance(await scene.submit(sent), AcceptedAt)


@pytest.mark.parametrize(
    "attached", [[(0, 2_049)], [(0, 2_048), (0, 2_048)], [(0, 1_024)], [(at, 2_048) for at in range(33)]]
)
async def test_cover_that_no_composer_writes(scene: Scene, attached: list[tuple[int, int]]) -> None:
    """Too many attachments, one twice, or a size that is not padded are refused for what they are."""
    named = [{"digest": encode_base64url(sha256(bytes([at]))), "size": size} for at, size in attached]
    with refused(Code.MALFORMED_STATEMENT, "attachments"):
        await scene.submit(scene.world.dispatch(f"{KZ}/DUTY-1", [KG], attachments=named))


# Fetching


async def test_attachment_of_others(scene: Scene) -> None:
    """Who is neither sender nor recipient fetches nothing, and is told what everybody is told of nothing."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    await scene.send(KZ, KG, blob)
    stranger, nothing = await scene.hands.get(TJ, blob), await scene.hands.get(TJ, blob_of(LARGE))
    assert code(stranger) == code(nothing) == "not_found"
    assert stranger.json()["detail"] == nothing.json()["detail"]


async def test_range_that_multiplies(scene: Scene) -> None:
    """Many ranges in one request are not answered with many times the blob."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    await scene.send(KZ, KG, blob)
    answer = await scene.hands.get(KG, blob, "bytes=" + ",".join(["0-"] * 100))
    assert code(answer) == "malformed_range"


async def test_file_that_leads_elsewhere(scene: Scene) -> None:
    """Whatever a database says, no other file of the machine is handed out."""
    blob = blob_of()
    await scene.hands.uploaded(KZ, blob)
    await scene.send(KZ, KG, blob)
    change(scene.hub, "UPDATE blob SET file = ?, size = ?", "../keys/event.json", 16)
    answer = await scene.hands.get(KG, blob)
    assert (answer.status_code, b"seed" in answer.content) == (410, False)


# Opening

Spoil = Callable[[bytes], bytes]
SPOILT: dict[str, Spoil] = {
    "cut": lambda blob: blob[: 2 * (CHUNK_BYTES + TAG)],
    "reordered": lambda blob: (
        blob[CHUNK_BYTES + TAG : 2 * (CHUNK_BYTES + TAG)] + blob[: CHUNK_BYTES + TAG] + blob[2 * (CHUNK_BYTES + TAG) :]
    ),
    "extended": lambda blob: blob + blob[-(len(blob) % (CHUNK_BYTES + TAG)) :],
    "repeated": lambda blob: blob[: CHUNK_BYTES + TAG] * 2 + blob[2 * (CHUNK_BYTES + TAG) :],
}


@pytest.mark.parametrize("how", SPOILT)
def test_blob_that_was_changed(how: str) -> None:
    """A blob that is cut, extended or put in another order opens to no file, though its sender names it so."""
    file = bytes(range(256)) * 640
    sealer = BlobSealer(bytes(32), len(file))
    blob = SPOILT[how](b"".join(sealer.seal([file])))
    opener = BlobOpener(bytes(32), len(file), sealer.file_digest, sha256(blob))
    with refused(Code.ATTACHMENT_MISMATCH):
        b"".join(opener.open([blob]))


def test_two_files_in_one_blob() -> None:
    """A blob that opens to two files under two keys is the file that the report names, and no other."""
    keys, content = (bytes([1]) * 32, bytes([2]) * 32), b"A lorry, seen at the border. " * 71
    content = content[:2_032] + bytes(16)
    iv = bytes(11) + b"\1"
    blob = seal_for_two(content, keys, iv, b"", 3)
    files = [next(BlobOpener(key, 2_048, sha256(b""), sha256(blob)).open([blob])) for key in keys]
    assert files[0] != files[1]
    assert b"".join(BlobOpener(keys[0], 2_048, sha256(files[0]), sha256(blob)).open([blob])) == files[0]
    with refused(Code.ATTACHMENT_MISMATCH, "another file"):
        b"".join(BlobOpener(keys[1], 2_048, sha256(files[0]), sha256(blob)).open([blob]))


def test_padding_that_says_something() -> None:
    """What is hidden in the padding makes the blob no file."""
    hidden = b"x" * 11 + b"hidden".ljust(2_037, b"\0")
    sealer = BlobSealer(bytes(32), 2_048)
    blob = b"".join(sealer.seal([hidden]))
    with refused(Code.ATTACHMENT_MISMATCH, "padding"):
        b"".join(BlobOpener(bytes(32), 11, sha256(b"x" * 11), sha256(blob)).open([blob]))
