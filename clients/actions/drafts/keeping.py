"""Drafts in the store: begun, changed by one window at a time, listed, thrown away. Each change is on disk at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from clients.actions.client import Client
from clients.actions.drafts.fields import steps_asked
from clients.actions.drafts.record import Act, Shown, Subject, Wishes, WrittenDraft, row_of
from clients.actions.moments import read_answer
from clients.actions.operations.known import read_operation
from clients.errors import ClientError, LocalCode
from schemas.addresses import Address
from schemas.encoding import encode_base64url, encode_json
from schemas.reports import MAX_REPORT_BYTES
from schemas.reports.kinds import KINDS, sendable

MOST_DRAFTS: Final = 200
"""How many drafts wait at most."""

_ID_BYTES: Final = 9


def begin_draft(client: Client, subject: Subject, officer: Address) -> WrittenDraft:
    """A new draft, with nothing in it.

    Args:
        client: whose.
        subject: what it is, and what it is about.
        officer: who writes it.

    Raises:
        ClientError: ``not_written_so``, ``too_many_drafts``, ``no_operation``; ``no_dispatch`` if what it is about is
            not here.
        SeraiError: ``storage_failed``.
    """
    check_subject(client, subject)
    if len(listed := client.store.drafts.listed()) >= MOST_DRAFTS:
        raise ClientError(LocalCode.TOO_MANY_DRAFTS, count=len(listed))
    system = client.state.system
    name = encode_base64url(system.entropy(_ID_BYTES))
    draft = WrittenDraft(name, 1, subject, officer, system.clock.time_ms())
    return _keep(client, draft)


def check_subject(client: Client, subject: Subject) -> None:
    """Refuse what nothing can be written about.

    Raises:
        ClientError: ``not_written_so``, ``no_operation``, ``no_dispatch``.
    """
    act, named = subject.act, subject.kind or subject.do or subject.act.value
    kinds = {each.name for each in sendable()}
    steps = {each.name.partition("-")[2] for each in KINDS["operation"].forms}
    is_known = {Act.REPORT: subject.kind in kinds, Act.STEP: subject.do in steps}.get(act, True)
    if not is_known or (act in _ABOUT and not subject.on):
        raise ClientError(LocalCode.NOT_WRITTEN_SO, named=named)
    if (act is Act.STEP and subject.do != "open") or (act is Act.QUESTION and subject.operation):
        read_operation(client, subject.operation)
    if subject.on and client.store.items.place_of(subject.on) is None:
        raise ClientError(LocalCode.NO_DISPATCH, number=subject.on[:8])


_ABOUT: Final = (Act.REPLY, Act.FEEDBACK, Act.CORRECT, Act.CANCEL, Act.FORWARD)


def find_draft(client: Client, name: str) -> WrittenDraft:
    """A draft by its name.

    Raises:
        ClientError: ``no_draft``.
    """
    value = client.store.drafts.load(row_of(name))
    if not value:
        raise ClientError(LocalCode.NO_DRAFT)
    return WrittenDraft.from_json(value)


def list_drafts(client: Client) -> list[WrittenDraft]:
    """All drafts, what was changed last first."""
    found = (client.store.drafts.load(row) for row in client.store.drafts.listed())
    return sorted((WrittenDraft.from_json(each) for each in found if each), key=lambda each: -each.at_ms)


def change_draft(
    client: Client, name: str, version: int, officer: Address, answers: Mapping[str, str], wishes: Wishes
) -> WrittenDraft:
    """Keep what a window has of a draft.

    Times are kept whole, as they were understood when they were typed; what is none is kept as it was typed.

    Args:
        client: whose.
        name: of the draft.
        version: that the window has changed.
        officer: who writes.
        answers: by the key of the step, all of them.
        wishes: what was chosen of the cover.

    Raises:
        ClientError: ``no_draft``; ``draft_overtaken`` if another window has changed it since: nothing of either text
            is lost, the page has both then; ``not_asked_for``, ``draft_too_large``.
        SeraiError: ``storage_failed``.
    """
    with client.store.transaction():
        draft = find_draft(client, name)
        if draft.version != version:
            raise ClientError(LocalCode.DRAFT_OVERTAKEN)
        kept = _read(client, draft, answers)
        if len(encode_json({"answers": kept, "wishes": _texts(wishes)}).encode()) > MAX_REPORT_BYTES:
            raise ClientError(LocalCode.DRAFT_TOO_LARGE, size=MAX_REPORT_BYTES >> 10)
        return keep_change(client, replace(draft, by=officer, answers=kept, wishes=wishes))


def _texts(wishes: Wishes) -> list[str]:
    lists = (*wishes.to, *wishes.reply_from, *wishes.legs)
    return [*lists, wishes.permission, wishes.step]


def _read(client: Client, draft: WrittenDraft, answers: Mapping[str, str]) -> dict[str, str]:
    steps = {step.key: step for step in steps_asked(client, draft, answers)}
    if strange := [key[:64] for key in answers if key not in steps]:
        raise ClientError(LocalCode.NOT_ASKED_FOR, names=strange[:5])
    now_ms = client.state.system.clock.time_ms()
    found = {key: (text, read_answer(steps[key], text, now_ms)) for key, text in answers.items()}
    return {key: typed if read is None else read for key, (typed, read) in found.items()}


def keep_change(client: Client, draft: WrittenDraft) -> WrittenDraft:
    """Keep a draft that was changed: it has another version, and has to be shown again."""
    now_ms = client.state.system.clock.time_ms()
    return _keep(client, replace(draft, version=draft.version + 1, at_ms=now_ms, shown=None))


def note_shown(client: Client, draft: WrittenDraft, shown: Shown) -> WrittenDraft:
    """Keep what an officer is shown of a draft, which is not changed by that.

    Raises:
        ClientError: ``draft_overtaken`` if it is another by now.
    """
    with client.store.transaction():
        if find_draft(client, draft.id).version != draft.version:
            raise ClientError(LocalCode.DRAFT_OVERTAKEN)
        return _keep(client, replace(draft, shown=shown))


def drop_draft(client: Client, name: str) -> None:
    """Throw a draft away, with its files.

    Raises:
        ClientError: ``no_draft``.
    """
    draft = find_draft(client, name)
    client.store.drafts.drop(draft.row)
    for each in draft.files:
        client.store.spool.drop(each.attachment.blob)


def _keep(client: Client, draft: WrittenDraft) -> WrittenDraft:
    client.store.drafts.save_listed(draft.row, draft.to_json(), [each.attachment.blob for each in draft.files])
    return draft
