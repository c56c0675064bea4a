"""To whom a response goes, and what of it is known."""

from __future__ import annotations

import pytest

from clients.actions.numbers import SpokenNumber
from clients.actions.responding import begin_feedback, begin_reply
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.traffic import arrive, send_now

UZ, RU = Address("UZ/NFP"), Address("RU/NFP")


@pytest.mark.parametrize("to_all", [False, True])
def test_response_goes_to_the_sender(kz: Desk, uz: Desk, counter: Counter, to_all: bool) -> None:
    """Others who got it are left out unless that is asked for; we ourselves are never among them."""
    digest = arrive(uz, kz, "RU/NFP", reference="UZ-7")
    spoken = SpokenNumber(kz.store.items.place_of(digest) or 0, None)
    for begin in (begin_feedback, begin_reply):
        response = begin(counter, spoken, None, to_all=to_all)
        assert (response.to, response.left_out) == (((UZ, RU), ()) if to_all else ((UZ,), (RU,)))
        assert response.original.digest == digest


def test_reply_knows_all_but_its_words(kz: Desk, uz: Desk, counter: Counter) -> None:
    """A feedback knows whose number it answers; a reply has a number and an outcome besides, and another draft."""
    spoken = SpokenNumber(kz.store.items.place_of(arrive(uz, kz, reference="UZ-7")) or 0, None)
    feedback, reply = (begin(counter, spoken, None, to_all=False) for begin in (begin_feedback, begin_reply))
    assert feedback.known == {"your_reference": "UZ-7"}
    assert reply.known == {
        "reference": f"RE {spoken.index}",
        "your_reference": "UZ-7",
        "outcome": "information_given",
    }
    assert feedback.draft != reply.draft


def test_only_what_came_is_answered(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Neither what we sent ourselves, nor what is real as if it were an exercise."""
    _digest, index = send_now(kz, "UZ/NFP")
    with refused(LocalCode.NOT_RECEIVED):
        begin_reply(counter, SpokenNumber(index, None), None, to_all=False)
    came = kz.store.items.place_of(arrive(uz, kz)) or 0
    with refused(LocalCode.MARKED_OTHERWISE):
        begin_reply(counter, SpokenNumber(came, "exercise"), None, to_all=False)
    with refused(LocalCode.MARKED_OTHERWISE):
        begin_feedback(counter, SpokenNumber(came, None), "test", to_all=False)
