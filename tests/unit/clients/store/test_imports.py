"""Which lines of files were put into the outbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.store import Store
from tests.support.desk import make_store
from tests.support.world import KZ, World


def test_line_is_remembered(tmp_path: Path) -> None:
    """A line of a content is known by its row after opening anew; other lines and other contents are not."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.imports.record("a" * 64, 2, "heroin", 7)
        store.imports.record("a" * 64, 2, "heroin", 9)
    with Store.open(tmp_path / "kz-nfp.db", "toy") as again:
        assert again.imports.outgoing("a" * 64, 2) == 9
        assert again.imports.outgoing("a" * 64, 3) is None
        assert again.imports.outgoing("b" * 64, 2) is None


def test_line_of_another_file_is_noticed(tmp_path: Path) -> None:
    """A text that a line of another file said is repeated; one that lines of the same file say twice is not."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.imports.record("a" * 64, 2, "heroin", 7)
        store.imports.record("b" * 64, 2, "heroin", 8)
        assert store.imports.is_repeated("b" * 64, "heroin")
        assert not store.imports.is_repeated("a" * 64, "heroin")
        assert not store.imports.is_repeated("b" * 64, "opium")


def put_and_die(store: Store) -> None:
    """Put a line into the outbox, and be cut off before that is on disk."""
    with store.transaction():
        row = store.outbox.add({"say": "x"}, urgent=False, made_ms=0)
        store.imports.record("a" * 64, 2, "heroin", row)
        raise KeyboardInterrupt


def test_mark_and_row_come_together(tmp_path: Path) -> None:
    """What is cut off after the row and its mark were written, and before that is on disk, leaves neither."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        with pytest.raises(KeyboardInterrupt):
            put_and_die(store)
        assert store.outbox.waiting(9) == []
        assert store.imports.outgoing("a" * 64, 2) is None


def test_nothing_tells_which_file_it_was(tmp_path: Path) -> None:
    """Neither the digest of a file nor the number or text of a line stands in the store in the clear."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.imports.record("a" * 64, 271828182, "heroin in a false floor", 7)
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"a" * 64 not in held
    assert b"271828182" not in held
    assert b"false floor" not in held
