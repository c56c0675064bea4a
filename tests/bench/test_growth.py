"""The growth measurements: who sends to whom, what is left out when time is short, what is drawn."""

from __future__ import annotations

import time
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from tests.bench.growth import (
    FAN_OUT_KEYS,
    LEDGER_KEYS,
    WHOLE,
    Shape,
    fan_out,
    grow,
    line_of,
    shape_of_members,
    shape_of_recipients,
)
from tests.bench.growth_figures import FIGURES, draw
from tests.bench.measure import QUICK, Result


@pytest.mark.parametrize("count", WHOLE.members)
def test_each_member_sends_to_six_and_gets_from_six(count: int) -> None:
    """With more members, alerts still have six recipients, and every member is one for six senders."""
    shape = shape_of_members(count)
    routes = [shape.route(sender) for sender in range(shape.senders)]
    assert all(len(set(route) - {sender}) == 6 for sender, route in enumerate(routes))
    got = [to for route in routes for to in route]
    assert {got.count(member) for member in range(shape.members)} == {6}
    assert 360 <= shape.senders * shape.in_flight <= 384


@pytest.mark.parametrize("count", WHOLE.recipients)
def test_each_dispatch_has_the_recipients_asked_for(count: int) -> None:
    """Recipients are distinct and never the sender; no more copies wait than those of w1 or of one alert each."""
    shape = shape_of_recipients(count)
    assert all(len(set(shape.route(sender)) - {sender}) == count for sender in range(shape.senders))
    assert 1 <= shape.in_flight <= 64
    assert shape.senders * shape.in_flight * count <= max(6 * 384, 6 * count)


async def test_a_fan_out_of_any_shape_reaches_exactly_its_recipients(tmp_path: Path) -> None:
    """Eight members, six senders, three recipients each: everybody gets what is for him, and the keys are there."""
    result = await fan_out(Shape(8, 6, 3, 4), QUICK, tmp_path)
    assert tuple(result.line) == FAN_OUT_KEYS
    assert result.more["lost"] == 0
    assert result.more["accepted"] > 0


def test_sizes_that_would_take_too_long_are_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first size is always measured; when time is over the others are named, not measured, and no folder stays."""

    def measure(size: int, folder: Path) -> Result:
        (folder / "hub").touch()
        return Result({"cost": size * 2})

    ready = time.monotonic() + 60
    assert grow([1, 2, 3], measure, tmp_path, ready, 3) == {1: {"cost": 2}, 2: {"cost": 4}, 3: {"cost": 6}}
    assert grow([1_000, 2_000], measure, tmp_path, time.monotonic() - 1, 3) == {1_000: {"cost": 2_000}}
    assert "2,000 and above left out" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_size_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    """An error ends the run, and what it wrote is removed."""

    def measure(size: int, folder: Path) -> Result:
        raise RuntimeError(folder.name)

    with pytest.raises(RuntimeError):
        grow([1], measure, tmp_path, 0, 3)
    assert list(tmp_path.iterdir()) == []


def test_a_line_holds_all_sizes_in_their_order() -> None:
    """Sizes and numbers are lists of the same order."""
    found = {7: {"a": 1, "b": 2}, 20: {"a": 3, "b": 4}}
    assert line_of("x", "members", found, ["b", "a"]) == {"workload": "x", "members": [7, 20], "b": [2, 4], "a": [1, 3]}


@pytest.mark.parametrize("workload", list(FIGURES))
def test_every_line_can_be_drawn(workload: str) -> None:
    """Each figure has its charts and axes titled, and warns of a busy machine."""
    drawn = FIGURES[workload]
    found = {size: dict.fromkeys((*FAN_OUT_KEYS, *LEDGER_KEYS), float(size)) for size in (10, 100)}
    line = line_of(workload, drawn.name, found, [*FAN_OUT_KEYS, *LEDGER_KEYS])
    text = draw(line, 3.0)
    fromstring(text)  # noqa: S314 - written above
    assert all(chart.title.replace("'", "&#x27;") in text for chart in drawn.charts)
    assert text.count(f">{drawn.x_title}<") == len(drawn.charts)
    assert "load average 3.0" in text
    assert "busy" not in draw(line, 0.1)
