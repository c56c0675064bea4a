"""The hub as a whole: when it is ready, whom it lets in, whom it sends away, what it logs, how it stops."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from broker.adapters.system import SystemClock
from broker.app import make_hub, open_ports
from broker.service.gate import Pass
from broker.service.hub import STUCK_S, Hub
from broker.service.operator import make_suspension
from broker.service.sequencer import AcceptedAt
from broker.service.timekeeper import ClockDoubted
from broker.settings import HubFolder
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.merkle import decode_proof, verify_consistency, verify_inclusion
from tests.support.hub import make_folder, reopened, resume_text
from tests.support.refusals import refused
from tests.support.steady import Steady
from tests.support.world import DAY_S, HUB_ORIGIN, KG, KZ, TJ, World
from tests.unit.broker.edges import Peer, catch_up, running, submit_text, until


class AheadClock(Steady):
    """This machine's clock, set ahead."""

    ahead_s = 0

    def now_ms(self) -> int:
        """Milliseconds, so far ahead."""
        return time.time_ns() // 1_000_000 + 1000 * self.ahead_s

    def new_jti(self) -> str:
        """A fresh UUIDv7."""
        return SystemClock().new_jti()


# Ready or not


async def test_a_hub_is_ready_while_it_takes_turns(hub: Hub) -> None:
    """Before its start, after its end and when leaves are damaged, it says why it is not."""
    with refused(Code.HUB_NOT_READY):
        hub.check_ready()
    async with running(hub):
        hub.check_ready()
        hub.note_damage(3, SeraiError(Code.DAMAGED, "leaf 3"))
        with refused(Code.DAMAGED, "1 leaves"):
            hub.check_ready()
        hub._damaged.clear()
        hub.check_ready()
    with refused(Code.HUB_STOPPING):
        hub.check_ready()


async def _fails() -> None:
    raise ZeroDivisionError


async def _ends() -> None:
    """Come to an end, which work of this kind never does."""


@pytest.mark.parametrize("how", [_fails, _ends])
@pytest.mark.parametrize("task", ["sequencer", "sessions"])
async def test_a_hub_one_of_whose_tasks_ends_serves_no_more(
    hub: Hub, world: World, monkeypatch: pytest.MonkeyPatch, task: str, how: Callable[[], Awaitable[None]]
) -> None:
    """It is logged which and why, the hub is not ready, lines are told to come again, none opens, the process hears."""
    over = asyncio.Event()
    work = hub.sequencer.run if task == "sequencer" else hub._watch_sessions

    async def until_over() -> None:
        working = asyncio.create_task(work())
        await over.wait()
        working.cancel()
        await how()

    monkeypatch.setattr(hub.sequencer if task == "sequencer" else hub, work.__name__, until_over)
    with capture_logs() as logs:
        async with running(hub):
            peer = await Peer.resumed(hub, world)
            failed = asyncio.create_task(hub.wait_failed())
            over.set()
            assert await peer.ended() == (1012, "hub_stopping")
            with refused(Code.INTERNAL, "the log says why"):
                await failed
            with refused(Code.HUB_NOT_READY, "sequencer"):
                hub.check_ready()
            with refused(Code.HUB_STOPPING):
                await hub.admit_line(world.token(KG))
    assert [entry["task"] for entry in logs if entry["event"] == "task_failed"] == [task]


