"""Focal points and a hub over real sockets: the hub in its own process, the clock today's."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients import CHEAP, Delivery, Disclosure, FocalPoint, Store
from schemas.errors import Code
from schemas.reports import FeedbackReport
from tests.support.desk import cover_to, warning
from tests.support.exchange import DUTY, Exchange, exchange, machine, now_ms, rest
from tests.support.hub import free_port
from tests.support.refusals import refused
from tests.support.world import DAY_S, KZ, ROOM, UZ, decryption_key

FEEDBACK = FeedbackReport.model_validate(
    {"our_reference": "UZ-1", "your_reference": "KZ-1", "outcome": {"code": "seizure_made"}}
)


@pytest.fixture
def serai(tmp_path: Path) -> Iterator[Exchange]:
    """A hub that serves three members."""
    with exchange(tmp_path, KZ, UZ, ROOM) as made:
        yield made


async def taken(point: FocalPoint, count: int) -> list[Delivery]:
    """The next dispatches that come."""
    found = []
    async for delivery in point.deliveries():
        found.append(delivery)
        if len(found) == count:
            return found
    raise AssertionError


async def until_known(point: FocalPoint, index: int) -> None:
    """Wait until a place is in the ledger that a focal point trusts."""
    await point.until(lambda: point.state.head is not None and point.state.head.size > index)


def references(point: FocalPoint) -> list[str]:
    """Our references of everything in the inbox, by place in the ledger."""
    items = sorted(point.state.store.items.inbox(10_000), key=lambda item: item.index or 0)
    reports = [point.delivery(item.digest).report for item in items]
    return [report.our_reference for report in reports if report is not None]


async def test_alert_and_everything_that_follows(serai: Exchange) -> None:
    """Sent, received, acknowledged, declined, answered with feedback: each member sees what concerns it."""
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz, serai.desk(ROOM) as room:
        accepted = await kz.send(warning("KZ-1"), cover_to(UZ, ROOM, precedence="flash"))
        (at_uz,), (at_room,) = await taken(uz, 1), await taken(room, 1)
        assert at_uz.digest == at_room.digest == accepted.digest
        assert at_uz.report == at_room.report == warning("KZ-1")
        await uz.acknowledge(at_uz)
        await room.decline(at_room, "not_ours")
        await uz.feedback(FEEDBACK, at_uz)
        (answer,) = await taken(kz, 1)
        assert answer.report == FEEDBACK
        for member, outcome in ((UZ, "received"), (UZ, "acknowledged"), (ROOM, "declined")):
            await kz.wait_answer(accepted.digest, member, outcome)
        status = kz.status_of(accepted.digest)
        assert {member: said.state for member, said in status.recipients.items()} == {
            UZ: "acknowledged",
            ROOM: "declined",
        }
        assert {a.outcome for a in status.recipients[UZ].answers} == {"received", "acknowledged", "answered"}
        assert kz.alarms() == uz.alarms() == room.alarms() == []


async def test_next_hub_is_tried(serai: Exchange) -> None:
    """With the first address dead the second is used, and again after it has been away."""
    hubs = [f"ws://127.0.0.1:{free_port()}", serai.hub.origin]
    async with serai.desk(KZ, hubs=hubs) as kz:
        first = await kz.send(warning(), cover_to(UZ))
        serai.hub.kill()
        await kz.until(lambda: not kz.is_live)
        sent = kz.send(warning(), cover_to(UZ))
        serai.hub.start()
        assert (await sent).index == first.index + 1


async def test_hub_is_killed_in_the_middle(serai: Exchange) -> None:
    """SIGKILL under way loses nothing and doubles nothing."""
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz:
        said = [kz.send(warning(f"KZ-{number}"), cover_to(UZ)) for number in range(150)]
        await said[20]
        serai.hub.kill()
        serai.hub.start()
        places = [await sent for sent in said]
        assert len({accepted.index for accepted in places}) == len(said)
        await uz.until(lambda: len(uz.state.store.items.untaken()) >= len(said))
        await rest(kz, uz)
        assert sorted(references(uz)) == sorted(f"KZ-{number}" for number in range(150))
        assert (await kz.audit()).faults == (await uz.audit()).faults == ()
        assert kz.alarms() == uz.alarms() == []


async def test_client_restarts_with_things_in_the_outbox(serai: Exchange) -> None:
    """What was said before a client ended goes out after it has started again, once."""
    store = serai.store("kz", KZ)
    async with serai.desk(UZ) as uz:
        async with serai.point(store) as kz:
            await kz.wait_live()
            said = [kz.send(warning(f"KZ-{number}"), cover_to(UZ)).id for number in range(5)]
        async with serai.point(store) as kz:
            places = [(await kz.settled(row)).index for row in said]
            assert places == sorted(set(places))
            await uz.until(lambda: len(uz.state.store.items.untaken()) == len(said))
            assert references(uz) == [f"KZ-{number}" for number in range(5)]


async def test_outbox_of_days_goes_out_urgent_first(serai: Exchange) -> None:
    """What was said through three days without a hub is accepted when it is back, what is urgent before the rest."""
    store = serai.store("kz", KZ)
    async with serai.point(store) as kz:
        await kz.wait_live()
    serai.hub.kill()
    said: dict[str, int] = {}
    for days in (3, 2, 1):
        async with serai.point(store, system=machine(-days * DAY_S)) as kz:
            said[f"routine {days}"] = kz.send(warning(f"routine {days}"), cover_to(UZ)).id
            said[f"flash {days}"] = kz.send(warning(f"flash {days}"), cover_to(UZ, precedence="flash")).id
    serai.hub.start()
    async with serai.point(store) as kz, serai.desk(UZ) as uz:
        places = {(await kz.settled(row)).index: name for name, row in said.items()}
        expected = ["flash 3", "flash 2", "flash 1", "routine 3", "routine 2", "routine 1"]
        assert [places[index] for index in sorted(places)] == expected
        await uz.until(lambda: len(uz.state.store.items.untaken()) == len(said))
        assert kz.alarms() == uz.alarms() == []
        covers = [kz.status_of(kz.outgoing(row).digest or "").cover for row in said.values()]
        assert min(cover.iat for cover in covers) < now_ms() / 1000 - 2 * DAY_S


async def rotate(serai: Exchange, point: FocalPoint, member: str) -> str:
    """Give a member new keys, which its store holds, and revoke the old ones; gives the new credential."""
    serai.world.time_ms = now_ms()
    old = serai.world.rotate(member)
    party = serai.world.party(member)
    assert party.enc is not None
    store = point.state.store
    store.set_keys(store.keys.with_new_pair(party.sig, party.enc), "toy", cost=CHEAP)
    credential = serai.world.log[-1].text
    await point.publish(credential)
    await point.publish(serai.world.revocation(old, "ROOT"))
    return credential


async def test_rotation_is_not_noticed(serai: Exchange) -> None:
    """What was sealed to a key that was replaced and revoked meanwhile is sealed anew, and nobody sees it."""
    store = serai.store("kz", KZ)
    async with serai.point(store) as kz:
        await kz.wait_live()
    async with serai.desk(UZ) as uz:
        async with serai.point(store, hubs=[f"ws://127.0.0.1:{free_port()}"]) as kz:
            sent = kz.send(warning(), cover_to(UZ, precedence="immediate"))
            before, row = sent.digest, sent.id
        await rotate(serai, uz, UZ)
        async with serai.point(store) as kz:
            accepted = await kz.settled(row)
            assert accepted.digest != before
            (delivery,) = await taken(uz, 1)
            assert (delivery.digest, delivery.report) == (accepted.digest, warning())
            await kz.wait_answer(accepted.digest, UZ, "received")
            assert kz.alarms() == uz.alarms() == []


async def test_without_key_it_comes_again(serai: Exchange) -> None:
    """A recipient that lost its key rejects; the sender seals again once there is a newer one."""
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz:
        lost = replace(uz.state.keys, decryption=(decryption_key("of somebody else"),))
        uz.state.store.set_keys(lost, "toy", cost=CHEAP)
        accepted = await kz.send(warning(), cover_to(UZ))
        (shown,) = await taken(uz, 1)
        assert (shown.step, shown.code, shown.report) == (7, "no_key", None)
        await kz.wait_answer(accepted.digest, UZ, "rejected")
        await rotate(serai, uz, UZ)
        (again,) = await taken(uz, 1)
        assert again.report == warning()
        await kz.wait_answer(again.digest, UZ, "received")
        assert kz.status_of(accepted.digest).recipients[UZ].resealed == again.digest
        assert kz.status_of(accepted.digest).recipients[UZ].state == "received"


@pytest.mark.parametrize("skew_s", [3600, -3600])
async def test_clock_that_is_off_is_corrected(serai: Exchange, skew_s: int) -> None:
    """A client whose clock is an hour off gets its line and signs by the hub's time."""
    async with serai.desk(KZ, system=machine(skew_s)) as kz:
        accepted = await kz.send(warning(), cover_to(UZ))
        assert abs(kz.status_of(accepted.digest).cover.iat - now_ms() / 1000) < 60


