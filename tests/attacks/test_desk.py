"""Pages, programs and people at an officer's machine who want what the desk shows or can do.

The desk is the real application over the store of a member of a real network; what is asked is asked of it whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from clients.actions.numbers import SpokenNumber
from clients.actions.signing_session import LOCK_MS
from clients.desk.app import make_app
from clients.desk.desk import Desk
from clients.desk.host import BODY_BYTES, HEADERS
from clients.errors import LocalCode
from clients.network.maker import MadeNetwork
from clients.system import Clock, System
from tests.support.refusals import refused
from tests.support.web_desk import (
    DUTY_1,
    DUTY_2,
    KZ,
    OFFICERS,
    Window,
    copy_network,
    fault,
    network_of_desks,
    open_desk,
)

PORT = 7317
OWN = f"serai.localhost:{PORT}"


class Watch:
    """A machine's clocks, moved by a test.

    Attributes:
        wall_ms: of the wall clock.
        runs_s: seconds that never go back.
    """

    def __init__(self) -> None:
        self.wall_ms = 1_800_000_000_000
        self.runs_s = 1_000.0

    @property
    def system(self) -> System:
        """A machine with these clocks."""
        return System(Clock(lambda: self.wall_ms), monotonic=lambda: self.runs_s)


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network; it is only copied."""
    return network_of_desks(tmp_path_factory)


@pytest.fixture
def made(desks: Path, tmp_path: Path) -> MadeNetwork:
    """A network of its own; its hub does not serve."""
    return copy_network(desks, tmp_path / "network")


@pytest.fixture
def watch() -> Watch:
    """The clocks of the officer's machine."""
    return Watch()


@pytest.fixture
async def desk(made: MadeNetwork, watch: Watch) -> AsyncIterator[Desk]:
    """The desk of KZ/NFP."""
    async with open_desk(made.home(KZ), system=watch.system, port=PORT) as found:
        yield found


@pytest.fixture
async def officer(desk: Desk) -> Window:
    """The window of an officer who is at the screen."""
    return await (await Window(desk).open()).unlock()


