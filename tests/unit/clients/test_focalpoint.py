"""A focal point at work, at a scripted hub."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from clients import Alarm, Cover, Delivery, Disclosure, FocalPoint, OutState, StepMark, Store
from clients.errors import LocalCode
from clients.line.lock import LineHeld, holder_of
from clients.mail.sent import refusal_of
from schemas.addresses import Address
from schemas.errors import Code, SeraiError
from schemas.evidence import parse_evidence
from schemas.reports import FeedbackReport
from schemas.reports.codes import FeedbackOutcome
from schemas.reports.operations import STEP_FORMS
from schemas.verification import verify_evidence
from tests.support.desk import ScriptedHub, cover_to, system_of, warning
from tests.support.points import both, next_delivery, point
from tests.support.refusals import refused
from tests.support.world import HUB_ORIGIN, KZ, UZ, digest_of
from tests.unit.schemas.reports.operations.builders import LEAST


async def test_warning_and_back(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """Sent, accepted, received, acknowledged, answered with feedback: each side sees each step."""
    async with both(hub, stores) as (kz, uz):
        sent = kz.send(warning("KZ-1"), cover_to("UZ/NFP", precedence="flash"))
        accepted = await sent
        assert (accepted.index, accepted.digest) == (7, sent.digest)
        delivery = await next_delivery(uz)
        assert (delivery.sender, delivery.lane) == (KZ, "urgent")
        await kz.wait_answer(accepted.digest, "UZ/NFP", "received")
        await uz.acknowledge(delivery)
        await kz.wait_answer(accepted.digest, "UZ/NFP", "acknowledged")
        assert kz.status_of(accepted.digest).recipients[UZ].state == "acknowledged"
        assert uz.delivery(delivery.digest).acknowledged
        await uz.feedback(feedback(), delivery)
        answer = await next_delivery(kz)
        assert answer.cover is not None
        assert (answer.cover.kind, answer.cover.precedence, answer.cover.to) == ("feedback", "flash", [KZ])
        assert [(ref.rel, ref.digest) for ref in answer.cover.refs or []] == [("reply", accepted.digest)]
        assert kz.alarms() == uz.alarms() == []


def feedback() -> FeedbackReport:
    """A small answer."""
    members = {"our_reference": "UZ-1", "your_reference": "KZ-1", "outcome": {"code": _outcome()}}
    return FeedbackReport.model_validate(members)


def _outcome() -> str:
    return next(code.value for code in FeedbackOutcome if code.value != "other")


async def test_declined_with_reason(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """An officer's refusal reaches the sender with its reason."""
    async with both(hub, stores) as (kz, uz):
        accepted = await kz.send(warning(), cover_to("UZ/NFP"))
        await uz.decline(await next_delivery(uz), "not_ours", officer="UZ/NFP/DUTY-1")
        await kz.wait_answer(accepted.digest, "UZ/NFP", "declined")
        answers = kz.status_of(accepted.digest).recipients[UZ].answers
        assert ("declined", "not_ours", "UZ/NFP/DUTY-1") in [(a.outcome, a.reason, a.by) for a in answers]


