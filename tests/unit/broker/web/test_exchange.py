"""The exchange over real sockets: who may open a line, what a refusal shows, and what a hostile peer gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from broker.service.hub import Hub
from broker.service.operator import make_suspension
from broker.web.connections import Server
from broker.web.exchange import bearer
from schemas import limits
from schemas.errors import PROBLEMS, Code
from tests.support.hub import open_line, resume_text
from tests.support.refusals import refused
from tests.support.world import KG, KZ, TJ, World, signing_key
from tests.unit.broker.edges import WAIT_S, catch_up, dialled, loaded_hub, present_world, served, submit_text, until

DUTY = f"{KZ}/DUTY-1"


class Desk:
    """A served hub with the world it belongs to."""

    def __init__(self, hub: Hub, server: Server, world: World) -> None:
        self.hub, self.server, self.world = hub, server, world

    def token(self, iss: str = KZ, **changes: Any) -> str:
        """A token that is good now, but for the changes."""
        return catch_up(self.world).token(iss, **changes)

    async def refusal(self, token: str, **changes: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Status, body and headers with which an upgrade is refused."""
        with pytest.raises(InvalidStatus) as caught:
            async with dialled(self.server, token, **changes):
                pass
        response = caught.value.response
        assert response.body is not None
        return (
            response.status_code,
            json.loads(bytes(response.body)),
            {k.lower(): v for k, v in response.headers.items()},
        )


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A hub of KZ, KG and TJ on a socket."""
    world = present_world()
    with loaded_hub(tmp_path, world) as hub:
        async with served(hub) as server:
            yield Desk(hub, server, world)


async def hear(socket: ClientConnection) -> dict[str, Any]:
    """The next frame."""
    async with asyncio.timeout(WAIT_S):
        frame: dict[str, Any] = json.loads(await socket.recv())
    return frame


async def close_code(socket: ClientConnection) -> tuple[int, str]:
    """Code and reason with which the hub closes, whatever it sends before; 1006 if the line just breaks."""
    try:
        while True:
            await hear(socket)
    except ConnectionClosed as error:
        return (error.rcvd.code, error.rcvd.reason) if error.rcvd else (1006, "")


# The upgrade


REFUSED: dict[str, tuple[Code, Callable[[Desk], str]]] = {
    "junk": (Code.MALFORMED_STATEMENT, lambda _: "junk"),
    "another hub": (Code.TOKEN_INVALID, lambda desk: desk.token(hub="wss://other.example:443")),
    "to read": (Code.TOKEN_INVALID, lambda desk: desk.token(use="read")),
    "another mailbox": (Code.TOKEN_INVALID, lambda desk: desk.token(mailbox=KG)),
    "too long": (Code.TOKEN_INVALID, lambda desk: desk.token(exp=desk.world.time_s + 300)),
    "over": (Code.TOKEN_EXPIRED, lambda desk: desk.token(iat=desk.world.time_s - 90, exp=desk.world.time_s - 30)),
    "to come": (Code.TOKEN_EXPIRED, lambda desk: desk.token(iat=desk.world.time_s + 600, exp=desk.world.time_s + 660)),
    "strange key": (Code.UNKNOWN_KEY, lambda desk: desk.token(key=signing_key("nobody"))),
    "another network": (Code.WRONG_NETWORK, lambda desk: desk.token(aud=f"other/{desk.world.root.kid}")),
    "a statement": (Code.TOKEN_INVALID, lambda desk: desk.world.receipt(KZ, KG, [desk.world.root.kid])),
}


async def test_a_refused_upgrade_says_why_and_when(desk: Desk) -> None:
    """A refusal is a problem with a stable code and the hub's time, and nothing about the machine."""
    for name, (code, make) in REFUSED.items():
        status, body, headers = await desk.refusal(make(desk))
        assert (name, body["code"], status) == (name, code.value, PROBLEMS[code].http_status)
        assert set(body) == {"code", "title", "detail", "status", "time"}
        assert body["status"] == status
        assert abs(body["time"] - desk.hub.clock.now_ms()) < 60_000
        assert headers["content-type"] == "application/problem+json"
        assert "server" not in headers
    assert desk.hub.mailroom.count() == 0


