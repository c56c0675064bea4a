"""Passing on: what goes, whose it is, how it is marked, and what must not go."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions.forwarding import Forwarding, begin_forward, forwarding_cover
from clients.actions.numbers import SpokenNumber
from clients.actions.writing import CoverOptions, Marking
from clients.errors import LocalCode
from clients.mail.compose import Ref
from schemas.addresses import Address
from schemas.reports import encode_report
from schemas.reports.grading import Provider
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.refusals import refused
from tests.support.traffic import arrive, follow_up, send_now

KZ, UZ, RU = Address("KZ/NFP"), Address("UZ/NFP"), Address("RU/NFP")
LETTER = "Letter 12 of 1 June"


def spoken(desk: Desk, digest: str) -> SpokenNumber:
    """The number of a dispatch as a person types it."""
    return SpokenNumber(desk.store.items.place_of(digest) or 0, None)


def begun(counter: Counter, desk: Desk, digest: str, permission: str = "") -> Forwarding:
    """A dispatch that is about to be passed on."""
    return begin_forward(counter, spoken(desk, digest), None, permission)


def test_it_goes_unchanged_and_names_its_provider(kz: Desk, uz: Desk, counter: Counter) -> None:
    """The new recipient gets the report as its provider wrote it, and whose it is; it refers to the original."""
    digest = arrive(uz, kz, reference="UZ-7", precedence="flash")
    forwarding = begun(counter, kz, digest)
    assert forwarding.report.provider == Provider(member=UZ, digest=digest)
    assert forwarding.report.model_copy(update={"provider": None}) == warning("UZ-7")
    cover = forwarding_cover(counter, forwarding, (RU,), CoverOptions())
    assert (cover.to, cover.precedence, cover.handling, cover.status) == ((RU,), "flash", "H1", "actual")
    assert cover.refs == (Ref("related", digest),)
    assert forwarding.has_it((RU, KZ, UZ)) == (KZ, UZ)


def test_what_its_provider_keeps_needs_his_word(kz: Desk, uz: Desk, counter: Counter) -> None:
    """H2 goes on by the provider's permission alone, which goes with it; the code stays, whatever is asked."""
    digest = arrive(uz, kz, handling="H2")
    with refused(LocalCode.USE_NOT_PERMITTED, "UZ/NFP"):
        begun(counter, kz, digest)
    forwarding = begun(counter, kz, digest, LETTER)
    assert forwarding.report.provider == Provider(member=UZ, digest=digest, permission=LETTER)
    laxer = CoverOptions(Marking(handling="H0"))
    assert forwarding_cover(counter, forwarding, (RU,), laxer).handling == "H2"


def test_permission_that_was_not_needed_is_not_claimed(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Under H1 nobody had to be asked, so the report claims nothing of the kind."""
    assert begun(counter, kz, arrive(uz, kz), LETTER).report.provider.permission is None  # type: ignore[union-attr]


def passed_on(hub: ScriptedHub, kz: Desk, **claims: Any) -> str:
    """UZ passes a report of RU on to KZ under H1; gives the digest."""
    provider = Provider(member=RU, digest="A" * 43, permission=LETTER)
    report = warning().model_copy(update={"provider": provider})
    value = report.model_dump(mode="json", exclude_none=True)
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], value, **claims))
    kz.sync()
    return digest


def test_the_first_provider_stays(hub: ScriptedHub, kz: Desk, counter: Counter) -> None:
    """What was passed on is still of whoever sent it first: its sender's permission to us opens nothing further."""
    forwarding = begun(counter, kz, passed_on(hub, kz))
    assert (forwarding.provider, forwarding.report.provider) == (RU, Provider(member=RU, digest="A" * 43))
    with refused(LocalCode.USE_NOT_PERMITTED, "RU/NFP"):
        begun(counter, kz, passed_on(hub, kz, handling="H2"))


def test_own_report_goes_to_whom_we_like(kz: Desk, counter: Counter) -> None:
    """Nobody asks himself: what we sent ourselves goes on under any code, and names no provider."""
    _digest, index = send_now(kz, "UZ/NFP", handling="H3")
    forwarding = begin_forward(counter, SpokenNumber(index, None), None, "")
    assert (forwarding.provider, forwarding.report.provider) == (KZ, None)


@pytest.mark.parametrize("rel", ["update", "cancel"])
def test_what_is_not_in_force_does_not_go_on(kz: Desk, uz: Desk, counter: Counter, rel: str) -> None:
    """A cancelled or corrected report is not passed on; the person is shown what has replaced it."""
    digest = arrive(uz, kz)
    newer = follow_up(uz, kz, rel, digest)
    with refused(LocalCode.NOT_IN_FORCE, f"by {kz.store.items.place_of(newer)}"):
        begun(counter, kz, digest)


def test_what_would_be_lost_does_not_go_on(hub: ScriptedHub, kz: Desk, counter: Counter) -> None:
    """A report that says what this program does not know is not passed on without it."""
    value = {**warning().model_dump(mode="json", exclude_none=True), "escort": 7}
    digest = hub.send(hub.world.dispatch("UZ/NFP", ["KZ/NFP"], value))
    kz.sync()
    with refused(LocalCode.FORWARD_LOSES):
        begun(counter, kz, digest)


def test_exercise_is_passed_on_as_one(kz: Desk, uz: Desk, counter: Counter) -> None:
    """The copy is marked as the original is, and a person who takes it for real is stopped."""
    digest = arrive(uz, kz, status="exercise")
    assert forwarding_cover(counter, begun(counter, kz, digest), (RU,), CoverOptions()).status == "exercise"
    with refused(LocalCode.MARKED_OTHERWISE):
        begin_forward(counter, SpokenNumber(spoken(kz, digest).index, "actual"), None, "")


def test_the_new_recipient_reads_it(hub: ScriptedHub, kz: Desk, uz: Desk, counter: Counter) -> None:
    """What is passed on is accepted, and is the same report at its end."""
    forwarding = begun(counter, kz, arrive(uz, kz, reference="UZ-7"))
    cover = forwarding_cover(counter, forwarding, (UZ,), CoverOptions())
    assert counter.point.send(forwarding.report, cover).digest
    kz.flush()
    uz.sync()
    item = uz.store.items.inbox(1)[0]
    assert counter.state.member == KZ
    assert item.step is None
    assert encode_report(forwarding.report).decode().startswith('{"our_reference":"UZ-7"')
