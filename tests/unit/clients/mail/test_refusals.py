"""What was queued and is refused goes again, goes to the others, or comes back with its text."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.mail.compose import DispatchDraft, Expectation, PublicDraft, ReceiptDraft, draft_from_json
from clients.mail.refusals import FATES, MOST_TRIES, Fate, fate_of, halves, is_automatic, part_for
from clients.store import OutState
from schemas.addresses import Address
from schemas.claims import Dispatch, Receipt
from schemas.directory import Position
from schemas.errors import Code, SeraiError
from schemas.reports import parse_report
from tests.support.desk import Desk, ScriptedHub, locked, unlock_officers
from tests.support.world import KG, KZ, RU, UZ, World

DUTY = Address("KZ/NFP/DUTY-1")
DISPATCH = {"draft": "dispatch"}
RECEIPT = {"draft": "receipt", "outcome": "acknowledged", "digests": ["a"]}


def recipients(desk: Desk, *states: OutState) -> list[str]:
    """Who stands as a recipient in the rows of some states."""
    rows = [row for row in desk.store.outbox.all(99) if row.state in states and row.draft["draft"] == "dispatch"]
    return sorted(member for row in rows for member in row.draft["to"])


def judge(hub: ScriptedHub) -> None:
    """Let a hub look whether the signer may sign, and each recipient has a key, as a real one does."""

    def refuse(text: str) -> SeraiError | None:
        statement, place = hub.world.verified(text), Position(len(hub.world.log), hub.world.time_ms // 1000)
        claims = statement.claims
        try:
            if isinstance(claims, Dispatch):
                hub.world.directory.signer(statement, place)
                for member in claims.to:
                    hub.world.directory.encryption_key(member, place)
        except SeraiError as error:
            return error
        return None

    hub.refuse = refuse


def patiently(desk: Desk) -> None:
    """Go on until nothing more goes or comes back."""
    for _each in range(3 * MOST_TRIES):
        desk.sync()
        desk.flush()
        desk.now_s += 60


def test_every_code_has_a_fate() -> None:
    """No code of the protocol is forgotten, and one that nobody knows brings it back."""
    assert set(FATES) == {code.value for code in Code}
    assert fate_of("a_code_of_tomorrow", DISPATCH) is Fate.BACK


def test_fate_depends_on_what_it_is() -> None:
    """A receipt of several goes in parts, an automatic one may be done; a public statement is never signed anew."""
    several = {**RECEIPT, "digests": ["a", "b"]}
    assert fate_of("unknown_recipient", DISPATCH) is Fate.LESS
    assert fate_of("unknown_reference", DISPATCH) is Fate.BACK
    assert (fate_of("unknown_reference", several), fate_of("unknown_reference", RECEIPT)) == (Fate.LESS, Fate.BACK)
    assert fate_of("receipt_repeated", RECEIPT) is Fate.DONE
    assert fate_of("not_a_recipient", RECEIPT) is Fate.BACK
    assert fate_of("not_a_recipient", {**RECEIPT, "outcome": "received"}) is Fate.DONE
    assert [fate_of(code, {"draft": "public"}) for code in ("stale_key", "internal")] == [Fate.BACK, Fate.AGAIN]
    assert is_automatic({**RECEIPT, "outcome": "rejected"})
    assert not is_automatic(RECEIPT)


def test_part_asks_only_those_who_get_it() -> None:
    """Who is left out owes no answer; where all were asked, all of the part are."""
    draft = DispatchDraft("{}", "warning", (UZ, RU), KZ, "actual", "flash", "H1", expects=Expectation(9, (RU, KZ)))
    assert part_for(draft, [UZ], KZ).expects == Expectation(9, (KZ,))
    assert (part_for(draft, [UZ]).expects, part_for(draft, [RU]).expects) == (None, Expectation(9, (RU,)))
    all_asked = DispatchDraft("{}", "warning", (UZ, RU), KZ, "actual", "flash", "H1", expects=Expectation(9))
    assert part_for(all_asked, [UZ]).expects == Expectation(9)


@given(st.lists(st.text("ab", min_size=1), min_size=2, max_size=9))
def test_halves_are_the_whole(digests: list[str]) -> None:
    """Nothing of a receipt is lost or said twice."""
    draft = ReceiptDraft(KZ, "received", tuple(digests), UZ)
    first, second = halves(draft)
    assert (*first.digests, *second.digests) == draft.digests
    assert first.digests
    assert second.digests


@pytest.mark.parametrize("knows", [False, True])
def test_revoked_recipient_keeps_nobody_else_waiting(kz: Desk, hub: ScriptedHub, knows: bool) -> None:
    """A flash to two was queued, one was revoked: the other gets it, and the part of the first comes back whole."""
    row = kz.send("UZ/NFP", "RU/NFP", reference="secret lorry", precedence="flash")
    hub.world.revoke("RU/NFP")
    judge(hub)
    if knows:
        kz.sync()
    patiently(kz)
    sent = kz.store.outbox.get(row)
    assert sent is not None
    assert (sent.state, sent.draft["to"]) == (OutState.ACCEPTED, ["UZ/NFP"])
    (back,) = kz.store.outbox.returned(9)
    (part,) = kz.store.outbox.parts(row)
    assert (part.id, part.state, part.code, part.part_of, part.urgent) == (
        back,
        OutState.REFUSED,
        "unknown_recipient",
        row,
        True,
    )
    draft = draft_from_json(part.draft)
    assert isinstance(draft, DispatchDraft)
    assert parse_report(draft.content.encode()).our_reference == "secret lorry"
    assert (draft.to, draft.iss, draft.precedence) == ((RU,), KZ, "flash")
    assert kz.alarms() == ["refused"]


def test_what_nobody_can_get_comes_back(kz: Desk, hub: ScriptedHub) -> None:
    """Where its only recipient was revoked, the whole comes back, once."""
    row = kz.send("RU/NFP")
    hub.world.revoke("RU/NFP")
    judge(hub)
    patiently(kz)
    assert (kz.store.outbox.returned(9), kz.store.outbox.waiting_count()) == ([row], 0)
    assert kz.store.outbox.parts(row) == []


def test_who_is_there_is_told_at_once(kz: Desk, hub: ScriptedHub) -> None:
    """While a person writes, a recipient who cannot get it is said at once, and nothing is kept."""
    hub.world.revoke("RU/NFP")
    kz.sync()
    with pytest.raises(SeraiError, match="unknown_recipient"):
        kz.send("UZ/NFP", "RU/NFP")
    assert kz.store.outbox.all(9) == []


def test_key_that_ended_is_replaced_by_another_that_is_held(kz: Desk, hub: ScriptedHub) -> None:
    """What an officer's ended key has signed is signed with the newer one; without one it comes back to a person."""
    row = kz.send("UZ/NFP", iss=DUTY)
    hub.world.revoke(DUTY)
    judge(hub)
    patiently(kz)
    found = kz.store.outbox.get(row)
    assert found is not None
    assert (found.state, found.code) == (OutState.REFUSED, "credential_revoked")
    hub.world.enrol(DUTY)
    kz.store._keys = kz.store.keys.with_officer(DUTY, locked(hub.world, DUTY))
    unlock_officers(kz.store)
    kz.sync()
    second = kz.send("UZ/NFP", iss=DUTY)
    hub.world.revoke(DUTY)
    hub.world.enrol(DUTY)
    kz.store._keys = kz.store.keys.with_officer(DUTY, locked(hub.world, DUTY))
    unlock_officers(kz.store)
    patiently(kz)
    found = kz.store.outbox.get(second)
    assert found is not None
    assert found.state is OutState.ACCEPTED


