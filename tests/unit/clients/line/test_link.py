"""Keeping a line up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from clients.errors import ClientError, LocalCode
from clients.keys.keystore import CHEAP
from clients.line.link import Link, Outside
from clients.line.transport import DialError, Line
from clients.mail.intake import Intake
from clients.store.trust import Trust
from schemas.errors import Code, SeraiError
from schemas.merkle import Frontier
from schemas.statements import parse_statement
from tests.support.desk import Desk, ScriptedHub, ScriptedReader
from tests.support.virtual import virtual
from tests.support.world import KZ, UZ

HUBS = ("ws://one:1", "ws://two:2")


class Dialler:
    """A transport that does what a list says, then dials the scripted hub."""

    def __init__(self, hub: ScriptedHub, *faults: Exception) -> None:
        self.hub = hub
        self.faults = list(faults)
        self.dialled: list[tuple[str, dict[str, Any]]] = []

    async def dial(self, hub: str, token: str) -> Line:
        """Fail or dial."""
        self.dialled.append((hub, self.hub.world.verified(token).claims.model_dump()))
        if self.faults:
            raise self.faults.pop(0)
        return await self.hub.dial(hub, token)


async def linked(desk: Desk, dialler: Dialler, until: Callable[[Link], bool]) -> tuple[Link, list[float]]:
    """Run a link until something holds; gives how long it waited each time."""
    waits: list[float] = []
    changed = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    desk.state.system = replace(desk.state.system, sleep=sleep, entropy=desk.hub.world.entropy)
    outside = Outside(HUBS, dialler, lambda _, __: ScriptedReader(desk.hub), "desk")
    link = Link(outside, desk.state, desk.intake, desk.sender, changed.set)
    task = asyncio.create_task(link.run())
    async with asyncio.timeout(60):
        while not until(link) and not task.done():
            await changed.wait()
            changed.clear()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return link, waits


async def test_hubs_are_tried_in_turn_with_growing_pauses(kz: Desk, hub: ScriptedHub) -> None:
    """Where one address fails the next is dialled, each time after a longer wait at most."""
    dialler = Dialler(hub, OSError(), TimeoutError(), SeraiError(Code.SUSPENDED), ValueError())
    link, waits = await linked(kz, dialler, lambda link: link.is_live)
    assert [origin for origin, _ in dialler.dialled] == ["ws://one:1", "ws://two:2"] * 2 + ["ws://one:1"]
    assert all(wait <= 0.5 * 2**attempt for attempt, wait in enumerate(waits, 1))
    assert link.fault is not None
    assert link.fault.code is Code.INTERNAL


async def test_token_is_for_the_hub_as_dialled(kz: Desk, hub: ScriptedHub) -> None:
    """Each token names the origin, the mailbox and the seat."""
    dialler = Dialler(hub)
    await linked(kz, dialler, lambda link: link.is_live)
    ((_, claims),) = dialler.dialled
    assert (claims["hub"], claims["mailbox"], claims["seat"], claims["use"]) == (HUBS[0], "KZ/NFP", "desk", "exchange")


async def test_expired_token_corrects_the_clock_and_dials_at_once(kz: Desk, hub: ScriptedHub) -> None:
    """A clock that is off costs one dialling and no wait."""
    true_ms = hub.world.time_ms
    kz.state.system.clock.offset_ms = -500_000
    dialler = Dialler(hub, DialError(Code.TOKEN_EXPIRED, "", true_ms))
    _, waits = await linked(kz, dialler, lambda link: link.is_live)
    assert waits == []
    assert [claims["iat"] for _, claims in dialler.dialled] == [true_ms // 1000 - 500, true_ms // 1000]


async def test_other_refusals_wait(kz: Desk, hub: ScriptedHub) -> None:
    """A refusal that a new token does not cure is waited out, though its time is taken."""
    true_ms = hub.world.time_ms
    kz.state.system.clock.offset_ms = -500_000
    dialler = Dialler(hub, DialError(Code.SUSPENDED, "", true_ms), DialError(Code.HUB_NOT_READY))
    _, waits = await linked(kz, dialler, lambda link: link.is_live)
    assert len(waits) == 2
    assert kz.state.system.clock.offset_ms == 0


@pytest.mark.parametrize("code", [Code.CREDENTIAL_REVOKED, Code.CREDENTIAL_EXPIRED, Code.UNKNOWN_KEY])
async def test_key_refused_is_followed_by_the_next(kz: Desk, hub: ScriptedHub, code: Code) -> None:
    """A client that was offline while its key was revoked or replaced gets its line with the new one, at once."""
    old = hub.world.party(KZ)
    new = hub.world.rotate(KZ)
    assert new.enc is not None
    kz.store.set_keys(kz.state.keys.with_new_pair(new.sig, new.enc), kz.passphrase, cost=CHEAP)

    class Refusing(Dialler):
        async def dial(self, hub: str, token: str) -> Line:
            if parse_statement(token).kid == old.sig.kid:
                self.faults.insert(0, DialError(code))
            return await super().dial(hub, token)

    dialler = Refusing(hub)
    _, waits = await linked(kz, dialler, lambda link: link.is_live)
    assert (len(dialler.dialled), waits) == (2, [])


async def test_last_key_refused_is_waited_out(kz: Desk, hub: ScriptedHub) -> None:
    """Where no other key is held the refusal is the fault, and every dialling begins with the likeliest key."""
    kz.store.set_keys(replace(kz.state.keys, officers={}), kz.passphrase, cost=CHEAP)
    dialler = Dialler(hub, DialError(Code.CREDENTIAL_REVOKED), DialError(Code.CREDENTIAL_REVOKED))
    link, waits = await linked(kz, dialler, lambda link: link.is_live)
    assert link.fault is not None
    assert (link.fault.code, len(dialler.dialled), len(waits)) == (Code.CREDENTIAL_REVOKED, 3, 2)


@virtual
async def test_overdue_without_a_line(kz: Desk, hub: ScriptedHub) -> None:
    """A missing receipt is an alarm by this machine's own clock, though no hub can be reached."""
    kz.send(UZ, precedence="flash")
    kz.flush()
    hub.world.wait(301)

    class Dead(Dialler):
        async def dial(self, hub: str, token: str) -> Line:
            await asyncio.sleep(1)
            raise OSError

    outside = Outside(HUBS, Dead(hub), lambda _, __: ScriptedReader(hub), "desk")
    told = asyncio.Event()
    link = Link(outside, kz.state, kz.intake, kz.sender, told.set)
    task = asyncio.create_task(link.run())
    while not kz.alarms():
        await told.wait()
        told.clear()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert kz.alarms() == ["overdue"]


