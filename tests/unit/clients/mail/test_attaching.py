"""Files that go with a report: looked at, sealed, waited for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clients.errors import LocalCode
from clients.formats.traces import Trace
from clients.mail.attached import attached_files, open_file
from clients.mail.attaching import FileToAttach, check_files, measure, seal_file
from clients.mail.compose import Expectation
from clients.mail.inbox import status_of
from clients.mail.writer import Writer
from clients.store import BlobState, OutState
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.frames import Refused
from schemas.limits import ATTACHMENTS
from schemas.reports import read_report
from schemas.rules.attaching import Fit, is_same_with_files
from tests.support.desk import Desk, ScriptedHub, cover_to, warning
from tests.support.pictures import photograph, save_photograph
from tests.support.refusals import refused


def writer(desk: Desk) -> Writer:
    """Says things at a desk."""
    return Writer(desk.state, desk.sender, lambda: None)


def uploaded(desk: Desk) -> None:
    """The hub has confirmed every upload."""
    for blob in list(desk.store.attachments.all(BlobState.SENDING)):
        desk.store.attachments.put(replace(blob, state=BlobState.SENT))
    desk.now_s += 2


def cover_at(desk: Desk, row: int) -> Dispatch:
    """The cover of what is in a row of the outbox."""
    claims = desk.hub.world.verified(desk.store.outbox.get(row).statement).claims  # type: ignore[union-attr, arg-type]
    assert isinstance(claims, Dispatch)
    return claims


def test_photograph_is_measured_as_it_goes(tmp_path: Path) -> None:
    """What is told of a file is what goes: its size without location and author, its type by its content."""
    path = save_photograph(tmp_path, "photo.png")
    measured = measure(FileToAttach(path, "the lorry"))
    assert (measured.media_type, measured.is_cleaned, measured.is_lie) == ("image/jpeg", True, True)
    assert measured.size < len(photograph()) - 300
    assert Trace.LOCATION in measured.said
    kept = measure(FileToAttach(path, as_it_is=True))
    assert (kept.size, kept.is_cleaned) == (len(photograph()), False)
    assert Trace.LOCATION in kept.said


def test_other_file_of_the_same_size_does_not_go(kz: Desk, tmp_path: Path) -> None:
    """A file that was replaced after somebody had looked at it is refused, and nothing of it stays in the spool."""
    path = tmp_path / "list.txt"
    path.write_text("one lorry")
    measured = measure(FileToAttach(path))
    path.write_text("two boats")
    with refused(LocalCode.ATTACHED_FILE_CHANGED):
        seal_file(measured, kz.store, kz.state.system.entropy)
    assert list(kz.store.spool.folder.iterdir()) == []


def test_sealed_file_opens_to_what_went(kz: Desk, tmp_path: Path) -> None:
    """The blob in the spool opens, with what the report says of it, to the cleaned picture."""
    measured = measure(FileToAttach(save_photograph(tmp_path), "the lorry"))
    attachment = seal_file(measured, kz.store, kz.state.system.entropy)
    data = b"".join(open_file(attachment, kz.store.spool))
    assert len(data) == attachment.size == measured.size
    assert b"Officer" not in data
    assert (attachment.name, attachment.caption) == ("photo.jpg", "the lorry")


def test_file_that_changes_is_not_sent(kz: Desk, tmp_path: Path) -> None:
    """A file that is another than the one that was looked at is refused, and leaves nothing."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"as it was")
    measured = measure(FileToAttach(path))
    path.write_bytes(b"as it is, and longer")
    with refused(LocalCode.ATTACHED_FILE_CHANGED):
        seal_file(measured, kz.store, kz.state.system.entropy)
    assert not list(kz.store.spool.folder.iterdir())


