"""What rings, and what silences it."""

from __future__ import annotations

from clients.actions.ringing import Urgent
from tests.support.desk import Desk, ScriptedHub
from tests.support.traffic import arrive, follow_up, give_receipt


def test_urgent_waits_until_an_officer_answers(kz: Desk, uz: Desk) -> None:
    """What is urgent waits, oldest first, until it is acknowledged or declined; what is not never does."""
    urgent = Urgent(kz.store)
    first = arrive(uz, kz, precedence="flash")
    arrive(uz, kz, precedence="routine")
    assert urgent.look() == [first]
    second = arrive(uz, kz, precedence="immediate")
    assert urgent.look() == [first, second]
    give_receipt(kz, uz, first, "acknowledged")
    assert urgent.look() == [second]
    give_receipt(kz, uz, second, "declined", "not_ours")
    assert urgent.look() == Urgent(kz.store).look() == []


def test_receipt_of_the_machine_ends_no_alarm(kz: Desk, uz: Desk) -> None:
    """That it was received is not that anybody has seen it."""
    digest = arrive(uz, kz, precedence="flash")
    kz.confirm()
    assert Urgent(kz.store).look() == [digest]


def test_cancelled_rings_no_more(kz: Desk, uz: Desk) -> None:
    """What its sender cancels waits for nobody; where no officer has acted on it, neither does the cancellation."""
    urgent = Urgent(kz.store)
    first = arrive(uz, kz, precedence="flash")
    other = arrive(uz, kz, precedence="immediate")
    assert urgent.look() == [first, other]
    follow_up(uz, kz, "cancel", first)
    assert urgent.look() == Urgent(kz.store).look() == [other]


def test_cancellation_calls_back_who_acts_on_it(kz: Desk, uz: Desk) -> None:
    """Where an officer has acknowledged it, or what it corrects, the cancellation rings until it is acknowledged."""
    first = arrive(uz, kz, precedence="flash")
    give_receipt(kz, uz, first, "acknowledged")
    second = follow_up(uz, kz, "update", first, precedence="routine")
    ended = follow_up(uz, kz, "cancel", second)
    assert Urgent(kz.store).look() == [ended]
    give_receipt(kz, uz, ended, "acknowledged")
    assert Urgent(kz.store).look() == []


def test_correction_rings_for_what_it_corrects(kz: Desk, uz: Desk) -> None:
    """One alarm for one case: an urgent correction takes over; one that would not ring leaves the alarm as it was."""
    first = arrive(uz, kz, precedence="flash")
    follow_up(uz, kz, "update", first, precedence="routine")
    assert Urgent(kz.store).look() == [first]
    second = follow_up(uz, kz, "update", first)
    assert Urgent(kz.store).look() == [second]
    give_receipt(kz, uz, second, "acknowledged")
    assert Urgent(kz.store).look() == []


def test_stranger_silences_nothing(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """What another member says it cancels goes on ringing, and so does what claims to cancel it."""
    first = arrive(uz, kz, precedence="flash")
    ref = {"rel": "cancel", "digest": first}
    claim = hub.send(hub.world.dispatch("RU/NFP", ["KZ/NFP"], precedence="flash", refs=[ref]))
    kz.sync()
    assert Urgent(kz.store).look() == [first, claim]