async def test_replaced_seat_does_not_come_back(serai: Exchange) -> None:
    """A newer session of the same seat ends the older one, for good; another seat does not."""
    with Store.open(serai.store("first", KZ), "toy") as store:
        first = FocalPoint(store, [serai.hub.origin], system=machine())
        running = asyncio.create_task(first.run())
        await first.wait_live()
        async with (
            serai.point(serai.store("second", KZ)) as second,
            serai.point(serai.store("other", KZ), seat="other") as other,
        ):
            await second.wait_live()
            await other.wait_live()
            await running
            with refused(Code.REPLACED):
                await first.wait_live()
            _ = await other.send(warning(), cover_to(UZ))
            assert (first.is_live, second.is_live, other.is_live) == (False, True, True)


async def test_officer_without_keys_sees_covers(serai: Exchange) -> None:
    """An officer's own seat is shown who writes what kind of thing, opens nothing, and can acknowledge."""
    officer = f"{UZ}/{DUTY}"
    seat = serai.store("officer", officer)
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz, serai.point(seat, seat="mobile") as mobile:
        accepted = await kz.send(warning("KZ-1"), cover_to(UZ, precedence="immediate"))
        (cover_only,), (opened,) = await taken(mobile, 1), await taken(uz, 1)
        assert (cover_only.report, cover_only.step) == (None, None)
        assert cover_only.cover == opened.cover
        assert opened.report == warning("KZ-1")
        await mobile.acknowledge(cover_only)
        await uz.until(lambda: uz.delivery(accepted.digest).acknowledged)
        for outcome in ("received", "acknowledged"):
            await kz.wait_answer(accepted.digest, UZ, outcome)
        answers = kz.status_of(accepted.digest).recipients[UZ].answers
        assert {(a.outcome, a.by) for a in answers} == {("received", UZ), ("acknowledged", officer)}


