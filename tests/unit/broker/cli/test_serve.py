"""``serai-hub serve`` as a process of its own: what it says, how it stops, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import resource
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from broker.adapters.system import make_hub_keys
from broker.server import DESCRIPTORS
from broker.service.sequencer import Sequencer
from tests.support.hub import open_line
from tests.support.tls import certificate
from tests.support.world import KG, KZ, TJ, digest_of
from tests.unit.broker.cli.hubs import Place, run, run_apart
from tests.unit.broker.edges import catch_up

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A hub that serves; a test that stops it starts it again."""
    made = Place(tmp_path_factory.mktemp("serve")).found()
    made.process.start()
    yield made
    made.process.stop()


def token(place: Place, iss: str = KZ, seat: str = "main") -> str:
    """A good token for the hub."""
    return catch_up(place.world).token(iss, hub=place.process.origin, seat=seat)


def said(place: Place) -> list[str]:
    """What the hub said to people, in order."""
    return [line for line in place.process.log.splitlines() if not line.startswith("{")]


def test_a_hub_says_what_it_serves_and_where(place: Place) -> None:
    """Network, how members dial it, where it listens and how large the ledger is are told once it answers."""
    port = place.process.port
    assert said(place)[-3:] == [
        f"Serai hub of network toy, ws://127.0.0.1:{port}",
        f"listening on 127.0.0.1:{port}; ledger of 7 leaves",
        f"metrics at http://127.0.0.1:{place.process.metrics_port}/metrics",
    ]
    [serving] = [json.loads(line) for line in place.process.log.splitlines() if '"serving"' in line][-1:]
    assert serving["memory_hidden"] is True
    assert serving["descriptors"] == min(DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    assert serving["watchdog_s"] is None


def test_systemd_hears_when_a_hub_listens_and_that_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """READY comes once members are answered, WATCHDOG again and again after it, and nothing from a hub that hangs."""
    other = Place(tmp_path).found()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        address = f"\0{tmp_path.name}-{uuid4()}"
        systemd.bind(address)
        systemd.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{address[1:]}")
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        other.process.start()
        heard = [systemd.recv(100) for _ in range(5)]
        assert set(heard) == {b"READY=1", b"STATUS=serving", b"WATCHDOG=1"}
        assert heard.count(b"READY=1") == 1
        process = other.process.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
        systemd.settimeout(1.5)
        with suppress(TimeoutError):
            late = [systemd.recv(100) for _ in range(10)]
            raise AssertionError(late)
        process.send_signal(signal.SIGCONT)
    assert other.process.stop() == 0


def test_a_folder_with_a_long_path_is_served_and_commanded(tmp_path: Path) -> None:
    """The operator's socket is made, found and taken away where its path is longer than an address may be."""
    deep = tmp_path.joinpath(*["a-folder-for-the-hub-of-the-network"] * 4)
    deep.mkdir(parents=True)
    other = Place(deep).found()
    other.process.start()
    assert stat.S_IMODE(other.folder.control.stat().st_mode) == 0o600
    assert json.loads(run_apart("suspend", other.folder.path, KZ).stdout)["index"] == 7
    assert other.process.stop() == 0
    assert not other.folder.control.exists()


def test_a_second_hub_on_the_folder_says_why_it_will_not(place: Place) -> None:
    """It ends with exit code 1 and the reason, takes nothing from the first, and the first goes on."""
    second = run_apart("serve", place.folder.path)
    assert (second.returncode, second.stdout) == (1, "")
    assert "another hub holds this folder" in second.stderr
    assert place.folder.control.is_socket()
    assert httpx.get(f"http://127.0.0.1:{place.process.port}/health/ready").status_code == 200


def test_a_hub_with_other_keys_than_the_networks_does_not_serve(tmp_path: Path) -> None:
    """Whoever lost the keys that the root certified is told so before it answers anybody."""
    other = Place(tmp_path).found()
    shutil.rmtree(other.folder.keys)
    make_hub_keys(other.folder.keys)
    done = run_apart("serve", other.folder.path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "other keys than this hub holds" in done.stderr


def test_a_port_that_is_taken_ends_the_hub(tmp_path: Path) -> None:
    """A hub that cannot listen says so and ends with a fault; its folder is free again."""
    other = Place(tmp_path)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", other.process.port))
        taken.listen()
        done = run_apart("serve", other.folder.path)
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "cannot listen" in done.stderr
    assert "Serai hub of network" not in done.stdout
    assert run("ledger", "check", other.folder.path).exit_code == 0


def test_a_hub_that_has_failed_ends_with_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When its one writer dies the process says so and ends with exit code 1; its folder is free again."""

    async def fail(_: Sequencer) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Sequencer, "run", fail)
    other = Place(tmp_path).found()
    done = run("serve", other.folder.path)
    assert done.exit_code == 1
    assert "a task of the hub has failed" in done.stderr
    assert run("ledger", "check", other.folder.path).exit_code == 0


def test_no_folder_is_checked_while_its_hub_serves(place: Place) -> None:
    """A check of the ledger needs the folder for itself, and says who has it."""
    done = run("ledger", "check", place.folder.path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "another hub holds this folder" in done.stderr


async def test_the_operator_commands_a_hub_that_serves(place: Place, tmp_path: Path) -> None:
    """Admitted while it serves, a statement reaches members at once; who is suspended loses the line."""
    world = place.world
    async with place.process.connect(token(place, KG)) as suspended, place.process.connect(token(place, TJ)) as other:
        await open_line(suspended)
        await open_line(other)
        text = world.revocation(world.party(f"{KZ}/DUTY-1"))
        admitted = run("admit", place.folder.path, place.file(text))
        assert json.loads(admitted.stdout)["digest"] == digest_of(text)
        assert json.loads(run("suspend", place.folder.path, KG).stdout)["index"] == 8
        refused = run("suspend", place.folder.path, "KZ/NPF")
        assert (refused.exit_code, "has never had a credential" in refused.stderr) == (1, True)
        assert await close_code(suspended) == 4414
        indices: list[int] = []
        while len(indices) < 9:
            indices += [item["index"] for item in json.loads(await other.recv())["items"]]
        assert indices == list(range(9))
    done = run("backup", place.folder.path, tmp_path / "backup")
    assert done.exit_code == 0
    assert run("restore", tmp_path / "restored", tmp_path / "backup").exit_code == 1  # no register there


async def close_code(line: ClientConnection) -> int | None:
    """Read until the hub closes the line; gives the code."""
    async with asyncio.timeout(60):
        with suppress(ConnectionClosed):
            while True:
                await line.recv()
    return line.close_code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_hub_cleanly(place: Place, number: signal.Signals) -> None:
    """Open lines are told, the exit code is 0, nothing is left; a token used before is refused after the start."""
    used = token(place)
    async with place.process.connect(used) as line:
        await open_line(line)
        process = place.process.process
        assert process is not None
        process.send_signal(number)
        assert await close_code(line) == 1012
    assert process.wait(20) == 0
    assert said(place)[-1] == "stopped"
    assert "Traceback" not in place.process.log
    assert not place.folder.control.exists()
    place.process.start()
    with pytest.raises(InvalidStatus) as refused:
        async with place.process.connect(used):
            pass
    assert json.loads(bytes(refused.value.response.body or b""))["code"] == "token_replayed"


def test_a_hub_may_speak_tls_itself(tmp_path: Path) -> None:
    """With certificate and key in its settings the hub answers over TLS, and only so."""
    other = Place(tmp_path)
    chain, key = certificate(tmp_path)
    with other.folder.settings_file.open("a") as settings:
        settings.write(f"certificate = {json.dumps(str(chain))}\nprivate_key = {json.dumps(str(key))}\n")
    command = [sys.executable, "-m", "broker", "serve", str(other.folder.path)]
    trust = ssl.create_default_context(cafile=str(chain))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        url = f"127.0.0.1:{other.process.port}/health/live"
        assert httpx.get(f"https://{url}", verify=trust).json() == {"status": "live"}
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://{url}")
        process.terminate()
        assert process.wait(20) == 0


def test_a_certificate_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """A hub whose certificate is missing, or whose key is another's, says which setting it is and does not serve."""
    other = Place(tmp_path).found()
    (tmp_path / "other").mkdir()
    (chain, _), (_, key) = certificate(tmp_path), certificate(tmp_path / "other")
    settings = other.folder.settings_file.read_text()
    for wrong in (tmp_path / "missing.pem", chain):
        lines = f"certificate = {json.dumps(str(wrong))}\nprivate_key = {json.dumps(str(key))}\n"
        other.folder.settings_file.write_text(settings + lines)
        done = run_apart("serve", other.folder.path)
        assert (done.returncode, "certificate or private_key" in done.stderr) == (1, True)
        assert "Traceback" not in done.stderr