async def test_an_upgrade_needs_a_bearer_token_and_the_subprotocol(desk: Desk) -> None:
    """Without token, with another scheme, or without ``serai.v1`` there is no line."""
    basic = {"Authorization": f"Basic {desk.token()}"}
    for headers in ({}, basic, {"Authorization": "Bearer"}):
        status, body, answer = await desk.refusal("", additional_headers=headers)
        assert (status, body["code"], answer["www-authenticate"]) == (401, "token_missing", "Bearer")
    for subprotocols in (None, ["serai.v2"]):
        status, body, _ = await desk.refusal(desk.token(), subprotocols=subprotocols)
        assert (status, body["code"]) == (426, "unsupported_protocol")


async def test_a_hub_takes_the_version_that_it_speaks(desk: Desk) -> None:
    """A client that speaks a later version too gets a line of this one, and is told so twice."""
    async with dialled(desk.server, desk.token(), subprotocols=["serai.v2", "serai.v1"]) as socket:
        assert socket.subprotocol == "serai.v1"
        assert (await hear(socket))["protocol"] == "serai.v1"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "abc"])
def test_a_header_without_bearer_token_is_refused(header: str | None) -> None:
    """Only a bearer token is one."""
    with refused(Code.TOKEN_MISSING):
        bearer(header)
    assert bearer("bearer  abc ") == "abc"


async def test_a_token_opens_one_line(desk: Desk) -> None:
    """A token that was used is refused, though it is still in time; it does not disturb the line it opened."""
    token = desk.token()
    async with dialled(desk.server, token) as socket:
        await open_line(socket)
        status, body, _ = await desk.refusal(token)
        assert (status, body["code"]) == (401, "token_replayed")
        assert (await hear(socket))["type"] == "deliver"


async def test_a_refused_token_is_not_used_up(desk: Desk) -> None:
    """A token that was refused for want of the subprotocol opens a line when dialled right."""
    token = desk.token()
    await desk.refusal(token, subprotocols=None)
    async with dialled(desk.server, token) as socket:
        assert (await hear(socket))["type"] == "welcome"


async def test_who_is_suspended_or_revoked_gets_no_line(desk: Desk) -> None:
    """The directory of this moment decides who may open a line."""
    await desk.hub.decide(lambda _, answer: make_suspension(KG, answer))
    assert (await desk.refusal(desk.token(KG)))[1]["code"] == "suspended"
    assert (await desk.refusal(desk.token(f"{KG}/DUTY-1")))[1]["code"] == "suspended"
    async with dialled(desk.server, desk.token(KZ)) as socket:
        await open_line(socket)
        await socket.send(submit_text(desk.world.revocation(desk.world.party(DUTY))))
        while (await hear(socket))["type"] != "accepted":
            pass
    assert (await desk.refusal(desk.token(DUTY)))[1]["code"] == "credential_revoked"