def test_what_cannot_go_is_said_before_it_is_encrypted(kz: Desk, tmp_path: Path) -> None:
    """Too many, too large for this hub, a hub that takes none, empty, no file, no picture: said first."""
    path = save_photograph(tmp_path)
    measured = measure(FileToAttach(path))
    with refused(LocalCode.TOO_MANY_ATTACHMENTS):
        check_files([measured] * (ATTACHMENTS + 1), (), None)
    with refused(LocalCode.HUB_TAKES_NONE):
        check_files([measured], (), 0)
    with refused(LocalCode.ATTACHMENT_OVER_LIMIT, "takes 3 MiB"):
        check_files([replace(measured, size=4 << 20)], (), 3 << 20)
    with refused(LocalCode.ATTACHMENTS_OVER_LIMIT):
        check_files([replace(measured, size=256 << 20)] * 5, (), None)
    (tmp_path / "empty").touch()
    with refused(LocalCode.FILE_EMPTY):
        measure(FileToAttach(tmp_path / "empty"))
    (tmp_path / "cut.jpg").write_bytes(photograph()[:30])
    with refused(LocalCode.PICTURE_UNREADABLE):
        measure(FileToAttach(tmp_path / "cut.jpg"))
    assert measure(FileToAttach(tmp_path / "cut.jpg", as_it_is=True)).size == 30
    kz.store.trust.set_hub_blob_bytes(0)
    with refused(LocalCode.HUB_TAKES_NONE):
        _ = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(path)])
    assert not kz.store.spool.folder.exists()


def test_routine_waits_for_its_upload(kz: Desk, tmp_path: Path) -> None:
    """What is not urgent is signed at once and submitted when the hub has its attachments."""
    sent = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(save_photograph(tmp_path))])
    digest = sent.digest
    assert kz.flush() == []
    uploaded(kz)
    kz.flush()
    assert (sent.outgoing.state, sent.digest) == (OutState.ACCEPTED, digest)
    [file] = attached_files(cover_at(kz, sent.id), read_report(_content(kz, sent.id), "warning").form, kz.store)
    assert file.fit is Fit.SAME


def _content(desk: Desk, row: int) -> bytes:
    outgoing = desk.store.outbox.get(row)
    assert outgoing is not None
    return str(outgoing.draft["content"]).encode()


def test_flash_goes_at_once_and_its_photograph_follows(kz: Desk, tmp_path: Path) -> None:
    """A flash goes without waiting and says that pictures follow; the same with them is an update signed in the act."""
    point, cover = writer(kz), cover_to("UZ/NFP", precedence="flash")
    first, second = point.send_all(point.attach(warning(), [measure(FileToAttach(save_photograph(tmp_path)))]), cover)
    signed = second.digest
    kz.flush()
    assert [each.outgoing.state for each in (first, second)] == [OutState.ACCEPTED, OutState.SIGNED]
    uploaded(kz)
    kz.flush()
    assert (second.outgoing.state, second.digest) == (OutState.ACCEPTED, signed)
    covers = [cover_at(kz, each.id) for each in (first, second)]
    assert covers[0].attachments is None
    assert [(ref.rel, ref.digest) for ref in covers[1].refs or ()] == [("update", first.digest)]
    before, after = (read_report(_content(kz, each.id), "warning").form for each in (first, second))
    assert before is not None
    assert after is not None
    assert before.attachments_follow == 1
    assert is_same_with_files(before, after)
    assert not is_same_with_files(before, after.model_copy(update={"summary": "another"}))


def test_answer_to_the_pictures_is_shown_at_the_text(kz: Desk, tmp_path: Path) -> None:
    """An officer who has acknowledged the alert with its photograph is not shown as silent about the alert."""
    point, cover = writer(kz), cover_to("UZ/NFP", precedence="flash")
    first, second = point.send_all(point.attach(warning(), [measure(FileToAttach(save_photograph(tmp_path)))]), cover)
    kz.flush()
    uploaded(kz)
    kz.flush()
    kz.sync()
    world = kz.hub.world
    world.admit(world.receipt("UZ/NFP/DUTY-1", "KZ/NFP", [str(second.digest)], "acknowledged"))
    kz.sync()
    for each in (first, second):
        assert status_of(str(each.digest), kz.store).recipients[Address("UZ/NFP")].state == "acknowledged"