async def test_a_failed_turn_makes_the_hub_unready_until_one_succeeds(
    live: Hub, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails is told to whoever asks, and no longer once it works again."""

    def fail(*_: object) -> None:
        raise SeraiError(Code.STORAGE_FAILED, "OperationalError")

    monkeypatch.setattr(live.store, "transaction", fail)
    verdict = await live.decide(lambda _, answer: make_suspension(TJ, answer))
    assert isinstance(verdict, SeraiError)
    with refused(Code.STORAGE_FAILED):
        live.check_ready()
    monkeypatch.undo()
    assert isinstance(await live.decide(lambda _, answer: make_suspension(TJ, answer)), AcceptedAt)
    live.check_ready()


async def test_a_clock_that_was_moved_ends_the_hub(live: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not know the time appends nothing, tells nobody a time, and lets its process be started anew."""
    assert live.time_ms() is not None
    real, size = time.time_ns, live.mailroom.head.size
    monkeypatch.setattr(time, "time_ns", lambda: real() - 3_000_000_000)
    with refused(Code.HUB_NOT_READY, "clock was moved"):
        live.check_ready()
    assert live.time_ms() is None
    assert isinstance(await live.decide(lambda _, answer: make_suspension(TJ, answer)), ClockDoubted)
    with pytest.raises(ClockDoubted) as caught:
        await live.wait_failed()
    assert caught.value.is_moved
    assert live.mailroom.head.size == size


async def test_a_hub_without_network_document_waits_for_one(tmp_path: Path, world: World) -> None:
    """With nothing in its ledger the hub starts, is not ready, and lets nobody in."""
    folder = make_folder(tmp_path / "hub", world)
    folder.database.unlink()
    folder.register.unlink()
    with reopened(folder) as hub:
        async with running(hub):
            for ask in (hub.check_ready, lambda: hub.admit_reader(world.token(KZ, "read"))):
                with refused(Code.HUB_NOT_READY, "no network document"):
                    ask()


def test_a_hub_serves_only_with_the_keys_that_the_root_certified(tmp_path: Path, world: World) -> None:
    """Keys that the network document does not name are refused before anybody is served."""
    folder = make_folder(tmp_path / "hub", world)
    seed = {"seed": encode_base64url(bytes(32))}
    (folder.keys / "event.json").write_text(json.dumps(seed))
    with refused(Code.UNKNOWN_KEY, "other keys"), reopened(folder):
        pass


# Who may open a line


async def test_a_pass_says_whose_line_it_is(live: Hub, world: World) -> None:
    """An officer opens its member's mailbox, at the seat it names."""
    holder = await live.admit_line(world.token(f"{KZ}/DUTY-1", seat="duty"))
    assert (holder.holder, holder.member, holder.seat, holder.auditor) == (f"{KZ}/DUTY-1", KZ, "duty", False)


async def test_a_token_is_used_once_also_across_a_restart(tmp_path: Path, world: World) -> None:
    """A token that opened a line opens no second one, neither now nor at the hub that starts again."""
    folder: HubFolder = make_folder(tmp_path / "hub", world)
    token = catch_up(world).token(KZ)
    with reopened(folder) as hub:
        async with running(hub):
            assert (await hub.admit_line(token)).member == KZ
            with refused(Code.TOKEN_REPLAYED):
                await hub.admit_line(token)
    with reopened(folder) as hub:
        async with running(hub):
            with refused(Code.TOKEN_REPLAYED):
                await hub.admit_line(token)
            assert (await hub.admit_line(world.token(KZ))).member == KZ


async def test_tokens_are_for_one_use_each(live: Hub, world: World) -> None:
    """A token to read opens no line, and one for an exchange reads nothing; the first may be used often."""
    with refused(Code.TOKEN_INVALID):
        await live.admit_line(world.token(KZ, "read"))
    with refused(Code.TOKEN_INVALID):
        live.admit_reader(world.token(KZ))
    token = world.token(KZ, "read")
    assert [live.admit_reader(token).member for _ in range(3)] == [KZ] * 3


async def test_a_stopping_hub_lets_nobody_in(hub: Hub, world: World) -> None:
    """Whoever comes while the hub stops is told to come again."""
    async with running(hub):
        pass
    with refused(Code.HUB_STOPPING):
        await hub.admit_line(world.token(KZ))


# Who is sent away


async def test_a_suspended_member_loses_all_its_lines(live: Hub, world: World) -> None:
    """Members and officers are closed as suspended in the moment of the event, whoever else stays."""
    suspended = [await Peer.resumed(live, world, iss, seat=seat) for iss, seat in ((KG, "a"), (f"{KG}/DUTY-1", "b"))]
    other = await Peer.resumed(live, world, KZ)
    await live.decide(lambda _, answer: make_suspension(KG, answer))
    for peer in suspended:
        assert await peer.ended() == (4414, "suspended")
    assert (await other.hear_items(1))[0]["lane"] == "public"
    assert live.mailroom.count() == 1
    await other.leave()


async def test_a_revoked_key_loses_its_line(live: Hub, world: World) -> None:
    """Whose key is revoked is closed, also by a revocation that it brought itself, after the answer was owed."""
    officer = await Peer.resumed(live, world, f"{KG}/DUTY-1", seat="duty")
    member = await Peer.resumed(live, world, KG)
    member.say(submit_text(world.revocation(world.party(KG))))
    for peer in (member, officer):
        assert await peer.ended() == (4413, "credential_revoked")
    with refused(Code.CREDENTIAL_REVOKED):
        await live.admit_line(world.token(KG))


async def test_a_credential_that_runs_out_ends_the_line(tmp_path: Path, world: World) -> None:
    """Though nothing is committed, a line does not outlive its holder's credential for long."""
    world.enrol(f"{KZ}/DUTY-2", exp=world.time_s + DAY_S)
    folder = make_folder(tmp_path / "hub", world)
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        hub = make_hub(ports, settings)
        hub.clock = clock = AheadClock()
        hub.load()
        async with running(hub):
            member, officer = [
                await Peer.resumed(hub, world, iss, seat=iss[-1].lower()) for iss in (KZ, f"{KZ}/DUTY-2")
            ]
            clock.ahead_s = 2 * DAY_S
            hub._check_sessions()
            assert await officer.ended() == (4412, "credential_expired")
            assert hub.mailroom.count() == 1
            await member.leave()


async def test_stopping_tells_every_line_and_keeps_what_was_said(tmp_path: Path, world: World) -> None:
    """Lines are closed as stopping, cursors are written, and what was accepted is there at the next start."""
    folder = make_folder(tmp_path / "hub", world)
    sent = world.dispatch(KZ, [KG])
    with reopened(folder) as hub:
        async with running(hub):
            peer, other = await Peer.resumed(hub, world), await Peer.resumed(hub, world, KG)
            peer.say(submit_text(sent))
            assert (await peer.hear())["type"] == "accepted"
            [item] = await other.hear_items(1)
            following = item["index"] + 1
            cursors = dict.fromkeys(("public", "urgent", "normal"), following)
            other.say({"type": "ack", "cursors": cursors})
            await until(lambda: hub.sequencer._cursors or not hub.store.backlog()["normal"])
        for line in (peer, other):
            assert await line.ended() == (1012, "hub_stopping")
    with reopened(folder) as hub:
        assert hub.mailroom.head.size == following
        assert hub.store.backlog()["normal"] == 0


# Proofs


def test_proofs_are_given_for_what_is_committed(hub: Hub) -> None:
    """At every size so far inclusion and consistency are proven; beyond, nothing is."""
    head = hub.mailroom.head
    for size in range(1, head.size + 1):
        proof = decode_proof(hub.prove_inclusion(size - 1, size))
        verify_inclusion(head.leaf_hash(size - 1), size - 1, size, proof, head.root_at(size))
        proof = decode_proof(hub.prove_consistency(size, head.size))
        verify_consistency(size, head.root_at(size), head.size, head.root, proof)
    with refused(Code.NOT_FOUND):
        hub.prove_inclusion(0, head.size + 1)
    with refused(Code.NOT_FOUND):
        hub.prove_consistency(1, head.size + 1)


# What is counted and logged


async def test_the_digest_runs_through_the_log_and_no_secret_does(hub: Hub, world: World) -> None:
    """From token to answer every statement is logged by its digest, and neither content nor key nor token is."""
    sent, bad = world.dispatch(KZ, [KG], {"note": "poppy straw at the border"}), world.dispatch(KG, [KZ])
    token = catch_up(world).token(KZ)
    with capture_logs() as logs:
        async with running(hub):
            peer = Peer(hub, await hub.admit_line(token))
            peer.say(resume_text(), submit_text(sent), submit_text(bad), "{}", encode_json({"type": "hello"}))
            await until(lambda: sum(entry["event"] in ("appended", "refused") for entry in logs) == 2)
            await peer.leave()
    said = {entry["event"]: entry for entry in logs}
    assert (said["appended"]["digest"], said["appended"]["index"]) == (sent.digest, 7)
    assert (said["refused"]["digest"], said["refused"]["code"]) == (bad.digest, "not_your_statement")
    text = json.dumps(logs, default=str)
    secrets = [
        "poppy",
        *token.split("."),
        *sent.text.split(".")[1:],
        sent.sealed.body.ciphertext,
        *(entry.encrypted_key for entry in sent.sealed.entries),
        encode_base64url(sent.content_key),
        encode_base64url(world.ledger_key.seed),
        encode_base64url(world.party(KZ).sig.seed),
    ]
    assert [secret for secret in secrets if secret in text] == []


async def test_what_happens_is_counted(live: Hub, world: World) -> None:
    """Lines, statements and outcomes are in the metrics, by code and without names."""
    peer = await Peer.resumed(live, world)
    assert live.mailroom.count() == 1
    peer.say(submit_text(world.dispatch(KZ, [KG])), submit_text(world.dispatch(KG, [KZ])))
    assert {(await peer.hear())["type"] for _ in range(3)} == {"accepted", "refused", "deliver"}
    counted = live.metrics.text().decode()
    assert 'serai_submissions_total{outcome="accepted"} 1.0' in counted
    assert 'serai_submissions_total{outcome="not_your_statement"} 1.0' in counted
    assert 'serai_statements_total{type="dispatch"} 1.0' in counted
    assert "serai_ledger_size 8.0" in counted
    assert KZ not in counted
    await peer.leave()


async def test_a_hub_that_takes_no_turns_does_not_work(live: Hub) -> None:
    """Turns are taken each second though nothing is submitted; one that takes for ever is noticed, a fault is none."""
    live.sequencer.turned_s -= STUCK_S + 1
    assert not live.is_working()
    live.sequencer.fault = SeraiError(Code.STORAGE_FAILED)
    await until(live.is_working)


async def test_open_lines_are_counted_while_they_are_served(live: Hub, world: World) -> None:
    """The gauge of lines goes up with a line and down with its end, however it ends."""

    class Broken:
        """A line that fails."""

        async def send(self, _: str) -> None:
            """Fail, having looked at the gauge."""
            assert "serai_sessions 1.0" in live.metrics.text().decode()
            raise ZeroDivisionError

        async def receive(self) -> str:
            """Nothing."""
            raise ZeroDivisionError

        async def close(self, code: int, reason: str) -> None:
            """Nothing."""

    holder: Pass = await live.admit_line(world.token(KZ, hub=HUB_ORIGIN))
    with pytest.raises(ZeroDivisionError):
        await live.serve(Broken(), holder)
    assert "serai_sessions 0.0" in live.metrics.text().decode()
    assert live.mailroom.count() == 0
