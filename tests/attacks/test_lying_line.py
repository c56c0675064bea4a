"""A lying hub and a running focal point: what the program that uses it sees, with nobody looking (PROTOCOL 8, 9)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients import FocalPoint
from schemas.frames import Frame, Resume, Welcome, encode_frame, parse_frame
from tests.attacks.arena import PATIENCE_S
from tests.attacks.desks import dispatched
from tests.support.desk import ScriptedLine, cover_to, make_store, system_of, warning
from tests.support.lying_hub import LyingHub, LyingReader
from tests.support.virtual import virtual
from tests.support.world import HUB_ORIGIN, UZ, World


class Stage:
    """A hub that lies and the focal point of KZ at it.

    Attributes:
        seconds: what the focal point's monotonic clock says.
    """

    def __init__(self, hub: LyingHub, path: Path) -> None:
        self.hub = hub
        self.seconds = 0.0
        self._store = make_store(path, hub.world, "KZ/NFP", "KZ/NFP/DUTY-1")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[FocalPoint]:
        """The focal point at work."""
        system = replace(system_of(self.hub.world), monotonic=lambda: self.seconds)
        options: dict[str, Any] = {"transport": self.hub, "system": system}
        options["make_reader"] = lambda _, __: LyingReader(self.hub)
        async with FocalPoint.open(self._store, [HUB_ORIGIN], **options) as point:
            yield point

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds
        self.hub.world.wait(seconds)


@pytest.fixture
def stage(tmp_path: Path, world: World) -> Stage:
    """A hub with three members, and KZ's focal point."""
    return Stage(LyingHub(world), tmp_path)


