"""One session on one line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from clients.line.session import ClientSession
from clients.line.transport import LineClosed
from schemas.addresses import Address
from schemas.encoding import encode_json
from schemas.errors import Code, SeraiError
from schemas.frames import Cursors, Limits, Welcome, encode_frame
from tests.support.desk import Desk, ScriptedHub, ScriptedLine, ScriptedReader
from tests.support.refusals import refused
from tests.support.world import World, signing_key


class Talk:
    """A desk with a session on a scripted line."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.line = ScriptedLine(desk.hub, desk.member)
        desk.hub.lines.append(self.line)
        self.told = asyncio.Event()
        self.wake = asyncio.Event()
        reader = ScriptedReader(desk.hub)
        self.session = ClientSession(
            desk.state, desk.intake, desk.sender, self.line, reader, told=self.told.set, wake=self.wake
        )

    async def until(self, condition: object) -> None:
        """Wait for something, looking after every change."""
        assert callable(condition)
        async with asyncio.timeout(60):
            while not condition():
                self.told.clear()
                self.desk.now_s += 0.1
                self.wake.set()
                await self.told.wait()


@asynccontextmanager
async def talking(desk: Desk) -> AsyncIterator[Talk]:
    """A session that runs."""
    talk = Talk(desk)
    task = asyncio.create_task(talk.session.run())
    try:
        yield talk
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_session_goes_live_and_acknowledges(kz: Desk, hub: ScriptedHub) -> None:
    """After the first delivery the session is live, and what is stored is acknowledged."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    async with talking(kz) as talk:
        await talk.until(lambda: talk.line.acked)
        assert talk.session.live
        assert talk.line.acked == kz.store.trust.cursors == Cursors(public=7, urgent=0, normal=8)


async def test_receipts_and_submissions_go_out(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """What comes is confirmed, what is drafted goes, both without being asked."""
    row = uz.send("KZ/NFP")
    async with talking(uz) as sender, talking(kz):
        digest = uz.digest_of(row)
        await sender.until(lambda: _advance(kz) and uz.outcomes(digest) == [("KZ/NFP", "received")])
    assert kz.alarms() == uz.alarms() == []


def _advance(desk: Desk) -> bool:
    desk.now_s += 0.1
    return True


async def test_hub_time_is_taken_over(kz: Desk, hub: ScriptedHub) -> None:
    """The welcome corrects the clock, and the correction is kept."""
    kz.state.system.clock.offset_ms = -100_000
    async with talking(kz) as talk:
        await talk.until(lambda: talk.session.live)
    assert (kz.state.system.clock.offset_ms, kz.store.trust.clock_offset_ms) == (0, 0)


def welcome(hub: ScriptedHub, **change: object) -> str:
    """A welcome, bent."""
    frame = Welcome(
        protocol="serai.v1",
        network=hub.world.network,
        epoch=0,
        time=hub.world.time_ms,
        limits=Limits(frame=1, in_flight=9, blob=2_048),
        features=[],
    )
    return encode_frame(frame.model_copy(update=change))


async def first(desk: Desk, text: str) -> None:
    """A session whose first frame is another."""
    talk = Talk(desk)
    talk.line._texts = asyncio.Queue()
    talk.line._texts.put_nowait(text)
    async with asyncio.timeout(60):
        await talk.session.run()


async def test_strange_openings_are_refused(kz: Desk, hub: ScriptedHub) -> None:
    """Another network, an earlier epoch, an epoch that does not follow, no welcome at all: no session."""
    with refused(Code.WRONG_NETWORK):
        await first(kz, welcome(hub, network="other/" + "A" * 43))
    with refused(Code.WRONG_EPOCH):
        await first(kz, welcome(hub, epoch=1))
    with refused(Code.UNEXPECTED_FRAME):
        await first(kz, encode_json({"type": "refused", "digest": None, "problem": _problem()}))
    with refused(Code.MALFORMED_FRAME):
        await first(kz, "hello")
    hub.world.turn_root()
    kz.state.learn([epoch.statement.text for epoch in hub.world.directory.epochs])
    with refused(Code.WRONG_EPOCH):
        await first(kz, welcome(hub, epoch=0))


def _problem() -> dict[str, str]:
    return {"code": "internal", "title": "x", "detail": "y"}


async def test_new_epoch_is_learned_on_the_way(kz: Desk, hub: ScriptedHub) -> None:
    """A hub in a later epoch is followed once its epochs have been read and checked."""
    hub.world.turn_root()
    async with talking(kz) as talk:
        await talk.until(lambda: talk.session.live)
    assert len(kz.state.directory.epochs) == 2
    assert kz.alarms() == []


async def test_epoch_of_a_stolen_root_is_left_on_the_way(kz: Desk, hub: ScriptedHub) -> None:
    """A client that believed the thief's epoch of the same number takes the next root's, and the line goes on."""
    thief = World()
    thief.event_key = signing_key("thief's event key")
    thief.admit(thief.epoch())
    kz.state.learn([epoch.statement.text for epoch in thief.directory.epochs])
    hub.world.turn_root()
    async with talking(kz) as talk:
        await talk.until(lambda: talk.session.live)
    assert [epoch.root for epoch in kz.state.epochs] == [thief.root.public, hub.world.root.public]
    assert kz.alarms() == ["fork"]


async def test_client_beyond_the_new_epoch_proves_over_http(kz: Desk, hub: ScriptedHub) -> None:
    """Where the root's word stands for a checkpoint, the proof from there is fetched."""
    kz.send("UZ/NFP")
    kz.flush()
    kz.sync()
    del hub.world.log[7:]
    hub.world.turn_root()
    async with talking(kz) as talk:
        await talk.until(lambda: talk.session.live and kz.store.outbox.waiting_count() == 0)
    assert kz.state.head is not None
    assert kz.state.head.size == len(hub.world.log)
    assert kz.alarms() == ["epoch"]


