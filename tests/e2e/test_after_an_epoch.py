"""A hub is restored and the root signs an epoch: what people read then, and once they have dealt with it."""

from __future__ import annotations

import pytest

from tests.e2e.test_cli import SCENARIOS
from tests.e2e.test_cli_asks import answer, at_terminal, end
from tests.support.scenario import PASSPHRASE, Stage

SCREENS = ("status", "inbox", "doctor", "alarms", "sent")
RED = ("\x1b[31m", "\x1b[91m", "FAULT", "WARNING", "NOT CONNECTED", "NOT KNOWN", "CAME BACK")


def read(stage: Stage, actor: str, screen: str) -> str:
    """A screen as a person at a terminal reads it, in colour."""
    with at_terminal(stage, actor, screen) as child:
        answer(child, "Passphrase of this store", PASSPHRASE)
        status = end(child)
        assert status == 0, child.before
        return str(child.before)


def reds(stage: Stage, actor: str) -> list[str]:
    """The screens of a client on which something is red, or in words that call."""
    return [screen for screen in SCREENS if any(word in read(stage, actor, screen) for word in RED)]


@pytest.fixture
def restored(played: Stage) -> Stage:
    """The hub goes on in epoch 1, and has lost what came after its backup; KZ keeps its connection."""
    text = (SCENARIOS / "restore.txt").read_text()
    played.play(text[: text.rindex("hub> stop")])
    played.play('kz> start: serai run\nkz> until: serai status --json\n{..."live": true...}\n')
    return played


def test_no_screen_is_red_after_an_epoch(restored: Stage) -> None:
    """An epoch is one open alarm, which says what happened; once a person has closed it, no screen is red, ever."""
    assert "epoch: a new epoch dropped the end of the ledger; epoch 1" in read(restored, "kz", "alarms")
    doctor = read(restored, "kz", "doctor")
    assert (doctor.count("WARNING"), "open alarms: 2, the newest epoch" in doctor) == (1, True)
    for number in (1, 2):  # the first is of the officer's key, from when the network was made
        restored.play(f"kz> serai alarm close {number} --reason 'The Centre restored its hub' --yes\n...\n")
    restored.play("kz> stop\nkz> start: serai run\n")
    restored.play('kz> until: serai status --json\n{..."live": true...}\nkz> serai audit --json\n{..."holds": true}\n')
    assert reds(restored, "kz") == []
    restored.play("kz> serai sent\n...1 of 1 acknowledged...\n...\nkz> serai status\n...\nAlarms         0\n")