async def until(point: FocalPoint, condition: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds; it must."""
    try:
        async with asyncio.timeout(seconds):
            await point.until(condition)
    except TimeoutError:
        raise AssertionError("it does not happen") from None


def kinds(point: FocalPoint) -> list[str]:
    """The kinds of the alarms so far."""
    return [alarm.kind for alarm in point.alarms()]


async def test_withheld_while_mail_never_stops(stage: Stage) -> None:
    """A missing receipt is an alarm within a minute of being due, though the hub keeps the line busy with frames."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        sent = await point.send(warning(), cover_to(UZ, precedence="flash"))
        stage.wait(295)
        for _ in range(20):
            stage.wait(5)
            stage.hub.lines[0].deliver(always=True)
            await asyncio.sleep(0.01)
        await until(point, lambda: kinds(point) == ["overdue"])
        assert point.status_of(sent.digest).recipients[UZ].state == "silent"


async def test_withheld_while_lines_never_last(stage: Stage) -> None:
    """A missing receipt is the same alarm though the hub ends every line before anybody has looked."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        sent = await point.send(warning(), cover_to(UZ, precedence="flash"))
        for _ in range(42):
            await until(point, lambda: point.is_live)
            stage.wait(9)
            stage.hub.lines[0].break_off()
            await until(point, lambda: not point.is_live)
        await until(point, lambda: kinds(point) == ["overdue"])
        assert point.status_of(sent.digest).recipients[UZ].state == "silent"


async def test_withheld_by_a_hub_that_never_delivers(stage: Stage) -> None:
    """A missing receipt is the same alarm though the hub says nothing more after its welcome."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        await point.send(warning(), cover_to(UZ, precedence="flash"))
    stage.hub.is_mute = True
    async with stage.open() as point:
        await until(point, lambda: bool(stage.hub.lines))
        stage.wait(301)
        point._link.wake.set()
        await until(point, lambda: kinds(point) == ["overdue"])


async def test_withheld_by_turning_the_clock_back(stage: Stage) -> None:
    """A hub that turns its clock back at every welcome, so that nothing is ever due, is an alarm by the own clock."""
    async with stage.open() as point:
        for _ in range(3):
            await until(point, lambda: point.is_live)
            assert kinds(point) == []
            stage.seconds += 50  # the world's time, which is the hub's and by it the client's, stands
            stage.hub.lines[0].break_off()
            await until(point, lambda: not point.is_live)
        await until(point, lambda: kinds(point) == ["bad_time"])


async def test_submission_that_is_swallowed(stage: Stage) -> None:
    """A dispatch that the hub takes and never answers is an alarm after five minutes, over however many lines."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        stage.hub.swallows = True
        assert point.send(warning(), cover_to(UZ)).digest
        for taken in range(1, 12):
            await until(point, lambda taken=taken: stage.hub.swallowed == taken)  # type: ignore[misc]
            stage.wait(30)
            stage.hub.lines[0].break_off()
        await until(point, lambda: kinds(point) == ["overdue"])


async def test_line_of_a_hub_that_rewrites(stage: Stage) -> None:
    """A frame under a rewritten ledger ends the line, shows nothing, and stays an alarm with both notes."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        stage.hub.rewrite(3)
        stage.hub.send(dispatched(stage.hub.world, "UZ/NFP", "KZ/NFP"))
        stage.hub.stir()
        await until(point, lambda: kinds(point) == ["fork"])
        await until(point, lambda: not point.is_live)
        assert point.fault is not None
        assert point.fault.code.value == "inconsistent_ledger"
        assert point.state.store.items.inbox(10) == []


async def test_audit_of_a_hub_that_hides(stage: Stage) -> None:
    """The audit that a program runs daily brings the revocation that the line did not."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        stage.hub.world.revoke("UZ/NFP")
        stage.hub.keep_back(stage.hub.world.log[-1].text)
        stage.hub.send(dispatched(stage.hub.world, "RU/NFP", "KZ/NFP"))
        stage.hub.stir()
        await until(point, lambda: len(point.state.store.items.inbox(10)) == 1)
        assert point.state.directory.current(UZ, point.state.place) is not None
        assert (await point.audit()).faults != ()
        assert set(kinds(point)) == {"withheld"}
        assert point.state.directory.current(UZ, point.state.place) is None


@virtual
async def test_hidden_with_nobody_looking(stage: Stage) -> None:
    """The audit runs by itself: what the line did not bring is an alarm within minutes, and counts."""
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        stage.hub.world.revoke("UZ/NFP")
        stage.hub.keep_back(stage.hub.world.log[-1].text)
        stage.hub.send(dispatched(stage.hub.world, "RU/NFP", "KZ/NFP"))
        stage.hub.stir()
        await until(point, lambda: "withheld" in kinds(point), 1_200)
        assert point.state.directory.current(UZ, point.state.place) is None


@pytest.mark.parametrize(
    ("lie", "code"), [({"network": f"toy/{'A' * 43}"}, "wrong_network"), ({"epoch": 0}, "wrong_epoch")]
)
async def test_welcome_of_another_hub(stage: Stage, lie: dict[str, Any], code: str) -> None:
    """A hub of another network, or of an epoch that is over, gets nothing submitted and no place to resume from."""
    stage.hub.world.turn_root()
    lines: list[ScriptedLine] = []
    async with stage.open() as point:
        await until(point, lambda: point.is_live)
        await until(point, lambda: len(point.state.epochs) == 2)
    stage.hub.dial = _lying(stage.hub.dial, lie, lines)  # type: ignore[method-assign]
    async with stage.open() as point:
        assert point.send(warning(), cover_to(UZ)).digest
        await until(point, lambda: point.fault is not None)
        assert point.fault is not None
        assert point.fault.code.value == code
    assert stage.hub.submitted == []


def _lying(dial: Callable[[str, str], Any], lie: dict[str, Any], lines: list[ScriptedLine]) -> Any:
    async def lying(hub: str, token: str) -> ScriptedLine:
        line: ScriptedLine = await dial(hub, token)
        welcome = Welcome.model_validate_json(line._texts.get_nowait())  # type: ignore[arg-type]
        line._texts.put_nowait(encode_frame(welcome.model_copy(update=lie)))
        return line

    return lying


async def test_features_that_take_checks_away(stage: Stage) -> None:
    """A hub that offers features by which it need not prove anything gets none of them, and its lie is an alarm."""

    class Offering(LyingHub):
        async def dial(self, hub: str, token: str) -> ScriptedLine:
            line = await super().dial(hub, token)
            greeting = parse_frame(line._texts.get_nowait())  # type: ignore[arg-type]
            line._texts.put_nowait(encode_frame(greeting.model_copy(update={"features": ["no_proofs", "trusted"]})))
            send = line.send

            async def listen(text: str) -> None:
                heard.append(parse_frame(text))
                await send(text)

            line.send = listen  # type: ignore[method-assign]
            return line

    heard: list[Frame] = []
    stage.hub = Offering(stage.hub.world)
    stage.hub.bend = lambda _, item: item.model_copy(update={"proof": ""})
    stage.hub.send(dispatched(stage.hub.world, UZ, "KZ/NFP"))
    async with stage.open() as point:
        await until(point, lambda: "bad_proof" in kinds(point))
    assert [frame.features for frame in heard if isinstance(frame, Resume)][:1] == [[]]
