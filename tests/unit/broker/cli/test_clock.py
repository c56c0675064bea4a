"""``serai-hub time``."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from broker.adapters.life import FileLifeRecord
from broker.app import open_ports
from broker.cli.clock import describe
from broker.cli.ui import fail
from broker.core.timekeeping import BEHIND_MS, ClockDoubt, SignOfLife
from broker.service.operator import first_ahead
from broker.service.timekeeper import ClockDoubted
from broker.web.control import TimeAnswer
from schemas.leaf import parse_leaf
from tests.unit.broker.cli.hubs import Place, run

HOUR = 3_600_000
DAY = 24 * HOUR


def now_ms() -> int:
    """This machine's time."""
    return time.time_ns() // 1_000_000


def test_init_is_the_first_sign_of_life(tmp_path: Path) -> None:
    """A new hub believes its clock within the hour."""
    place = Place(tmp_path)
    sign = FileLifeRecord(place.folder.alive).read()
    assert sign is not None
    assert abs(sign.at_ms - now_ms()) < 60_000
    shown = run("time", place.folder.path)
    assert (shown.exit_code, "newest leaf:              none" in shown.stdout) == (0, True)
    assert shown.stdout.endswith("The hub believes its clock.\n")


def test_without_a_sign_of_life_the_newest_leaf_counts(tmp_path: Path) -> None:
    """A hub whose sign is lost goes by its ledger; without either only the operator knows."""
    place = Place(tmp_path)
    place.folder.alive.unlink()
    shown = run("time", place.folder.path)
    assert (shown.exit_code, "last sign of life:        unknown" in shown.stdout) == (1, True)
    assert "nobody has confirmed the time" in shown.stdout
    assert run("time", place.folder.path, "--confirm", "2020-01-01T00:00").exit_code == 1
    FileLifeRecord(place.folder.alive).write(SignOfLife(now_ms(), 0))
    place.found()
    place.folder.alive.unlink()
    assert run("time", place.folder.path).exit_code == 0


@pytest.mark.parametrize("text", ["noon", "2026-13-01T00:00", "", "9999999"])
def test_what_is_no_time_is_wrong_use(tmp_path: Path, text: str) -> None:
    """An example is shown."""
    wrong = run("time", tmp_path, "--confirm", text)
    assert (wrong.exit_code, "2026-12-01T03:00" in wrong.stderr) == (2, True)


def test_a_time_with_an_offset(tmp_path: Path) -> None:
    """Whoever reads a local clock says how far it is from UTC."""
    place = Place(tmp_path)
    FileLifeRecord(place.folder.alive).write(SignOfLife(now_ms() - 9 * DAY, 0))
    local = time.strftime("%Y-%m-%dT%H:%M+05:00", time.gmtime(now_ms() // 1000 + 5 * 3600))
    assert run("time", place.folder.path).exit_code == 1
    assert run("time", place.folder.path, "--confirm", local).exit_code == 0
    assert run("time", place.folder.path).exit_code == 0


def test_russian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator whose machine speaks Russian reads Russian."""
    place = Place(tmp_path)
    FileLifeRecord(place.folder.alive).write(SignOfLife(now_ms() - 9 * DAY, 0))
    monkeypatch.setenv("SERAI_LANG", "ru")
    shown = run("time", place.folder.path).stdout
    assert "Узел не верит своим часам и ничего не записывает:" in shown
    assert f"serai-hub time {place.folder.path} --confirm" in shown
    refused = run("time", place.folder.path, "--confirm", "2020-01-01T00:00").stderr
    assert "Что делать: Сравните ещё раз. Если часы этой машины неверны" in refused
    with pytest.raises(SystemExit):
        fail(ClockDoubted(ClockDoubt.UNCONFIRMED))
    assert ClockDoubted(ClockDoubt.UNCONFIRMED).remedy.ru in capsys.readouterr().err


@pytest.mark.parametrize("doubt", list(ClockDoubt))
def test_each_doubt_has_its_own_remedy(tmp_path: Path, doubt: ClockDoubt) -> None:
    """The operator is asked to confirm the time only where that helps."""
    answer = TimeAnswer(now_ms=now_ms(), synchronised=True, doubt=doubt.value)
    shown = "\n".join(describe(answer, tmp_path))
    assert f"What to do: {ClockDoubted(doubt).remedy.en}" in shown
    assert ("--confirm" in shown) == (doubt in (ClockDoubt.UNSYNCHRONISED, ClockDoubt.UNCONFIRMED))


def test_where_a_ledger_is_ahead(tmp_path: Path) -> None:
    """The first leaf that is ahead of the clock by more than five minutes is found."""
    place = Place(tmp_path).found()
    with open_ports(place.folder, place.folder.read_settings()) as ports:
        times = [parse_leaf(leaf).accepted_at for leaf in ports.store.leaves(0, ports.store.head().size)]
        assert first_ahead(ports.store, now_ms()) is None
        for at_ms in times:
            expected = next((place for place, each in enumerate(times) if each > at_ms), None)
            assert first_ahead(ports.store, at_ms - BEHIND_MS) == expected
        assert first_ahead(ports.store, times[0] - HOUR) == 0