def asked(desk: Desk, **headers: str) -> httpx.AsyncClient:
    """Somebody who is no window of the desk, with headers of his own."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(make_app(desk)), base_url=desk.origin, headers=headers, trust_env=False
    )


async def upgrade(desk: Desk, **headers: str) -> list[dict[str, Any]]:
    """What is answered to somebody who wants the socket."""
    said: list[dict[str, Any]] = []
    scope = {
        "type": "websocket",
        "path": "/api/live",
        "raw_path": b"/api/live",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
        "state": {},
    }

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"} if not said else {"type": "websocket.disconnect", "code": 1000}

    async def send(message: Any) -> None:
        said.append(dict(message))

    await make_app(desk)(scope, receive, send)
    return said


@pytest.mark.parametrize(
    "name",
    [f"localhost:{PORT}", f"127.0.0.1:{PORT}", f"[::1]:{PORT}", f"evil.example:{PORT}", "serai.localhost", f"{OWN}."],
)
async def test_another_name_that_leads_here(desk: Desk, name: str) -> None:
    """What is asked by any name but the desk's own, as a name of a stranger's that leads here is, gets nothing."""
    window = await (await Window(desk).open()).unlock()
    for path in ("/", "/static/main.js", "/api/session"):
        answer = await window.http.get(path, headers={"Host": name})
        assert (answer.status_code, fault(answer)) == (421, "host_unknown")
    answer = await window.http.post("/api/session/lock", json={}, headers={"Host": name})
    assert fault(answer) == "host_unknown"
    assert (await upgrade(desk, Host=name, Origin=desk.origin))[0]["status"] == 421
    assert (await window.get("/api/session")).json()["unlocked"]


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "http://serai.localhost", f"https://{OWN}", "http://serai.localhost:1"],
)
async def test_page_of_another_address(officer: Window, origin: str | None) -> None:
    """A page of another address, also of another port of the same name, changes nothing, and opens no socket."""
    headers = {**officer.http.headers, "cookie": f"serai_desk={officer.http.cookies['serai_desk']}", "host": OWN}
    del headers["origin"]
    if origin is not None:
        headers["origin"] = origin
    async with asked(officer.desk) as http:
        answer = await http.post("/api/session/lock", json={}, headers=headers)
        assert (answer.status_code, fault(answer)) == (403, "page_foreign")
        answer = await http.post("/api/session/open", json={"code": officer.desk.sessions.code}, headers=headers)
        assert fault(answer) == "page_foreign"
    assert (await upgrade(officer.desk, **headers))[0]["status"] == 403
    assert (await officer.get("/api/session")).json()["unlocked"]


async def test_page_that_reads_from_elsewhere(officer: Window) -> None:
    """What a browser says was asked by another site is refused, whatever it brings."""
    for site in ("cross-site", "same-site"):
        answer = await officer.http.get("/api/session", headers={"Sec-Fetch-Site": site})
        assert fault(answer) == "page_foreign"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""])
async def test_form_of_another_page(officer: Window, kind: str) -> None:
    """What a form can send without asking is no JSON, and changes nothing."""
    answer = await officer.http.post("/api/session/lock", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, fault(answer)) == (415, "body_not_json")
    assert (await officer.get("/api/session")).json()["unlocked"]


async def test_cookie_without_a_token(officer: Window) -> None:
    """A program at another port of the name has the cookie, which is not enough."""
    del officer.http.headers["Serai-Page"]
    answer = await officer.get("/api/session")
    assert (answer.status_code, fault(answer)) == (401, "page_unknown")
    officer.http.headers["Serai-Page"] = "A" * 43
    assert fault(await officer.get("/api/session")) == "page_unknown"


async def test_token_without_a_cookie(officer: Window) -> None:
    """Somebody who has read the token has not the cookie, which no script can read; nor does another's help."""
    async with asked(officer.desk, **{"Serai-Page": officer.token}) as http:
        assert fault(await http.get("/api/session")) == "page_unknown"
    other = await Window(officer.desk).open()
    other.http.headers["Serai-Page"] = officer.token
    assert fault(await other.get("/api/session")) == "page_unknown"


async def test_cookie_beside_a_cookie(officer: Window) -> None:
    """A cookie that a page at another port has set beside ours does not become ours, whichever comes first."""
    other = await Window(officer.desk).open()
    own, foreign = officer.http.cookies["serai_desk"], other.http.cookies["serai_desk"]
    officer.http.cookies.clear()
    for value in (f"serai_desk={foreign}; serai_desk={own}", f"serai_desk={own}; serai_desk={foreign}"):
        answer = await officer.http.get("/api/session", headers={"Cookie": value})
        assert fault(answer) == "page_unknown"


