"""What waits for its files is withdrawn with what is cancelled, and what went out all the same is an alarm."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.actions.numbers import SpokenNumber
from clients.actions.writing import CoverOptions
from clients.cli.officer.correcting import cancel, correct
from clients.cli.officer.options import SendOptions
from clients.errors import LocalCode
from clients.mail.amendments import amendments_of
from clients.mail.attaching import FileToAttach, measure
from clients.mail.compose import Ref
from clients.mail.sent import Sent, refusal_of
from clients.mail.state import cover_of
from clients.mail.withdrawing import unsent_versions, withdraw
from clients.mail.writer import Writer
from clients.store import BlobState, Closing, OutState
from schemas.frames import Submit, parse_frame
from tests.support.counter import Counter
from tests.support.desk import Desk, cover_to, warning
from tests.support.pictures import save_photograph
from tests.support.refusals import refused
from tests.unit.clients.mail.test_attaching import uploaded

OPTIONS = SendOptions(wait_s=0, yes=True, as_json=True)
CLOSING = Closing("KZ/NFP/DUTY-1", 1, "found elsewhere")


def send_flash(kz: Desk, folder: Path) -> tuple[Sent, Sent]:
    """A flash that went as text, and the same with its picture, which waits."""
    point = Writer(kz.state, kz.sender, lambda: None)
    files = [measure(FileToAttach(save_photograph(folder)))]
    first, second = point.send_all(point.attach(warning(), files), cover_to("UZ/NFP", precedence="flash"))
    kz.flush()
    assert (first.outgoing.state, second.outgoing.state) == (OutState.ACCEPTED, OutState.SIGNED)
    return first, second


def cancelled(counter: Counter, index: int | None) -> None:
    """An officer cancels; it is queued."""
    with pytest.raises(SystemExit, match="3"):
        cancel(counter, SpokenNumber(index or 0, None), "found elsewhere", CoverOptions(), OPTIONS)


def test_cancelling_withdraws_the_pictures_that_wait(
    kz: Desk, uz: Desk, counter: Counter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The officer reads which item does not go; nothing of it is uploaded or sent; who withdrew it stays with it."""
    first, second = send_flash(kz, tmp_path)
    kz.sync()
    cancelled(counter, first.outgoing.index)
    assert f"with its files that wait: item {second.id}" in capsys.readouterr().err
    withdrawn = second.outgoing
    assert (withdrawn.state, str(refusal_of(withdrawn).code)) == (OutState.DROPPED, LocalCode.WITHDRAWN.value)
    assert withdrawn.closing is not None
    assert withdrawn.closing.by == "KZ/NFP/DUTY-1"
    assert not list(kz.store.attachments.all(BlobState.SENDING))
    kz.now_s += 5
    kz.flush()
    uz.sync()
    assert len(list(uz.store.items.inbox(100, None))) == 2
    assert not kz.store.alarms.raised()


def corrected(counter: Counter, index: int | None, summary: str, options: SendOptions = OPTIONS) -> None:
    """An officer corrects; it is queued."""
    with pytest.raises(SystemExit, match="3"):
        correct(counter, SpokenNumber(index or 0, None), {"summary": summary}, CoverOptions(), options)


def test_flash_is_corrected_while_its_pictures_wait(
    kz: Desk, uz: Desk, counter: Counter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The corrected text goes at once, the pictures follow it and nothing else; the officer reads so."""
    first, second = send_flash(kz, tmp_path)
    kz.sync()
    corrected(counter, first.outgoing.index, "Red lorry.")
    assert f"go with this version, not with item {second.id}" in " ".join(capsys.readouterr().err.split())
    assert str(refusal_of(second.outgoing).code) == LocalCode.GOES_WITH_NEWER.value
    kz.now_s += 5
    kz.flush()
    uz.sync()
    assert len(list(uz.store.items.inbox(100, None))) == 2
    assert list(kz.store.attachments.all(BlobState.SENDING))
    uploaded(kz)
    kz.now_s += 5
    kz.flush()
    uz.sync()
    newest = next(iter(uz.store.items.inbox(100, None)))
    amendments = amendments_of(newest.digest, cover_of(newest), uz.store)
    assert amendments.completes is not None
    text = uz.store.items.get(first.digest or "")
    assert text is not None
    assert amendments_of(text.digest, cover_of(text), uz.store).corrected_by
    assert not kz.store.alarms.raised()


def test_text_that_waits_is_not_corrected_past_itself(kz: Desk, counter: Counter, tmp_path: Path) -> None:
    """A correction of words that waits is never thrown away by another one."""
    first, _second = send_flash(kz, tmp_path)
    kz.sync()
    corrected(counter, first.outgoing.index, "Red lorry.")
    with refused(LocalCode.CORRECTION_WAITS):
        correct(counter, SpokenNumber(first.outgoing.index or 0, None), {"summary": "x"}, CoverOptions(), OPTIONS)


def test_pictures_replaced_at_the_moment_they_went_out_alarm_nobody(kz: Desk, counter: Counter, tmp_path: Path) -> None:
    """The correction stands after them in the ledger, and counts."""
    first, second = send_flash(kz, tmp_path)
    uploaded(kz)
    (text,) = kz.sender.submissions(100)
    frame = parse_frame(text)
    assert isinstance(frame, Submit)
    corrected(counter, first.outgoing.index, "Red lorry.")
    kz.answer(kz.hub.submit(frame, kz.size))
    assert second.outgoing.state is OutState.ACCEPTED
    assert not kz.store.alarms.raised()


def test_picture_of_what_was_cancelled_is_cancelled(kz: Desk, uz: Desk, counter: Counter, tmp_path: Path) -> None:
    """The two are one alert: pictures that were on their way when their text was cancelled are shown as cancelled."""
    first, second = send_flash(kz, tmp_path)
    uploaded(kz)
    kz.flush()
    assert second.outgoing.state is OutState.ACCEPTED
    kz.send("UZ/NFP", precedence="flash", refs=(Ref("cancel", first.digest),))
    kz.flush()
    uz.sync()
    item = uz.store.items.get(second.digest or "")
    assert item is not None
    assert amendments_of(item.digest, cover_of(item), uz.store).cancelled_by


def test_what_went_out_all_the_same_is_an_alarm(kz: Desk, tmp_path: Path) -> None:
    """If the hub takes it at the moment in which it is withdrawn, a person is called, and reads its number."""
    _, second = send_flash(kz, tmp_path)
    uploaded(kz)
    (text,) = kz.sender.submissions(100)
    frame = parse_frame(text)
    assert isinstance(frame, Submit)
    with kz.state.change():
        withdraw(second.outgoing, CLOSING, kz.store)
    kz.answer(kz.hub.submit(frame, kz.size))
    assert second.outgoing.state is OutState.ACCEPTED
    (alarm,) = kz.store.alarms.raised()
    assert (alarm.kind, alarm.detail) == (
        "withdrawn",
        f"item {second.id} went out as {second.outgoing.index}: serai cancel {second.outgoing.index}",
    )


def test_only_what_changes_the_case_is_withdrawn(kz: Desk, tmp_path: Path) -> None:
    """What waits for another case, or only refers to this one, goes; a file that something else needs is uploaded."""
    first, second = send_flash(kz, tmp_path)
    other, waiting = send_flash(kz, tmp_path)
    assert [each.id for each in unsent_versions([first.digest or ""], kz.store)] == [second.id]
    assert [each.id for each in unsent_versions([other.digest or ""], kz.store)] == [waiting.id]
    assert not unsent_versions([], kz.store)
