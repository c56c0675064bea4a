"""What becomes of blobs that nobody needs, and of those that are lost."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.adapters.blobs.folder import BlobFolder
from broker.core.quota import Quota
from broker.service.blob_sweep import ORPHAN_MS, check_blobs
from broker.service.hub import Hub
from schemas.addresses import Address
from schemas.encoding import decode_digest
from schemas.errors import Code, SeraiError
from schemas.limits import UNLINKED_S
from tests.support.blobs import Blob, blob_of
from tests.support.refusals import refused
from tests.support.world import KG, KZ, World
from tests.unit.broker.edges import change, enter, loaded_hub, present_world, running

DAY_MS = 86_400_000


@pytest.fixture
def world() -> World:
    """KZ, KG and TJ with an officer each."""
    return present_world()


@pytest.fixture
def hub(world: World, tmp_path: Path) -> Iterator[Hub]:
    """A hub that is loaded."""
    with loaded_hub(tmp_path, world) as hub:
        yield hub


class Clock:
    """Time that a test sets."""

    def __init__(self, hub: Hub) -> None:
        self.ms = hub.clock.now_ms()

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self.ms

    def new_jti(self) -> str:
        """Nobody asks."""
        raise NotImplementedError


def bring(hub: Hub, blob: Blob, *, held: int | None = None, at_ms: int = 0) -> str:
    """An upload, whole unless less is held; gives the name of its file."""
    records, files, name = hub.store.blobs, hub.blobs.files, hub.blobs.files.new_name()
    row = records.begin(Address(KZ), decode_digest(blob.name), len(blob.data), name, at_ms, Quota())
    files.write(name, 0, [blob.data[:held]])
    if held is None:
        records.complete(row, at_ms)
    return name


def age(hub: Hub, name: str, ms: int) -> None:
    """Let a file have been written to then."""
    assert isinstance(hub.blobs.files, BlobFolder)
    os.utime(hub.blobs.files._path / name, (ms / 1000, ms / 1000))


async def test_unlinked_blob_lives_seven_days(hub: Hub, world: World) -> None:
    """Until then it is there; then row and file go; one that a dispatch names stays."""
    clock = Clock(hub)
    hub.sweep._clock = clock
    mine, named = blob_of(), blob_of(500)
    file, kept = bring(hub, mine, at_ms=clock.ms), bring(hub, named, at_ms=clock.ms)
    enter(hub, world.dispatch(KZ, [KG], attachments=[named.claim]))
    clock.ms += UNLINKED_S * 1000 - 1
    await hub.sweep.sweep()
    assert hub.blobs.files.held(file) > 0
    clock.ms += 1
    await hub.sweep.sweep()
    assert (hub.blobs.files.held(file), hub.store.blobs.count().whole) == (0, 1)
    assert hub.blobs.files.held(kept) > 0


async def test_partial_upload_lives_seven_days_from_its_last_byte(hub: Hub) -> None:
    """Who goes on after six days has seven more."""
    clock = Clock(hub)
    hub.sweep._clock = clock
    file = bring(hub, blob_of(), held=10, at_ms=clock.ms)
    clock.ms += UNLINKED_S * 1000
    age(hub, file, clock.ms - DAY_MS)
    await hub.sweep.sweep()
    assert hub.blobs.files.held(file) == 10
    clock.ms += 6 * DAY_MS
    await hub.sweep.sweep()
    assert (hub.blobs.files.held(file), hub.store.blobs.count().partial) == (0, 0)


async def test_file_without_a_row_goes(hub: Hub) -> None:
    """What a crash left between row and file is taken, but not what may be about to have a row."""
    clock = Clock(hub)
    hub.sweep._clock = clock
    old, new = hub.blobs.files.new_name(), hub.blobs.files.new_name()
    for name in (old, new):
        hub.blobs.files.write(name, 0, [b"x"])
    age(hub, old, clock.ms - ORPHAN_MS)
    kept = bring(hub, blob_of(), at_ms=clock.ms)
    age(hub, kept, clock.ms - ORPHAN_MS)
    await hub.sweep.sweep()
    assert {name for name in (old, new, kept) if hub.blobs.files.held(name)} == {new, kept}


async def test_lost_file_is_told_and_can_be_brought_again(hub: Hub, world: World) -> None:
    """A blob whose file is not there after a restore is gone to readers, is missing to senders, and begins anew."""
    blob = blob_of()
    file = bring(hub, blob)
    enter(hub, world.dispatch(KZ, [KG], attachments=[blob.claim]))
    hub.blobs.files.drop(file)
    await hub.sweep.find_lost()
    with refused(Code.GONE):
        hub.store.blobs.fetchable(Address(KG), decode_digest(blob.name))
    with pytest.raises(AssertionError, match="attachment_missing"):
        enter(hub, world.dispatch(KZ, [KG], attachments=[blob.claim]))


async def test_record_with_a_name_that_no_file_has(hub: Hub) -> None:
    """A damaged record's blob is lost like one whose file is gone: the check says so, and the next start mends it."""
    blob = blob_of()
    file = bring(hub, blob, at_ms=hub.clock.now_ms())
    change(hub, "UPDATE blob SET file = ?", "g" + file[1:])
    assert check_blobs(hub.blobs.files, hub.store.blobs).lost == 1
    await hub.sweep.sweep()
    await hub.sweep.find_lost()
    assert (hub.store.blobs.count().whole, hub.store.blobs.count().partial) == (0, 1)


async def test_check_reads_every_blob(hub: Hub) -> None:
    """A file that is missing is lost, one with other bytes is spoilt."""
    files = [bring(hub, blob_of(size)) for size in (1, 2, 3)]
    bring(hub, blob_of(4), held=5)
    hub.blobs.files.drop(files[0])
    hub.blobs.files.write(files[1], 0, [bytes(hub.blobs.files.held(files[1]))])
    report = check_blobs(hub.blobs.files, hub.store.blobs)
    assert (report.count.whole, report.count.partial, report.lost, report.spoilt) == (3, 1, 1, 1)


async def test_metrics_say_how_much_there_is(hub: Hub) -> None:
    """Numbers and bytes, whole and reserved."""
    whole, partial = blob_of(), blob_of(500)
    bring(hub, whole)
    bring(hub, partial, held=5)
    hub.sweep.measure()
    text = hub.metrics.text().decode()
    assert f"serai_blob_bytes {float(len(whole.data))}" in text
    assert f"serai_blob_partial_bytes {float(len(partial.data))}" in text
    assert "serai_blob_disk_free 0." in text


async def test_fault_of_the_disk_ends_no_hub(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that fails is told, and the hub goes on."""

    async def fail() -> None:
        raise SeraiError(Code.STORAGE_FAILED)

    monkeypatch.setattr(hub.sweep, "sweep", fail)
    async with running(hub):
        assert not hub._failed.is_set()
        hub.check_ready()
