"""Other users and programs of an officer's machine, who reach the desk's port, or would have it.

The desk listens here, at both addresses of the machine, and whose a connection is the kernel says.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from clients.desk import connections
from clients.desk.host import BODY_BYTES
from clients.desk.launching import handed_over, start_browser
from clients.desk.listening import inherited, is_own, listen, read_tables, user_of
from clients.desk.running import RunningDesk, find_running, mark_running
from clients.errors import LocalCode
from clients.network.maker import MadeNetwork
from clients.store.schema import MIGRATIONS
from tests.support.refusals import refused
from tests.support.web_desk import (
    KZ,
    ServedDesk,
    Window,
    closed_by,
    connect,
    copy_network,
    network_of_desks,
    open_desk,
    open_socket,
    serve_desk,
)

NOBODY = 65534


@pytest.fixture(scope="session")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a network; it is only copied."""
    return network_of_desks(tmp_path_factory)


@pytest.fixture
def made(desks: Path, tmp_path: Path) -> MadeNetwork:
    """A network of its own; its hub does not serve."""
    return copy_network(desks, tmp_path / "network")


@pytest.fixture
def served(made: MadeNetwork) -> Iterator[ServedDesk]:
    """The desk of KZ/NFP, which listens."""
    with serve_desk(made.home(KZ)) as found:
        yield found


def answer_to(sock: socket.socket, text: bytes) -> bytes | None:
    """All that a desk says to something until it closes the connection; ``None`` if it does not close it."""
    sock.settimeout(20)
    said = b""
    try:
        sock.sendall(text)
        while part := sock.recv(65_536):
            said += part
    except TimeoutError:
        return None
    except OSError:  # closed before all was taken
        return said
    return said


def request(served: ServedDesk, *, more: str = "Connection: close\r\n") -> bytes:
    """A request that the desk answers."""
    return f"GET / HTTP/1.1\r\nHost: {served.desk.host}\r\n{more}\r\n".encode()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_connection_of_another_user(made: MadeNetwork, address: str) -> None:
    """What another user of the machine sends is not read, and not answered: the kernel says whose it is."""

    def is_ours(peer: tuple[object, ...], own: tuple[object, ...]) -> bool:
        return not is_stranger.is_set() and is_own(peer, own)

    is_stranger = threading.Event()
    with serve_desk(made.home(KZ), is_own=is_ours) as served:
        with closing(connect(address, served.port)) as sock:
            assert (answer_to(sock, request(served)) or b"").startswith(b"HTTP/1.1 200 ")
        is_stranger.set()
        with closing(connect(address, served.port)) as sock:
            assert answer_to(sock, request(served)) == b""


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_whose_a_connection_is(family: socket.AddressFamily, address: str) -> None:
    """A connection is its user's alone by the real tables of the kernel; as root, also of a user that we become."""
    with closing(socket.create_server((address, 0), family=family)) as server:
        where = server.getsockname()
        with closing(socket.create_connection(where[:2])) as ours:
            assert user_of(read_tables(), ours.getsockname(), where) == os.geteuid()
            assert is_own(ours.getsockname(), where)
            assert not is_own((address, 1), where)
        if os.geteuid() != 0:
            return
        libc = ctypes.CDLL(None)
        libc.setfsuid(NOBODY)  # of this thread alone; the kernel marks a socket with it
        try:
            theirs = socket.create_connection(where[:2])
        finally:
            libc.setfsuid(0)
        with closing(theirs):
            assert user_of(read_tables(), theirs.getsockname(), where) == NOBODY
            assert not is_own(theirs.getsockname(), where)


TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1C95 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 111 1 0000 100 0 0 10 0
   1: 0100007F:D431 0100007F:1C95 01 00000000:00000000 00:00000000 00000000  1000        0 222 1 0000 20 4 0 10 -1
   2: 0100007F:1C95 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 333 1 0000 20 4 0 10 -1
   3: 0100007F:D432 0100007F:1C95 05 00000000:00000000 00:00000000 00000000     0        0 0 1 0000 20 4 0 10 -1
   4: 0100007F:D433 0100007F:1C95 01 00000000:00000000 00:00000000 00000000  1001        0 444 1 0000 20 4 0 10 -1
"""
TABLE_6 = """  sl  local_address                         remote_address                        st tx rx tr tm
   0: 00000000000000000000000001000000:D434 00000000000000000000000001000000:1C95 01 0:0 00:0 0 1002 0 555 1 0 20 4 0 -1
   1: 0000000000000000FFFF00000100007F:D435 0000000000000000FFFF00000100007F:1C95 01 0:0 00:0 0 1003 0 666 1 0 20 4 0 -1
"""


@pytest.mark.parametrize(
    ("address", "port", "user"),
    [
        ("127.0.0.1", 0xD431, 1000),
        ("127.0.0.1", 0xD433, 1001),
        ("::1", 0xD434, 1002),
        ("127.0.0.1", 0xD435, 1003),
        ("127.0.0.1", 0xD432, None),
        ("127.0.0.1", 0xD499, None),
        ("::1", 0xD431, None),
    ],
    ids=["own", "another", "IPv6", "IPv4 by an IPv6 socket", "left: the kernel says root", "of nobody", "other family"],
)
def test_what_the_kernel_says(address: str, port: int, user: int | None) -> None:
    """The right line is read; a socket that was left, for which the kernel names root, is nobody's."""
    assert user_of([TABLE, TABLE_6], (address, port), (address, 0x1C95)) == user


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_stranger_at_one_of_the_addresses(family: socket.AddressFamily, address: str) -> None:
    """Where another program has the port at one address, the desk does not listen at the other either."""
    with closing(socket.create_server((address, 0), family=family)) as stranger:
        port = int(stranger.getsockname()[1])
        with refused(LocalCode.PORT_TAKEN, address):
            listen(port)
        other = next(each for each in ("127.0.0.1", "::1") if each != address)
        with pytest.raises(ConnectionRefusedError):
            connect(other, port)


