"""Files that go with a draft: each is looked at, cleaned and encrypted at once, and lies in the clear nowhere.

What was typed at the terminal is a path, and is encrypted when it is sent. What comes out of a browser has no path: it
is encrypted into the spool as it comes, its key is in the draft, and the draft is in the store.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from clients.actions.client import Client
from clients.actions.drafts.fields import version_before
from clients.actions.drafts.keeping import find_draft, keep_change
from clients.actions.drafts.record import Act, KeptAttachment, WrittenDraft
from clients.errors import ClientError, LocalCode
from clients.formats.traces import Trace
from clients.mail.attaching import FileToAttach, check_files, measure, seal_file
from schemas.addresses import Address
from schemas.reports.attachments import Attachment

WITH_FILES: Final = frozenset({Act.REPORT, Act.REPLY, Act.FEEDBACK, Act.CORRECT, Act.STEP})
"""What files can go with."""


def add_file(client: Client, name: str, officer: Address, file: FileToAttach) -> WrittenDraft:
    """Encrypt a file for a draft.

    Args:
        client: whose.
        name: of the draft.
        officer: who adds it.
        file: in the clear, where nobody else reads it; it is the caller's to remove.

    Raises:
        ClientError: ``no_draft``; ``not_written_so`` if nothing goes with it; why the file cannot go.
        SeraiError: ``storage_failed``.
        OSError: it cannot be read.
    """
    draft = find_draft(client, name)
    if draft.subject.act not in WITH_FILES:
        raise ClientError(LocalCode.NOT_WRITTEN_SO, named=draft.subject.act.value)
    measured = measure(file)
    check_files([measured], _others(client, draft), client.store.trust.hub_blob_bytes)
    attachment = seal_file(measured, client.store, client.state.system.entropy)
    kept = KeptAttachment(
        attachment,
        frozenset(each for each in Trace if each in measured.said),
        is_cleaned=measured.is_cleaned,
        as_it_is=file.as_it_is,
        is_lie=measured.is_lie,
        is_program=measured.is_program,
    )
    with client.store.transaction():
        draft = find_draft(client, name)
        return keep_change(client, replace(draft, by=officer, files=(*draft.files, kept)))


def _others(client: Client, draft: WrittenDraft) -> list[Attachment]:
    before = version_before(client, draft) if draft.subject.act is Act.CORRECT else None
    return [*(each.attachment for each in draft.files), *(before.attachments if before is not None else ())]


def drop_file(client: Client, name: str, officer: Address, number: int) -> WrittenDraft:
    """Take a file away from a draft again.

    Args:
        client: whose.
        name: of the draft.
        officer: who does.
        number: of the file, from 1.

    Raises:
        ClientError: ``no_draft``; ``not_asked_for`` if there is no such file.
    """
    with client.store.transaction():
        draft = find_draft(client, name)
        gone = _file(draft, number)
        left = tuple(each for each in draft.files if each is not gone)
        draft = keep_change(client, replace(draft, by=officer, files=left))
    client.store.spool.drop(gone.attachment.blob)
    return draft


def name_file(client: Client, name: str, officer: Address, number: int, caption: str) -> WrittenDraft:
    """Say what is to be seen in a file of a draft; an empty caption takes it away.

    Args:
        client: whose.
        name: of the draft.
        officer: who does.
        number: of the file, from 1.
        caption: in one line.

    Raises:
        ClientError: ``no_draft``; ``not_asked_for`` if there is no such file.
        ValueError: the caption is no line.
    """
    with client.store.transaction():
        draft = find_draft(client, name)
        old = _file(draft, number)
        members = {**old.attachment.model_dump(exclude_none=True), "caption": caption or None}
        new = replace(old, attachment=Attachment.model_validate(members))
        files = tuple(new if each is old else each for each in draft.files)
        return keep_change(client, replace(draft, by=officer, files=files))


def _file(draft: WrittenDraft, number: int) -> KeptAttachment:
    if not 1 <= number <= len(draft.files):
        raise ClientError(LocalCode.NOT_ASKED_FOR, names=[str(number)])
    return draft.files[number - 1]


def lost_files(client: Client, draft: WrittenDraft) -> list[KeptAttachment]:
    """Files whose blob is not here any more."""
    return [each for each in draft.files if client.store.spool.size(each.attachment.blob) is None]


def upload_folder(client: Client) -> Path:
    """Where a file lies in the clear while it is looked at: beside the store, for its owner alone.

    Raises:
        OSError: it cannot be made.
    """
    folder = client.store.path.with_suffix(".uploads")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def sweep_uploads(client: Client) -> int:
    """Remove what a crash has left of files that were being looked at; how many."""
    found = [path for path in upload_folder(client).rglob("*") if path.is_file() or path.is_symlink()]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