async def test_answers_that_a_frame_may_not_show(officer: Window) -> None:
    """Every answer, also a fault, has the policy: no frame, no other site, nothing kept, nothing guessed."""
    async with asked(officer.desk, Host="evil.example") as stranger:
        answers = [await officer.get("/"), await officer.get("/api/session"), await officer.get("/nowhere")]
        answers += [
            await officer.get("/static/nowhere"),
            await stranger.get("/"),
            await stranger.post("/api/session/open"),
        ]
    for answer in answers:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = HEADERS["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "trusted-types 'none'", "script-src 'self';"):
        assert part in policy
    assert "unsafe" not in policy


async def test_code_that_was_used(desk: Desk) -> None:
    """A code opens one window; who read it off the screen afterwards has nothing."""
    code = desk.sessions.code
    await Window(desk).open()
    answer = await Window(desk).post("/api/session/open", code=code)
    assert (answer.status_code, fault(answer)) == (403, "code_not_valid")
    assert desk.sessions.code != code


async def test_codes_guessed(desk: Desk, watch: Watch) -> None:
    """After three wrong codes each further one has to wait, a minute at last; the right one, too."""
    guesser, waited_s = Window(desk), 0.0
    for _guess in range(20):
        answer = await guesser.post("/api/session/open", code="2222-2222-2222")
        if fault(answer) == "tries_paused":
            assert fault(await guesser.post("/api/session/open", code=desk.sessions.code)) == "tries_paused"
            watch.runs_s += 1
            waited_s += 1
    assert waited_s > 10
    watch.runs_s += 60
    await Window(desk).open()


async def test_window_that_nobody_has_unlocked(desk: Desk) -> None:
    """What the code opens shows nothing but how it is unlocked, and that there are alarms."""
    window = await Window(desk).open()
    shown = (await window.get("/api/session")).json()
    assert (shown["unlocked"], shown["officer"]) == (False, None)
    for path in ("/api/inbox", "/api/openapi.json", "/api/nothing", "/api/session/x"):
        answer = await window.get(path)
        assert (answer.status_code, fault(answer)) == (423, "desk_locked")


async def test_window_after_the_lock(officer: Window) -> None:
    """Nothing of what an unlocked window could do can be done after it was locked."""
    assert fault(await officer.get("/api/openapi.json")) == ""
    await officer.post("/api/session/lock")
    assert fault(await officer.get("/api/openapi.json")) == "desk_locked"
    assert not await officer.desk.do(lambda client: client.store.officers.is_open(DUTY_1))


@pytest.mark.parametrize("jump_ms", [LOCK_MS, 8 * 3_600_000, -1])
async def test_screen_that_was_left(officer: Window, watch: Watch, jump_ms: int) -> None:
    """Ten minutes after the last key press the screen is locked: asleep or awake, and where a clock is put back."""
    watch.wall_ms += LOCK_MS - 1
    await officer.post("/api/session/touch")
    watch.wall_ms += jump_ms
    assert fault(await officer.get("/api/openapi.json")) == "desk_locked"
    assert fault(await officer.post("/api/session/touch")) == ""
    shown = (await officer.get("/api/session")).json()
    assert (shown["unlocked"], shown["why"], shown["left_ms"]) == (False, "idle", 0)
    assert not await officer.desk.do(lambda client: client.store.officers.is_open(DUTY_1))


async def test_asking_keeps_no_screen_open(officer: Window, watch: Watch) -> None:
    """A page that only asks, again and again, holds no screen open: a key press does."""
    for _minute in range(10):
        await officer.get("/api/session")
        watch.wall_ms += 60_000
    assert fault(await officer.get("/api/openapi.json")) == "desk_locked"


async def test_officer_who_signs_as_another(desk: Desk) -> None:
    """Where another officer has come to the desk, nothing that the first had open signs any more."""
    one, two = await (await Window(desk).open()).unlock(DUTY_1), await Window(desk).open()
    (first,) = [session.signing for session in desk.sessions if session.signing is not None]
    await two.unlock(DUTY_2)
    with refused(LocalCode.OFFICER_LOCKED):
        await desk.do(lambda _client: first.propose(SpokenNumber(0, None)))
    assert await desk.do(lambda client: client.store.officers.is_open(DUTY_2))
    assert not await desk.do(lambda client: client.store.officers.is_open(DUTY_1))
    assert fault(await one.get("/api/openapi.json")) == "desk_locked"


async def test_officer_with_the_passphrase_of_another(desk: Desk) -> None:
    """The passphrase of the store, or of nobody, lets no officer in; who is at another screen stays there."""
    one, two = await (await Window(desk).open()).unlock(DUTY_1), await Window(desk).open()
    answer = await two.post("/api/session/unlock", officer=DUTY_2, passphrase="passphrase of the stores")
    assert (answer.status_code, fault(answer)) == (403, "wrong_passphrase")
    assert fault(await one.get("/api/openapi.json")) == ""
    assert await desk.do(lambda client: client.store.officers.is_open(DUTY_1))


async def test_passphrases_guessed(desk: Desk, watch: Watch) -> None:
    """Wrong passphrases are counted in the store, slower and slower, and are an alarm at five in a row."""
    window = await Window(desk).open()
    codes = []
    for _guess in range(8):
        codes.append(fault(await window.post("/api/session/unlock", officer=DUTY_1, passphrase="guess")))
        watch.runs_s += 30 if codes[-1] == "tries_paused" else 0
    assert codes == ["wrong_passphrase"] * 3 + ["tries_paused", "wrong_passphrase"] * 2 + ["tries_paused"]
    (tries,) = await desk.do(lambda client: client.store.officers.wrong_tries())
    assert (tries.officer, tries.count) == (DUTY_1, 5)
    assert (await window.get("/api/session")).json()["alarms"] == 1


async def test_passphrases_guessed_at_the_same_time(desk: Desk) -> None:
    """While one passphrase is tried, no other is."""
    window = await Window(desk).open()
    with desk.tries.one():
        answer = await window.post("/api/session/unlock", officer=DUTY_1, passphrase=OFFICERS)
    assert (answer.status_code, fault(answer)) == (429, "try_under_way")
    await window.unlock(DUTY_1)


async def ask_raw(desk: Desk, path: str) -> int:
    """The status of what is answered to a path that no client would send as it is."""
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(dict(message))

    async def receive() -> dict[str, Any]:
        if has_asked.is_set():
            await asyncio.Event().wait()  # it stays, and says nothing more
        has_asked.set()
        return {"type": "http.request", "body": b"", "more_body": False}

    has_asked = asyncio.Event()
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", OWN.encode())],
        "state": {},
    }
    await make_app(desk)(scope, receive, send)
    return int(said[0]["status"])


