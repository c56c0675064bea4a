"""An officer's answer."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from clients.actions.answering import OfficerAnswer, give_answer
from clients.actions.lists import is_open, list_inbox
from clients.actions.numbers import SpokenNumber
from clients.actions.ringing import Urgent
from clients.errors import LocalCode
from clients.mail.compose import ReceiptDraft, draft_from_json
from schemas.addresses import Address
from schemas.labels import DeclineReason, Outcome
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.traffic import arrive, give_receipt, send_now

DUTY = Address("KZ/NFP/DUTY-1")


def number_of(kz: Desk, digest: str, status: str | None = None) -> SpokenNumber:
    """The number of something that came."""
    return SpokenNumber(kz.store.items.place_of(digest) or 0, status)


def draft_in(answer: OfficerAnswer) -> ReceiptDraft:
    """What an answer has put into the outbox."""
    assert answer.sent is not None
    draft = draft_from_json(answer.sent.outgoing.draft)
    assert isinstance(draft, ReceiptDraft)
    return draft


@pytest.mark.parametrize("reason", [None, DeclineReason.CAPACITY])
def test_answer_waits_in_the_outbox(kz: Desk, uz: Desk, counter: Counter, reason: DeclineReason | None) -> None:
    """An officer's receipt to the sender, urgent as what it names; declined with its reason."""
    digest = arrive(uz, kz, precedence="flash")
    answer = give_answer(counter, number_of(kz, digest), None, reason)
    outcome = Outcome.DECLINED if reason else Outcome.ACKNOWLEDGED
    assert (answer.delivery.digest, answer.officer, answer.outcome, answer.waited) == (digest, DUTY, outcome, False)
    expected = ReceiptDraft(Address("UZ/NFP"), outcome, (digest,), DUTY, reason=reason, urgent=True)
    assert asdict(draft_in(answer)) == asdict(expected)


def test_same_answer_is_given_once(kz: Desk, uz: Desk, counter: Counter) -> None:
    """While it waits it is the same in the outbox; once it stands in the ledger nothing is sent."""
    number = number_of(kz, arrive(uz, kz))
    first, again = (give_answer(counter, number, DUTY) for _each in range(2))
    assert first.sent is not None
    assert again.sent is not None
    assert (again.waited, again.sent.id, kz.store.outbox.waiting_count()) == (True, first.sent.id, 1)
    kz.flush()
    done = give_answer(counter, number, DUTY)
    assert (done.sent, done.before is not None and done.before.by) == (None, DUTY)


def test_another_answer_names_those_before(kz: Desk, uz: Desk, counter: Counter) -> None:
    """An officer may decline what another has acknowledged, and is told of it."""
    digest = arrive(uz, kz)
    give_receipt(kz, uz, digest, "acknowledged")
    answer = give_answer(counter, number_of(kz, digest), DUTY, DeclineReason.OTHER)
    assert [each.outcome for each in answer.others] == ["acknowledged"]
    assert draft_in(answer).outcome == "declined"


def test_real_is_not_answered_as_an_exercise(kz: Desk, uz: Desk, counter: Counter) -> None:
    """An officer who says EX of what is real has another dispatch in mind."""
    digest = arrive(uz, kz)
    with refused(LocalCode.MARKED_OTHERWISE):
        give_answer(counter, number_of(kz, digest, "exercise"), DUTY)
    assert kz.store.outbox.waiting_count() == 0


def test_what_cannot_be_answered_is_noted(kz: Desk, uz: Desk, counter: Counter) -> None:
    """What nobody can be named for, damaged or newer than this program, calls nobody once an officer has noted it."""
    digest = arrive(uz, kz, precedence="flash")
    item = kz.store.items.get(digest)
    assert item is not None
    kz.store.items.put(replace(item, step=2, code="unsupported_type", content=None))
    assert Urgent(kz.store).look() == [digest]
    for _each in range(2):
        answer = give_answer(counter, number_of(kz, digest), None)
        assert (answer.noted, answer.sent, answer.officer) == (True, None, DUTY)
    assert (Urgent(kz.store).look(), kz.outcomes(digest), kz.store.outbox.waiting_count()) == (
        [],
        [("KZ/NFP", "noted")],
        0,
    )
    assert [is_open(each) for each in list_inbox(counter, 9).shown] == [False]


def test_only_what_came_is_answered(kz: Desk, counter: Counter) -> None:
    """Neither what we sent ourselves, nor what nobody sent."""
    _digest, index = send_now(kz, "UZ/NFP")
    with refused(LocalCode.NOT_RECEIVED):
        give_answer(counter, SpokenNumber(index, None), DUTY)
    with refused(LocalCode.NO_DISPATCH):
        give_answer(counter, SpokenNumber(900, None), DUTY)
    with refused(LocalCode.NO_DISPATCH):
        give_answer(counter, SpokenNumber(0, None), DUTY)
