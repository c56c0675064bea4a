"""Covers, recipients, drafts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clients.actions.drafting import KeptDraft, keep_draft, kept_draft
from clients.actions.numbers import SpokenNumber
from clients.actions.writing import (
    CoverOptions,
    Marking,
    begin_cover,
    check_recipients,
    reachable_members,
    read_report,
    send_report,
    usual_precedence,
)
from clients.errors import LocalCode
from clients.mail.compose import Expectation, Ref
from clients.mail.cover import Cover
from schemas.addresses import Address
from schemas.errors import Code
from schemas.labels import Role
from schemas.reports.kinds import KINDS
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, cover_to, warning
from tests.support.refusals import refused
from tests.support.traffic import arrive

KZ, UZ, RU = Address("KZ/NFP"), Address("UZ/NFP"), Address("RU/NFP")
DUTY = Address("KZ/NFP/DUTY-1")


def number_of(kz: Desk, digest: str) -> SpokenNumber:
    """The number of something that came."""
    return SpokenNumber(kz.store.items.place_of(digest) or 0, None)


def test_cover_without_an_original_is_as_the_network(counter: Counter) -> None:
    """What nobody asked for has its usual value; how urgent it is stays open."""
    partial = begin_cover(counter, CoverOptions())
    assert (partial.status, partial.precedence, partial.handling, partial.signer) == ("actual", None, "H1", DUTY)
    assert partial.complete([UZ], "priority") == Cover((UZ,), DUTY, "actual", "priority", "H1")


def test_answer_is_marked_as_what_it_answers(kz: Desk, uz: Desk, counter: Counter) -> None:
    """Status, urgency and handling are inherited; what is asked for comes first."""
    digest = arrive(uz, kz, status="exercise", precedence="flash", handling="H3")
    on = number_of(kz, digest)
    partial = begin_cover(counter, CoverOptions(), on)
    assert (partial.sender, partial.refs) == (UZ, (Ref("reply", digest),))
    assert partial.complete([UZ], "routine") == Cover((UZ,), DUTY, "exercise", "flash", "H3", (Ref("reply", digest),))
    asked = begin_cover(counter, CoverOptions(Marking("exercise", "routine", "H0"), reply_hours=1.0), on)
    assert (asked.precedence, asked.handling, asked.expects) == (
        "routine",
        "H0",
        Expectation(kz.hub.world.time_s + 3600),
    )


def test_answer_is_not_marked_otherwise(kz: Desk, uz: Desk, counter: Counter) -> None:
    """An exercise is not answered as if it were real, nor the other way round."""
    on = number_of(kz, arrive(uz, kz))
    with refused(LocalCode.MARKED_OTHERWISE):
        begin_cover(counter, CoverOptions(Marking(status="exercise")), on)
    with refused(LocalCode.MARKED_OTHERWISE):
        begin_cover(counter, CoverOptions(), SpokenNumber(on.index, "test"))


def test_only_held_keys_sign(counter: Counter) -> None:
    """An officer whose key is not here does not sign."""
    with refused(LocalCode.NO_OFFICER_KEY):
        begin_cover(counter, CoverOptions(officer=Address("KZ/NFP/DUTY-9")))


def test_recipients_keep_their_order(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """Each once, the own member among them if it is named; whoever has no key any more is unknown."""
    assert reachable_members(counter) == [RU, UZ]
    assert check_recipients(counter, [UZ, KZ, RU, UZ]) == (UZ, KZ, RU)
    hub.world.revoke("RU/NFP")
    kz.sync()
    counter.__dict__.pop("point")
    assert reachable_members(counter) == [UZ]
    with refused(LocalCode.RECIPIENTS_UNKNOWN, "RU/NFP, XX/NFP"):
        check_recipients(counter, [RU, UZ, Address("XX/NFP")])


@pytest.mark.parametrize(
    ("kind", "expected"), [("warning", "priority"), ("seizure", "routine"), ("feedback", "routine")]
)
def test_what_has_happened_is_not_urgent(kind: str, expected: str) -> None:
    """Unless somebody decides so."""
    assert usual_precedence(kind) == expected


def test_draft_ends_with_what_was_sent(kz: Desk, counter: Counter) -> None:
    """In one transaction: what can never be accepted leaves the draft, and nothing in the outbox."""
    keep_draft(counter, "warning", {"plate": "777"})
    assert kept_draft(counter, "warning") == KeptDraft({"plate": "777"}, kz.hub.world.time_ms)
    with refused(Code.DUPLICATE_RECIPIENT):
        _ = send_report(counter, warning(), cover_to("UZ/NFP", "UZ/NFP"), "warning")
    assert (kept_draft(counter, "warning") is None, kz.store.outbox.waiting_count()) == (False, 0)
    assert send_report(counter, warning(), cover_to("UZ/NFP"), "warning")[0].id
    assert (kept_draft(counter, "warning"), kz.store.outbox.waiting_count()) == (None, 1)


def test_who_may_not_send_a_kind_is_refused_before_anything_is_kept(
    kz: Desk, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind is sent by those who hold one of its roles or posts, as far as their credential is known here."""
    counter.catch_up(1.0, needed=lambda: True)
    cover = replace(cover_to("UZ/NFP"), signer=DUTY)
    monkeypatch.setitem(KINDS, "warning", replace(KINDS["warning"], senders=(Role.SUPERVISOR,)))
    with refused(LocalCode.MAY_NOT_SEND, "supervisor"):
        _ = send_report(counter, warning(), cover, "warning")
    assert kz.store.outbox.waiting_count() == 0
    monkeypatch.setitem(KINDS, "warning", replace(KINDS["warning"], senders=(Role.SUPERVISOR, Role.EXCHANGE)))
    assert send_report(counter, warning(), cover, "warning")[0].id


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", LocalCode.FILE_UNUSABLE),
        ('{"our_reference": "x"}', LocalCode.FILE_UNUSABLE),
        (
            '{"report": "feedback", "our_reference": "x", "your_reference": "y", "outcome": {"code": "seizure_made"}}',
            LocalCode.OTHER_KIND,
        ),
    ],
)
def test_file_that_will_not_do_is_named(tmp_path: Path, text: str, code: LocalCode) -> None:
    """A file is of the kind that was asked for, or it is not sent."""
    path = tmp_path / "mine.json"
    path.write_text(text)
    with refused(code, str(path)):
        read_report("warning", path)


def test_file_may_leave_out_what_every_report_has(tmp_path: Path) -> None:
    """Kind and version follow from the command."""
    path = tmp_path / "report.json"
    path.write_text('{"our_reference": "x", "requested_action": {"code": "stop"}, "summary": "y"}\n')
    assert (read_report("warning", path).kind, read_report("warning", path).our_reference) == ("warning", "x")
    with pytest.raises(OSError, match="No such file"):
        read_report("warning", tmp_path / "none.json")


def test_answer_to_a_later_precedence_is_immediate(kz: Desk, hub: ScriptedHub, counter: Counter) -> None:
    """A word that is higher than any known here is answered by the one that it counts as."""
    hub.send(hub.world.dispatch(UZ, [KZ], precedence="critic"))
    kz.sync()
    (item,) = kz.store.items.inbox(1)
    assert item.lane == "urgent"
    partial = begin_cover(counter, CoverOptions(), SpokenNumber(item.index or 0, None))
    assert partial.precedence == "immediate"