@pytest.mark.parametrize("code", [1006, 4410])
async def test_end_of_the_line_is_told(kz: Desk, code: int) -> None:
    """The session ends with the line, and with its code."""
    talk = Talk(kz)
    talk.line.break_off(code)
    with pytest.raises(LineClosed) as caught:
        await talk.session.run()
    assert caught.value.code == code


async def test_unbelievable_frame_ends_the_session(kz: Desk, hub: ScriptedHub) -> None:
    """A fork is not argued with: the session ends, the alarm stays."""
    talk = Talk(kz)
    hub.world.log[3], hub.world.log[4] = hub.world.log[4], hub.world.log[3]
    with pytest.raises(SeraiError) as caught:
        async with asyncio.timeout(60):
            await talk.session.run()
    assert (caught.value.code, kz.alarms()) == (Code.INCONSISTENT_LEDGER, ["fork"])


async def test_fault_of_a_task_ends_the_session(kz: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in reading or in sending is that of the session, as it is; nothing of it runs on."""

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    before = asyncio.all_tasks()
    for part, name in ((kz.intake, "deliver"), (kz.sender, "submissions")):
        with monkeypatch.context() as patch:
            patch.setattr(part, name, fail)
            with pytest.raises(ZeroDivisionError):
                await asyncio.wait_for(Talk(kz).session.run(), 5)
    assert asyncio.all_tasks() == before


class Ending(ScriptedLine):
    """A line that ends once both sides have spoken; both tasks of a session see it at the same time."""

    def __init__(self, hub: ScriptedHub, member: str, *faults: Exception) -> None:
        super().__init__(hub, member)
        self.end = asyncio.Event()
        self.faults = faults

    async def send(self, text: str) -> None:
        """Send `resume`; then fail."""
        if self._cursors is None:
            await super().send(text)
            return
        self.end.set()
        raise self.faults[0]

    async def recv(self) -> str:
        """Give what there is; then fail."""
        if self._texts.empty():
            await self.end.wait()
            raise self.faults[1]
        return await super().recv()


@pytest.mark.parametrize(("sending", "logged"), [(LineClosed(1006), []), (ZeroDivisionError(), ["ZeroDivisionError"])])
async def test_reading_says_how_the_line_ended(
    kz: Desk, hub: ScriptedHub, caplog: pytest.LogCaptureFixture, sending: Exception, logged: list[str]
) -> None:
    """Where both tasks fail at once it is reading that knows why; what else went wrong is logged, not the end twice."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    line, wake = Ending(hub, kz.member, sending, LineClosed(4410)), asyncio.Event()
    session = ClientSession(kz.state, kz.intake, kz.sender, line, ScriptedReader(hub), told=lambda: None, wake=wake)
    with pytest.raises(LineClosed) as caught:
        await asyncio.wait_for(session.run(), 5)
    assert caught.value.code == 4410
    assert [type(record.exc_info[1]).__name__ for record in caplog.records if record.exc_info] == logged


async def test_silence_is_noticed_by_a_quiet_line(kz: Desk, hub: ScriptedHub) -> None:
    """While connected and brings nothing, recipients who are late are named."""
    digest = kz.digest_of(kz.send("UZ/NFP", precedence="flash"))
    async with talking(kz) as talk:
        await talk.until(lambda: kz.store.outbox.waiting_count() == 0)
        hub.world.wait(301)
        kz.now_s += 30
        await talk.until(lambda: kz.outcomes(digest) == [(Address("UZ/NFP"), "silent")])
    assert kz.alarms() == ["overdue"]
