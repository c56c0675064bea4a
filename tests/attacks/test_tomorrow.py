"""The words of tomorrow's ledger in the mouth of a liar: nothing gains authority by being newer (PROTOCOL 3, 7, 8)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clients.actions.answering import give_answer
from clients.actions.listing import cut
from clients.actions.lists import inbox_entries
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import find_original
from clients.actions.ringing import Urgent
from clients.actions.writing import Marking
from clients.documents.news import urgent_environment, urgent_line
from clients.errors import LocalCode
from clients.mail.inbox import Delivery, delivery_of
from schemas.addresses import Address, member_of
from schemas.errors import SeraiError
from tests.attacks.desks import alarms, open_desk, seen
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.tomorrow import NOVELTIES, Tomorrow
from tests.support.world import KZ, RU, TJ, UZ


@pytest.fixture
def hub() -> Tomorrow:
    """A hub that says that it is of a later version."""
    return Tomorrow()


@pytest.fixture
def uz(tmp_path: Path, hub: Tomorrow) -> Desk:
    """UZ's desk, of this version, up to date."""
    return open_desk(tmp_path, hub, UZ)


def sealing_key(desk: Desk, member: Address) -> str:
    """The key that a desk would seal to; or why to none."""
    try:
        return desk.state.directory.encryption_key(member, desk.state.place).kid
    except SeraiError as error:
        return error.code.value


def authority(desk: Desk, *digests: str) -> dict[str, Any]:
    """Whom a desk believes, whom it seals to, and what it knows of some dispatches."""
    directory, place = desk.state.directory, desk.state.place
    current = {each: directory.current(each, place) for each in directory.addresses()}
    others = {each: held for each, held in current.items() if held and member_of(each) != TJ}  # of TJ's keys is spoken
    found: dict[str, Any] = {each: (held.key.kid, held.roles) for each, held in others.items()}
    found |= {f"seal to {member}": sealing_key(desk, member) for member in (KZ, UZ, RU)}
    found |= {f"{each} is": settled(desk, each) for each in digests}
    return found | {f"{each} has": amended(desk, each) for each in digests}


def settled(desk: Desk, digest: str) -> set[str]:
    """Outcomes of a dispatch, without what is only told."""
    found = {outcome for _who, outcome in desk.outcomes(digest)}
    return {outcome for outcome in found if outcome != "unchecked" and not outcome.startswith("later:")}


def shown(desk: Desk, digest: str) -> Delivery:
    """A dispatch as a desk shows it."""
    item = desk.store.items.get(digest)
    assert item is not None
    return delivery_of(item, desk.store, Address(desk.member))


def amended(desk: Desk, digest: str) -> tuple[object, object]:
    """What cancels a dispatch and what corrects it, as a desk shows it."""
    found = shown(desk, digest).amendments
    return found.cancelled_by, found.corrected_by


def test_what_is_newer_lends_no_authority(tmp_path: Path) -> None:
    """Whatever is newer: nobody is believed, sealed to or answered for anew, and nothing is taken back."""
    for number, novelty in enumerate(NOVELTIES):
        hub, home = Tomorrow(), tmp_path / str(number)
        home.mkdir()
        uz = open_desk(home, hub, UZ)
        sent = uz.digest_of(uz.send(KZ, TJ))
        uz.flush()
        alert = hub.send(hub.warn(precedence="flash"))
        uz.sync()
        before = authority(uz, sent, alert)
        novelty.say(hub)
        uz.sync()
        after = authority(uz, sent, alert)
        assert after == {**before, f"{sent} is": {novelty.counts} if novelty.counts else set()}, novelty.name
        assert alert in Urgent(uz.store).look(), novelty.name


