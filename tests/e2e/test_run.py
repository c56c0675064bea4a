"""What `serai run` and `serai doctor` do when the machine or the line is not as it should be."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.test_cli_asks import at_terminal
from tests.support.certificates import write_certificates
from tests.support.scenario import PASSPHRASE, Stage, stage
from tests.support.small_disk import small_disk

SCENARIOS = Path(__file__).parent / "cli"
PATIENCE_S = 60.0

WARNING = 'serai send warning --to KZ/NFP --precedence flash --reference UZ-{n} --action stop --summary "Lorry {n}."'


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


def said(played: Stage, actor: str) -> str:
    """What a service has said so far."""
    return (played.path / f"{actor}.log").read_text()


def wait_line(played: Stage, actor: str, words: str) -> None:
    """Wait until a service has said something."""
    until(lambda: words in said(played, actor), f"{words}\n{said(played, actor)}")


def test_full_disk(played: Stage, tmp_path: Path) -> None:
    """On a full disk the service says so and stays; what came meanwhile is taken once there is room."""
    with small_disk(tmp_path / "disk", 8_192) as disk:
        home = Path(shutil.move(played.path / "kz", disk.path / "kz"))
        (played.path / "kz").symlink_to(home)
        played.play("uz> serai inbox --fetch\nNothing.\nkz> start: serai run\n")
        wait_line(played, "kz", "the line is up")
        disk.fill()
        for number in range(40):
            played.play(f"uz> {WARNING.format(n=number)} --yes >/dev/null 2>&1\n")
            if "disk is full or fails" in said(played, "kz"):
                break
        wait_line(played, "kz", "disk is full or fails")
        assert played.started["kz"].poll() is None
        disk.make_room()
        played.play(f"kz> until: serai inbox --limit 1\n... UZ/NFP ... Lorry {number}...\nkz> stop\n")


def test_wrong_clock(played: Stage) -> None:
    """A machine whose clock is fifteen minutes ahead is told so, and what it signs carries the hub's time."""
    ahead = played.path / "bin" / "serai-ahead"
    ahead.write_text(
        f"#!{sys.executable}\n"
        "import time\n"
        "now = time.time_ns\n"
        "time.time_ns = lambda: now() + 900 * 10**9\n"
        "from clients.cli import main\n"
        "main()\n"
    )
    ahead.chmod(0o755)
    played.play("kz> start: serai-ahead run\n")
    wait_line(played, "kz", "this machine's clock is wrong by 900 s; the hub's time is used; set the clock")
    command = WARNING.format(n=1).replace("KZ/NFP", "UZ/NFP").replace("serai", "serai-ahead", 1)
    played.play(f"kz> {command} --yes 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n")
    played.play("kz> serai-ahead doctor | grep -A 1 clock:\nWARNING   clock: wrong by 900 s\n...timedatectl...\n")
    played.play("kz> stop\n")


def test_bell_rings_until_an_officer_has_answered(played: Stage) -> None:
    """At a terminal the bell rings again and again for something urgent; an acknowledgement from elsewhere ends it."""
    played.play("uz> serai inbox --fetch\nNothing.\n")
    with at_terminal(played, "kz", "run", "--every", "1") as child:
        child.expect_exact("Passphrase")
        child.sendline(PASSPHRASE)
        child.expect_exact("the line is up")
        played.play(f"uz> {WARNING.format(n=1)} --yes --json 2>/dev/null\n{{...}}\n")
        for _ in range(2):
            child.expect_exact("\a")
        played.play("kz> N=$(serai inbox --json | grep -o '\"number\": [0-9]*'); serai acknowledge ${N##* }\n...\n")
        played.play('kz> until: serai status --json\n{..."urgent_waiting": 0, ...}\n')
        child.sendintr()
        child.expect_exact("stopped; nothing is lost")


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which the hub speaks TLS itself, under an authority of its own."""
    write_certificates(tmp_path, "localhost")
    text = (SCENARIOS / "network.txt").read_text()
    text = text.replace("ws://127.0.0.1", "wss://localhost").replace(" --network root/", " --ca ca.pem --network root/")
    serve = "hub> start: serai-hub serve hub\n"
    tls = 'hub> printf \'certificate = "%s"\\nprivate_key = "%s"\\n\' $PWD/hub.pem $PWD/hub.key >> hub/hub.toml\n'
    for made in stage(tmp_path):
        made.play(text.replace(serve, tls + serve))
        yield made


def test_line_over_tls(secured: Stage) -> None:
    """Everything goes over TLS; `doctor` says how long the certificate holds, and mends one that is not trusted."""
    secured.play("kz> serai inbox --fetch\nNothing.\n")
    command = WARNING.format(n=1).replace("KZ/NFP", "UZ/NFP")
    secured.play(f"kz> {command} --yes 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n")
    secured.play("uz> serai inbox --fetch\n... EX <N> ... Lorry 1...\n")
    secured.play(
        "kz> serai doctor | grep TLS:\nok        TLS: the certificate of wss://localhost:... ends in 29 days\n"
    )
    secured.play("kz> sed -i /^ca/d kz/config.toml\n")
    secured.play('kz> serai doctor --json\n{..."check": "tls", "grade": "fault", ...certificate...}\n[1]\n')
    secured.play("kz> serai inbox --fetch --wait 2\n...\nserai: wss:...: SSLCertVerificationError\n...\n[1]\n")
