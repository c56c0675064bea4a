"""``serai-hub serve`` as a process of its own: what it says, how it stops, and what it refuses."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import json
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from broker.adapters.system import make_hub_keys
from tests.support.hub import open_line
from tests.support.world import KG, KZ, TJ, digest_of
from tests.unit.broker.cli.hubs import Place, run, run_apart
from tests.unit.broker.edges import catch_up


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
    assert said(place)[-2:] == [
        f"Serai hub of network toy, ws://127.0.0.1:{port}",
        f"listening on 127.0.0.1:{port}; ledger of 7 leaves",
    ]


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
        taken.bind(("127.0.0.1", other.process.port))
        taken.listen()
        done = run_apart("serve", other.folder.path)
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "cannot listen" in done.stderr
    assert "Serai hub of network" not in done.stdout
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
    async with asyncio.timeout(20):
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


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub")])
    now = dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(private, hashes.SHA256())
    )
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(private.private_bytes(*form))
    return chain, key
