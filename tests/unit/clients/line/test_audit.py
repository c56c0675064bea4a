"""Following every leaf."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.line.audit import Auditor, AuditResult, audit
from clients.system import Clock
from schemas.addresses import Address
from schemas.claims import StatementType
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code
from schemas.frames import DeliverItem
from schemas.leaf import Leaf
from schemas.merkle import Frontier, root_of
from tests.support.desk import Desk, ScriptedHub, ScriptedReader
from tests.support.refusals import refused
from tests.support.world import Logged, Party, World, digest_of


async def run(desk: Desk) -> AuditResult:
    """Audit a desk."""
    return await audit(desk.state, ScriptedReader(desk.hub), desk.intake.take_public, desk.state.system.sleep)


def leaf(n: int, *, public: bool = False, at: int = 5) -> Leaf:
    """A leaf that a number stands for."""
    kind = StatementType.CREDENTIAL if public else StatementType.DISPATCH
    return Leaf(at, kind.code, public, sha256(bytes([n])))


@given(st.integers(0, 40), st.lists(st.integers(1, 12), max_size=6))
def test_roots_do_not_depend_on_the_pages(size: int, pages: list[int]) -> None:
    """However leaves are paged, the root at every wanted size is that of the tree."""
    leaves = [leaf(n) for n in range(size)]
    auditor = Auditor(Frontier.empty(), 0, frozenset({3, 8, size}), {})
    rest = [each.to_bytes() for each in leaves]
    for page in [*pages, size]:
        auditor.take(rest[:page])
        rest = rest[page:]
    wanted = {each for each in (3, 8, size) if 0 < each <= size}
    assert auditor.roots == {each: encode_base64url(root_of([x.hash for x in leaves[:each]])) for each in wanted}
    assert auditor.frontier.size == size


def test_decreasing_time_is_a_fault() -> None:
    """A leaf that is older than the one before it is noticed, and named."""
    auditor = Auditor(Frontier.empty(), 5, frozenset(), {})
    auditor.take([leaf(1, at=5).to_bytes(), leaf(2, at=4).to_bytes(), leaf(3, at=5).to_bytes()])
    assert auditor.faults == ["the time at 1 is before the one at 0"]


def test_bytes_that_are_no_leaf_are_refused() -> None:
    """A leaf of another version stops the audit."""
    with refused(Code.BAD_PROOF):
        Auditor(Frontier.empty(), 0, frozenset(), {}).take([b"\x02" * 43])


async def test_honest_ledger_passes(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Leaves, public texts, own statements and others' views are all found, and only once."""
    kz.send("UZ/NFP")
    kz.flush()
    uz.confirm()
    kz.sync()
    assert await run(kz) == AuditResult(0, 9, 7, 2, 1, 0, ())
    assert await run(kz) == AuditResult(9, 9, 0, 0, 0, 0, ())
    kz.send("UZ/NFP")
    kz.flush()
    assert await run(kz) == AuditResult(9, 10, 0, 1, 0, 0, ())
    assert kz.alarms() == []


async def test_nothing_is_audited_before_the_first_head(kz: Desk) -> None:
    """Where nothing was verified there is nothing to audit."""
    kz.state.belief = replace(kz.state.belief, head=None)
    assert await run(kz) == AuditResult(0, 0, 0, 0, 0, 0, ())


async def test_other_leaves_are_a_fork(kz: Desk, hub: ScriptedHub) -> None:
    """Leaves that do not give the signed root are an alarm with the note, and are not counted as audited."""
    kz.send("UZ/NFP")
    kz.flush()
    hub.world.log[7] = Logged(hub.world.log[7].text, leaf(9))
    result = await run(kz)
    assert len(result.faults) == 3
    assert kz.alarms() == ["bad_time", "fork", "fork"]
    assert kz.store.alarms.raised()[1].evidence["checkpoint"].startswith("serai/toy/")
    assert kz.store.trust.audited[0].size == 0


async def test_withheld_public_statement_is_found_and_applied(kz: Desk, hub: ScriptedHub) -> None:
    """A revocation that the hub keeps from its members shows in the leaves; it is fetched and counts."""
    hub.world.revoke("RU/NFP")
    kz.send("UZ/NFP")
    kz.flush()
    result = await run(kz)
    assert result.faults == ("the public statement at 7 was not delivered",)
    assert kz.alarms() == ["withheld"]
    assert kz.state.directory.current(hub.world.party("RU/NFP").address, kz.state.place) is None
    assert (await run(kz)).faults == ()


async def test_public_statement_said_to_be_gone_is_demanded(kz: Desk, hub: ScriptedHub) -> None:
    """A revocation delivered without its text is not held: every audit asks for it, and says so, until it has it."""
    hub.world.revoke("RU/NFP")
    frame = kz.next_frame()
    gone = frame.items[0].model_copy(update={"statement": None, "gone": True})
    kz.intake.deliver(frame.model_copy(update={"items": [gone]}))

    class Hiding(ScriptedReader):
        async def statement(self, digest: str) -> tuple[DeliverItem, str]:
            return gone, hub.note()

    for _ in range(2):
        result = await audit(kz.state, Hiding(hub), kz.intake.take_public, kz.state.system.sleep)
        assert result.faults == ("the public statement at 7 was delivered without its text",)
    assert kz.alarms() == ["damaged", "damaged"]
    await run(kz)
    assert kz.state.directory.current(hub.world.party("RU/NFP").address, kz.state.place) is None
    assert (await run(kz)).faults == ()