async def test_a_fault_at_the_upgrade_shows_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside the hub is answered as internal, without a word of what it was."""

    async def fail(_: str) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(desk.hub, "admit_line", fail)
    status, body, headers = await desk.refusal(desk.token())
    assert (status, body["code"], body["detail"]) == (500, "internal", "")
    assert "secret" not in f"{body}{headers}"


async def test_a_fault_on_the_line_shows_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that fails closes its line as internal."""

    async def fail(*_: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(desk.hub, "serve", fail)
    async with dialled(desk.server, desk.token()) as socket:
        assert await close_code(socket) == (1011, "internal")


# On the line


async def test_a_dispatch_goes_from_socket_to_socket(desk: Desk) -> None:
    """What one member submits is accepted and delivered to another, without compression though it is offered."""
    sent = desk.world.dispatch(KZ, [KG])
    async with (
        dialled(desk.server, desk.token(KZ), compression="deflate") as sender,
        dialled(desk.server, desk.token(KG)) as recipient,
    ):
        assert (sender.subprotocol, sender.protocol.extensions) == ("serai.v1", [])
        assert sender.response is not None
        assert "server" not in sender.response.headers
        size = (desk.hub.mailroom.head.size,) * 3
        for socket in (sender, recipient):
            await open_line(socket, size)
            assert (await hear(socket))["type"] == "deliver"
        await sender.send(submit_text(sent))
        assert (await hear(sender))["items"][0]["digest"] == sent.digest
        assert (await hear(recipient))["items"][0]["statement"] == sent.text


@pytest.mark.parametrize("resumed", [False, True], ids=["greeted", "live"])
async def test_a_binary_frame_ends_the_line(desk: Desk, resumed: bool) -> None:
    """Only text is spoken."""
    async with dialled(desk.server, desk.token()) as socket:
        if resumed:
            await open_line(socket)
        await socket.send(b"{}")
        assert await close_code(socket) == (4400, "malformed_frame")


@pytest.mark.parametrize("pieces", [1, 3])
async def test_an_oversize_frame_ends_the_line(desk: Desk, pieces: int) -> None:
    """Just the limit is read; more than that, in one piece or in many, ends the line as too big."""
    async with dialled(desk.server, desk.token()) as socket:
        await open_line(socket)
        await socket.send("x" * limits.FRAME_BYTES)
        while (frame := await hear(socket))["type"] != "refused":
            pass
        assert frame["problem"]["code"] == "malformed_frame"
        with suppress(ConnectionClosed):
            await socket.send(["x" * (limits.FRAME_BYTES // pieces + 1)] * pieces)
        # The code may be lost, because the hub closes with the rest of the frame unread.
        assert (await close_code(socket))[0] in (1009, 1006)
    await until(lambda: desk.hub.mailroom.count() == 0)


async def test_a_seat_that_is_replaced_is_told_so(desk: Desk) -> None:
    """The older line of a seat is closed with a code of its own, the other seat of the member is not disturbed."""
    tokens = [desk.token(seat=seat) for seat in ("main", "desk", "main")]
    async with dialled(desk.server, tokens[0]) as old, dialled(desk.server, tokens[1]) as other:
        await open_line(old)
        await open_line(other)
        async with dialled(desk.server, tokens[2]) as new:
            await open_line(new)
            assert (await hear(new))["type"] == "deliver"
            assert await close_code(old) == (4410, "replaced")
            await other.send("{}")
            while (await hear(other))["type"] != "refused":
                pass


async def test_whoever_loses_the_right_to_a_line_loses_the_line(desk: Desk) -> None:
    """Suspended or revoked while connected, member and officers are closed with the code; others stay."""
    world, size = desk.world, (desk.hub.mailroom.head.size,) * 3
    async with (
        dialled(desk.server, desk.token(DUTY, seat="duty")) as officer,
        dialled(desk.server, desk.token(KG)) as suspended,
        dialled(desk.server, desk.token(f"{KG}/DUTY-1", seat="duty")) as suspended_officer,
        dialled(desk.server, desk.token(KZ)) as other,
    ):
        for socket in (officer, suspended, suspended_officer, other):
            await open_line(socket, size)
            await hear(socket)
        await other.send(submit_text(world.revocation(world.party(DUTY))))
        assert await close_code(officer) == (4413, "credential_revoked")
        await desk.hub.decide(lambda _, answer: make_suspension(KG, answer))
        assert await close_code(suspended) == (4414, "suspended")
        assert await close_code(suspended_officer) == (4414, "suspended")
        kinds = [await hear(other) for _ in range(3)]
        assert [frame["type"] for frame in kinds] == ["accepted", "deliver", "deliver"]


async def test_a_stopping_hub_says_goodbye(desk: Desk) -> None:
    """Every line is closed as going away for a moment when the server stops."""
    async with dialled(desk.server, desk.token()) as socket:
        await socket.recv()
        await socket.send(resume_text())
        await socket.recv()
        desk.server.should_exit = True
        assert (await close_code(socket))[0] == 1012
    assert TJ in desk.hub.directory.addresses()
