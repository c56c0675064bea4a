"""Each line of a file goes into the outbox once, whenever the program ends."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.actions import import_queue
from clients.actions.import_queue import QueuedLines, queue_lines, settle
from clients.actions.importing import ImportOptions, read_plan, start_plan
from clients.errors import LocalCode
from clients.mail.cover import Cover
from clients.store import OutState
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter, references
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.seizure_rows import file_text
from tests.support.world import RU, UZ

COVER = Cover((UZ, RU), Address("KZ/NFP/DUTY-1"), "actual", handling="H2")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_queue, "BATCH", 2)


def put(counter: Counter, file: Path, *, skips: bool = False) -> QueuedLines:
    """Import a file as far as the outbox."""
    queued = QueuedLines()
    plan = start_plan(counter, ImportOptions(file, "actual", skips))
    list(read_plan(counter, plan))
    queue_lines(counter, plan, COVER, queued)
    return queued


def test_lines_become_dispatches(counter: Counter, file: Path) -> None:
    """Every own line becomes a signed dispatch with this cover; no other line does."""
    queued = put(counter, file)
    assert (queued.new, sorted(queued.lines.values())) == (5, [2, 3, 4, 7, 8])
    drafts = [counter.point.outgoing(row) for row in queued.lines]
    assert {each.state for each in drafts} == {OutState.SIGNED}
    assert {(*each.draft["to"], each.draft["handling"], each.draft["iss"]) for each in drafts} == {
        ("UZ/NFP", "RU/NFP", "H2", "KZ/NFP/DUTY-1")
    }


def test_second_time_nothing_is_new(counter: Counter, file: Path, tmp_path: Path) -> None:
    """The same content again, under another name and packed, puts nothing new into the outbox."""
    first = put(counter, file)
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    again = put(counter, packed)
    assert (again.new, again.lines) == (0, first.lines)
    assert len(references(counter)) == 5


def die_at(counter: Counter, monkeypatch: pytest.MonkeyPatch, name: str, count: int) -> None:
    """Let a part of the store be cut off at its n-th write."""
    part, method = name.split(".")
    original: Callable[..., Any] = getattr(getattr(counter.store, part), method)
    calls = iter(range(count))

    def write(*args: Any, **extra: Any) -> Any:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return original(*args, **extra)

    monkeypatch.setattr(getattr(counter.store, part), method, write)


@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("name", ["imports.record", "outbox.add", "outbox.set_signed"])
def test_cut_off_anywhere_goes_on(
    counter: Counter, file: Path, monkeypatch: pytest.MonkeyPatch, name: str, count: int
) -> None:
    """Cut off at any write, the next import adds just what is missing: no line twice, none forgotten."""
    with monkeypatch.context() as patch:
        die_at(counter, patch, name, count)
        with pytest.raises(KeyboardInterrupt):
            put(counter, file)
    left = len(references(counter))
    assert left == count // 2 * 2
    again = put(counter, file)
    assert (again.new, len(again.lines)) == (5 - left, 5)
    assert len(set(references(counter))) == len(references(counter)) == 5


def test_changed_file_is_not_gone_on_with(counter: Counter, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is changed after it was looked at is not sent: nobody has agreed to what it says now."""
    plan = start_plan(counter, ImportOptions(file, "actual"))
    file.write_text(file.read_text().replace("Heroin", "Opium"))
    with refused(LocalCode.FILE_CHANGED, "was changed"):
        queue_lines(counter, plan, COVER, QueuedLines())
    assert references(counter) == []


def test_line_that_the_hub_refused_goes_again(counter: Counter, file: Path, kz: Desk, hub: ScriptedHub) -> None:
    """A line that the hub refused for good never was in the ledger: the next import sends it again."""
    put(counter, file)
    hub.refuse = lambda _text: SeraiError(Code.ROLE_MISSING)
    kz.flush()
    assert not kz.store.outbox.waiting(9)
    hub.refuse = lambda _text: None
    again = put(counter, file)
    assert again.new == 5
    assert settle(counter, again, 20).accepted == 5


def test_grown_file(counter: Counter, file: Path, tmp_path: Path) -> None:
    """Of a file that has grown only the new rows go, if what was said in another file is to be left out."""
    put(counter, file)
    grown = tmp_path / "grown.csv"
    grown.write_text(file.read_text() + file_text({"AMOUNT": "99"}).splitlines()[1] + "\n")
    assert put(counter, grown, skips=True).new == 1
    assert len(references(counter)) == 6
    assert put(counter, grown, skips=False).new == 5


def test_exported_row_is_not_sent_again(counter: Counter, kz: Desk, tmp_path: Path) -> None:
    """A row that says which dispatch it was, and that dispatch is in the store, is left out."""
    row = kz.send("UZ/NFP")
    kz.flush()
    path = tmp_path / "exported.csv"
    path.write_text(file_text({"SERAI_STATUS": "actual", "SERAI_DIGEST": kz.digest_of(row)}))
    assert put(counter, path).new == 0


def test_hub_answers_about_every_row(counter: Counter, file: Path, hub: ScriptedHub) -> None:
    """If serai run is not running it is held until the hub has accepted everything; each once."""
    outcome = settle(counter, put(counter, file), 20)
    assert (outcome.new, outcome.accepted, outcome.queued, outcome.refused) == (5, 5, 0, ())
    assert outcome.places[1] - outcome.places[0] == 4
    assert len(set(hub.submitted)) == 5


def test_silent_hub_is_not_waited_for(counter: Counter, file: Path) -> None:
    """What the hub does not answer about within the time stays queued; without a time nobody dials."""
    queued = put(counter, file)
    assert (settle(counter, queued, 0).accepted, settle(counter, queued, 0).queued) == (0, 5)


def test_other_holder_sends(counter: Counter, file: Path, kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """If another process holds the line, it sends what was put there, and is waited for."""
    queued = put(counter, file)
    looks = iter([True])

    def other(_self: Counter) -> object:
        if next(looks, False):
            kz.flush()
        return object()

    monkeypatch.setattr(Counter, "holder", property(other))
    assert settle(counter, queued, 20).accepted == 5
