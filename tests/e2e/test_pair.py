"""Client and hub together in memory: what depends on a slow line, on order, and on days passing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from clients import CHEAP
from schemas.errors import Code
from schemas.reports import WarningReport
from schemas.reports.drugs import DrugGroup
from schemas.reports.parts import Goods
from tests.support.desk import cover_to, warning
from tests.support.pair import Pair, Seat, small_pages
from tests.support.refusals import refused
from tests.support.virtual import virtual
from tests.support.world import DAY_S, KZ, ROOM, UZ, World, decryption_key

HOUR_S = 3600


def references(seat: Seat) -> list[str]:
    """Our references of what is in an inbox, in order of arrival."""
    reports = [seat.point.delivery(item.digest).report for item in seat.store.items.inbox(1000)]
    return [report.our_reference for report in reports if report is not None][::-1]


def bulky(reference: str) -> WarningReport:
    """A report that is nearly as large as one may be."""
    goods = tuple(Goods(group=DrugGroup.OTHER, name="x", note="я" * 8_000) for _ in range(7))
    return warning(reference).model_copy(update={"goods": goods})


@virtual
async def test_urgent_overtakes_an_outbox_on_a_slow_line(tmp_path: Path) -> None:
    """On a line that takes one frame at a time, a flash goes out before the routine mail that still waits."""
    async with Pair.running(tmp_path, KZ, UZ, room=1) as pair:
        kz, uz = await pair.desk(KZ), await pair.desk(UZ)
        assert kz.line is not None
        kz.line.up.held = True
        for number in range(8):
            _ = kz.say(UZ, reference=f"slow {number}")
        await asyncio.sleep(0.1)
        _ = kz.say(UZ, reference="flash", precedence="flash")
        await asyncio.sleep(0.1)
        kz.line.up.release()
        await pair.settle()
        assert references(uz).index("flash") <= 2


@pytest.mark.parametrize("memory_bytes", [60_000, 32_000_000])
@virtual
async def test_urgent_overtakes_a_backlog_at_the_hub(tmp_path: Path, memory_bytes: int) -> None:
    """A flash reaches a slow reader before the routine mail that the hub, or its database, still holds."""
    with small_pages(memory_bytes):
        async with Pair.running(tmp_path, KZ, UZ, room=1) as pair:
            kz, uz = await pair.desk(KZ), await pair.desk(UZ)
            assert uz.line is not None
            uz.line.down.held = True
            for number in range(30):
                _ = kz.say(UZ, reference=f"slow {number}")
            await asyncio.sleep(5)
            await kz.say(UZ, reference="flash", precedence="flash")
            uz.line.down.release()
            await pair.settle()
            assert references(uz).index("flash") < 20


@virtual
async def test_no_frame_is_too_large(tmp_path: Path) -> None:
    """Much bulky mail in one commit reaches a live recipient in frames within the limit, on one line."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        kz, uz = await pair.desk(KZ), await pair.desk(UZ)
        line = uz.line
        for number in range(20):
            _ = kz.point.send(bulky(str(number)), cover_to(UZ))
        await pair.settle()
        assert references(uz) == [str(number) for number in range(20)]
        assert uz.line is line


@virtual
async def test_newcomer_says_something_at_once_in_a_large_network(tmp_path: Path) -> None:
    """What is said before the directory has come, or while it comes in pages, waits for it and is accepted."""
    officers = [f"KZ/NFP/DUTY-{number}" for number in range(2, 40)]
    world = World([KZ])
    for officer in officers:
        world.enrol(officer)
    world.enrol(UZ)
    world.enrol(f"{UZ}/DUTY-1")
    with small_pages():
        async with Pair.running(tmp_path, world=world) as pair:
            seat = pair.seat("kz", KZ, f"{KZ}/DUTY-1")
            seat.on_line = lambda line: setattr(line.down, "delay_s", 0.2)
            await seat.start()
            before = seat.say(UZ, reference="before")
            await seat.point.wait_live()
            while_it_comes = seat.say(UZ, reference="while it comes")
            assert (await before).index < (await while_it_comes).index
            assert seat.point.alarms() == []


@virtual
async def test_newcomer_in_an_exercise_sends_exercise(tmp_path: Path) -> None:
    """What is said before the network is known has the network's own status."""
    async with Pair.running(tmp_path, world=World([KZ, UZ], status="exercise")) as pair:
        seat = pair.seat("kz", KZ)
        await seat.start()
        accepted = await seat.say(UZ)
        assert seat.point.status_of(accepted.digest).cover.status == "exercise"


async def rotate(pair: Pair, seat: Seat, member: str) -> None:
    """Give a member new keys, which its desk holds and the root certifies."""
    pair.now_ms()
    pair.world.rotate(member)
    party = pair.world.party(member)
    assert party.enc is not None
    seat.store.set_keys(seat.store.keys.with_new_pair(party.sig, party.enc), "toy", cost=CHEAP)
    await pair.admit(pair.world.log[-1].text)