def test_status_that_nobody_knows(hub: Tomorrow, uz: Desk) -> None:
    """Under a status of a liar's own an alert rings as real, is answered by nothing, and takes back nothing."""
    alert = hub.send(hub.warn(precedence="flash"))
    false = hub.force(
        hub.warn(precedence="flash", status="drill", refs=[{"rel": "cancel", "digest": alert}]), [UZ], lane="urgent"
    )
    again = hub.force(
        hub.warn(precedence="flash", status="drill", refs=[{"rel": "cancel", "digest": false}]), [UZ], lane="urgent"
    )
    uz.sync()
    assert Urgent(uz.store).look() == [alert, false, again]
    assert (amended(uz, alert), amended(uz, false)) == ((None, None), (None, None))
    delivery = shown(uz, false)
    assert urgent_environment(delivery, 1)["SERAI_STATUS"] == "actual"
    assert "NOT KNOWN WHETHER REAL (drill)" in urgent_line(delivery)
    counter = Counter(uz, hub)
    spoken = SpokenNumber(delivery.index or 0, None)
    assert give_answer(counter, spoken, None).noted
    with refused(LocalCode.STATUS_UNKNOWN):
        find_original(counter, spoken)
    assert (uz.store.outbox.waiting_count(), Urgent(uz.store).look()) == (0, [alert, again])


def test_flood_of_a_precedence_that_nobody_knows(hub: Tomorrow, uz: Desk) -> None:
    """Words above flash, if their sender is believed, ring like immediate, and stand below a flash on the screen."""
    alert = hub.send(hub.warn(precedence="flash"))
    flood = [hub.force(hub.warn(RU, precedence=f"beyond_{'x' * n}"), [UZ], lane="urgent") for n in range(1, 21)]
    uz.sync()
    assert Urgent(uz.store).look() == [alert, *flood]
    shown = [entry.digest for entry in cut(inbox_entries(uz.store), 5).shown]
    assert shown == [alert, *flood[:-5:-1]]


def test_handling_code_that_nobody_knows(hub: Tomorrow, uz: Desk) -> None:
    """A cover under a handling code of a liar's own permits nothing, in what is shown and in what answers it."""
    digest = hub.force(hub.warn(handling="H0_FREE"), [UZ])
    uz.sync()
    delivery = shown(uz, digest)
    assert delivery.cover is not None
    assert (delivery.handling, Marking.of(delivery.cover, delivery.content).handling) == ("H3", "H3")


@pytest.mark.parametrize("outcome", ["received", "acknowledged"])
def test_receipt_that_nobody_can_check(hub: Tomorrow, uz: Desk, outcome: str) -> None:
    """A receipt under a later alg that a hub makes up confirms nothing: the sender's own clock still finds out."""
    digest = uz.digest_of(uz.send(TJ))
    uz.flush()
    hub.later_keys()
    hub.force(hub.under_later_alg(hub.world.receipt(f"{TJ}/DUTY-1", UZ, [digest], outcome), iss=TJ), [UZ])
    uz.sync()
    assert uz.outcomes(digest) == [(TJ, "unchecked")]
    uz.intake.check_silent(hub.world.time_ms + 90_000_000)
    assert uz.alarms() == ["overdue"]


@pytest.mark.parametrize("member", [KZ, RU])
def test_later_alg_for_a_key_of_today(hub: Tomorrow, uz: Desk, member: Address) -> None:
    """A receipt under a later alg in the name of a member whose keys are known is false, not newer: an alarm."""
    digest = uz.digest_of(uz.send(member))
    uz.flush()
    hub.later_keys()
    hub.force(hub.under_later_alg(hub.world.receipt(member, UZ, [digest]), iss=member), [UZ])
    uz.sync()
    assert (uz.outcomes(digest), len(alarms(uz, "bad_statement"))) == ([], 1)


@pytest.mark.parametrize("rel", ["cancel", "update"])
def test_taken_back_in_a_signature_that_nobody_can_check(hub: Tomorrow, uz: Desk, rel: str) -> None:
    """An alert goes on ringing, whatever is said of it under a later alg, in its sender's name or another."""
    alert = hub.send(hub.warn(precedence="flash"))
    hub.later_keys()
    for iss in (KZ, TJ):
        sent = hub.warn(refs=[{"rel": rel, "digest": alert}])
        false = hub.force(hub.under_later_alg(sent.text, iss=iss), [UZ])
        uz.sync()
        assert seen(uz, false) == (2, "unsupported_alg")
    assert alert in Urgent(uz.store).look()
    assert amended(uz, alert) == (None, None)
