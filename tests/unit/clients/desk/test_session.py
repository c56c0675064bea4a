"""Opening a window, unlocking and locking the screen."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

from clients.desk.desk import Desk
from clients.mail.sent import Sent
from tests.support.web_desk import DUTY_1, DUTY_2, OFFICERS, Window, fault


async def test_a_window_is_opened_by_the_code_and_unlocked_by_the_passphrase(desk: Desk) -> None:
    """The code opens the window, the passphrase the screen; locking it closes the officer's key, too."""
    window = await Window(desk).open()
    shown = (await window.get("/api/session")).json()
    assert (shown["unlocked"], shown["why"], shown["member"]) == (False, "new", "KZ/NFP")
    assert shown["officers"] == ["KZ/NFP/DUTY-1", "KZ/NFP/DUTY-2", "KZ/NFP/CHIEF"]
    shown = (await window.post("/api/session/unlock", officer=DUTY_1, passphrase=OFFICERS)).json()
    assert (shown["unlocked"], shown["officer"], shown["left_ms"] > 590_000) == (True, DUTY_1, True)
    assert await desk.do(lambda client: client.store.officers.is_open(DUTY_1))
    shown = (await window.post("/api/session/lock")).json()
    assert (shown["unlocked"], shown["officer"], shown["why"]) == (False, None, "locked")
    assert not await desk.do(lambda client: client.store.officers.is_open(DUTY_1))


async def test_windows_of_one_browser_share_the_officer(desk: Desk) -> None:
    """A second window of the same browser needs a code of its own, and has the same officer."""
    one = await (await Window(desk).open()).unlock()
    two = await Window(desk, one.http.cookies).open()
    assert two.token != one.token
    assert (await two.get("/api/session")).json()["officer"] == DUTY_1


async def test_one_officer_at_a_time(desk: Desk) -> None:
    """Another officer who unlocks another browser locks the first, also where it is the same officer."""
    one, two = await (await Window(desk).open()).unlock(), await Window(desk).open()
    for officer in (DUTY_2, DUTY_1):
        await two.unlock(officer)
        shown = (await one.get("/api/session")).json()
        assert (shown["unlocked"], shown["why"]) == (False, "other")
        opened = await desk.do(
            lambda client: [each for each in (DUTY_1, DUTY_2) if client.store.officers.is_open(each)]
        )
        assert opened == [officer]
        await one.unlock(DUTY_1)
        assert not (await two.get("/api/session")).json()["unlocked"]


async def test_faults_are_in_the_language_of_the_session(window: Window) -> None:
    """A fault has its code, and its words in the language that the window has chosen."""
    await window.post("/api/session/language", language="ru")
    answer = await window.post("/api/session/unlock", officer=DUTY_1, passphrase="wrong")
    assert (answer.status_code, fault(answer)) == (403, "wrong_passphrase")
    assert "парольная фраза" in answer.json()["error"]["title"]
    await window.post("/api/session/language", language="en")
    assert (await window.post("/api/session/unlock", officer="x", passphrase="")).json()["error"]["title"].isascii()


async def test_everything_at_a_screen_is_in_the_log(desk: Desk) -> None:
    """Windows, wrong codes and passphrases, who unlocked and who was locked stand in the store's log, newest last."""
    one, two = await Window(desk).open(), await Window(desk).open()
    await one.post("/api/session/open", code="x")
    await one.post("/api/session/unlock", officer=DUTY_1, passphrase="wrong")
    await one.unlock(DUTY_1)
    await two.unlock(DUTY_2)
    await two.post("/api/session/lock")
    found = await desk.do(lambda client: client.store.screens.newest(99)[::-1])
    assert [(each.event.value, each.officer) for each in found] == [
        ("opened", None),
        ("opened", None),
        ("code_refused", None),
        ("refused", DUTY_1),
        ("unlocked", DUTY_1),
        ("taken_over", DUTY_1),
        ("unlocked", DUTY_2),
        ("locked", DUTY_2),
    ]


async def test_a_person_at_a_wrong_address_reads_a_page(window: Window) -> None:
    """Whoever opens an address that leads nowhere, or the desk by another name, reads what to do, and no JSON."""
    wants = {"Accept": "text/html,application/xhtml+xml"}
    lost = await window.http.get("/<b>nowhere</b>", headers=wants)
    assert (lost.status_code, lost.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "there is nothing at this address" in lost.text
    named = await window.http.get("/", headers={**wants, "Host": "127.0.0.1:7317"})
    assert (named.status_code, "which serai desk prints" in named.text) == (421, True)
    assert named.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_what_came_back_is_signed_anew_while_its_officer_is_here(desk: Desk, window: Window) -> None:
    """The open key of who is at the screen is asked again and again for what came back, and for nothing once locked."""
    await window.unlock()
    (session,) = list(desk.sessions)
    assert session.signing is not None
    asked, loop = asyncio.Event(), asyncio.get_running_loop()

    def tick() -> list[Sent]:
        loop.call_soon_threadsafe(asked.set)
        return []

    with patch.object(session.signing, "tick", tick):
        async with asyncio.timeout(30):
            await asked.wait()
