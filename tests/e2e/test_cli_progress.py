"""What a person at a terminal sees of something that takes its time."""

from __future__ import annotations

import pexpect

from tests.e2e.test_cli_asks import answer, at_terminal, end
from tests.support.scenario import PASSPHRASE, Stage

FILE = "caricc.csv.gz"
LINK = f'kz> ln -s "$PYTHONPATH/clients/demo/data/ids-caricc-2011-2014.csv.gz" {FILE}\n'
READY = f"kz> serai inbox --fetch\nNothing.\n{LINK}hub> stop\n"


def test_long_import_shows_how_far_it_is_and_can_be_stopped(played: Stage) -> None:
    """While the hub is silent a bar shows what has gone; Ctrl-C says how to go on, and the same command does."""
    played.play(READY)
    command = ["import", FILE, "--to", "UZ/NFP", "--yes", "--wait", "60"]
    with at_terminal(played, "kz", *command, NO_COLOR="1") as child:
        answer(child, "Passphrase", PASSPHRASE)
        child.expect_exact("Sending [....................] 0 of 269 (0%)")
        child.sendintr()
        child.expect_exact("Stopped. Rows in the outbox: 269; they go out, nothing is lost.")
        child.expect_exact("type the same command again")
        assert end(child) == 130
        assert "\x1b" not in (child.before or "")
    played.play("hub> start: serai-hub serve hub\n")
    played.play(
        f'kz> serai import {FILE} --json 2>/dev/null\n{{"ok": true, ..."new": 0, "before": 269, ..."queued": 0, ...}}\n'
    )


def test_waiting_for_the_hub_is_seen_and_wiped_away(played: Stage) -> None:
    """A command that waits says so after two seconds, and leaves nothing of it on the screen."""
    played.play(READY)
    warning = ["--reference", "KZ-1", "--action", "inform", "--summary", "x", "--yes", "--wait", "4"]
    with at_terminal(played, "kz", "send", "warning", "--to", "UZ/NFP", "--precedence", "routine", *warning) as child:
        answer(child, "Passphrase", PASSPHRASE)
        child.expect("\rWaiting for the hub ... 0:0[2-4]")
        child.expect("\r +\r")
        child.expect_exact("Queued as outbox")
        child.expect(pexpect.EOF)
        child.close()
    assert child.exitstatus == 3


def test_ctrl_c_does_not_hide_what_was_said(played: Stage) -> None:
    """Who stops waiting is told that it is signed and will go: nobody sends it twice, or believes it undone."""
    played.play(READY)
    warning = ["--reference", "KZ-1", "--action", "inform", "--summary", "x", "--yes", "--wait", "60"]
    with at_terminal(played, "kz", "send", "warning", "--to", "UZ/NFP", *warning) as child:
        answer(child, "Passphrase", PASSPHRASE)
        child.expect("Waiting for the hub ... 0:0[2-4]")
        child.sendintr()
        child.expect_exact("Stopped.")
        child.expect_exact("Queued as outbox")
        assert end(child) == 130
    played.play("kz> serai sent\nQueued: outbox ..., to UZ/NFP\n")
