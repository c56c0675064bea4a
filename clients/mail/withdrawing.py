"""What waits in the outbox and is not sent after all: versions of a case that is cancelled (PROTOCOL 6, 7)."""

from __future__ import annotations

from collections.abc import Collection

from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft, draft_from_json
from clients.store import BlobState, Closing, Outgoing, Store
from schemas.blobs import blob_size


def unsent_versions(versions: Collection[str], store: Store) -> list[Outgoing]:
    """What would correct one of these dispatches, or bring its attachments, and has no answer of the hub yet.

    Args:
        versions: digests of what was accepted.
        store: where both are.

    Returns:
        Rows of the outbox, in the order in which they were said.
    """
    found: list[Outgoing] = []
    digests = set(versions)
    rows = {outgoing.id for digest in versions if (outgoing := store.outbox.find(digest)) is not None}
    for number in sorted(store.outbox.waiting(store.outbox.waiting_count())):
        outgoing = store.outbox.get(number)
        draft = draft_from_json(outgoing.draft) if outgoing is not None and outgoing.is_open else None
        updated = [ref for ref in draft.refs if ref.rel == "update"] if isinstance(draft, DispatchDraft) else []
        if outgoing is not None and any(ref.digest in digests or ref.outgoing in rows for ref in updated):
            found.append(outgoing)
            rows.add(number)
            digests |= {outgoing.digest} if outgoing.digest else set()
    return found


def withdraw(outgoing: Outgoing, closing: Closing, store: Store, code: LocalCode = LocalCode.WITHDRAWN) -> None:
    """Do not send what waits, and do not upload what only it needs; belongs into a transaction.

    If it went out at this very moment, the hub's answer becomes an alarm (`clients.mail.effects`); not so for
    ``goes_with_newer``: the correction comes after it, and counts.

    Args:
        outgoing: what waits.
        closing: who decided that, when and why.
        store: where it is.
        code: ``withdrawn``, or ``goes_with_newer`` where a correction goes in its place.
    """
    store.outbox.drop(outgoing.id, closing, code.value)
    waiting = [store.outbox.get(row) for row in store.outbox.waiting(store.outbox.waiting_count())]
    needed = {blob for each in waiting if each is not None for blob in _blobs_of(each)}
    for blob in _blobs_of(outgoing) - needed:
        known = store.attachments.get(*blob)
        if known is not None and known.state is BlobState.SENDING:
            store.attachments.drop(known.digest)


def _blobs_of(outgoing: Outgoing) -> set[tuple[str, int]]:
    return {(each["digest"], blob_size(each["size"])) for each in outgoing.draft.get("attachments", ())}