def test_socket_that_others_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket that was handed over, and listens beyond this machine or at one address alone, is refused."""
    for address in ("", "127.0.0.1"):
        with closing(socket.create_server((address, 0))) as sock:
            monkeypatch.setattr("clients.desk.listening._FIRST_DESCRIPTOR", os.dup(sock.fileno()))
            with refused(LocalCode.PORT_NOT_OURS):
                inherited({"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
    assert inherited({"LISTEN_PID": "1", "LISTEN_FDS": "1"}) == []


@pytest.mark.parametrize(
    "text", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX: "], ids=["nothing", "line", "head"]
)
def test_peer_that_says_little(made: MadeNetwork, monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    """A connection whose request does not come in time is cut, and costs nobody else anything."""
    monkeypatch.setattr(connections, "REQUEST_S", 0.2)
    with serve_desk(made.home(KZ)) as served, closing(connect("127.0.0.1", served.port)) as sock:
        assert answer_to(sock, text) == b""
        with closing(connect("127.0.0.1", served.port)) as other:
            assert (answer_to(other, request(served)) or b"").startswith(b"HTTP/1.1 200 ")


def test_body_that_does_not_come(made: MadeNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that was promised and does not come is not waited for without end."""
    monkeypatch.setattr(connections, "BODY_S", 0.2)
    with serve_desk(made.home(KZ)) as served, closing(connect("127.0.0.1", served.port)) as sock:
        head = (
            f"POST /api/session/open HTTP/1.1\r\nHost: {served.desk.host}\r\nOrigin: {served.origin}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        assert answer_to(sock, head.encode()) == b""


def test_head_without_end(served: ServedDesk) -> None:
    """No more of a head is taken than a browser sends."""
    with closing(connect("127.0.0.1", served.port)) as sock:
        sock.settimeout(20)
        sent = 0
        with suppress(OSError):
            sock.sendall(b"GET / HTTP/1.1\r\n")
            for number in range(100_000):
                sock.sendall(f"X-{number}: {'x' * 100}\r\n".encode())
                sent += 100
        assert sent < 8 * BODY_BYTES
        with suppress(OSError):
            assert sock.recv(1) == b""


async def test_socket_that_says_the_wrong_token(served: ServedDesk) -> None:
    """A socket is told nothing before its token is right, and ends where it is not."""
    window = await (await Window(served.desk, served=True).open()).unlock()
    for said in ('{"token": "x"}', "[]", "x", json.dumps({"token": window.token[:-1]}), "{}"):
        async with open_socket(served, window, first=said) as sock:
            assert await closed_by(sock) == 4403


def test_code_in_what_others_can_read(tmp_path: Path) -> None:
    """A browser is started with a file, mode 0600, and never with the code; the file is gone afterwards."""
    desk = RunningDesk("http://serai.localhost:7317", "7KQM-2XPD-9FRT")
    folder, said = tmp_path / "member", tmp_path / "said"
    folder.mkdir(mode=0o700)
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$0" "$@" > {said}.part\nenv >> {said}.part\nmv {said}.part {said}\n'
    )
    browser.chmod(0o700)
    with handed_over(folder, desk) as page:
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert f"{desk.origin}/#{desk.code}" in page.read_text()
        assert start_browser(str(browser), folder, page).wait(20) == 0
    assert not page.exists()
    words = said.read_text()
    assert page.as_uri() in words
    assert desk.code not in words
    assert stat.S_IMODE((folder / "desk-browser").stat().st_mode) == 0o700


def test_mark_of_a_desk_that_has_ended(tmp_path: Path) -> None:
    """Where a desk is, and the code, is its owner's alone; what an ended desk left counts for nothing."""
    desk = RunningDesk("http://serai.localhost:7317", "7KQM-2XPD-9FRT")
    assert find_running(tmp_path) is None
    with mark_running(tmp_path) as mark:
        mark.write(desk)
        assert stat.S_IMODE((tmp_path / "desk.json").stat().st_mode) == 0o600
        assert find_running(tmp_path) == desk
        with refused(LocalCode.DESK_RUNS), mark_running(tmp_path):
            pass
    assert find_running(tmp_path) is None
    (tmp_path / "desk.json").write_text(json.dumps({"origin": "http://evil.example", "code": "x"}))
    assert find_running(tmp_path) is None


async def test_store_of_a_newer_program(made: MadeNetwork) -> None:
    """A desk that meets a store of a newer program does not open it, and says so."""
    with closing(sqlite3.connect(made.home(KZ).store)) as raw:
        raw.execute(f"PRAGMA user_version={len(MIGRATIONS) + 1}")
    with refused(LocalCode.STORE_NEWER, str(len(MIGRATIONS) + 1)):
        async with open_desk(made.home(KZ)):
            pass
