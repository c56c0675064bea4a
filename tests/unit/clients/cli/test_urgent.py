"""What the alarm is about."""

from __future__ import annotations

from clients.cli.administrator.urgent import Urgent, urgent_environment, urgent_line
from clients.compose import ReceiptDraft, Ref
from schemas.addresses import Address
from tests.support.desk import Desk, ScriptedHub


def send(uz: Desk, kz: Desk, precedence: str) -> str:
    """UZ sends to KZ, who has it then; gives the digest."""
    row = uz.send("KZ/NFP", precedence=precedence, reference="secret lorry")
    uz.flush()
    kz.sync()
    return uz.digest_of(row)


def answer(kz: Desk, digest: str, outcome: str, reason: str | None = None) -> None:
    """An officer of KZ answers."""
    officer = Address("KZ/NFP/DUTY-1")
    kz.sender.draft([ReceiptDraft(Address("UZ/NFP"), outcome, (digest,), officer, reason=reason, urgent=True)])
    kz.flush()


def test_urgent_waits_until_an_officer_answers(kz: Desk, uz: Desk) -> None:
    """What is urgent waits, oldest first, until it is acknowledged or declined; what is not never does."""
    urgent = Urgent(kz.store)
    first = send(uz, kz, "flash")
    send(uz, kz, "routine")
    assert urgent.look() == [first]
    second = send(uz, kz, "immediate")
    assert urgent.look() == [first, second]
    answer(kz, first, "acknowledged")
    assert urgent.look() == [second]
    answer(kz, second, "declined", "not_ours")
    assert urgent.look() == Urgent(kz.store).look() == []


def test_receipt_of_the_machine_ends_no_alarm(kz: Desk, uz: Desk) -> None:
    """That it was received is not that anybody has seen it."""
    digest = send(uz, kz, "flash")
    kz.confirm()
    assert Urgent(kz.store).look() == [digest]


def test_alarm_tells_the_cover_and_nothing_of_the_content(kz: Desk, uz: Desk) -> None:
    """Screens and other programs hear who, what and how urgent; the content stays in the store."""
    delivery = Urgent(kz.store).delivery(send(uz, kz, "flash"))
    assert delivery is not None
    line, told = urgent_line(delivery), urgent_environment(delivery, 3)
    assert "FLASH" in line
    assert "UZ/NFP" in line
    assert (told["SERAI_FROM"], told["SERAI_PRECEDENCE"], told["SERAI_WAITING"]) == ("UZ/NFP", "flash", "3")
    assert "lorry" not in line + str(told)


def follow(uz: Desk, kz: Desk, rel: str, *digests: str, precedence: str = "flash") -> str:
    """UZ sends something that refers to what it sent; gives the digest."""
    row = uz.send("KZ/NFP", precedence=precedence, refs=tuple(Ref(rel, digest) for digest in digests))
    uz.flush()
    kz.sync()
    return uz.digest_of(row)


def test_cancelled_rings_no_more(kz: Desk, uz: Desk) -> None:
    """What its sender cancels waits for nobody; where no officer has acted on it, neither does the cancellation."""
    urgent = Urgent(kz.store)
    first = send(uz, kz, "flash")
    other = send(uz, kz, "immediate")
    assert urgent.look() == [first, other]
    follow(uz, kz, "cancel", first)
    assert urgent.look() == Urgent(kz.store).look() == [other]


def test_cancellation_calls_back_who_acts_on_it(kz: Desk, uz: Desk) -> None:
    """Where an officer has acknowledged it, or what it corrects, the cancellation rings until it is acknowledged."""
    first = send(uz, kz, "flash")
    answer(kz, first, "acknowledged")
    second = follow(uz, kz, "update", first, precedence="routine")
    ended = follow(uz, kz, "cancel", second)
    assert Urgent(kz.store).look() == [ended]
    answer(kz, ended, "acknowledged")
    assert Urgent(kz.store).look() == []


def test_correction_rings_for_what_it_corrects(kz: Desk, uz: Desk) -> None:
    """One alarm for one case: an urgent correction takes over; one that would not ring leaves the alarm as it was."""
    first = send(uz, kz, "flash")
    follow(uz, kz, "update", first, precedence="routine")
    assert Urgent(kz.store).look() == [first]
    second = follow(uz, kz, "update", first)
    assert Urgent(kz.store).look() == [second]
    answer(kz, second, "acknowledged")
    assert Urgent(kz.store).look() == []


def test_stranger_silences_nothing(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """What another member says it cancels goes on ringing, and so does what claims to cancel it."""
    first = send(uz, kz, "flash")
    ref = {"rel": "cancel", "digest": first}
    claim = hub.send(hub.world.dispatch("RU/NFP", ["KZ/NFP"], precedence="flash", refs=[ref]))
    kz.sync()
    assert Urgent(kz.store).look() == [first, claim]
