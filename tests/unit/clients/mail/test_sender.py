"""What goes to the hub: signed when it can be, the same bytes until they are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.errors import LocalCode
from clients.mail.compose import DispatchDraft, Draft, Expectation, PublicDraft, ReceiptDraft, Ref, draft_from_json
from clients.mail.refusals import FATES, Fate
from clients.mail.state import claims_of
from clients.store import Outgoing, OutState, Owed
from schemas.addresses import Address
from schemas.claims import Dispatch, Receipt
from schemas.errors import Code, SeraiError
from schemas.frames import Problem, Refused, Submit, parse_frame
from tests.support.desk import Desk, ScriptedHub
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, Party, World


def outgoing(desk: Desk, row: int) -> Outgoing:
    """A row of the outbox."""
    found = desk.store.outbox.get(row)
    assert found is not None
    return found


def refusal(digest: str | None, code: str) -> Refused:
    """The hub's refusal of a statement."""
    return Refused(digest=digest, problem=Problem(code=code, title="no", detail="because"))


def submitted(texts: list[str]) -> list[Submit]:
    """Frames that would be sent."""
    frames = [parse_frame(text) for text in texts]
    assert all(isinstance(frame, Submit) for frame in frames)
    return [frame for frame in frames if isinstance(frame, Submit)]


def cover(desk: Desk, row: int) -> Dispatch:
    """The cover of an accepted dispatch."""
    item = desk.store.items.get(desk.digest_of(row))
    assert item is not None
    claims = claims_of(item)
    assert isinstance(claims, Dispatch)
    return claims


def test_dispatch_is_signed_at_once_and_accepted(kz: Desk) -> None:
    """What can be signed is, carries the newest checkpoint, and is settled by the hub's answer."""
    row = kz.send("UZ/NFP", "RU/NFP", precedence="immediate")
    signed = outgoing(kz, row)
    assert (signed.state, signed.urgent) == (OutState.SIGNED, True)
    kz.flush()
    assert (outgoing(kz, row).state, outgoing(kz, row).index) == (OutState.ACCEPTED, 7)
    assert cover(kz, row).to == [UZ, RU]
    assert kz.state.head is not None
    assert cover(kz, row).view == kz.hub.world.checkpoint(7)


def test_draft_waits_for_the_network(tmp_path: Path, hub: ScriptedHub) -> None:
    """What is said before the first line is signed once the network is known."""
    desk = Desk(tmp_path, hub, "KZ/NFP")
    row = desk.send("UZ/NFP")
    assert desk.sender.submissions(9) == []
    assert outgoing(desk, row).state is OutState.DRAFTED
    desk.sync()
    desk.flush()
    assert outgoing(desk, row).state is OutState.ACCEPTED


@pytest.mark.slow
@given(st.lists(st.sampled_from(["routine", "flash"]), min_size=1, max_size=8), st.integers(1, 4))
def test_urgent_first_and_never_too_much(
    tmp_path_factory: pytest.TempPathFactory, precedences: list[str], room: int
) -> None:
    """No more is in flight than the hub takes, and what is urgent goes before what is not."""
    desk = Desk(tmp_path_factory.mktemp("desk"), ScriptedHub(World([KZ, UZ])), "KZ/NFP")
    desk.sync()
    rows = [desk.send("UZ/NFP", precedence=each) for each in precedences]
    urgent_first = sorted(rows, key=lambda row: (not outgoing(desk, row).urgent, row))
    went = [frame.statement for frame in submitted(desk.sender.submissions(room))]
    assert went == [outgoing(desk, row).statement for row in urgent_first[:room]]
    assert desk.sender.in_flight == len(went)
    assert desk.sender.submissions(len(went)) == []


def test_same_bytes_after_every_break(kz: Desk, hub: ScriptedHub) -> None:
    """Line lost, program restarted, answer lost: the same bytes go out, and stand in the ledger once."""
    kz.send("UZ/NFP")
    first = submitted(kz.sender.submissions(9))[0]
    kz.sender.reset()
    second = submitted(kz.sender.submissions(9))[0]
    hub.submit(second, kz.size)
    kz.restart()
    kz.flush()
    assert first == second
    assert hub.submitted == [first.statement] * 2
    assert len(hub.world.log) == 8


def test_references_are_waited_for(kz: Desk) -> None:
    """What refers to something unsent is signed only after that has been accepted."""
    first = kz.send("UZ/NFP")
    second = kz.send("UZ/NFP", refs=(Ref("update", outgoing=first),))
    assert outgoing(kz, second).state is OutState.DRAFTED
    kz.flush()
    assert outgoing(kz, second).state is OutState.ACCEPTED
    (ref,) = cover(kz, second).refs or []
    assert (ref.rel, ref.digest) == ("update", kz.digest_of(first))