async def test_files_beside_the_pages(officer: Window) -> None:
    """No address leads to a file that is not one of the pages'."""
    paths = [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2f%2e%2e%2f%2e%2e%2fpyproject.toml",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/..%5capp.py",
        "/static/%00",
        "/static/",
        "/static/app.py",
        "/static/templates/desk.html",
        "/templates/desk.html",
    ]
    assert [path for path in paths if await ask_raw(officer.desk, path) not in (404, 405)] == []


async def test_body_without_end(officer: Window) -> None:
    """No more of a body is taken than a request may have, whether its length is named or not."""
    headers, taken = {"Content-Type": "application/json"}, []

    async def make() -> AsyncIterator[bytes]:
        for part in range(64):
            taken.append(part)
            yield b" " * (BODY_BYTES >> 4)

    answer = await officer.http.post("/api/session/touch", content=b" " * (BODY_BYTES + 1), headers=headers)
    assert (answer.status_code, fault(answer)) == (413, "body_too_large")
    answer = await officer.http.post("/api/session/touch", content=make(), headers=headers)
    assert answer.is_client_error
    assert len(taken) < 32


async def test_asking_that_changes_something(officer: Window) -> None:
    """No address changes anything when it is only asked for: what changes is not there for GET."""
    for path in ("lock", "unlock", "open", "touch", "language"):
        answer = await officer.get(f"/api/session/{path}")
        assert answer.status_code in (404, 405)
    assert (await officer.get("/api/session")).json()["unlocked"]


async def test_what_was_typed_in_an_answer(officer: Window, caplog: pytest.LogCaptureFixture) -> None:
    """A request that cannot be understood is answered by where, never by what: it may hold a passphrase."""
    secret = "open sesame, please"
    bodies: list[Any] = [
        {"officer": secret, "passphrase": secret},
        {"officer": [secret]},
        [secret],
        secret,
        {secret: 1},
    ]
    for body in bodies:
        for path in ("unlock", "open", "language"):
            answer = await officer.http.post(f"/api/session/{path}", json=body)
            assert answer.is_client_error
            assert secret not in answer.json()["error"]["detail"].replace(f"body.{secret}", "")
    assert secret not in caplog.text
