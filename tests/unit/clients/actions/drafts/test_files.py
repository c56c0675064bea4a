"""Files of a draft: cleaned and encrypted as they come, sent with what was shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clients.actions.drafts.files import add_file, drop_file, lost_files, name_file, sweep_uploads, upload_folder
from clients.actions.drafts.keeping import drop_draft, find_draft
from clients.actions.drafts.record import Act, WrittenDraft
from clients.actions.drafts.writing import FILES
from clients.errors import LocalCode
from clients.formats.traces import Trace
from clients.mail.attaching import FileToAttach
from clients.store import BlobState
from tests.support.desk import Desk
from tests.support.pictures import save_photograph
from tests.support.refusals import refused
from tests.support.scribe import Scribe


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photograph that says where it was made."""
    return save_photograph(tmp_path)


def test_a_photograph_is_cleaned_and_goes_with_what_was_shown(scribe: Scribe, kz: Desk, photo: Path) -> None:
    """Its file may be gone: the blob is what is sent; an urgent text goes at once, its picture follows."""
    draft = scribe.warning(precedence="immediate")
    draft = add_file(scribe.client, draft.id, scribe.officer, FileToAttach(photo, "The floor"))
    photo.unlink()
    (kept,) = draft.files
    assert (kept.is_cleaned, kept.as_it_is, kept.attachment.caption) == (True, False, "The floor")
    assert Trace.LOCATION in kept.said
    review = scribe.show(draft)
    assert review.dispatch is not None
    assert review.dispatch.report.attachments == ()
    signed = scribe.sign(review, None)
    assert signed is not None
    text, full = (each.outgoing.draft for each in signed.sent)
    assert "attachments" not in text or not text["attachments"]
    assert [each["digest"] for each in full["attachments"]] == [kept.attachment.blob]
    assert [each.digest for each in scribe.client.store.attachments.all(BlobState.SENDING)] == [kept.attachment.blob]


def test_files_change_what_is_signed(scribe: Scribe, photo: Path) -> None:
    """A file more, a file less, another caption: each has to be shown again."""
    draft = scribe.warning()
    client, officer = scribe.client, scribe.officer
    seen = [scribe.show(draft).shown]
    changes: list[Callable[[], WrittenDraft]] = [
        lambda: add_file(client, draft.id, officer, FileToAttach(photo)),
        lambda: name_file(client, draft.id, officer, 1, "The floor"),
        lambda: add_file(client, draft.id, officer, FileToAttach(photo, as_it_is=True)),
        lambda: drop_file(client, draft.id, officer, 2),
        lambda: name_file(client, draft.id, officer, 1, ""),
        lambda: drop_file(client, draft.id, officer, 1),
    ]
    for change in changes:
        before = scribe.show(find_draft(client, draft.id))
        change()
        assert scribe.sign(before) is None
        seen.append(scribe.show(find_draft(client, draft.id)).shown)
    assert seen[:3] == seen[:3:-1]  # what was taken away again is the same
    assert len(set(seen)) == 4
    assert find_draft(client, draft.id).files == ()


def test_a_file_that_was_taken_away_leaves_nothing(scribe: Scribe, photo: Path) -> None:
    """Neither its blob, nor a name for it; nor does a draft that is thrown away."""
    draft = scribe.warning()
    add_file(scribe.client, draft.id, scribe.officer, FileToAttach(photo))
    drop_file(scribe.client, draft.id, scribe.officer, 1)
    with refused(LocalCode.NOT_ASKED_FOR):
        drop_file(scribe.client, draft.id, scribe.officer, 1)
    add_file(scribe.client, draft.id, scribe.officer, FileToAttach(photo))
    drop_draft(scribe.client, draft.id)
    assert list(scribe.client.store.spool.folder.iterdir()) == []
    assert scribe.client.store.drafts.blobs() == set()


def test_what_a_draft_has_is_not_swept_away(scribe: Scribe, photo: Path) -> None:
    """It may wait for days: the carrier knows its blobs."""
    draft = add_file(scribe.client, scribe.warning().id, scribe.officer, FileToAttach(photo))
    (kept,) = draft.files
    assert scribe.client.store.drafts.blobs() == {kept.attachment.blob}
    store = scribe.client.store
    assert store.spool.sweep(store.drafts.blobs(), 1e12) == 0
    assert store.spool.sweep(set(), 1e12) == 1
    assert lost_files(scribe.client, draft) == [kept]
    review = scribe.show(find_draft(scribe.client, draft.id))
    assert (review.gaps.missing, review.shown) == ((FILES,), "")


def test_where_no_file_can_go_none_is_taken(scribe: Scribe, photo: Path, kz: Desk) -> None:
    """A profile has none; an empty file is none; nothing is kept of either."""
    profile = scribe.begin(Act.PROFILE, kind="")
    with refused(LocalCode.NOT_WRITTEN_SO):
        add_file(scribe.client, profile.id, scribe.officer, FileToAttach(photo))
    photo.write_bytes(b"")
    with refused(LocalCode.FILE_EMPTY):
        add_file(scribe.client, scribe.begin().id, scribe.officer, FileToAttach(photo))
    with refused(LocalCode.NO_DRAFT):
        add_file(scribe.client, "none", scribe.officer, FileToAttach(photo))


def test_what_a_crash_left_in_the_clear_is_removed(scribe: Scribe) -> None:
    """The folder is for the owner alone, and is empty when a desk has begun."""
    folder = upload_folder(scribe.client)
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "x").mkdir()
    (folder / "x" / "photo.jpg").write_bytes(b"left")
    assert sweep_uploads(scribe.client) == 1
    assert [each for each in folder.rglob("*") if each.is_file()] == []
