"""Drafts are on disk at each change, in one window at a time."""

from __future__ import annotations

import pytest

from clients.actions.drafts.keeping import MOST_DRAFTS, change_draft, drop_draft, find_draft, list_drafts
from clients.actions.drafts.record import Act, Wishes, WrittenDraft
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.desk import Desk, open_store
from tests.support.refusals import refused
from tests.support.scribe import ANSWERS, Scribe
from tests.support.traffic import arrive


def test_draft_is_there_after_the_process_was_killed(scribe: Scribe, kz: Desk) -> None:
    """All that was typed and chosen is on disk when the change returns: a new process has it, to the letter."""
    draft = scribe.warning(reply_minutes=150, reply_from=("UZ/NFP",), handling="H2")
    path = kz.store.path
    kz.store.close()
    scribe.client.store = kz.store = open_store(path)
    scribe.client.reread()
    (again,) = list_drafts(scribe.client)
    assert again == draft
    assert (again.answers, again.wishes.reply_minutes, again.version) == (ANSWERS, 150, 2)


def test_two_windows_lose_nothing(scribe: Scribe) -> None:
    """Who changes a version that is not the last is refused, and the other text stands: the page has both."""
    draft = scribe.warning()
    with refused(LocalCode.DRAFT_OVERTAKEN):
        scribe_late(scribe, draft)
    assert find_draft(scribe.client, draft.id).answers == ANSWERS


def scribe_late(scribe: Scribe, draft: WrittenDraft) -> None:
    """A window that has the draft as it was when it was begun."""
    change_draft(scribe.client, draft.id, draft.version - 1, scribe.officer, {"summary": "Other words"}, Wishes())


def test_times_are_kept_as_they_were_understood(scribe: Scribe, crew_operation: tuple[Scribe, str]) -> None:
    """``-20m`` is twenty minutes before it was typed, whenever it is signed; what is no time stays as it was typed."""
    officer, operation = crew_operation
    draft = officer.begin(Act.STEP, do="move", operation=operation)
    draft = officer.write(draft, {"occurred_at": "-20m", "soil": "tj/nfp", "next_report": "soon"})
    assert draft.answers["soil"] == "TJ/NFP"
    assert draft.answers["occurred_at"].endswith("Z")
    assert draft.answers["next_report"] == "soon"
    assert officer.show(draft).gaps.unfit == ("next_report",)


@pytest.mark.parametrize("key", ["__proto__", "constructor", "report", "our_reference", "legs_2"])
def test_only_what_is_asked_is_answered(scribe: Scribe, key: str) -> None:
    """A key that no question has is refused, and changes nothing."""
    draft = scribe.warning()
    with refused(LocalCode.NOT_ASKED_FOR):
        scribe.write(draft, {**ANSWERS, key: "x"}, to=("UZ/NFP",))
    assert find_draft(scribe.client, draft.id).answers == ANSWERS


def test_a_draft_is_no_longer_than_a_report(scribe: Scribe) -> None:
    """Beyond what could ever be sent nothing is kept."""
    draft = scribe.begin()
    with refused(LocalCode.DRAFT_TOO_LARGE):
        scribe.write(draft, {"summary": "x" * 200_000})
    with refused(LocalCode.DRAFT_TOO_LARGE):
        scribe.write(draft, {}, to=tuple(["UZ/NFP"] * 20_000))


def test_drafts_are_so_many_at_most(scribe: Scribe) -> None:
    """One more is refused; throwing one away makes room."""
    drafts = [scribe.begin() for _each in range(MOST_DRAFTS)]
    with refused(LocalCode.TOO_MANY_DRAFTS):
        scribe.begin()
    drop_draft(scribe.client, drafts[7].id)
    assert scribe.begin().id not in {each.id for each in drafts}
    with refused(LocalCode.NO_DRAFT):
        find_draft(scribe.client, drafts[7].id)


def test_what_cannot_be_written_is_not_begun(scribe: Scribe) -> None:
    """A kind that nobody sends, a step that is none, an answer to nothing, an operation that is not here."""
    for subject in ({"kind": "operation"}, {"kind": "profile"}, {"kind": "warning-x"}):
        with refused(LocalCode.NOT_WRITTEN_SO):
            scribe.begin(Act.REPORT, **subject)
    with refused(LocalCode.NOT_WRITTEN_SO):
        scribe.begin(Act.STEP, do="dance", operation="x")
    with refused(LocalCode.NOT_WRITTEN_SO):
        scribe.begin(Act.REPLY, on="")
    with refused(LocalCode.NO_DISPATCH):
        scribe.begin(Act.REPLY, on="A" * 43)
    with refused(LocalCode.NO_OPERATION):
        scribe.begin(Act.STEP, do="move", operation="A" * 43)


def test_what_was_changed_last_is_first(scribe: Scribe, kz: Desk, uz: Desk) -> None:
    """The list has every draft, whoever began it."""
    digest = arrive(uz, kz)
    first = scribe.begin()
    kz.hub.world.time_ms += 1000
    second = Scribe(scribe.client, Address("KZ/NFP/DUTY-2")).begin(Act.REPLY, on=digest)
    assert [each.id for each in list_drafts(scribe.client)] == [second.id, first.id]
    kz.hub.world.time_ms += 1000
    scribe.write(first, ANSWERS)
    assert [each.id for each in list_drafts(scribe.client)] == [first.id, second.id]
