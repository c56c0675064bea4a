"""``serai desk`` as an officer starts it: over a live hub, found again by the same command, opened in a browser."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path

import httpx
import pytest

from clients.network.hub import free_port
from tests.support.browser import open_browser
from tests.support.machine import NEEDS_CHROMIUM
from tests.support.scenario import OFFICERS, Stage

PATIENCE_S = 60.0
FLASH = (
    "uz> serai send warning --to KZ/NFP --precedence flash --reference UZ-1 --action stop --summary Blue. --yes"
    " 2>/dev/null\nSent as EX <N>, to KZ/NFP; accepted by the hub.\n"
)


@pytest.fixture
def desk(played: Stage) -> Stage:
    """A stage on which the desk of KZ/NFP runs."""
    played.known["DESK"] = str(free_port())
    played.play(f"kz> start: serai desk --port {played.known['DESK']} --no-bell\n")
    played.play('kz> until: serai status --json\n{..."live": true...}\n')
    return played


def code_of(stage: Stage) -> str:
    """The code of the next window, as the same command prints it."""
    said, status = stage._run("kz", "serai desk")
    found = re.search(r"^Code of the next window: (\S+)$", said, re.MULTILINE)
    assert found is not None, said
    assert (status, f"Address: http://serai.localhost:{stage.known['DESK']}\n" in said) == (0, True)
    return found[1]


def ask(stage: Stage) -> httpx.Client:
    """A browser that does not know the desk's name, and says it."""
    host = f"serai.localhost:{stage.known['DESK']}"
    headers = {"Host": host, "Origin": f"http://{host}"}
    return httpx.Client(
        base_url=f"http://127.0.0.1:{stage.known['DESK']}", headers=headers, trust_env=False, timeout=PATIENCE_S
    )


def test_a_shift_at_the_desk(desk: Stage) -> None:
    """The code opens a window, once; the passphrase shows what comes; who was there stands in the log."""
    code = code_of(desk)
    with ask(desk) as browser:
        opened = browser.post("/api/session/open", json={"code": code}).json()
        browser.headers["Serai-Page"] = opened["token"]
        (officer,) = opened["officers"]
        assert browser.get("/api/inbox", params={"lane": "urgent"}).status_code == 423
        unlocked = browser.post("/api/session/unlock", json={"officer": officer, "passphrase": OFFICERS})
        assert unlocked.json()["officer"] == officer
        desk.play(FLASH)
        deadline = time.monotonic() + PATIENCE_S
        while not (rows := browser.get("/api/inbox", params={"lane": "urgent", "status": "exercise"}).json()["rows"]):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert len(rows) == 1
    assert code_of(desk) != code
    desk.play("kz> serai run 2>/dev/null\n[4]\nkz> serai log --screens\n... KZ/NFP/... has unlocked the screen\n...\n")
    assert code not in (desk.path / "kz.log").read_text().split("\n", 2)[2]
    desk.play("kz> stop\nkz> serai log --screens\n...the screen of KZ/NFP/... was locked\n...\n")


def test_a_window_is_opened_by_a_file(desk: Stage) -> None:
    """``--open`` starts the browser with a file alone: neither its words nor its surroundings hold the code."""
    browser = desk.path / "bin" / "chromium"
    browser.write_text('#!/bin/sh\nprintf "%s\\n" "$@" > "$0.part"\nenv >> "$0.part"\nmv "$0.part" "$0.words"\n')
    browser.chmod(0o755)
    code, done = code_of(desk), list[tuple[str, int]]()
    # The command waits until the code was used, so it is used beside it.
    opening = threading.Thread(target=lambda: done.append(desk._run("kz", "serai desk --open")))
    opening.start()
    words, deadline = Path(f"{browser}.words"), time.monotonic() + PATIENCE_S
    while not words.exists():
        assert not done, done
        assert time.monotonic() < deadline
        time.sleep(0.05)
    page = desk.path / "kz" / "desk-open.html"
    assert page.stat().st_mode & 0o777 == 0o600
    assert f"/#{code}" in page.read_text()
    assert page.resolve().as_uri() in words.read_text()
    assert code not in words.read_text()
    with ask(desk) as window:
        assert window.post("/api/session/open", json={"code": code}).status_code == 200
    opening.join(PATIENCE_S)
    assert [status for _said, status in done] == [0]
    assert not page.exists()


@NEEDS_CHROMIUM
def test_the_browser_takes_the_code_from_the_file(desk: Stage, tmp_path: Path) -> None:
    """Chromium follows the file to the unlock page, which uses the code and takes it out of its address."""
    code, host = code_of(desk), f"serai.localhost:{desk.known['DESK']}"
    file = tmp_path / "open.html"
    file.write_text(f'<meta http-equiv="refresh" content="0;url=http://{host}/#{code}">')
    with open_browser() as browser:
        page = browser.new_page(locale="en-GB")
        page.goto(file.as_uri())
        page.wait_for_selector("input[type=password]", timeout=PATIENCE_S * 1000)
        assert page.url.startswith(f"http://{host}/")
        assert code not in page.url
        page.fill("input[type=password]", OFFICERS)
        page.keyboard.press("Enter")
        page.wait_for_selector("input[type=password]", state="detached", timeout=PATIENCE_S * 1000)
        page.close()
    assert code_of(desk) != code