def test_reference_to_something_refused_is_refused(kz: Desk, hub: ScriptedHub) -> None:
    """What refers to a refused dispatch can never be said, and is shown so."""
    hub.refuse = lambda _: SeraiError(Code.SUSPENDED)
    first = kz.send("UZ/NFP")
    second = kz.send("UZ/NFP", refs=(Ref("update", outgoing=first),))
    kz.flush()
    kz.now_s += 5
    kz.flush()
    assert [(outgoing(kz, row).state, outgoing(kz, row).code) for row in (first, second)] == [
        (OutState.REFUSED, "suspended"),
        (OutState.REFUSED, "unknown_reference"),
    ]
    assert kz.alarms() == ["refused", "refused"]


def test_impossible_drafts_are_not_kept(kz: Desk) -> None:
    """Unknown recipients, references and signers are said at once, and nothing stays behind."""
    attempts: dict[Code | LocalCode, Callable[[], object]] = {
        Code.UNKNOWN_RECIPIENT: lambda: kz.send("XX/NFP"),
        Code.NO_RECIPIENTS: kz.send,
        Code.UNKNOWN_REFERENCE: lambda: kz.send("UZ/NFP", refs=(Ref("reply", digest="A" * 43),)),
        LocalCode.NO_KEY_HELD: lambda: kz.sender.draft([ReceiptDraft(UZ, "received", ("A" * 43,), UZ)]),
    }
    for code, attempt in attempts.items():
        with refused(code):
            attempt()
    assert kz.store.outbox.all(9) == []


BAD_COVERS: list[dict[str, Any]] = [
    {"precedence": "urgent"},
    {"handling": "H9"},
    {"status": "play"},
    {"expects": Expectation(-1)},
    {"expects": Expectation(1, (KZ, RU))},
    {"stale_after": "soon"},
    {"refs": (Ref("because", digest="A" * 43),)},
]


@pytest.mark.parametrize("cover", BAD_COVERS)
def test_malformed_covers_are_not_kept(tmp_path: Path, hub: ScriptedHub, cover: dict[str, Any]) -> None:
    """A cover of no valid form is refused at once, before the first line too, and keeps nothing else back."""
    desk = Desk(tmp_path, hub, "KZ/NFP")
    with refused(Code.MALFORMED_STATEMENT):
        desk.send("UZ/NFP", **cover)
    row = desk.send("UZ/NFP")
    desk.sync()
    desk.flush()
    assert [each.id for each in desk.store.outbox.all(9)] == [row]
    assert outgoing(desk, row).state is OutState.ACCEPTED


def test_malformed_receipts_and_public_statements_are_not_kept(kz: Desk, hub: ScriptedHub) -> None:
    """A reason that is none, a text that is no statement, a statement that is not public: refused, and not kept."""
    officer = Address("KZ/NFP/DUTY-1")
    attempts: list[tuple[Code | LocalCode, Draft]] = [
        (Code.MALFORMED_STATEMENT, ReceiptDraft(UZ, "declined", ("A" * 43,), officer, reason="tired")),
        (Code.MALFORMED_STATEMENT, PublicDraft("garbage")),
        (Code.MALFORMED_STATEMENT, PublicDraft("a.b.c")),
        (LocalCode.NOT_PUBLIC, PublicDraft(hub.world.dispatch("KZ/NFP", ["UZ/NFP"]).text)),
    ]
    for code, draft in attempts:
        with refused(code):
            kz.sender.draft([draft])
    assert kz.store.outbox.all(9) == []


def test_row_that_cannot_be_signed_is_refused_alone(tmp_path: Path, hub: ScriptedHub) -> None:
    """A stored draft that nobody can sign is shown as refused, and what stands beside it goes out."""
    desk = Desk(tmp_path, hub, "KZ/NFP")
    good = desk.send("UZ/NFP")
    draft = dict(outgoing(desk, good).draft)
    bad = [desk.store.outbox.add({**draft, **c}, urgent=True, made_ms=0) for c in ({"precedence": "urgent"}, {"x": 1})]
    desk.sync()
    desk.flush()
    assert outgoing(desk, good).state is OutState.ACCEPTED
    assert [outgoing(desk, row).code for row in bad] == ["malformed_statement"] * 2
    assert desk.alarms() == ["refused"] * 2


