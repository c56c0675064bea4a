"""What `serai run` and `serai doctor` do when the machine or the line is not as it should be."""

from __future__ import annotations

import shutil
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.test_cli_asks import at_terminal
from tests.support.certificates import write_certificates
from tests.support.scenario import PASSPHRASE, Stage
from tests.support.small_disk import small_disk

PATIENCE_S = 120.0
FILES = {"certificate": "hub.pem", "private_key": "hub.key", "ca": "ca.pem"}

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
        played.play("uz> serai inbox --fetch\nNothing.\nTrue as of ...\nkz> start: serai run\n")
        wait_line(played, "kz", "connected")
        disk.fill()
        for number in range(40):
            played.play(f"uz> {WARNING.format(n=number)} --yes >/dev/null 2>&1\n")
            if "disk is full or fails" in said(played, "kz"):
                break
        wait_line(played, "kz", "disk is full or fails")
        assert played.started["kz"].poll() is None
        disk.make_room()
        played.play(f"kz> until: serai inbox --limit 1\n... UZ/NFP ... Lorry {number}...\n...\nkz> stop\n")


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


@pytest.mark.parametrize("days", [2, -365])
def test_clock_wrong_by_days(played: Stage, days: int) -> None:
    """A machine whose clock is days or a year off is not corrected: it alarms, and a person's word connects it.

    A word that is neither clock's changes nothing.
    """
    wrong = played.path / "bin" / "serai-wrong"
    wrong.write_text(
        f"#!{sys.executable}\n"
        "import time\n"
        "now, seconds = time.time_ns, time.time\n"
        f"time.time_ns = lambda: now() + {days} * 86400 * 10**9\n"
        f"time.time = lambda: seconds() + {days} * 86400\n"
        "from clients.cli import main\n"
        "main()\n"
    )
    wrong.chmod(0o755)
    played.play("kz> start: serai-wrong run\n")
    wait_line(played, "kz", "the hub's time and this machine's clock differ by more than a day")
    wait_line(played, "kz", f"the hub's time is {-days:+d} days from this machine's: serai time")
    wait_line(played, "kz", "not connected: the hub's time and this machine's clock differ by more than a day. Compare")
    played.play(
        f"kz> serai-wrong doctor | grep FAULT\n...\nFAULT     clock: {days} days from the hub's: a person must look\n"
        "kz> serai-wrong time || echo 1\n...\nThey differ by more than a day...\n...\n1\n"
        "kz> serai-wrong time --confirm 2020-01-01T00:00 2>&1 || echo 1\n...you say 2020-01-01...\n...\n1\n"
        "kz> serai-wrong time --confirm $(date -u +%Y-%m-%dT%H:%M)\n...\nThe hub's time is used.\n"
        'kz> until: serai status --json\n{"ok": true, ..."live": true, ...}\n'
    )
    command = WARNING.format(n=1).replace("KZ/NFP", "UZ/NFP").replace("serai", "serai-wrong", 1)
    played.play(f"kz> {command} --yes 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n")
    played.play("kz> stop\n")


def test_bell_rings_until_an_officer_has_answered(played: Stage) -> None:
    """At a terminal the bell rings again and again for something urgent; an acknowledgement from elsewhere ends it."""
    played.play("uz> serai inbox --fetch\nNothing.\nTrue as of ...\n")
    with at_terminal(played, "kz", "run", "--every", "1") as child:
        child.expect_exact("Passphrase")
        child.sendline(PASSPHRASE)
        child.expect_exact("connected")
        played.play(f"uz> {WARNING.format(n=1)} --yes --json 2>/dev/null\n{{...}}\n")
        for _ in range(2):
            child.expect_exact("\a")
        played.play("kz> N=$(serai inbox --json | grep -o '\"number\": [0-9]*'); serai acknowledge ${N##* }\n...\n")
        played.play('kz> until: serai status --json\n{..."urgent_waiting": 0, ...}\n')
        child.sendintr()
        child.expect_exact("stopped; nothing is lost")


@pytest.fixture
def secured(resting: Stage) -> Stage:
    """A stage on which the hub speaks TLS itself, under an authority of its own."""
    write_certificates(resting.path, "localhost")
    files = {name: f'{name} = "{resting.path / file}"\n' for name, file in FILES.items()}
    for home, added in {
        "hub": files["certificate"] + files["private_key"],
        "kz": files["ca"],
        "uz": files["ca"],
    }.items():
        (file,) = (resting.path / home).glob("*.toml")
        file.write_text(file.read_text().replace("ws://127.0.0.1", "wss://localhost") + added)
    authority = ssl.create_default_context(cafile=resting.path / "ca.pem")
    resting.start_hub("https", verify=authority)
    return resting


def test_client_is_made_with_an_authority(resting: Stage) -> None:
    """`init` keeps the file of the authority by which the hub's certificate is checked."""
    write_certificates(resting.path, "localhost")
    where = "--network root/root/network.jws --root $ROOT --hub wss://localhost:$PORT --ca ca.pem"
    resting.play(f'tj> serai init TJ/NFP {where} --name TJ --json\n{{"ok": true, ...}}\n')
    assert f'ca = "{resting.path / "ca.pem"}"' in (resting.path / "tj" / "config.toml").read_text()


def test_line_over_tls(secured: Stage) -> None:
    """Everything goes over TLS; `doctor` says how long the certificate holds, and mends one that is not trusted."""
    secured.play("kz> serai inbox --fetch\nNothing.\nTrue as of ...\n")
    command = WARNING.format(n=1).replace("KZ/NFP", "UZ/NFP")
    secured.play(f"kz> {command} --yes 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n")
    secured.play("uz> serai inbox --fetch\n... EX <N> ... Lorry 1...\nTrue as of ...\n")
    secured.play(
        "kz> serai doctor | grep TLS:\nok        TLS: the certificate of wss://localhost:... ends in 29 days\n"
    )
    secured.play("kz> sed -i /^ca/d kz/config.toml\n")
    secured.play('kz> serai doctor --json\n{..."check": "tls", "grade": "fault", ...certificate...}\n[1]\n')
    secured.play("kz> serai inbox --fetch --wait 2\n...\nserai: wss:...: SSLCertVerificationError\n...\n[1]\n")
