"""Attachments as a person meets them: one alert, its files, and where they are saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clients.actions.attachments import (
    AttachmentState,
    files_of,
    find_attachment,
    mismatch_of,
    nature_of,
    pieces_of,
    place_for,
    state_of,
)
from clients.actions.lists import is_open, list_inbox
from clients.actions.numbers import SpokenNumber
from clients.actions.ringing import Urgent
from clients.errors import LocalCode
from clients.mail.attaching import FileToAttach, measure
from clients.mail.compose import ReceiptDraft
from clients.mail.sent import Sent
from clients.mail.writer import Writer
from clients.store import BlobState, StoredBlob
from schemas.addresses import Address
from schemas.reports import WarningReport
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, cover_to, warning
from tests.support.pictures import save_photograph
from tests.support.refusals import refused


@pytest.fixture
def counter(uz: Desk, hub: ScriptedHub) -> Counter:
    """The commands of UZ."""
    return Counter(uz, hub)


def send(kz: Desk, folder: Path, precedence: str, report: WarningReport | None = None) -> list[Sent]:
    """KZ sends a warning with a photograph; what is urgent goes, and nothing is uploaded yet."""
    point = Writer(kz.state, kz.sender, lambda: None)
    files = [measure(FileToAttach(save_photograph(folder), "the lorry"))]
    sent = point.send_all(point.attach(report or warning(), files), cover_to("UZ/NFP", precedence=precedence))
    kz.flush()
    return sent


def upload(kz: Desk, uz: Desk) -> None:
    """The hub has the blobs, and then what waited for them; UZ has fetched it all."""
    for blob in list(kz.store.attachments.all(BlobState.SENDING)):
        kz.store.attachments.put(replace(blob, state=BlobState.SENT))
        data = b"".join(kz.store.spool.read(blob.digest))
        with uz.store.spool.append(*blob.key) as part:
            part.write(data)
        assert uz.store.spool.complete(*blob.key)
    kz.now_s += 2
    kz.flush()
    uz.sync()


def acknowledge(uz: Desk, digest: str) -> None:
    """An officer of UZ acknowledges, and the hub accepts it."""
    officer = next(iter(uz.state.keys.officers))
    uz.sender.draft([ReceiptDraft(Address("KZ/NFP"), "acknowledged", (digest,), officer, urgent=True)])
    uz.flush()


def opened(counter: Counter) -> list[int | None]:
    """Numbers of what waits for an officer."""
    found = [counter.delivery(item) for item in counter.store.items.inbox(100, None)]
    listed = [each.index for each in list_inbox(counter, 100, unanswered=True).shown]
    assert listed == [each.index for each in found if is_open(each)]
    return listed


@pytest.mark.parametrize("first", [True, False], ids=["before the picture", "after the picture"])
def test_flash_with_a_photograph_is_one_alert(
    kz: Desk, uz: Desk, counter: Counter, tmp_path: Path, first: bool
) -> None:
    """One alert rings and is open, first as text, then with its picture; acknowledged once, it is answered."""
    text, full = send(kz, tmp_path, "flash")
    uz.sync()
    urgent = Urgent(uz.store)
    assert urgent.look() == [text.digest]
    assert opened(counter) == [text.outgoing.index]
    if first:
        acknowledge(uz, text.digest or "")
    upload(kz, uz)
    assert urgent.look() == ([] if first else [full.digest])
    assert opened(counter) == ([] if first else [full.outgoing.index])
    if not first:
        acknowledge(uz, full.digest or "")
        assert (urgent.look(), opened(counter)) == ([], [])


def test_picture_with_other_words_rings(kz: Desk, uz: Desk, tmp_path: Path) -> None:
    """An update that says anything else beside the picture is a correction: it rings, acknowledged or not."""
    text, full = send(kz, tmp_path, "flash")
    uz.sync()
    acknowledge(uz, text.digest or "")
    draft = dict(full.outgoing.draft)
    changed = {**draft, "content": str(draft["content"]).replace("look out", "let it pass")}
    assert changed != draft
    kz.store.outbox.set_drafted(full.id)
    kz.store.outbox._database.execute("DELETE FROM outbox WHERE id = ?", full.id)
    row = kz.store.outbox.add(changed, urgent=True, made_ms=1)
    upload(kz, uz)
    assert Urgent(uz.store).look() == [kz.digest_of(row)]


def test_attachment_is_saved_as_it_was_sent(kz: Desk, uz: Desk, counter: Counter, tmp_path: Path) -> None:
    """The file of dispatch N comes out as it went in, under its own name in an exercise's marking, over nothing."""
    [sent] = send(kz, tmp_path, "routine")
    upload(kz, uz)
    spoken = SpokenNumber(sent.outgoing.index or 0, None)
    original, file = find_attachment(counter, spoken, 1)
    assert (state_of(file), mismatch_of(file)) == (AttachmentState.HERE, None)
    data = b"".join(pieces_of(counter, file))
    assert len(data) == file.attachment.size
    assert not nature_of(file, data[:512]).is_lie
    folder = tmp_path / "out"
    folder.mkdir()
    mark = {"exercise": "EX-", "test": "TEST-"}.get(original.cover.status, "")
    first = place_for(original, file, None, folder)
    assert first == folder / f"{mark}photo.jpg"
    first.touch()
    assert place_for(original, file, folder, tmp_path) == folder / f"{mark}photo-2.jpg"
    with refused(LocalCode.OUTPUT_EXISTS):
        place_for(original, file, first, folder)
    with refused(LocalCode.NO_ATTACHMENT, "has no attachment 2"):
        find_attachment(counter, spoken, 2)


def test_state_says_how_far_it_has_got(kz: Desk, uz: Desk, counter: Counter, tmp_path: Path) -> None:
    """What was not fetched is at the hub, what is being fetched says so, and what is lost; the sender sees its own."""
    [sent] = send(kz, tmp_path, "routine")
    kz_counter = Counter(kz, kz.hub)
    assert not files_of(kz_counter, sent.digest or "")
    upload(kz, uz)
    digest = sent.digest or ""
    [file] = files_of(counter, digest)
    uz.store.spool.drop(file.attachment.blob)
    seen = [state_of(files_of(counter, digest)[0])]
    for state in (BlobState.WANTED, BlobState.LOST):
        uz.store.attachments.put(StoredBlob(file.attachment.blob, state, False, file.size, 1))
        seen.append(state_of(files_of(counter, digest)[0]))
    assert seen == [AttachmentState.AT_HUB, AttachmentState.COMING, AttachmentState.LOST]
    kz.sync()
    assert [state_of(each) for each in files_of(kz_counter, digest)] == [AttachmentState.SENT]
