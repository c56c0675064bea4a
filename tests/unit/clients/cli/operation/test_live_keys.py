"""What the keys of ``serai operation watch`` do."""

# ruff: noqa: RUF001 - Russian letters that look Latin

from __future__ import annotations

import pytest

from clients.cli.officer.operation.live_keys import LiveKeys
from clients.cli.officer.watch_line import Tone
from schemas.addresses import is_officer
from schemas.operations.held import StepContent
from schemas.reports.operations import MoveForm
from tests.support.world import KZ, TJ
from tests.unit.clients.cli.operation.conftest import Keyboard


def keys_of(keyboard: Keyboard) -> tuple[LiveKeys, str]:
    """The keys at KZ, whose lorry it is, and the operation."""
    crew = keyboard.crew
    operation = crew.open()
    crew.agree(operation)
    crossed = {"movement": "crossed", "soil": KZ, "leg": "3", "ground": "planned", "place": {"name": "Zhibek Zholy"}}
    crew.act(KZ, "move", crossed, operation=operation)
    return LiveKeys(crew[KZ], operation), operation


@pytest.mark.parametrize("key", ["c", "C", "с"])
def test_one_key_checks_in(keyboard: Keyboard, key: str) -> None:
    """The goods are just now where they were reported last, by the member's own key: no officer is asked."""
    keys, operation = keys_of(keyboard)
    assert keys.press(key) is None
    assert keys.foot()[0].tone is Tone.OPEN
    keyboard.crew[KZ].desk.flush()
    keyboard.crew.sync()
    step = max(keyboard.crew[TJ].known(operation).held.steps, key=lambda each: each.number)
    form = step.content.read.form if isinstance(step.content, StepContent) else None
    assert isinstance(form, MoveForm)
    assert (form.movement.value, form.soil, form.leg) == ("at", KZ, "3")
    assert form.place is not None
    assert form.place.name == "Zhibek Zholy"
    assert not is_officer(step.cover.iss)


def test_a_check_in_that_cannot_go_says_why(keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be sent is told at the foot, and the screen goes on."""
    keys, _operation = keys_of(keyboard)
    monkeypatch.setattr("clients.actions.operations.commands.reachable_members", lambda _client: [])
    assert keys.press("c") is None
    assert keys.foot()[0].tone is Tone.FAULT


@pytest.mark.parametrize(("typed", "ends"), [("q", False), ("й", False), ("\x03", False), ("s", True), ("ы", True)])
def test_keys_that_end_the_screen(keyboard: Keyboard, typed: str, ends: bool) -> None:
    """Q ends it; s ends it to stop the operation; on a Russian keyboard the same keys do."""
    keys, _operation = keys_of(keyboard)
    assert keys.press(typed) is ends


def test_the_picture_is_moved(keyboard: Keyboard) -> None:
    """Space goes on, b goes back, never before the beginning."""
    keys, _operation = keys_of(keyboard)
    keys.press("  ")
    assert keys.first > 0
    keys.press("bbbb")
    assert keys.first == 0