@pytest.mark.parametrize("code", sorted(code for code, fate in FATES.items() if fate is Fate.AGAIN))
def test_passing_troubles_of_the_hub_are_waited_out(kz: Desk, code: str) -> None:
    """The same bytes are submitted again after a pause, not at once."""
    row = kz.send("UZ/NFP")
    (frame,) = submitted(kz.sender.submissions(9))
    kz.sender.refused(refusal(kz.digest_of(row), code))
    kz.now_s += 30
    (again,) = submitted(kz.sender.submissions(9))
    assert again == frame
    assert kz.alarms() == []


def test_pause_is_kept(kz: Desk) -> None:
    """Before the pause is over nothing goes out."""
    row = kz.send("UZ/NFP")
    for _ in range(8):
        kz.now_s += 30
        assert len(kz.sender.submissions(9)) == 1
        kz.sender.refused(refusal(kz.digest_of(row), "hub_not_ready"))
    assert kz.sender.submissions(9) == []


def test_stale_key_is_sealed_anew_unnoticed(kz: Desk, hub: ScriptedHub) -> None:
    """After a rotation that this side had not seen, the new key is used and the program hears only of success."""
    row = kz.send("UZ/NFP")
    old = kz.digest_of(row)
    hub.world.rotate("UZ/NFP")
    hub.refuse = lambda text: SeraiError(Code.STALE_KEY) if text == outgoing(kz, row).statement else None
    kz.flush()
    assert outgoing(kz, row).state is OutState.DRAFTED
    hub.refuse = lambda _: None
    kz.sync()
    kz.flush()
    accepted = outgoing(kz, row)
    assert accepted.state is OutState.ACCEPTED
    assert accepted.digest != old
    key = hub.world.party("UZ/NFP").enc
    assert key is not None
    assert hub.sealed[accepted.digest or ""].entries[0].kid == key.kid
    assert kz.alarms() == []


def test_stale_key_waits_for_the_new_credential(kz: Desk) -> None:
    """Until the directory is another, or time has passed, sealing again would change nothing."""
    row = kz.send("UZ/NFP")
    kz.sender.submissions(9)
    kz.sender._attempts[row] = 6
    kz.sender.refused(refusal(kz.digest_of(row), "stale_key"))
    assert kz.sender.submissions(9) == []
    kz.hub.world.rotate("RU/NFP")
    kz.sync()
    assert len(kz.sender.submissions(9)) == 1


def test_clock_ahead_asks_for_a_new_line(kz: Desk) -> None:
    """The draft is signed anew, after the line has corrected the clock."""
    row = kz.send("UZ/NFP")
    kz.sender.submissions(9)
    with refused(Code.CLOCK_AHEAD):
        kz.sender.refused(refusal(kz.digest_of(row), "clock_ahead"))
    assert outgoing(kz, row).state is OutState.DRAFTED


def test_other_refusals_are_final_and_shown(kz: Desk) -> None:
    """Any other refusal is kept, raises an alarm, and is not repeated; an unknown code too."""
    for code in ("suspended", "a_code_of_tomorrow"):
        row = kz.send("UZ/NFP")
        kz.sender.submissions(9)
        kz.sender.refused(refusal(kz.digest_of(row), code))
        assert (outgoing(kz, row).state, outgoing(kz, row).code) == (OutState.REFUSED, code)
    kz.now_s += 99
    assert kz.sender.submissions(9) == []
    assert kz.alarms() == ["refused", "refused"]


def test_refused_frame_ends_the_line(kz: Desk) -> None:
    """A refusal that names no statement is a fault of this client."""
    with refused(Code.MALFORMED_FRAME):
        kz.sender.refused(refusal(None, "malformed_frame"))
    with refused(Code.INTERNAL):
        kz.sender.refused(refusal(None, "a_code_of_tomorrow"))


def test_receipts_are_batched_by_sender(kz: Desk, uz: Desk, tmp_path: Path, hub: ScriptedHub) -> None:
    """Receipts to one sender are one statement, those to another a second; none is owed after."""
    (tmp_path / "ru").mkdir()
    ru = Desk(tmp_path / "ru", hub, "RU/NFP")
    ru.sync()
    for desk in (uz, ru, uz):
        desk.send("KZ/NFP")
        desk.flush()
        desk.sync()
    kz.confirm()
    said = [hub.world.verified(logged.text).claims for logged in hub.world.log]
    receipts = [claims for claims in said if isinstance(claims, Receipt)]
    assert sorted((claims.to, len(claims.digests)) for claims in receipts) == [("RU/NFP", 1), ("UZ/NFP", 2)]
    assert kz.store.outcomes.owed() == []


