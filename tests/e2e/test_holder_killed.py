"""The process that keeps the connection is killed beside somebody who watches: the watch says so, and goes on."""

from __future__ import annotations

from tests.e2e.test_cli_asks import answer, at_terminal, end
from tests.support.scenario import PASSPHRASE, Stage

LIVE = '{..."live": true...}\n'
FLASH = (
    "kz> serai send warning --to UZ/NFP --precedence flash --reference KZ-1 --action stop --summary Blue. --yes"
    " 2>/dev/null\nSent as EX <N>, to UZ/NFP; accepted by the hub.\n"
)


def test_live_screen_outlives_the_holder(played: Stage) -> None:
    """SIGKILL of serai run: the screen says that nobody rings, and shows by itself what a new one brings."""
    played.play(f"uz> start: serai run\nuz> until: serai status --json\n{LIVE}")
    with at_terminal(played, "uz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect("connected since [0-9:]+ UTC")
        played.play("uz> kill\n")
        child.expect("NOT CONNECTED, NOBODY RINGS since [0-9:]+ UTC")
        child.expect_exact("serai run is not running; start it")
        played.play(FLASH)
        played.play("uz> start: serai run\n")
        child.expect("connected since [0-9:]+ UTC")
        child.expect_exact("! EXERCISE - FLASH EX")
        child.send("q")
        assert end(child) == 0
    played.play('uz> serai status --json\n{..."alarms": 1...}\n')  # the officer's key, from when the network was made


def test_live_screen_outlives_a_holder_in_the_middle_of_a_write(played: Stage) -> None:
    """Killed again and again while mail comes in: nothing is locked for ever, damaged, or shown twice."""
    with at_terminal(played, "uz", "watch") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        child.expect_exact("serai run is not running")
        for number in range(3):
            played.play("uz> start: serai run\n")
            child.expect("connected since [0-9:]+ UTC")
            played.play(
                f"kz> for each in 1 2; do serai send warning --to UZ/NFP --reference K-{number}-$each"
                " --action inform --summary Blue. --yes; done >/dev/null 2>&1\nuz> kill\n"
            )
            child.expect("NOT CONNECTED, NOBODY RINGS since [0-9:]+ UTC")
        played.play("uz> start: serai run\nuz> until: serai inbox --json | grep -o '\"number\"' | wc -l\n6\n")
        child.expect("connected since [0-9:]+ UTC")
        child.send("q")
        assert end(child) == 0
    played.play('uz> serai audit --json\n{..."holds": true...}\n')


def test_lines_outlive_the_holder(played: Stage) -> None:
    """The same where each dispatch is a line: that nobody rings is said, and the next dispatch is a line."""
    played.play(f"uz> start: serai run\nuz> until: serai status --json\n{LIVE}")
    with at_terminal(played, "uz", "watch", "--lines", "--count", "1") as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        played.play("uz> kill\n")
        child.expect_exact("NOBODY RINGS: serai run is not running")
        played.play(FLASH + "uz> start: serai run\n")
        child.expect("EX [0-9 ]+.* ! KZ/NFP")
        assert end(child) == 0