@virtual
async def test_audit_is_daily_unless_switched_off(kz: Desk, hub: ScriptedHub) -> None:
    """The ledger is audited once a day by this machine's clock, and not at all where others see to that."""
    outside = Outside(HUBS, Dialler(hub), lambda _, __: ScriptedReader(hub), "desk")
    seen = []
    for every_s, wait_s in ((None, 0), (86_400.0, 0), (86_400.0, 80_000), (86_400.0, 7_000)):
        hub.world.wait(wait_s)
        link = Link(outside, kz.state, kz.intake, kz.sender, lambda: None, every_s)
        task = asyncio.create_task(link.run())
        await asyncio.sleep(400)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        seen.append(kz.store.trust.audited[2] - hub.world.time_ms)
    assert [at_ms == 0 for at_ms in seen] == [False, True, False, True]


@virtual
async def test_audit_that_never_ends_is_an_alarm_after_two_days(kz: Desk, hub: ScriptedHub) -> None:
    """Nobody is called before, nor while a process that has just begun may catch up; then once."""
    outside = Outside(HUBS, Silent(hub), lambda _, __: ScriptedReader(hub), "desk")
    kz.store.trust.set_audit_ended(hub.world.time_ms)
    seen = []
    for wait_s, run_s in ((47 * 3600, 7_200), (2 * 3600, 1_800), (0, 7_200), (3_600, 7_200)):
        hub.world.wait(wait_s)
        link = Link(outside, kz.state, kz.intake, kz.sender, lambda: None, 86_400.0)
        task = asyncio.create_task(link.run())
        await asyncio.sleep(1)
        kz.now_s += run_s
        await asyncio.sleep(310)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        seen.append([alarm.detail for alarm in kz.store.alarms.raised()])
    late = ["no audit of the ledger has ended for 48 hours"]
    assert seen == [[], [], late, late]


class Silent(Dialler):
    """A transport whose hub never answers."""

    async def dial(self, hub: str, token: str) -> Line:
        """Wait for ever."""
        await super().dial(hub, token)
        await asyncio.sleep(1e6)
        raise AssertionError


def fault() -> None:
    """Fail in a way that nobody expects."""
    raise ZeroDivisionError


