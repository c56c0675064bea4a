"""What a person at a terminal sees of something that takes its time."""

from __future__ import annotations

from tests.e2e.test_cli_asks import answer, at_terminal, end
from tests.support.scenario import OFFICERS, PASSPHRASE, Stage

FILE = "seizures.csv"
ROWS = 25
WAITING = r"Waiting for the hub \.\.\. \d+:\d\d"


def make_ready(stage: Stage) -> None:
    """A file of seizures, and a client that has been at the hub, which has gone away."""
    row = ";;Kazakhstan;;Aul;2014-12-31;Heroin;{};Gram;;;;;;;"
    rows = "\n".join(row.format(number) for number in range(1, ROWS + 1))
    header = "gunzip -c $PYTHONPATH/clients/demo/data/ids-caricc-2011-2014.csv.gz | head -1 | tr -d '\\r'"
    (stage.path / "rows").write_text(rows + "\n")
    stage.play("kz> serai inbox --fetch\nNothing.\nTrue as of ...")
    stage.play(f"kz> {{ {header}; cat rows; }} > {FILE}\nhub> stop\n")


def test_long_import_shows_how_far_it_is_and_can_be_stopped(played: Stage) -> None:
    """While the hub is silent a bar shows what has gone; Ctrl-C says how to go on, and the same command does."""
    make_ready(played)
    command = ["import", FILE, "--to", "UZ/NFP", "--yes", "--wait", "600"]
    with at_terminal(played, "kz", *command, NO_COLOR="1") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Passphrase of KZ/NFP/DUTY-1", OFFICERS)
        child.expect_exact(f"Sending [....................] 0 of {ROWS} (0%)")
        child.sendintr()
        child.expect_exact(f"Stopped. Rows waiting to be sent: {ROWS}; they go out, nothing is lost.")
        child.expect_exact("type the same command again")
        assert end(child) == 130
        assert "\x1b" not in (child.before or "")
    played.start_hub()
    played.play(
        f"kz> serai import {FILE} --json 2>/dev/null\n"
        f'{{"ok": true, ..."new": 0, "before": {ROWS}, ..."queued": 0, ...}}\n'
    )


def test_waiting_for_the_hub_is_seen_and_wiped_away(played: Stage) -> None:
    """A command that waits says so after a while, and leaves nothing of it on the screen once it has an answer."""
    make_ready(played)
    warning = ["--reference", "KZ-1", "--action", "inform", "--summary", "x", "--yes", "--wait", "600"]
    with at_terminal(played, "kz", "send", "warning", "--to", "UZ/NFP", "--precedence", "routine", *warning) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Passphrase of KZ/NFP/DUTY-1", OFFICERS)
        child.expect(WAITING)
        played.start_hub()
        child.expect("\r +\r")
        child.expect("Sent as EX [0-9]+, to UZ/NFP")
        assert end(child) == 0


def test_ctrl_c_does_not_hide_what_was_said(played: Stage) -> None:
    """Who stops waiting is told that it is signed and will go: nobody sends it twice, or believes it undone."""
    make_ready(played)
    warning = ["--reference", "KZ-1", "--action", "inform", "--summary", "x", "--yes", "--wait", "600"]
    with at_terminal(played, "kz", "send", "warning", "--to", "UZ/NFP", *warning) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        answer(child, "Passphrase of KZ/NFP/DUTY-1", OFFICERS)
        child.expect(WAITING)
        child.sendintr()
        child.expect_exact("Stopped.")
        child.expect_exact("Waiting to be sent, item")
        assert end(child) == 130
    played.play("kz> serai sent\nWaiting to be sent: item ..., to UZ/NFP\n...\n")
