"""What came back, and what a person makes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from clients.actions.returned import discard, find_item, find_returned, list_returned, not_sent_to, prepare_again
from clients.actions.returned import send_again as send
from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft
from clients.store import OutState
from schemas.addresses import Address
from schemas.claims import Handling
from schemas.encoding import encode_base64url, sha256
from schemas.errors import Code, SeraiError
from schemas.reports import encode_report
from schemas.reports.grading import Provider
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.refusals import refused
from tests.support.world import RU, UZ

DUTY = Address("KZ/NFP/DUTY-1")


@pytest.fixture
def back(kz: Desk, hub: ScriptedHub) -> int:
    """A flash of an officer that the hub has refused, after one that is not urgent; gives its item."""
    hub.refuse = lambda _: SeraiError(Code.SUSPENDED, "KZ/NFP")
    kz.send("UZ/NFP", reference="routine")
    row = kz.send("UZ/NFP", "RU/NFP", reference="secret lorry", precedence="flash", iss=DUTY)
    kz.flush()
    hub.refuse = lambda _: None
    return row


def test_what_came_back_is_listed_with_its_text(counter: Counter, back: int) -> None:
    """Urgent first, with what is left out; text, signer and reason are there."""
    found = list_returned(counter, 1)
    assert ([each.item for each in found.items], found.left) == ([back], 1)
    (first,) = found.items
    assert first.content is not None
    assert first.content.form is not None
    assert first.content.form.our_reference == "secret lorry"
    assert (first.outgoing.code, first.draft.iss if isinstance(first.draft, DispatchDraft) else "") == (
        "suspended",
        DUTY,
    )


def test_sent_again_after_a_look(counter: Counter, kz: Desk, back: int) -> None:
    """It goes signed anew by the same officer; what came back is dealt with, its alarm is closed, and both say so."""
    again = prepare_again(counter, back, (), None)
    assert isinstance(again.draft, DispatchDraft)
    assert (again.draft.to, again.draft.iss, again.left_out) == ((UZ, RU), DUTY, ())
    assert find_item(counter, back).outgoing.state is OutState.REFUSED
    sent = send(counter, again)
    kz.flush()
    closing = find_item(counter, back).outgoing.closing
    assert closing is not None
    assert (closing.by, closing.reason) == (DUTY, f"item {sent.id}")
    assert sent.outgoing.state is OutState.ACCEPTED
    assert [each.alarm.detail for each in counter.store.alarms.newest(9)] == ["item 1: suspended KZ/NFP"]
    with refused(LocalCode.NOT_RETURNED):
        _ = send(counter, again)


def test_sent_again_to_those_who_can_get_it(kz: Desk, hub: ScriptedHub, back: int) -> None:
    """Who cannot be written to any more is named and left out; another recipient may be chosen; nobody is refused."""
    hub.world.revoke("RU/NFP")
    kz.sync()
    counter = Counter(kz, hub)
    again = prepare_again(counter, back, (), None)
    assert (again.draft.to if isinstance(again.draft, DispatchDraft) else (), again.left_out) == ((UZ,), (RU,))
    with refused(LocalCode.RECIPIENTS_UNKNOWN):
        prepare_again(counter, back, (RU,), None)
    hub.world.revoke("UZ/NFP")
    kz.sync()
    with refused(LocalCode.NOBODY_REACHED):
        prepare_again(Counter(kz, hub), back, (), None)


@pytest.mark.parametrize("handling", ["H1", "H2"])
def test_permission_for_one_is_none_for_others(kz: Desk, hub: ScriptedHub, handling: Handling) -> None:
    """What another provided goes again to those for whom that was permitted, and to others only if that is free."""
    provider = Provider(member=Address("TJ/NFP"), digest=encode_base64url(sha256(b"x")), permission="Letter 12")
    content = encode_report(warning().model_copy(update={"provider": provider})).decode()
    (row,) = kz.sender.draft([DispatchDraft(content, "warning", (UZ,), DUTY, "actual", "routine", handling)])
    hub.refuse = lambda _: SeraiError(Code.SUSPENDED, "KZ/NFP")
    kz.flush()
    counter = Counter(kz, hub)
    assert isinstance(prepare_again(counter, row, (UZ,), None).draft, DispatchDraft)
    if handling == "H1":
        assert isinstance(prepare_again(counter, row, (UZ, RU), None).draft, DispatchDraft)
        return
    with refused(LocalCode.USE_NOT_PERMITTED, "TJ/NFP"):
        prepare_again(counter, row, (UZ, RU), None)


def test_discarded_with_a_reason(counter: Counter, back: int) -> None:
    """Who decided that, when and why stays with it; it is in the list no more, and its alarm is closed."""
    found = discard(counter, back, " told by\ttelephone ", None)
    assert found.outgoing.closing is not None
    assert (found.outgoing.state, found.outgoing.closing.reason) == (OutState.DROPPED, "told by telephone")
    assert [each.item for each in list_returned(counter, 9).items] == [1]
    assert counter.store.alarms.open_count() == 1
    attempts: list[tuple[LocalCode, Callable[[], object]]] = [
        (LocalCode.NOT_RETURNED, lambda: discard(counter, back, "again", None)),
        (LocalCode.REASON_MISSING, lambda: discard(counter, 1, " ", None)),
        (LocalCode.NOT_IN_OUTBOX, lambda: find_returned(counter, 99)),
    ]
    for code, attempt in attempts:
        with refused(code):
            attempt()


def test_both_parts_are_one_alert(kz: Desk, hub: ScriptedHub) -> None:
    """What went to some names the part that could not go to the others."""
    row = kz.send("UZ/NFP", "RU/NFP", precedence="flash")
    hub.refuse = lambda _: SeraiError(Code.UNKNOWN_RECIPIENT, "RU/NFP")
    kz.flush()
    hub.refuse = lambda _: None
    hub.world.revoke("RU/NFP")
    kz.sync()
    kz.now_s += 60
    kz.flush()
    (part,) = not_sent_to(Counter(kz, hub), kz.digest_of(row))
    assert (part.draft.to if isinstance(part.draft, DispatchDraft) else (), part.outgoing.part_of) == ((RU,), row)