async def test_what_is_said_offline_goes_out_later(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A dispatch said before the first line is accepted once there is one, after a restart too."""
    offline = FocalPoint(stores["KZ/NFP"], [HUB_ORIGIN], transport=hub, system=system_of(hub.world))
    sent = offline.send(warning(), cover_to("UZ/NFP"))
    assert (sent.digest, sent.outgoing.state) == (None, OutState.DRAFTED)
    async with both(hub, stores) as (kz, uz):
        accepted = await kz.settled(sent.id)
        assert (await next_delivery(uz)).digest == accepted.digest


async def test_deliveries_are_given_once(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """What a program has taken is not given again after a restart; what it has not is, urgent first."""
    async with asyncio.timeout(60):
        async with point(hub, stores["KZ/NFP"]) as kz:
            await kz.wait_live()
            for reference, precedence in (("1", "routine"), ("2", "routine"), ("3", "flash")):
                await kz.send(warning(reference), cover_to("UZ/NFP", precedence=precedence))
        async with point(hub, stores["UZ/NFP"]) as uz:
            await uz.wait_live()
            given = uz.deliveries()
            assert [_reference(await anext(given)) for _ in range(2)] == ["3", "1"]
            await given.aclose()  # type: ignore[attr-defined]
        async with point(hub, stores["UZ/NFP"]) as uz:
            assert [_reference(await anext(uz.deliveries())) for _ in range(1)] == ["1"]


def _reference(delivery: Delivery) -> str:
    assert delivery.report is not None
    return delivery.report.our_reference


async def test_line_is_dialled_again(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """After a break the line comes back, with another token, and what waited goes out once."""
    async with both(hub, stores) as (kz, _):
        for line in list(hub.lines):
            line.deaf = True
        sent = kz.send(warning(), cover_to("UZ/NFP"))
        await kz.until(lambda: bool(hub.submitted))
        for line in list(hub.lines):
            line.break_off()
        accepted = await sent
        assert [digest_of(logged.text) for logged in hub.world.log].count(accepted.digest) == 1
        assert len(set(hub.dialled)) == len(hub.dialled) >= 3
        assert kz.fault is not None


async def test_replaced_seat_stops_and_says_so(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A seat that was replaced does not come back; everybody who waits is told, and nothing is lost."""
    async with both(hub, stores) as (kz, _):
        hub.refuse = lambda _: SeraiError(Code.HUB_NOT_READY)
        sent = kz.send(warning(), cover_to("UZ/NFP"))
        waiting = asyncio.ensure_future(kz.settled(sent.id))
        coming = asyncio.ensure_future(next_delivery(kz))
        await asyncio.sleep(0.01)
        dialled = len(hub.dialled)
        next(line for line in hub.lines if line._member == "KZ/NFP").break_off(4410)
        for future in (waiting, coming):
            with refused(Code.REPLACED):
                await future
        with refused(Code.REPLACED):
            await sent
        with refused(Code.REPLACED):
            await kz.until(lambda: False)
        assert sent.outgoing.state is OutState.SIGNED
        assert len(hub.dialled) == dialled
        assert not kz.is_live


async def test_refusal_is_raised_to_who_waits(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A dispatch that the hub refuses for good raises its code, then and later."""
    async with both(hub, stores) as (kz, _):
        hub.refuse = lambda _: SeraiError(Code.SUSPENDED, "KZ/NFP")
        sent = kz.send(warning(), cover_to("UZ/NFP"))
        for _ in range(2):
            with refused(Code.SUSPENDED, "KZ/NFP"):
                await sent


async def test_alarms_are_told(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """Whoever asked to be called hears of every new alarm."""
    heard: list[Alarm] = []
    async with asyncio.timeout(60), point(hub, stores["KZ/NFP"], on_alarm=heard.append) as kz:
        await kz.wait_live()
        hub.world.rotate("KZ/NFP")
        hub.stir()
        await kz.until(lambda: bool(heard))
        assert [alarm.kind for alarm in heard] == ["unknown_own_key"]
        assert kz.alarms() == heard


async def test_audit_from_the_outside(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """An audit of a live focal point reads the ledger of its hub."""
    async with both(hub, stores) as (kz, _):
        await kz.send(warning(), cover_to("UZ/NFP"))
        assert (await kz.audit()).faults == ()


async def test_evidence_convinces_a_stranger(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """What was received can be shown to somebody who knows the root's thumbprint alone."""
    async with both(hub, stores) as (kz, uz):
        accepted = await kz.send(warning(), cover_to("UZ/NFP"))
        await next_delivery(uz)
        file = await uz.evidence([accepted.digest], Disclosure(key=True))
        verified = verify_evidence(parse_evidence(file), hub.world.root.kid)
        assert verified.items[0].statement.claims.iss == KZ
        with refused(LocalCode.NOT_IN_STORE):
            await uz.evidence(["A" * 43])


async def test_evidence_needs_a_checkpoint(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """Before anything was verified nothing can be shown."""
    offline = FocalPoint(stores["KZ/NFP"], [HUB_ORIGIN], transport=hub, system=system_of(hub.world))
    with refused(Code.BAD_CHECKPOINT):
        await offline.evidence(["A" * 43])


async def test_credential_is_published(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A public statement that somebody signed goes out as it is."""
    async with both(hub, stores) as (kz, _):
        text = hub.world.credential(hub.world.party("UZ/NFP/DUTY-1"))
        assert (await kz.publish(text)).index == 7


async def test_receipts_need_one_sender_and_an_officer(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """What is not in the inbox, or came from several, is not acknowledged; nor by an officer without key."""
    async with both(hub, stores) as (kz, uz):
        theirs = (await kz.send(warning(), cover_to("UZ/NFP"))).digest
        own = (await uz.send(warning(), cover_to("UZ/NFP"))).digest
        await uz.until(lambda: uz.state.store.items.has(theirs) and uz.state.store.items.has(own))
        await uz.until(lambda: all(_inbox(uz, digest) for digest in (theirs, own)))
        with refused(Code.UNKNOWN_REFERENCE):
            _ = uz.acknowledge("A" * 43)
        with refused(Code.REFERENCE_NOT_PERMITTED):
            _ = uz.acknowledge([theirs, own])
        with refused(LocalCode.NO_KEY_HELD):
            _ = uz.acknowledge(theirs, officer="UZ/NFP/DUTY-7")


def _inbox(at: FocalPoint, digest: str) -> bool:
    item = at.state.store.items.get(digest)
    return item is not None and item.inbox


async def test_unknown_things_are_not_found(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """Neither a row nor a digest is made up."""
    async with both(hub, stores) as (kz, _):
        with refused(LocalCode.NOT_IN_OUTBOX):
            kz.outgoing(99)
        for ask in (lambda: kz.delivery("A" * 43), lambda: kz.status_of("A" * 43)):
            with refused(LocalCode.NOT_IN_STORE):
                ask()


async def test_code_of_tomorrow_is_internal(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A refusal with a code that is not known here is still a refusal."""
    async with both(hub, stores) as (kz, _):
        sent = kz.send(warning(), cover_to("UZ/NFP"))
        await sent
        kz.state.store.outbox.set_refused(sent.id, "a_code_of_tomorrow", "x")
        assert refusal_of(sent.outgoing).code is Code.INTERNAL


async def test_one_holder_of_the_line(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A second focal point on the same store is refused; what the first says of itself can be read."""
    store = stores["KZ/NFP"]
    async with both(hub, stores):
        holder = holder_of(store.path)
        assert holder is not None
        assert holder.live
        with pytest.raises(LineHeld):
            await point(hub, store).__aenter__()
    assert holder_of(store.path) is None


async def test_what_another_process_drafts_goes_out(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A draft that another process puts into the store is sent by whoever holds the line."""
    async with both(hub, stores) as (kz, _):
        with Store.open(stores["KZ/NFP"].path, "toy") as store:
            other = FocalPoint(store, [HUB_ORIGIN], transport=hub, system=system_of(hub.world))
            row = other.send(warning(), cover_to("UZ/NFP")).id
            await kz.until(lambda: kz.outgoing(row).state is OutState.ACCEPTED)
            assert other.outgoing(row).state is OutState.ACCEPTED


async def test_a_program_reads_and_acts_in_an_operation(hub: ScriptedHub, stores: dict[str, Store]) -> None:
    """A request, a stop of another member, and what follows: judged before it is kept, and read as of a moment."""
    named = ((UZ, "transit"),)
    request = STEP_FORMS["open"].model_validate(LEAST["open"])
    stop = STEP_FORMS["stop"].model_validate(LEAST["stop"])
    async with both(hub, stores) as (kz, uz):
        opening = Cover((UZ,), Address("KZ/NFP/DUTY-1"), operation=StepMark(do="open", participants=named))
        operation = (await kz.step(request, opening)).digest
        await uz.until(lambda: operation in uz.operations())
        assert uz.operation(operation).picture.stops == ()
        by_machine = Cover((KZ,), UZ, operation=StepMark(operation, "stop"))
        with refused(Code.NOT_PERMITTED):
            _ = uz.step(stop, by_machine)
        stopped = await uz.step(stop, replace(by_machine, signer=Address("UZ/NFP/DUTY-1")))
        await kz.until(lambda: bool(kz.operation(operation).picture.stops))
        now = kz.operation(operation)
        assert [(each.member, each.step) for each in now.picture.stops] == [(UZ, stopped.digest)]
        assert now.state.steps[-1].digest == stopped.digest
        claims = {step.digest: step.cover.operation for step in now.held.steps}
        claim = claims[stopped.digest]
        assert (claim.after if claim else None) == [operation]
        assert await kz.read_steps(operation) == 0
        with refused(LocalCode.NO_OPERATION):
            kz.operation("A" * 43)