def test_end_of_an_officer_does_not_overtake_what_he_signed(kz: Desk, hub: ScriptedHub) -> None:
    """He was removed while his dispatch waited: the dispatch goes first, and both are accepted."""
    row = kz.send("UZ/NFP", iss=DUTY)
    kz.sender.draft([PublicDraft(hub.world.revocation(hub.world.party(DUTY), reason="ceased"))])
    judge(hub)
    patiently(kz)
    assert kz.store.outbox.returned(9) == []
    assert [
        claims.iss for text in hub.submitted if isinstance(claims := hub.world.verified(text).claims, Dispatch)
    ] == [DUTY]
    assert [found.state for found in kz.store.outbox.all(9)] == [OutState.ACCEPTED] * 2
    assert kz.store.outbox.get(row) is not None


@pytest.mark.parametrize(("reason", "waited_s"), [("key_compromise", 0), ("ceased", 601)])
def test_end_of_an_officer_waits_for_nothing_where_that_is_dangerous(
    kz: Desk, hub: ScriptedHub, reason: str, waited_s: int
) -> None:
    """A stolen key ends at once, and any key after ten minutes; what was signed with it comes back."""

    def refuse(text: str) -> SeraiError | None:
        is_dispatch = isinstance(hub.world.verified(text).claims, Dispatch)
        return SeraiError(Code.HUB_NOT_READY) if is_dispatch else None

    hub.refuse = refuse
    row = kz.send("UZ/NFP", iss=DUTY)
    kz.sender.draft([PublicDraft(hub.world.revocation(hub.world.party(DUTY), reason=reason))])
    kz.flush()
    kz.now_s += waited_s
    kz.flush()
    judge(hub)
    patiently(kz)
    assert kz.store.outbox.returned(9) == [row]


