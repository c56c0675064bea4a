"""A desk that is killed, or whose disk is full, while a draft is kept or signed: the text or the dispatch is there."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from clients.actions.drafts.keeping import list_drafts
from clients.actions.drafts.record import WrittenDraft
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, open_store
from tests.support.refusals import refused
from tests.support.scribe import ANSWERS, Scribe
from tests.support.world import KZ, RU, UZ, World

ONE = Address("KZ/NFP/DUTY-1")


@pytest.fixture
def scribe(tmp_path: Path) -> Scribe:
    """The officer of KZ."""
    folder = tmp_path / "kz"
    folder.mkdir()
    desk = Desk(folder, ScriptedHub(World([KZ, UZ, RU])), "KZ/NFP", ONE)
    desk.sync()
    return Scribe(Counter(desk, desk.hub), ONE)


def _die(*_what: object, **_how: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dies(scribe: Scribe, *, at: str) -> None:
    """Let another process of the desk die there: with the draft kept, within the signature, or after it."""
    client = scribe.client
    path = client.store.path
    client.store.close()
    child = os.fork()
    if not child:
        client.store = open_store(path)
        client.reread()
        draft = scribe.warning()
        if at != "kept":
            review = scribe.show(draft)
            if at == "signing":
                client.store.drafts.drop = _die  # type: ignore[method-assign]
            scribe.sign(review)
        _die()
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    client.store = open_store(path)
    client.reread()


@pytest.mark.parametrize(("at", "drafts", "queued"), [("kept", 1, 0), ("signing", 1, 0), ("signed", 0, 1)])
def test_killed_desk_has_the_draft_or_the_dispatch(scribe: Scribe, at: str, drafts: int, queued: int) -> None:
    """Never neither, and never both."""
    dies(scribe, at=at)
    found = list_drafts(scribe.client)
    assert (len(found), scribe.client.store.outbox.waiting_count()) == (drafts, queued)
    assert [dict(each.answers) for each in found] == [ANSWERS] * drafts


def test_full_disk_keeps_nothing_and_says_so(scribe: Scribe, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept before stands, whole; when there is room again, the same window goes on with its version."""
    draft = scribe.warning()

    def full(*_what: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(scribe.client.store.drafts, "save", full)
        with refused(Code.STORAGE_FAILED):
            scribe.write(draft, {**ANSWERS, "summary": "More"}, to=("UZ/NFP",))
        with refused(Code.STORAGE_FAILED):
            scribe.show(draft)
    kept: WrittenDraft
    (kept,) = list_drafts(scribe.client)
    assert (kept.version, dict(kept.answers)) == (draft.version, ANSWERS)
    assert scribe.write(kept, {**ANSWERS, "summary": "More"}, to=("UZ/NFP",)).answers["summary"] == "More"
