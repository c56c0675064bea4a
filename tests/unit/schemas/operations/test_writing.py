"""What a client works out before a step is signed."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.encoding import decode_digest, encode_base64url, sha256
from schemas.operations.held import HeldOperation, HeldStep
from schemas.operations.steps import NotedStep
from schemas.operations.terms import MissingHow
from schemas.operations.writing import StepIntent, advised_recipients, choose_after, noted
from schemas.reports.operations import STEP_FORMS, OperationForm

KZ, UZ, RU, ROOM, TJ = map(Address, ("KZ/NFP", "UZ/NFP", "RU/NFP", "CENTRE/ROOM", "TJ/NFP"))
WHEN = "2026-11-24T14:05+05:00"


def digest(name: str) -> str:
    """A digest that belongs to a name."""
    return encode_base64url(sha256(name.encode()))


ID = digest("open")

Written = tuple[str, Address, dict[str, Any], tuple[str, ...], list[tuple[str, str]]]
"""A step: name, member, claim, what it names in `after`, its references."""


def held(*steps: Written) -> HeldOperation:
    """An operation of some steps: name, signer, claim, after, refs."""
    found = []
    for number, (name, member, claim, after, refs) in enumerate(steps):
        content = {"digest": ID, "commitment": ID, "entries": ID, "size": 2048}
        operation = {**claim, **({"after": [digest(each) for each in after]} if after else {})}
        operation |= {} if claim.get("do") == "open" else {"id": ID}
        value: dict[str, Any] = {
            "iss": f"{member}/DUTY-1",
            "aud": "toy/" + ID,
            "jti": "01890a5d-ac96-774b-bcce-b302099a8057",
            "iat": 1_790_000_000,
            "to": [UZ if member == KZ else KZ],
            "kind": "operation",
            "status": "actual",
            "precedence": "routine",
            "handling": "H1",
            "content": content,
            "operation": operation,
        }
        value |= {"refs": [{"rel": rel, "digest": digest(target)} for rel, target in refs]} if refs else {}
        cover = Dispatch.model_validate(value)
        found.append(HeldStep(digest(name), number, number, cover, frozenset(), MissingHow.NOT_SENT))
    return HeldOperation(ID, tuple(found))


OPEN: Written = (
    "open",
    KZ,
    {"do": "open", "participants": [{"member": UZ, "part": "transit"}]},
    (),
    [],
)
MOVE = {"do": "move"}


def form(do: str, **members: Any) -> OperationForm:
    """A content of a step."""
    base = {"our_reference": "K-1"}
    return STEP_FORMS[do].model_validate({**base, **members})


def moved(movement: str, **members: Any) -> OperationForm:
    """A movement."""
    return form("move", movement=movement, occurred_at=WHEN, **members)


def test_a_step_names_what_nothing_else_names() -> None:
    """What another step names, by `after` or by a reference, is not named again; a reseal is no step."""
    thread = held(OPEN, ("a", UZ, MOVE, ("open",), []), ("b", UZ, MOVE, (), [("reply", "a")]), ("c", KZ, MOVE, (), []))
    assert choose_after(thread, KZ) == (digest("c"), digest("b"))
    again = held(OPEN, ("again", KZ, {}, (), [("reseal", "open")]))
    assert choose_after(again, KZ) == (digest("open"),)


def test_of_many_the_own_newest_and_the_oldest_are_named() -> None:
    """At most eight are named: the own newest first, then the oldest of all others."""
    others: list[Written] = [(f"m{number}", UZ, MOVE, (), []) for number in range(10)]
    thread = held(OPEN, ("own", KZ, MOVE, (), []), *others)
    chosen = choose_after(thread, KZ)
    assert chosen == (digest("own"), digest("open"), *(digest(f"m{number}") for number in range(6)))


def test_a_decision_reaches_whom_its_plan_reaches() -> None:
    """What is noted of a decision has the audience of the plan that it answers."""
    decided = ("d", UZ, {"do": "decide", "decision": "granted"}, (), [("reply", "open")])
    assert noted(held(OPEN, decided))[digest("d")].audience == (KZ, UZ)


@pytest.mark.parametrize(
    ("content", "is_alarming"),
    [
        (moved("lost"), True),
        (moved("found"), True),
        (moved("crossed", ground="urgent", soil=UZ), True),
        (moved("crossed", ground="planned", soil=UZ), False),
        (moved("at"), False),
    ],
)
def test_everybody_has_to_know_of_a_loss_at_once(content: OperationForm, is_alarming: bool) -> None:
    """What is lost, found, or crossed a border without consent goes to all; a check-in does not."""
    assert StepIntent(KZ, "move", content).is_alarming is is_alarming


def test_a_refusal_is_alarming_where_the_goods_are() -> None:
    """A refusal or a withdrawal with the goods on the own soil stops them: everybody has to know at once."""
    refusal = form("decide", authority={"post": "Prosecutor"}, manner="written", reason={"code": "law"})
    assert StepIntent(UZ, "decide", refusal, "withdrawn", goods_are_here=True).is_alarming
    assert not StepIntent(UZ, "decide", refusal, "withdrawn").is_alarming
    assert not StepIntent(UZ, "decide", refusal, "granted", goods_are_here=True).is_alarming


def test_taking_back_a_stop_is_as_urgent_as_the_stop() -> None:
    """Who was stopped has to know at once that he may go on."""
    stop = NotedStep(decode_digest(ID), "stop", None, Address("UZ/NFP/DUTY-1"), {}, (UZ, KZ, RU))
    intent = StepIntent(UZ, None, form("cancel", reason="over"), rests_on=stop)
    assert (intent.is_alarming, set(advised_recipients(None, intent))) == (True, {KZ, RU})


def test_a_request_goes_to_all_that_it_names() -> None:
    """Whoever takes part gets it; whoever left does not, and nobody sends to itself."""
    intent = StepIntent(KZ, "open", form("note", summary="x"), parts={UZ: "transit", TJ: "left", KZ: "origin"})
    assert advised_recipients(None, intent) == (UZ,)