@virtual
async def test_whatever_ends_a_task_ends_the_link_with_its_cause(
    kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault where the line is dialled, where overdue receipts are looked for, or in the audit is that of `run`."""

    def unreadable(_: Trust) -> None:
        raise ZeroDivisionError

    for dialler, told, audited in (
        (Dialler(hub, OSError()), fault, Trust.audited),
        (Silent(hub), fault, Trust.audited),
        (Dialler(hub), lambda: None, property(unreadable)),
    ):
        outside = Outside(HUBS, dialler, lambda _, __: ScriptedReader(hub), "desk")
        monkeypatch.setattr(Trust, "audited", audited)
        link = Link(outside, kz.state, kz.intake, kz.sender, told, 86_400.0)
        before = asyncio.all_tasks()
        with pytest.raises(ZeroDivisionError):
            await asyncio.wait_for(link.run(), 400)
        assert not link.is_live
        assert asyncio.all_tasks() == before


@virtual
async def test_store_that_fails_for_a_while_ends_no_task(
    kz: Desk, hub: ScriptedHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While the disk fails, looking for what is overdue and auditing are tried again; each says so once."""
    digest = kz.digest_of(kz.send(UZ, precedence="flash"))
    kz.flush()
    hub.world.wait(301)
    is_failing, audited, overdue = True, Trust.audited, Intake.check_silent

    def read(trust: Trust) -> tuple[Frontier, int, int]:
        if is_failing:
            raise SeraiError(Code.STORAGE_FAILED, "disk I/O error")
        return audited.__get__(trust)  # type: ignore[no-any-return]

    def look(intake: Intake, local_ms: int) -> None:
        if is_failing:
            raise SeraiError(Code.STORAGE_FAILED, "disk I/O error")
        overdue(intake, local_ms)

    monkeypatch.setattr(Trust, "audited", property(read))
    monkeypatch.setattr(Intake, "check_silent", look)
    for dialler in (Silent(hub), Dialler(hub)):
        is_failing = True
        outside = Outside(HUBS, dialler, lambda _, __: ScriptedReader(hub), "desk")
        link = Link(outside, kz.state, kz.intake, kz.sender, lambda: None, 86_400.0)
        task = asyncio.create_task(link.run())
        await asyncio.sleep(350)
        assert (kz.store.trust._read("audit") or {"size": 0})["size"] == 0
        is_failing = False
        await asyncio.sleep(310)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert kz.outcomes(digest) == [("UZ/NFP", "silent")]
    assert kz.store.trust.audited[0].size == len(hub.world.log)
    said = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert ["overdue" in each for each in said] == [True, False]


@pytest.mark.parametrize("turns", range(6))
async def test_cancellation_is_not_lost_in_the_end_of_a_line(kz: Desk, hub: ScriptedHub, turns: int) -> None:
    """A link that is cancelled just as its line breaks ends; it does not dial again."""
    outside = Outside(HUBS, Dialler(hub), lambda _, __: ScriptedReader(hub), "desk")
    live = asyncio.Event()
    link = Link(outside, kz.state, kz.intake, kz.sender, lambda: live.set() if link.is_live else None)
    task = asyncio.create_task(link.run())
    await asyncio.wait_for(live.wait(), 5)
    hub.lines[0].break_off()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=1)
    assert task.cancelled()


async def test_replaced_link_ends(kz: Desk, hub: ScriptedHub) -> None:
    """A link whose seat is taken ends by itself and dials no more."""
    dialler = Dialler(hub)

    def replace_when_live(link: Link) -> bool:
        if link.is_live and hub.lines:
            hub.lines[0].break_off(4410)
        return link.replaced is not None

    link, waits = await linked(kz, dialler, replace_when_live)
    assert link.replaced is not None
    assert (link.replaced.code, len(dialler.dialled), waits) == (Code.REPLACED, 1, [])


async def test_reader_is_of_the_last_hub(kz: Desk, hub: ScriptedHub) -> None:
    """What is read over HTTP is read from the hub that the line goes to, with a read token."""
    asked: list[tuple[str, str]] = []

    def make(origin: str, token: Callable[[], str]) -> ScriptedReader:
        asked.append((origin, hub.world.verified(token()).claims.model_dump()["use"]))
        return ScriptedReader(hub)

    outside = Outside(HUBS, Dialler(hub), make, "desk")
    Link(outside, kz.state, kz.intake, kz.sender, lambda: None).reader()
    assert asked == [("ws://one:1", "read")]


@pytest.mark.parametrize("days", [2, -365])
async def test_clock_that_differs_by_days_waits_for_a_person(kz: Desk, hub: ScriptedHub, days: int) -> None:
    """Nothing is corrected, an alarm says so, and the line is tried again until somebody has confirmed the time."""
    hub_ms = hub.world.time_ms + days * 86_400_000
    refusals = [DialError(Code.TOKEN_EXPIRED, "", hub_ms) for _ in range(3)]
    dialler = Dialler(hub, *refusals)
    link, waits = await linked(kz, dialler, lambda _: len(dialler.dialled) == 3)
    assert isinstance(link.fault, ClientError)
    assert link.fault.code is LocalCode.CLOCK_DIFFERS
    assert len(waits) >= 2
    assert (kz.state.system.clock.offset_ms, kz.alarms()) == (0, ["clock"])
    kz.store.trust.set_clock_confirmed_ms(days * 86_400_000)
    confirmed = Dialler(hub, DialError(Code.TOKEN_EXPIRED, "", hub_ms))
    await linked(kz, confirmed, lambda _: len(confirmed.dialled) == 2)
    assert confirmed.dialled[1][1]["iat"] == hub_ms // 1000