async def test_late_revocation_takes_back_what_stands_above_it(kz: Desk, hub: ScriptedHub) -> None:
    """A credential that a withheld revocation forbids no longer counts once that is found; the revocation does."""
    officer = Party.of(Address("RU/NFP/DUTY-2"))
    text = hub.world.credential(officer, by="RU/NFP")
    hub.world.revoke("RU/NFP")
    made = Leaf(hub.world.time_ms, StatementType.CREDENTIAL.code, public=True, digest=sha256(text.encode()))
    hub.world.log.append(Logged(text, made))
    frame = kz.next_frame()
    kz.intake.deliver(frame.model_copy(update={"items": frame.items[1:]}))
    assert kz.state.directory.current(officer.address, kz.state.place) is not None
    await run(kz)
    for _ in range(2):
        assert kz.state.directory.current(officer.address, kz.state.place) is None
        assert kz.state.directory.current(hub.world.party("RU/NFP").address, kz.state.place) is None
        kz.restart()
    item = kz.store.items.get(digest_of(text))
    assert item is not None
    assert (item.step, kz.alarms()) == (3, ["withheld", "withheld", "public_refused"])
    assert (await run(kz)).faults == ()


async def test_public_statement_on_its_way_is_no_fault(kz: Desk, hub: ScriptedHub) -> None:
    """What the line brings while the audit waits was not withheld."""
    hub.world.rotate("RU/NFP")
    kz.send("UZ/NFP")
    kz.flush()

    async def bring(seconds: float) -> None:
        kz.sync()
        await asyncio.sleep(0)

    result = await audit(kz.state, ScriptedReader(hub), kz.intake.take_public, bring)
    assert (result.faults, kz.alarms()) == ((), [])


async def seen(kz: Desk, hub: ScriptedHub, note: str) -> AuditResult:
    """An audit after somebody has shown what it saw."""
    hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], view=note))
    kz.sync()
    return await run(kz)


@pytest.mark.parametrize("audited_before", [False, True])
async def test_view_of_another_ledger_is_proof_of_a_fork(kz: Desk, hub: ScriptedHub, audited_before: bool) -> None:
    """Two histories under the hub's own signature are found by what others have seen."""
    if audited_before:
        await run(kz)
    other = World(hub.world.directory.addresses()[:1])
    other.log = [*hub.world.log[:4], hub.world.log[3], *hub.world.log[5:7]]
    result = await seen(kz, hub, other.checkpoint(6))
    assert result.views == 1
    assert kz.alarms() == ["fork"]
    assert set(kz.store.alarms.raised()[0].evidence) == {"seen", "statement", "checkpoint"}


async def test_view_that_the_hub_did_not_sign_is_its_signers_lie(kz: Desk, hub: ScriptedHub) -> None:
    """A made-up note accuses whoever signed the statement, not the hub."""
    other = World(hub.world.directory.addresses()[:1])
    other.ledger_key = other.event_key
    other.log = [*hub.world.log[:4], hub.world.log[3], *hub.world.log[5:7]]
    await seen(kz, hub, other.checkpoint(6))
    assert kz.alarms() == ["bad_view"]


async def test_later_view_waits(kz: Desk, hub: ScriptedHub) -> None:
    """A view from beyond the trusted head is compared once the client gets there."""
    ahead = World(hub.world.directory.addresses()[:1])
    ahead.log = [*hub.world.log, *hub.world.log[:5]]
    note = ahead.checkpoint()
    result = await seen(kz, hub, note)
    assert (result.views, kz.alarms()) == (0, [])
    for _ in range(5):
        hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"]))
    kz.sync()
    assert (await run(kz)).views == 1
    assert kz.alarms() == ["fork"]


async def test_views_of_a_dropped_end_are_not_compared(kz: Desk, hub: ScriptedHub) -> None:
    """What an epoch has dropped was true when it was seen."""
    kz.send("UZ/NFP")
    kz.flush()
    note = hub.world.checkpoint()
    del hub.world.log[7:]
    hub.world.turn_root()
    kz.state.learn([epoch.statement.text for epoch in hub.world.directory.epochs])
    kz.intake.deliver(kz.next_frame())
    result = await seen(kz, hub, note)
    assert result.views == 0
    assert "fork" not in kz.alarms()


async def test_ledger_ahead_of_the_own_clock_is_a_fault(kz: Desk, hub: ScriptedHub) -> None:
    """An audit that meets a leaf more than an hour ahead of this machine says so, and goes on to the end."""
    kz.state.system = replace(kz.state.system, clock=Clock(lambda: hub.world.time_ms - 3_600_001))
    result = await run(kz)
    assert result.faults == ("the ledger is more than an hour ahead of this machine's clock",)
    assert (kz.alarms(), kz.store.trust.audited[0].size) == (["bad_time"], result.size)