def test_receipt_of_several_goes_without_the_one_that_is_refused(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """One dispatch that cannot be named keeps back no receipt for the others."""
    for _each in range(3):
        uz.send("KZ/NFP")
    uz.flush()
    kz.sync()
    digests = [item.digest for item in kz.store.items.inbox(9)]

    def refuse(text: str) -> SeraiError | None:
        claims = hub.world.verified(text).claims
        is_named = isinstance(claims, Receipt) and digests[1] in claims.digests
        return SeraiError(Code.UNKNOWN_REFERENCE) if is_named else None

    hub.refuse = refuse
    kz.sender.sign_receipts()
    patiently(kz)
    accepted = [row for row in kz.store.outbox.all(9) if row.state is OutState.ACCEPTED]
    assert sorted(each for row in accepted for each in row.draft["digests"]) == sorted([digests[0], digests[2]])
    assert (kz.store.outbox.waiting_count(), kz.store.outbox.returned(9)) == (0, [])


CODES = st.one_of(st.sampled_from(sorted(FATES)), st.just("a_code_of_tomorrow"))


@pytest.mark.slow
@given(CODES, st.sets(st.sampled_from(["UZ/NFP", "RU/NFP"]), min_size=1), st.booleans(), st.integers(0, 3))
def test_nothing_queued_ends_in_no_list(
    tmp_path_factory: pytest.TempPathFactory, code: str, revoked: set[str], urgent: bool, refusals: int
) -> None:
    """Whatever is refused, whoever is gone: each recipient stands in what was sent, what waits, or what came back."""
    hub = ScriptedHub(World([KZ, UZ, RU, KG]))
    desk = Desk(tmp_path_factory.mktemp("desk"), hub, "KZ/NFP", DUTY)
    desk.sync()
    desk.send("UZ/NFP", "RU/NFP", "KG/NFP", precedence="flash" if urgent else "routine", iss=DUTY)
    for member in revoked:
        hub.world.revoke(member)
    judge(hub)
    left, honest = [refusals], hub.refuse

    def refuse(text: str) -> SeraiError | None:
        left[0] -= 1
        return SeraiError(Code(code) if code in FATES else Code.INTERNAL) if left[0] >= 0 else honest(text)

    hub.refuse = refuse
    for _each in range(3 * MOST_TRIES):
        try:
            desk.sync()
            desk.flush()
        except SeraiError:  # a line that has to be dialled anew
            desk.sender.reset()
        desk.now_s += 60
    everywhere: Sequence[str] = recipients(desk, *OutState)
    assert everywhere == sorted(["UZ/NFP", "RU/NFP", "KG/NFP"])
    assert recipients(desk, OutState.DROPPED) == []
    shown = len(desk.store.outbox.returned(99)) + desk.store.outbox.waiting_count()
    assert shown + sum(row.state is OutState.ACCEPTED for row in desk.store.outbox.all(99)) == len(
        desk.store.outbox.all(99)
    )
    assert not revoked & set(recipients(desk, OutState.ACCEPTED))
    if refusals == 0 or FATES.get(code) in (Fate.AGAIN, Fate.ANEW):
        assert set(recipients(desk, OutState.ACCEPTED)) == {"UZ/NFP", "RU/NFP", "KG/NFP"} - revoked
