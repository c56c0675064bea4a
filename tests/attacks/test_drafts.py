"""Somebody who wants an officer's signature at a desk for something else than the officer was shown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from clients.actions.drafts.keeping import find_draft
from clients.actions.drafts.record import Act
from clients.desk.api import files
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub
from tests.support.met_desks import LIED, digest_of, network_that_has_met
from tests.support.refusals import refused
from tests.support.scribe import ANSWERS, Scribe
from tests.support.traffic import follow_up, send_now
from tests.support.web_desk import KZ as KZ_DESK
from tests.support.web_desk import Window, copy_network, fault, open_desk
from tests.support.world import KZ, RU, UZ, World

ONE, TWO = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP/DUTY-2")


@pytest.fixture
def kz(tmp_path: Path) -> Desk:
    """KZ's desk with two officers, up to date."""
    world = World([KZ, UZ, RU])
    world.enrol(TWO, roles=["exchange", "duty_officer"])
    folder = tmp_path / "kz"
    folder.mkdir()
    desk = Desk(folder, ScriptedHub(world), "KZ/NFP", ONE, TWO)
    desk.sync()
    return desk


@pytest.fixture
def scribe(kz: Desk) -> Scribe:
    """One of its officers; both keys are open, as on a machine where one took over from the other."""
    return Scribe(Counter(kz, kz.hub), ONE)


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network; it is only copied."""
    return network_that_has_met(tmp_path_factory)


@pytest.fixture
async def page(desks: Path, tmp_path: Path) -> AsyncIterator[Window]:
    """An unlocked window of a desk of KZ."""
    made = copy_network(desks, tmp_path / "network")
    async with open_desk(made.home(KZ_DESK)) as desk:
        yield await (await Window(desk).open()).unlock()


def nothing_was_signed(scribe: Scribe) -> bool:
    """Whether the outbox has nothing."""
    return scribe.client.store.outbox.waiting_count() == 0


def test_draft_changed_between_look_and_signature(scribe: Scribe) -> None:
    """Another window of the same officer changes a word: the digest that was shown signs nothing."""
    review = scribe.show(scribe.warning())
    scribe.write(review.draft, {**ANSWERS, "summary": "Let it pass"}, to=("UZ/NFP",), precedence="priority")
    assert scribe.sign(review) is None
    assert nothing_was_signed(scribe)


def test_case_that_grew_between_look_and_signature(scribe: Scribe, kz: Desk) -> None:
    """A cancellation of one version was shown; another version was accepted since, and would be cancelled with it."""
    digest, _index = send_now(kz, "UZ/NFP")
    kz.sync()
    scribe.client.reread()
    draft = scribe.write(scribe.begin(Act.CANCEL, on=digest), {"reason": "Stopped elsewhere"})
    review = scribe.show(draft)
    follow_up(kz, kz, "update", digest)
    assert scribe.sign(review) is None
    assert nothing_was_signed(scribe)
    again = scribe.show(find_draft(scribe.client, draft.id))
    assert again.dispatch is not None
    assert review.dispatch is not None
    assert len(again.dispatch.cover.refs) > len(review.dispatch.cover.refs)


def test_officer_who_signs_what_another_was_shown(scribe: Scribe) -> None:
    """What one was shown the other never saw: his key signs nothing, though it is open."""
    review = scribe.show(scribe.warning())
    other = Scribe(scribe.client, TWO)
    assert other.sign(review) is None
    assert nothing_was_signed(scribe)


def test_flash_at_a_screen_that_was_left(scribe: Scribe) -> None:
    """Whoever finds the screen open, and knows no passphrase, sends no flash."""
    review = scribe.show(scribe.warning(precedence="flash"))
    for passphrase in (None, ""):
        with refused(LocalCode.PASSPHRASE_NEEDED):
            scribe.sign(review, passphrase)
    assert nothing_was_signed(scribe)


async def test_guesses_at_a_page(page: Window) -> None:
    """After three wrong ones no further is even tried."""
    draft = (await page.post("/api/drafts", what="report", kind="warning")).json()["draft"]["id"]
    value = {"version": 1, "answers": ANSWERS, "cover": {"to": ["UZ/NFP"], "precedence": "flash"}}
    await page.http.put(f"/api/drafts/{draft}", json=value)
    shown = (await page.post(f"/api/drafts/{draft}/review")).json()["shown"]
    codes = [
        fault(await page.post(f"/api/drafts/{draft}/sign", shown=shown, passphrase=f"guess {number}"))
        for number in range(6)
    ]
    assert codes == ["wrong_passphrase"] * 3 + ["tries_paused"] * 3
    (tries,) = await page.desk.do(lambda client: client.store.officers.wrong_tries())
    assert tries.count == 3


@pytest.mark.parametrize(
    "key", ["__proto__", "constructor", "toString", "report", "version", "our_reference", "\u202ekey"]
)
def test_answers_that_nobody_asked_for(scribe: Scribe, key: str) -> None:
    """Whatever it is called, nothing of it is kept."""
    draft = scribe.warning()
    with refused(LocalCode.NOT_ASKED_FOR):
        scribe.write(draft, {**ANSWERS, key: "x"}, to=("UZ/NFP",))
    assert find_draft(scribe.client, draft.id).answers == ANSWERS


def test_draft_without_end(scribe: Scribe) -> None:
    """Neither by one answer, nor by many recipients."""
    draft = scribe.begin()
    for answers, to in (({"summary": "x" * 140_000}, ()), ({}, ("UZ/NFP",) * 20_000)):
        with refused(LocalCode.DRAFT_TOO_LARGE):
            scribe.write(draft, answers, to=to)
    assert find_draft(scribe.client, draft.id).version == 1


async def test_file_without_end(page: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """It said nothing of its length, or that it is short: what comes is counted, and the rest is not read."""
    monkeypatch.setattr(files, "BLOB_CONTENT_BYTES", 1 << 20)
    draft = (await page.post("/api/drafts", what="report", kind="warning")).json()["draft"]["id"]
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _piece in range(64):
            taken += 1
            yield bytes(1 << 16)

    headers = {"Serai-Name": "big.bin", "Content-Type": "application/octet-stream"}
    answer = await page.http.post(f"/api/drafts/{draft}/files", content=endless(), headers=headers)
    assert fault(answer) == "attachment_over_limit"
    assert (await page.get(f"/api/drafts/{draft}")).json()["draft"]["files"] == []


@pytest.mark.parametrize("name", ["../evil.txt", "../../evil.txt", "../../../evil.txt"])
async def test_name_that_leads_elsewhere(page: Window, name: str) -> None:
    """The file lies where it was put, and nowhere else."""
    home = await page.desk.do(lambda client: client.home.path)
    before = set(home.parent.parent.rglob("evil*"))
    draft = (await page.post("/api/drafts", what="report", kind="warning")).json()["draft"]["id"]
    headers = {"Serai-Name": quote(name, safe=""), "Content-Type": "text/plain"}
    answer = await page.http.post(f"/api/drafts/{draft}/files", content=b"text", headers=headers)
    assert answer.json()["draft"]["files"][0]["name"] == "evil.txt"
    assert set(home.parent.parent.rglob("evil*")) == before


async def test_page_that_is_called_a_picture(page: Window) -> None:
    """Its sender says PNG; its content is a page with a script: the desk shows nothing of it."""
    digest = await page.desk.do(lambda client: digest_of(client, LIED))
    answer = await page.get(f"/api/attachments/{digest}/1")
    assert fault(answer) == "no_picture"
    assert b"script" not in answer.content
    saved = (await page.post(f"/api/attachments/{digest}/1/save")).json()
    assert "LOOK AGAIN" in saved["alarming"][0]