async def test_audit_of_an_honest_hub_is_clean(serai: Exchange) -> None:
    """Every member that follows every leaf finds nothing to say, now and after more."""
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz, serai.desk(ROOM) as room:
        for turn in range(2):
            last = [await kz.send(warning(f"{turn}-{number}"), cover_to(UZ, ROOM)) for number in range(10)][-1]
            for point in (kz, uz, room):
                await until_known(point, last.index)
                result = await point.audit()
                assert (result.faults, point.alarms()) == ((), [])
                assert result.size == point.state.store.trust.audited[0].size > result.start


async def test_evidence_convinces_another_process(serai: Exchange, tmp_path: Path) -> None:
    """An exported file is verified by a process that knows the root's thumbprint, and by none that knows another."""
    async with serai.desk(KZ) as kz, serai.desk(UZ) as uz:
        accepted = await kz.send(warning("KZ-1"), cover_to(UZ))
        await kz.wait_answer(accepted.digest, UZ, "received")
        receipt = kz.status_of(accepted.digest).recipients[UZ].answers[0].statement or ""
        sender = await kz.evidence([receipt, accepted.digest])
        recipient = await uz.evidence([accepted.digest], Disclosure(key=True))
    shown = verify(tmp_path, sender, serai.world.root.kid)
    assert shown["holds"]
    assert [item["claims"].get("outcome") for item in shown["items"]] == [None, "received"]
    opened = verify(tmp_path, recipient, serai.world.root.kid)
    assert opened["items"][0]["content"]["report"]["our_reference"] == "KZ-1"
    assert not verify(tmp_path, recipient, serai.world.next_root.kid)["holds"]


def verify(path: Path, file: bytes, root: str) -> dict[str, Any]:
    """What the program that verifies files says."""
    (path / "evidence").write_bytes(file)
    command = [sys.executable, "-m", "clients.cli", "verify", str(path / "evidence"), "--root", root, "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert answer.stdout, answer.stderr
    value: dict[str, Any] = json.loads(answer.stdout)
    assert (answer.returncode == 0) is value["holds"]
    return value
