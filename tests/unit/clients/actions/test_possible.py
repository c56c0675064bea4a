"""What can be done with a dispatch, and why not: as the functions that do it would say."""

from __future__ import annotations

import pytest

from clients.actions.possible import DispatchAct, PossibleAct, possible_acts
from clients.mail.compose import Ref
from clients.store import Answer
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.traffic import arrive, give_receipt


def acts(counter: Counter, digest: str, *, sent_by_us: bool = False) -> dict[DispatchAct, PossibleAct]:
    """The acts that are offered, in their order."""
    item = counter.store.items.get(digest)
    assert item is not None
    return {each.act: each for each in possible_acts(counter, counter.delivery(item), sent_by_us=sent_by_us)}


def test_what_came_is_acknowledged_first(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Then declined, answered, passed on; what was given is not offered again, the other still is."""
    digest = arrive(uz, kz, precedence="flash", handling="H0")
    found = acts(counter, digest)
    assert list(found)[:4] == [DispatchAct.ACKNOWLEDGE, DispatchAct.DECLINE, DispatchAct.REPLY, DispatchAct.FEEDBACK]
    assert found[DispatchAct.DECLINE].is_dangerous
    give_receipt(kz, uz, digest, "acknowledged")
    found = acts(counter, digest)
    assert DispatchAct.ACKNOWLEDGE not in found
    assert DispatchAct.DECLINE in found


def test_what_was_cancelled_is_not_answered_any_more(kz: Desk, uz: Desk, counter: Counter) -> None:
    """It is said why."""
    digest = arrive(uz, kz, precedence="flash")
    arrive(uz, kz, precedence="flash", refs=(Ref("cancel", digest),))
    why = acts(counter, digest)[DispatchAct.ACKNOWLEDGE].why_not
    assert why is not None
    assert why.code.value == "cancelled_before"


def test_own_dispatch_is_corrected_or_cancelled(kz: Desk, uz: Desk, counter: Counter) -> None:
    """As long as it is in force; what is not done can be noted as seen."""
    digest = arrive(kz, uz, precedence="flash")
    kz.sync()
    counter.reread()
    found = acts(counter, digest, sent_by_us=True)
    assert next(iter(found)) is DispatchAct.NOTE
    assert all(found[each].why_not is None for each in (DispatchAct.CORRECT, DispatchAct.CANCEL))
    arrive(kz, uz, precedence="flash", refs=(Ref("cancel", digest),))
    found = acts(counter, digest, sent_by_us=True)
    assert all(found[each].why_not is not None for each in (DispatchAct.CORRECT, DispatchAct.CANCEL))


@pytest.mark.parametrize(("handling", "is_free"), [("H0", True), ("H3", False)])
def test_use_is_what_the_provider_permits(
    kz: Desk, uz: Desk, counter: Counter, handling: str, *, is_free: bool
) -> None:
    """What may not be passed on or shown to a court says so before anybody has written anything."""
    digest = arrive(uz, kz, handling=handling)
    found = acts(counter, digest)
    assert (found[DispatchAct.FORWARD].why_not is None) is is_free
    assert (found[DispatchAct.EVIDENCE].why_not is None) is is_free
    assert found[DispatchAct.EVIDENCE].needs_passphrase


def test_signer_that_was_compromised_leaves_the_acts(kz: Desk, uz: Desk, counter: Counter) -> None:
    """A doubt about the key is shown; what an officer decides is his."""
    digest = arrive(uz, kz, precedence="flash")
    kz.store.outcomes.add(digest, Answer(Address("UZ/NFP"), "compromised", 1, statement=digest))
    assert acts(counter, digest)[DispatchAct.ACKNOWLEDGE].why_not is None
