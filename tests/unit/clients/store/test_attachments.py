"""Rows of blobs: what comes next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from clients.store import BlobState, StoredBlob
from schemas.encoding import encode_base64url
from tests.support.desk import make_store
from tests.support.world import KZ, World

WAITS = StoredBlob(encode_base64url(bytes(32)), BlobState.SENDING, urgent=False, size=2064, at_ms=5)


def test_urgent_comes_first_then_the_oldest(tmp_path: Path) -> None:
    """What is urgent comes before what is older; a row that changes keeps one place, over a restart too."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        table = store.attachments
        others = [replace(WAITS, digest=encode_base64url(bytes([n]) * 32), at_ms=n) for n in (3, 4)]
        urgent = replace(WAITS, digest=encode_base64url(b"u" * 32), urgent=True, at_ms=9)
        for blob in (WAITS, *others, urgent):
            table.put(blob)
        assert table.next(BlobState.SENDING) == urgent
        assert table.next(BlobState.SENDING, [urgent.key]) == others[0]
        table.put(replace(urgent, state=BlobState.SENT, moved=2064, code="no_room"))
        assert table.get(*urgent.key) == replace(urgent, state=BlobState.SENT, moved=2064, code="no_room")
        assert [blob.digest for blob in table.all(BlobState.SENDING)] == [
            others[0].digest,
            others[1].digest,
            WAITS.digest,
        ]


def test_wrong_length_is_a_row_of_its_own(tmp_path: Path) -> None:
    """What is done with a blob of one length changes nothing for the same name with another; forgetting ends both."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        table, other = store.attachments, replace(WAITS, size=4128, state=BlobState.LOST, code="attachment_mismatch")
        table.put(WAITS)
        table.put(other)
        assert (table.get(*WAITS.key), table.get(*other.key)) == (WAITS, other)
        table.drop(WAITS.digest)
        assert list(table.all()) == []


def test_what_was_fetched_is_counted(tmp_path: Path) -> None:
    """Bytes that were fetched, or are to be, count; what was made here does not."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        for number, state in enumerate(BlobState):
            store.attachments.put(replace(WAITS, digest=encode_base64url(bytes([number]) * 32), state=state, size=10))
        assert store.attachments.fetched_bytes() == 20
