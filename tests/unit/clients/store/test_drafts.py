"""What has been begun and not sent."""

from __future__ import annotations

from pathlib import Path

from clients.store import Store
from tests.support.desk import make_store
from tests.support.world import KZ, World


def test_draft_survives(tmp_path: Path) -> None:
    """A draft is there after opening anew, one of each name, until it is dropped; nothing of it is in the clear."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.drafts.save("warning", {"summary": "false"})
        store.drafts.save("warning", {"summary": "false floor"})
        store.drafts.save("cancel dispatch-of-ours", {"reason": "x"})
    with Store.open(tmp_path / "kz-nfp.db", "toy") as again:
        assert again.drafts.load("warning") == {"summary": "false floor"}
        assert again.drafts.load("seizure") == {}
        again.drafts.drop("warning")
        assert again.drafts.load("warning") == {}
    data = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert [word for word in (b"false floor", b"cancel", b"dispatch-of-ours") if word in data] == []


def test_listed_drafts_keep_their_blobs(tmp_path: Path) -> None:
    """Those in the list are found as they were begun, each with its blobs, until they are dropped."""
    with make_store(tmp_path, World([KZ]), "KZ/NFP") as store:
        store.drafts.save("warning", {"summary": "x"})
        assert store.drafts.listed() == {}
        store.drafts.save_listed("b", {"summary": "x"}, ["one", "two"])
        store.drafts.save_listed("a", {"summary": "x"})
        assert list(store.drafts.listed().items()) == [("b", ("one", "two")), ("a", ())]
        assert store.drafts.blobs() == {"one", "two"}
        store.drafts.save_listed("b", {"summary": "y"}, ["two"])
        assert list(store.drafts.listed()) == ["b", "a"]
        store.drafts.drop("b")
        assert (list(store.drafts.listed()), store.drafts.blobs()) == (["a"], set())
