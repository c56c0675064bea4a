"""What an evidence file of several dispatches has, and that a stranger believes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from clients.actions.handling import WantedUse
from clients.actions.proving import EvidenceChoice, choose_evidence, make_evidence
from clients.errors import LocalCode
from schemas import limits
from schemas.errors import Code
from schemas.evidence import parse_evidence
from schemas.proven import VerifiedEvidence
from schemas.rules.handling import Use
from schemas.verification import verify_evidence
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused
from tests.support.traffic import arrive, follow_up, give_receipt


@pytest.fixture
def thread(kz: Desk, uz: Desk) -> list[str]:
    """What came to KZ: an alert, its correction, the cancellation of that; each acknowledged. And something else."""
    first = arrive(uz, kz, precedence="flash")
    give_receipt(kz, uz, first, "acknowledged")
    second = follow_up(uz, kz, "update", first)
    give_receipt(kz, uz, second, "acknowledged")
    third = follow_up(uz, kz, "cancel", second)
    arrive(uz, kz)
    return [first, second, third]


def numbers(counter: Counter, digests: Sequence[str]) -> list[int]:
    """Where they stand."""
    items = [counter.store.items.get(digest) for digest in digests]
    return [item.index for item in items if item is not None and item.index is not None]


def chosen(choice: EvidenceChoice) -> list[str]:
    """Digests of the dispatches."""
    return [each.digest for each in choice.dispatches]


def change(counter: Counter, digest: str, **changes: Any) -> None:
    """Let something else have become of a stored dispatch."""
    item = counter.store.items.get(digest)
    assert item is not None
    counter.store.items.put(replace(item, **changes))


async def proven(counter: Counter, choice: EvidenceChoice) -> VerifiedEvidence:
    """The file, as a stranger reads it."""
    data = await make_evidence(counter, choice)
    return verify_evidence(parse_evidence(data), counter.store.keys.network.partition("/")[2])


async def test_what_is_named_with_its_receipts(counter: Counter, thread: list[str]) -> None:
    """The file has the dispatches that were named, each once, with the receipts for them and no others."""
    first, _, third = numbers(counter, thread)
    choice = choose_evidence(counter, [third, first, third])
    assert chosen(choice) == [thread[0], thread[2]]
    verified = await proven(counter, choice)
    assert {item.digest for item in verified.items} == {thread[0], thread[2], *choice.receipts}
    assert [each.digest for each in verified.missing] == [thread[1]]
    assert all(item.content is None or item.content.disclosed is None for item in verified.items)


@pytest.mark.parametrize("start", [0, 1, 2])
async def test_a_thread_is_whole(counter: Counter, thread: list[str], start: int) -> None:
    """From any of its dispatches a thread is found, in both directions, and nothing in the file is missing."""
    choice = choose_evidence(counter, [numbers(counter, thread)[start]], thread=True)
    assert (chosen(choice), choice.left_out, choice.status) == (thread, (), "actual")
    wanted = WantedUse(Use.COURT, "Letter 12")
    number = numbers(counter, thread)[start]
    verified = await proven(counter, choose_evidence(counter, [number], thread=True, wanted=wanted))
    assert verified.missing == ()
    assert len(verified.receipts()) == 2
    opened = [item for item in verified.items if item.content is not None and item.content.report is not None]
    assert [item.digest for item in opened] == thread


def test_what_cannot_be_shown_is_left_out_and_told(counter: Counter, thread: list[str]) -> None:
    """What belongs to a thread and was refused here is told to whoever makes the file."""
    digest = thread[1]
    change(counter, digest, step=6, code="content_mismatch")
    first = numbers(counter, thread)[0]
    choice = choose_evidence(counter, [first], thread=True)
    assert (chosen(choice), choice.left_out) == ([thread[0]], (digest,))


def test_exercise_and_actual_do_not_mix(counter: Counter, kz: Desk, uz: Desk) -> None:
    """Exercise and actual come into one file only if that is asked for; the refusal counts both."""
    found = numbers(counter, [arrive(uz, kz), arrive(uz, kz, status="exercise")])
    with refused(LocalCode.EVIDENCE_MIXED, "actual 1, exercise 1"):
        choose_evidence(counter, found)
    assert choose_evidence(counter, found, mixed=True).status == "mixed"
    assert choose_evidence(counter, found[1:]).dispatches[0].number.startswith("EX ")


def test_what_is_not_here_is_refused(counter: Counter, thread: list[str]) -> None:
    """A number that is not here, a text that is gone, a dispatch whose sender is not known: each is refused as such."""
    first, second, _ = numbers(counter, thread)
    with refused(LocalCode.NO_DISPATCH):
        choose_evidence(counter, [999])
    change(counter, thread[0], step=2, code="bad_signature")
    with refused(LocalCode.SENDER_UNKNOWN):
        choose_evidence(counter, [first])
    change(counter, thread[1], statement=None)
    with refused(Code.GONE):
        choose_evidence(counter, [second])


def test_a_thread_is_bounded(counter: Counter, thread: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more than a file may have is refused while it is looked for, and says what may be."""
    monkeypatch.setattr(limits, "EVIDENCE_ITEMS", 2)
    with refused(LocalCode.EVIDENCE_TOO_LARGE, "2 statements"):
        choose_evidence(counter, numbers(counter, thread)[:1], thread=True)
