"""Ordinary clients at a lying hub."""

from __future__ import annotations

from pathlib import Path

from clients.line.audit import AuditResult, audit
from clients.store import Alarm
from tests.support.desk import Desk, warning
from tests.support.lying_hub import LyingHub, LyingReader
from tests.support.world import Sent, World


def open_desk(path: Path, hub: LyingHub, member: str) -> Desk:
    """The desk of a member with its officer, up to date."""
    folder = path / member.replace("/", "-").lower()
    folder.mkdir()
    desk = Desk(folder, hub, member, f"{member}/DUTY-1")
    desk.sync()
    return desk


async def audited(desk: Desk) -> AuditResult:
    """What the daily audit of a desk says."""
    hub = desk.hub
    assert isinstance(hub, LyingHub)
    return await audit(desk.state, LyingReader(hub), desk.intake.take_public, desk.state.system.sleep)


def dispatched(world: World, iss: str, *to: str, **cover: object) -> Sent:
    """A warning in its minimal form."""
    return world.dispatch(iss, to, warning().model_dump(mode="json", exclude_none=True), **cover)


def alarms(desk: Desk, kind: str) -> list[Alarm]:
    """The alarms of one kind."""
    return [alarm for alarm in desk.store.alarms.raised() if alarm.kind == kind]


def seen(desk: Desk, digest: str) -> tuple[int | None, str | None]:
    """Step and code of a dispatch that has come, both ``None`` if nothing is wrong with it."""
    item = desk.store.items.get(digest)
    assert item is not None, "it has not come"
    return item.step, item.code