@pytest.mark.parametrize(("days", "signed"), [(1, 1), (8, 2)])
@virtual
async def test_rotation_while_offline_is_not_noticed(tmp_path: Path, days: int, signed: int) -> None:
    """What was sealed to a key that was replaced meanwhile arrives, sealed anew if that is too long ago."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        kz, uz = await pair.desk(KZ), await pair.desk(UZ)
        kz.online = False
        kz.cut()
        sent = kz.say(UZ)
        digests = {sent.digest}
        await rotate(pair, uz, UZ)
        pair.skip(days * DAY_S)
        kz.online = True
        accepted = await sent
        digests.add(accepted.digest)
        await pair.settle()
        assert len(digests) == signed
        assert references(uz) == ["W-1"]
        assert kz.point.status_of(accepted.digest).recipients[UZ].state == "received"
        assert kz.point.alarms() == uz.point.alarms() == []


@virtual
async def test_recipient_without_its_key_gets_it_again_under_a_new_one(tmp_path: Path) -> None:
    """`no_key` is answered with `rejected`; once there is a newer key the sender seals it again by itself."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        kz = await pair.desk(KZ)
        uz = await pair.desk(UZ)
        lost = replace(uz.store.keys, decryption=(decryption_key("of somebody else"),))
        uz.store.set_keys(lost, "toy", cost=CHEAP)
        accepted = await kz.say(UZ, precedence="flash")
        await kz.point.wait_answer(accepted.digest, UZ, "rejected")
        shown = uz.point.delivery(accepted.digest)
        assert (shown.step, shown.code, shown.report) == (7, "no_key", None)
        await rotate(pair, uz, UZ)
        await kz.point.wait_answer(accepted.digest, UZ, "resealed")
        await pair.settle()
        status = kz.point.status_of(accepted.digest).recipients[UZ]
        assert status.state == "received"
        assert status.resealed is not None
        again = uz.point.delivery(status.resealed)
        assert again.report is not None
        assert again.cover is not None
        assert [(ref.rel, ref.digest) for ref in again.cover.refs or ()] == [("reseal", accepted.digest)]


@pytest.mark.parametrize("skew_s", [HOUR_S, -HOUR_S, 23 * HOUR_S])
@virtual
async def test_wrong_clock_is_corrected_and_remembered(tmp_path: Path, skew_s: int) -> None:
    """A client whose clock is off signs by the hub's time, and after a restart without a hub still does."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        await pair.desk(UZ)
        seat = pair.seat("kz", KZ)
        seat.skew_s = skew_s
        early = (await seat.start()).send(warning(), cover_to(UZ))
        await early
        assert abs(seat.point.state.system.clock.time_ms() - pair.now_ms()) < 2_000
        seat.online = False
        seat.cut()
        await seat.restart()
        assert abs(seat.point.state.system.clock.time_ms() - pair.now_ms()) < 2_000
        offline = seat.say(UZ)
        before = offline.digest
        seat.online = True
        assert (await offline).digest == before
        assert seat.point.alarms() == []


@virtual
async def test_clock_wrong_by_months_waits_for_a_person(tmp_path: Path) -> None:
    """A client whose clock is off by more than a day has no line before a person has confirmed the hub's time."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        await pair.desk(UZ)
        seat = pair.seat("kz", KZ)
        seat.skew_s = 90 * DAY_S
        early = (await seat.start()).send(warning(), cover_to(UZ))
        await seat.point.until(lambda: [alarm.kind for alarm in seat.point.alarms()] == ["clock"])
        assert not seat.point.is_live
        seat.point.state.store.trust.set_clock_confirmed_ms(-90 * DAY_S * 1000)
        await early
        assert abs(seat.point.state.system.clock.time_ms() - pair.now_ms()) < 2_000


@virtual
async def test_silence_is_noticed_by_both_clocks(tmp_path: Path) -> None:
    """A recipient that does not confirm in time is an event of the hub's and an alarm of the sender's own."""
    async with Pair.running(tmp_path, KZ, UZ, ROOM) as pair:
        kz, uz, room = await pair.desk(KZ), await pair.desk(UZ), await pair.desk(ROOM)
        uz.online = False
        uz.cut()
        accepted = await kz.say(UZ, ROOM, precedence="immediate")
        await kz.point.wait_answer(accepted.digest, ROOM, "received")
        pair.skip(HOUR_S)
        await kz.point.wait_answer(accepted.digest, UZ, "overdue")
        await kz.point.wait_answer(accepted.digest, UZ, "silent")
        assert [alarm.kind for alarm in kz.point.alarms()] == ["overdue"]
        uz.online = True
        await kz.point.wait_answer(accepted.digest, UZ, "received")
        assert kz.point.status_of(accepted.digest).recipients[UZ].state == "received"
        assert room.point.alarms() == []


@virtual
async def test_revoked_member_is_named_and_gets_nothing(tmp_path: Path) -> None:
    """Who waits for a member that was revoked is told at once, and the mail is not delivered to it."""
    async with Pair.running(tmp_path, KZ, UZ) as pair:
        kz, uz = await pair.desk(KZ), await pair.desk(UZ)
        uz.online = False
        uz.cut()
        accepted = await kz.say(UZ)
        pair.now_ms()
        await pair.admit(pair.world.revocation(pair.world.party(UZ)))
        await kz.point.wait_answer(accepted.digest, UZ, "undeliverable")
        assert kz.point.status_of(accepted.digest).recipients[UZ].state == "undeliverable"
        uz.online = True
        await asyncio.sleep(60)
        assert uz.store.items.inbox(10) == []
        assert not uz.point.is_live
        with refused(Code.UNKNOWN_RECIPIENT):
            _ = kz.say(UZ)