def test_receipts_hold_at_most_256_digests(kz: Desk) -> None:
    """More than a receipt can hold becomes several."""
    digests = [f"{n:042d}A" for n in range(300)]
    for digest in digests:
        kz.store.outcomes.owe(Owed(digest, "normal", "received", UZ))
    assert kz.sender.sign_receipts() == 2
    drafts = [out.draft["digests"] for out in reversed(kz.store.outbox.all(9))]
    assert [list(each) for each in drafts] == [digests[:256], digests[256:]]


def test_repeated_receipt_is_no_alarm(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """Where another seat was quicker, nobody needs to hear of it."""
    uz.send("KZ/NFP")
    uz.flush()
    kz.sync()
    kz.sender.sign_receipts()
    hub.refuse = lambda _: SeraiError(Code.RECEIPT_REPEATED)
    kz.flush()
    assert kz.alarms() == []
    assert kz.store.outbox.waiting_count() == 0


def test_no_key_is_sealed_again_once_there_is_a_newer_one(kz: Desk, uz: Desk, hub: ScriptedHub) -> None:
    """A recipient that lost its key gets the same content under its new one, once, unasked."""
    row = kz.send("UZ/NFP", "RU/NFP")
    kz.flush()
    digest = kz.digest_of(row)
    hub.world.admit(hub.world.receipt("UZ/NFP", "KZ/NFP", [digest], "rejected", step=7, reason="no_key"))
    kz.sync()
    assert kz.flush() == []
    hub.world.rotate("UZ/NFP")
    kz.sync()
    kz.flush()
    kz.sync()
    assert kz.flush() == []
    (resealed,) = [out for out in kz.store.outbox.all(9) if out.id != row]
    claims = cover(kz, resealed.id)
    assert claims.to == [UZ]
    assert [(ref.rel, ref.digest) for ref in claims.refs or ()] == [("reseal", digest)]
    new = hub.world.party("UZ/NFP")
    assert new.enc is not None
    uz.store._keys = uz.store.keys.with_new_pair(new.sig, new.enc)
    uz.sync()
    item = uz.store.items.get(resealed.digest or "")
    assert item is not None
    assert item.content == outgoing(kz, row).draft["content"]


def test_public_statement_is_submitted_as_it_is(kz: Desk, hub: ScriptedHub) -> None:
    """A statement that somebody else signed goes out unchanged, before everything else."""
    kz.send("UZ/NFP")
    text = hub.world.credential(Party.of(Address("RU/UNIT")), by="RU/NFP")
    kz.sender.draft([PublicDraft(text)])
    frames = submitted(kz.sender.submissions(9))
    assert next(iter(frames)).statement == text
    assert frames[0].sealed is None


def test_public_statement_said_twice_is_one(kz: Desk, hub: ScriptedHub) -> None:
    """The same public text has one row, which is submitted again only if it was refused."""
    draft = PublicDraft(hub.world.credential(Party.of(Address("RU/UNIT")), by="RU/NFP"))
    hub.refuse = lambda _: SeraiError(Code.SUSPENDED)
    (row,) = kz.sender.draft([draft])
    kz.flush()
    hub.refuse = lambda _: None
    assert (outgoing(kz, row).state, outgoing(kz, row).code) == (OutState.REFUSED, "suspended")
    assert kz.sender.draft([draft, draft]) == [row, row]
    kz.flush()
    assert (outgoing(kz, row).state, outgoing(kz, row).code) == (OutState.ACCEPTED, None)
    assert kz.sender.draft([draft]) == [row]
    assert outgoing(kz, row).state is OutState.ACCEPTED


def test_refused_answer_for_nothing_is_ignored(kz: Desk) -> None:
    """A refusal of what is not in flight changes nothing."""
    row = kz.send("UZ/NFP")
    kz.sender.refused(refusal(kz.digest_of(row), "suspended"))
    assert outgoing(kz, row).state is OutState.SIGNED


def test_officer_signs_as_itself(kz: Desk) -> None:
    """A dispatch by an officer carries the officer's address and key."""
    row = kz.send("UZ/NFP")
    draft = replace(_draft(kz, row), iss=Address("KZ/NFP/DUTY-1"))
    (mine,) = kz.sender.draft([draft])
    kz.flush()
    assert cover(kz, mine).iss == "KZ/NFP/DUTY-1"


def _draft(desk: Desk, row: int) -> DispatchDraft:
    draft = draft_from_json(outgoing(desk, row).draft)
    assert isinstance(draft, DispatchDraft)
    return draft
