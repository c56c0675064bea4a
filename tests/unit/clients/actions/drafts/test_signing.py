"""What was shown is signed, and nothing else."""

from __future__ import annotations

import json

import pytest

from clients.actions.drafts.keeping import find_draft, list_drafts
from clients.actions.drafts.record import Act
from clients.actions.drafts.signing import sign_draft
from clients.errors import LocalCode
from clients.mail.compose import draft_from_json
from schemas.addresses import Address
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.scribe import ANSWERS, Scribe


def test_what_was_shown_is_sent_and_ends_its_draft(scribe: Scribe, kz: Desk) -> None:
    """The hub accepts it; the draft is gone in the transaction that put it into the outbox."""
    review = scribe.show(scribe.warning())
    assert not review.needs_passphrase
    signed = scribe.sign(review, None)
    assert signed is not None
    assert list_drafts(scribe.client) == []
    (row,) = signed.sent
    draft = draft_from_json(row.outgoing.draft)
    assert json.loads(draft.content)["summary"] == ANSWERS["summary"]  # type: ignore[union-attr]
    kz.flush()
    assert kz.digest_of(row.id)
    with refused(LocalCode.NO_DRAFT):
        scribe.sign(review)


def test_a_minute_later_the_clock_is_the_one_that_was_shown(scribe: Scribe, kz: Desk) -> None:
    """The time by which a reply is wanted was shown: it is signed as it was shown, not as of the signature."""
    review = scribe.show(scribe.warning(reply_minutes=60))
    assert review.dispatch is not None
    expects = review.dispatch.cover.expects
    kz.hub.world.time_ms += 60_000
    signed = scribe.sign(review)
    assert signed is not None
    draft = draft_from_json(signed.sent[0].outgoing.draft)
    assert draft.expects == expects  # type: ignore[union-attr]


def test_flash_asks_for_the_passphrase_once_more(scribe: Scribe) -> None:
    """Without it nothing is signed, a wrong one is counted; the draft stays, and goes with the right one."""
    review = scribe.show(scribe.warning(precedence="flash"))
    assert review.needs_passphrase
    with refused(LocalCode.PASSPHRASE_NEEDED):
        scribe.sign(review, None)
    with refused(LocalCode.WRONG_PASSPHRASE):
        scribe.sign(review, "guess")
    (tries,) = scribe.client.store.officers.wrong_tries()
    assert (tries.officer, tries.count) == (scribe.officer, 1)
    assert scribe.client.store.outbox.waiting_count() == 0
    assert scribe.sign(review) is not None


def test_another_officer_is_shown_it_first(scribe: Scribe) -> None:
    """What one officer was shown, another does not sign: not even the same text, for its signer is another."""
    review = scribe.show(scribe.warning())
    other = Scribe(scribe.client, Address("KZ/NFP/DUTY-2"))
    assert other.sign(review) is None
    assert scribe.client.store.outbox.waiting_count() == 0


def test_what_was_changed_since_is_shown_again(scribe: Scribe) -> None:
    """A letter, a recipient, the precedence: each makes it another, and nothing is signed."""
    draft = scribe.warning()
    for answers, wishes in (
        ({**ANSWERS, "summary": "Blue lorry, false  floor"}, {}),
        (ANSWERS, {"to": ("UZ/NFP", "RU/NFP")}),
        (ANSWERS, {"precedence": "immediate"}),
        (ANSWERS, {"handling": "H3"}),
    ):
        before = scribe.show(find_draft(scribe.client, draft.id))
        scribe.write(draft, answers, **{"to": ("UZ/NFP",), "precedence": "priority", **wishes})
        assert scribe.sign(before) is None
        after = scribe.show(find_draft(scribe.client, draft.id))
        assert before.shown != after.shown
        assert scribe.sign(before) is None
        scribe.write(draft, ANSWERS, to=("UZ/NFP",), precedence="priority")
    assert scribe.client.store.outbox.waiting_count() == 0


def test_a_key_that_is_locked_signs_nothing(scribe: Scribe) -> None:
    """The session locks the key: the draft stays."""
    review = scribe.show(scribe.warning())
    scribe.client.store.officers.lock()
    with refused(LocalCode.OFFICER_LOCKED):
        scribe.sign(review, None)
    assert [each.id for each in list_drafts(scribe.client)] == [review.draft.id]


@pytest.mark.parametrize("shown", ["", "0" * 64, "й"])
def test_a_digest_that_nobody_was_shown_signs_nothing(scribe: Scribe, shown: str) -> None:
    """Neither an empty one, nor one that was made up."""
    draft = scribe.warning()
    assert sign_draft(scribe.client, draft.id, shown, scribe.officer, None) is None
    scribe.show(draft)
    assert sign_draft(scribe.client, draft.id, shown, scribe.officer, None) is None


def test_a_step_is_judged_shown_and_signed(crew_operation: tuple[Scribe, str]) -> None:
    """A movement that happened just now: at the moment at which it was shown, on the soil of the last facts."""
    officer, operation = crew_operation
    draft = officer.write(
        officer.begin(Act.STEP, do="move", operation=operation), {"movement": "at", "place": "Bekabad"}
    )
    review = officer.show(draft)
    assert (review.fault, review.gaps.missing, review.needs_passphrase) == (None, (), True)
    with refused(LocalCode.PASSPHRASE_NEEDED):
        officer.sign(review, None)
    assert officer.sign(review) is not None


def test_the_members_own_key_signs_a_movement_without_an_officer(crew_operation: tuple[Scribe, str]) -> None:
    """Nobody is asked for a passphrase; the member signs."""
    officer, operation = crew_operation
    draft = officer.begin(Act.STEP, do="move", operation=operation)
    review = officer.show(officer.write(draft, {"movement": "at", "place": "Bekabad"}, by_machine=True))
    assert review.dispatch is not None
    assert (review.needs_passphrase, review.dispatch.cover.signer) == (False, officer.client.member)
    officer.client.store.officers.lock()
    assert officer.sign(review, None) is not None


def test_a_stop_goes_with_nothing_typed(crew_operation: tuple[Scribe, str]) -> None:
    """A reason is enough; all who take part get it, as flash."""
    officer, operation = crew_operation
    draft = officer.write(officer.begin(Act.STEP, do="stop", operation=operation), {"reason": "danger"})
    review = officer.show(draft)
    assert review.dispatch is not None
    assert (review.dispatch.cover.precedence, len(review.dispatch.cover.to)) == ("flash", 4)
    assert officer.sign(review) is not None