def test_expected_answer_stays_with_the_text(kz: Desk, tmp_path: Path) -> None:
    """What is asked of recipients is asked once: by the text, and not again by the update with pictures."""
    cover = cover_to("UZ/NFP", precedence="immediate", expects=Expectation(kz.state.system.clock.time_s() + 600))
    point = writer(kz)
    sent = point.send_all(point.attach(warning(), [measure(FileToAttach(save_photograph(tmp_path)))]), cover)
    assert [cover_at(kz, each.id).expects is not None for each in sent] == [True, False]


def test_update_is_signed_anew_when_its_original_was(kz: Desk, tmp_path: Path) -> None:
    """An original that had to be signed anew has another digest; what follows it then refers to that one."""
    kz.hub.refuse = lambda _: SeraiError(Code.STALE_KEY)
    point, cover = writer(kz), cover_to("UZ/NFP", precedence="flash")
    first, second = point.send_all(point.attach(warning(), [measure(FileToAttach(save_photograph(tmp_path)))]), cover)
    before = first.digest
    uploaded(kz)
    kz.flush()
    kz.hub.refuse = lambda _: None
    for _ in range(4):
        kz.now_s += 60
        kz.flush()
    assert first.digest != before
    assert [each.outgoing.state for each in (first, second)] == [OutState.ACCEPTED, OutState.ACCEPTED]
    assert [ref.digest for ref in cover_at(kz, second.id).refs or ()] == [first.digest]


def test_missing_attachment_is_uploaded_again(kz: Desk, tmp_path: Path) -> None:
    """Where the hub lacks a blob it is uploaded again, and the same bytes are submitted."""
    sent = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(save_photograph(tmp_path))])
    uploaded(kz)
    kz.hub.refuse = lambda _: SeraiError(Code.ATTACHMENT_MISSING)
    [answer] = kz.flush()
    assert isinstance(answer, Refused)
    assert [blob.state for blob in kz.store.attachments.all()] == [BlobState.SENDING]
    kz.hub.refuse = lambda _: None
    kz.now_s += 60
    assert kz.flush() == []
    uploaded(kz)
    kz.flush()
    assert sent.outgoing.state is OutState.ACCEPTED
    assert len(set(kz.hub.submitted)) == 1


def test_attachment_that_can_never_go_refuses_its_dispatch(kz: Desk, tmp_path: Path) -> None:
    """Where the hub takes a blob never, its dispatch is refused with the reason, and others go on."""
    sent = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(save_photograph(tmp_path))])
    other = kz.send("UZ/NFP")
    [blob] = kz.store.attachments.all()
    kz.store.attachments.put(replace(blob, state=BlobState.LOST, code="attachment_too_large"))
    kz.flush()
    assert (sent.outgoing.state, sent.outgoing.code) == (OutState.REFUSED, "attachment_too_large")
    assert kz.store.outbox.get(other).state is OutState.ACCEPTED  # type: ignore[union-attr]


def test_sending_on_needs_no_upload(kz: Desk, uz: Desk, hub: ScriptedHub, tmp_path: Path) -> None:
    """An attachment that came goes on in another report, urgent or not, without waiting for anything."""
    sent = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(save_photograph(tmp_path))])
    uploaded(kz)
    kz.flush()
    uz.sync()
    item = uz.store.items.get(sent.digest or "")
    assert item is not None
    report = read_report((item.content or "").encode(), "warning").form
    assert report is not None
    on = writer(uz).send_all(report, cover_to("KZ/NFP", precedence="flash"))
    uz.flush()
    assert [each.outgoing.state for each in on] == [OutState.ACCEPTED]
    assert cover_at(uz, on[0].id).attachments == cover_at(kz, sent.id).attachments


def test_attachments_of_others_are_wanted_as_far_as_there_is_room(kz: Desk, uz: Desk, tmp_path: Path) -> None:
    """What comes with a dispatch is fetched by itself, unless that is more than the setting permits."""
    for index, room in enumerate((1 << 20, 100)):
        uz.state.fetch_bytes = room
        (tmp_path / "note.txt").write_bytes(bytes([65 + index]) * 50)
        _ = writer(kz).send(warning(), cover_to("UZ/NFP"), [FileToAttach(tmp_path / "note.txt")])
        uploaded(kz)
        kz.flush()
        uz.sync()
    assert [blob.state for blob in uz.store.attachments.all()] == [BlobState.WANTED]
