"""How far files that are to be uploaded have got: what a person sees while the hub is waited for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager

from clients.actions.progress import Advance, ShowProgress, Work
from clients.store import BlobState, Outgoing, Store


class Uploading:
    """Blobs that are to be uploaded when this is made.

    Args:
        store: where they are.
        among: digests of the blobs that are meant; all of them if ``None``.

    Attributes:
        total: how many bytes they are.
    """

    def __init__(self, store: Store, among: Collection[str] | None = None) -> None:
        self._store = store
        sending = store.attachments.all(BlobState.SENDING)
        self._blobs = [each.key for each in sending if among is None or each.digest in among]
        self.total = sum(size for _, size in self._blobs)

    def done(self) -> int:
        """How many bytes of them the hub has."""
        found = [(size, self._store.attachments.get(digest, size)) for digest, size in self._blobs]
        return sum(blob.moved if blob and blob.state is BlobState.SENDING else size for size, blob in found)

    def show(self, progress: ShowProgress, otherwise: Work) -> AbstractContextManager[Advance]:
        """Begin to show it.

        Args:
            progress: shows it.
            otherwise: what is going on where there is nothing to upload.
        """
        return progress(Work.UPLOADING, self.total) if self.total else progress(otherwise)

    def advance(self, progress: Advance) -> None:
        """Show how far they are, if there are any."""
        if self.total:
            progress.reach(self.done())


def files_in(outgoing: Iterable[Outgoing]) -> set[str]:
    """Digests of the blobs that rows of the outbox name."""
    return {blob["digest"] for each in outgoing for blob in each.draft.get("attachments", ())}
