"""How far an upload has got is shown while a command waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from clients.actions.progress import Silent, Work
from clients.actions.uploading import Uploading
from clients.actions.writing import send_report
from clients.mail.attaching import FileToAttach, measure
from clients.store import BlobState, OutState, StoredBlob
from tests.support.counter import Counter
from tests.support.desk import Desk, cover_to, warning


class Shown(Silent):
    """What somebody would see."""

    def __init__(self) -> None:
        self.bars: list[tuple[Work, int | None]] = []
        self.reached: list[int] = []

    @contextmanager
    def __call__(self, work: Work, total: int | None = None, /) -> Iterator[Shown]:
        """Begin a bar."""
        self.bars.append((work, total))
        yield self

    def reach(self, done: int, /) -> None:
        """So much is done."""
        self.reached.append(done)


@pytest.fixture
def shown(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """What the command shows, with a hub that takes parts of 64 KiB."""
    counter.progress = shown = Shown()
    counter.shelf.slow_s = 0.05
    for name in ("_FIRST_BYTES", "_MOST_BYTES", "_LEAST_BYTES"):
        monkeypatch.setattr(f"clients.line.carrier.{name}", 1 << 16)
    monkeypatch.setattr("clients.line.carrier._TICK_S", 0.001)
    monkeypatch.setattr("clients.actions.client._LOOK_S", 0.0)
    return shown


def with_file(counter: Counter, folder: Path, precedence: str) -> list[int]:
    """A warning with a file of 300 KB in the outbox."""
    path = folder / "list.txt"
    path.write_text("one lorry " * 30_000)
    counter.catch_up(2.0, needed=lambda: True)
    files = [measure(FileToAttach(path))]
    cover = cover_to("UZ/NFP", precedence=precedence)
    return [each.id for each in send_report(counter, warning(), cover, "warning", files)]


def test_bar_of_an_upload_goes_to_its_end(counter: Counter, shown: Shown, tmp_path: Path) -> None:
    """What waits for its file shows a bar of its bytes, which grows and ends full."""
    (row,) = with_file(counter, tmp_path, "routine")
    (blob,) = counter.store.attachments.all()
    shown.bars.clear()
    shown.reached.clear()
    (outgoing,) = counter.finish([counter.point.sent(row)], 20.0)
    assert outgoing.state is OutState.ACCEPTED
    assert shown.bars == [(Work.UPLOADING, blob.size)]
    assert shown.reached == sorted(shown.reached)
    assert {1 << 16, 1 << 17} < {*shown.reached}


def test_alert_that_does_not_wait_for_its_file_shows_none(counter: Counter, shown: Shown, tmp_path: Path) -> None:
    """A flash goes at once: the wait for it is no upload; what follows it has the bar."""
    first, _ = (counter.point.sent(row) for row in with_file(counter, tmp_path, "flash"))
    shown.bars.clear()
    counter.finish([first], 20.0)
    assert shown.bars == [(Work.WAITING, None)]


def test_fetching_shows_the_upload_that_it_waits_for(counter: Counter, shown: Shown, tmp_path: Path) -> None:
    """A command that is connected until nothing more goes shows the bar too, and what waited for the file goes."""
    (row,) = with_file(counter, tmp_path, "routine")
    shown.bars.clear()
    asyncio.run(counter.fetch(20.0, quiet_s=0.02))
    assert shown.bars[0] == (Work.FETCHING, None)
    assert shown.bars[1][0] is Work.UPLOADING
    assert counter.point.outgoing(row).state is OutState.ACCEPTED


def test_what_the_hub_has_counts(kz: Desk) -> None:
    """A part counts by its bytes, the whole and what was lost as done; what another dispatch brings does not count."""
    blobs = [StoredBlob(f"{name:A>43}", BlobState.SENDING, urgent=False, size=100, at_ms=1) for name in "BCDE"]
    for blob in blobs:
        kz.store.attachments.put(blob)
    uploading = Uploading(kz.store, {each.digest for each in blobs[:3]})
    assert (uploading.total, uploading.done()) == (300, 0)
    kz.store.attachments.put(replace(blobs[0], moved=40))
    kz.store.attachments.put(replace(blobs[1], state=BlobState.SENT, moved=100))
    kz.store.attachments.put(replace(blobs[2], state=BlobState.LOST))
    kz.store.attachments.put(replace(blobs[3], moved=7))
    assert uploading.done() == 240
