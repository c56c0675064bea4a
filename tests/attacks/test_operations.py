"""Attacks on operations as a client sees them: by a hub that lets through what it must not, and by participants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from clients.actions.operations.calling import OperationCaller
from clients.line.ledger import LeafAlone, ShownPage
from clients.line.operations import read_steps
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.encoding import encode_base64url, encode_json
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.merkle import encode_proof
from schemas.operations.terms import MissingHow, ResultPart
from tests.support.crew import Crew, Office
from tests.support.desk import ScriptedReader
from tests.support.world import KZ, ROOM, RU, TJ, UZ, inclusion_proof
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS


@pytest.fixture
def crew(tmp_path: Path) -> Crew:
    """Clients of four countries and the Centre, at a hub that admits whatever is signed."""
    return Crew(tmp_path)


def lie(crew: Crew, iss: str, to: list[Address], do: str | None, claim: dict[str, Any], **changes: Any) -> str:
    """A step that no honest hub admits; gives its digest."""
    content = {**LEAST[do or "cancel"], **changes.pop("content", {})}
    operation = {**({"do": do} if do else {}), **claim}
    report = encode_json(content).encode()
    given = {"kind": "operation", "precedence": "flash", **changes}
    digest = crew.hub.send(crew.world.dispatch(iss, to, report, operation=operation, **given))
    crew.sync()
    return digest


class Shows(ScriptedReader):
    """A reader of a hub that shows what a test has it show."""

    page: ShownPage | None = None

    async def operation(self, digest: str, start: int) -> ShownPage:
        """The page, or what an honest hub shows."""
        return self.page or await super().operation(digest, start)


async def read(office: Office, operation: str, page: ShownPage | None = None) -> None:
    """Read the hub's list; what it shows may be a lie."""
    reader = Shows(office.desk.hub, office.member)
    reader.page = page
    await read_steps(office.desk.state, office.desk.intake, reader, operation)
    office.reread()


def called(office: Office) -> list[str]:
    """For what somebody is called."""
    office.reread()
    OperationCaller(office.state).look()
    return [call.kind for _, call in office.store.operations.calls_after(0)]


async def test_plan_that_was_not_sent_to_a_participant(crew: Crew) -> None:
    """A hub admits a plan without one of its participants: he sees that there is one, and that he knows too little.

    The hub's own list has it, and so has whatever names it; the result says that it may be another.
    """
    operation = crew.open()
    crew.agree(operation)
    assert crew[KZ].known(operation).picture.may_go
    plan = lie(
        crew,
        "TJ/NFP/DUTY-1",
        [UZ, RU, ROOM],
        "plan",
        {"id": operation, "participants": [{"member": each, "part": "transit"} for each in (UZ, KZ, RU)]},
        refs=[{"rel": "update", "digest": operation}],
        content={"legs": LEGS},
    )
    crew.act(UZ, "stop", operation=operation)
    crew.act(UZ, "move", {"movement": "lost"}, operation=operation)
    assert plan in {each.digest for each in crew[KZ].known(operation).state.missing}
    await read(crew[KZ], operation)
    (missing,) = (each for each in crew[KZ].known(operation).state.missing if each.digest == plan)
    assert (missing.how, missing.number) == (MissingHow.NOT_SENT, crew[UZ].store.items.place_of(plan))
    assert ResultPart.IN_FORCE in crew[KZ].known(operation).state.uncertain
    assert "not_sent" in called(crew[KZ])


async def test_step_that_claims_another_operation(crew: Crew) -> None:
    """A stop by a member of one operation in another that never named it stops nothing there, whatever list has it."""
    operation = crew.open()
    claim = {"participants": [{"member": "KZ/NFP", "part": "transit"}]}
    other = lie(crew, "RU/NFP/DUTY-1", [KZ], "open", claim)
    lie(crew, "UZ/NFP/DUTY-1", [KZ], "stop", {"id": other})
    assert crew[KZ].known(other).picture.stops == ()
    page = await ScriptedReader(crew.hub, UZ).operation(other, 0)
    moved = [step for step in page.steps if isinstance(step, DeliverItem)][-1]
    cover = moved.model_copy(update={"sealed": None, "entry_proof": None})
    await read(crew[RU], operation, ShownPage((cover,), None, page.note))
    assert crew[RU].known(operation).step(crew[KZ].store.operations.steps(other)[-1]) is None
    assert "bad_statement" in crew[RU].desk.alarms()


async def test_list_that_has_what_is_no_step(crew: Crew) -> None:
    """A leaf that is not in the ledger, or is no dispatch, makes nobody believe that a step was kept from him."""
    operation = crew.open()
    leaf = crew.world.log[1].leaf
    proofs = [encode_proof(inclusion_proof(crew.world.hashes(), index)) for index in (1, 2)]
    for proof in proofs:
        page = ShownPage((LeafAlone(1, encode_base64url(leaf.to_bytes()), proof),), None, crew.hub.note())
        with pytest.raises(SeraiError) as caught:
            await read(crew[KZ], operation, page)
        assert caught.value.code is Code.BAD_PROOF
    assert crew[KZ].known(operation).not_sent == ()


async def test_hub_that_takes_back_what_it_has_shown(crew: Crew) -> None:
    """A confirmation that the hub has shown, and later lists as a leaf alone or not at all, still counts."""
    operation = crew.open()
    refs = [{"rel": "countersign", "digest": operation}]
    lie(crew, "TJ/NFP/CHIEF", [UZ, RU, ROOM], "confirm", {"id": operation}, refs=refs)
    await read(crew[KZ], operation)
    assert crew[KZ].known(operation).picture.in_force == operation
    page = await ScriptedReader(crew.hub, KZ).operation(operation, 0)
    shown = page.steps[-1]
    for steps in ((LeafAlone(shown.index, shown.leaf, shown.proof),), ()):
        await read(crew[KZ], operation, ShownPage(steps, None, page.note))
        assert crew[KZ].known(operation).picture.in_force == operation


def test_exercise_in_a_real_operation_and_back(crew: Crew) -> None:
    """A step of another status stops nothing, lets nothing go and takes nothing back."""
    operation = crew.open()
    crew.agree(operation)
    lie(crew, "UZ/NFP/DUTY-1", [KZ], "stop", {"id": operation}, status="exercise")
    assert crew[KZ].known(operation).picture.stops == ()
    stop = crew.act(UZ, "stop", operation=operation)
    refs = [{"rel": "cancel", "digest": stop}]
    lie(crew, "UZ/NFP/DUTY-1", [KZ], None, {"id": operation}, status="exercise", refs=refs)
    assert [each.member for each in crew[KZ].known(operation).picture.stops] == [UZ]
    assert crew[KZ].prepare("move", operation=operation).cover.status == "actual"


def test_stop_in_the_content_of_a_note(crew: Crew) -> None:
    """What a step does stands on its cover: content that says something else is not read, and does nothing."""
    operation = crew.open()
    note = lie(crew, "UZ/NFP/DUTY-1", [KZ], "note", {"id": operation}, content=LEAST["stop"])
    step = crew[KZ].known(operation).step(note)
    assert step is not None
    assert step.content is MissingHow.NOT_READ
    assert crew[KZ].known(operation).picture.stops == ()


def test_note_that_poses_as_an_answer(crew: Crew) -> None:
    """A note that names the request by `reply` stops no clock at the client that asked, nor for who owes the answer."""
    operation = crew.open()
    lie(crew, "UZ/NFP/DUTY-1", [TJ], "note", {"id": operation}, refs=[{"rel": "reply", "digest": operation}])
    outcomes = crew[TJ].store.outcomes
    assert not outcomes.has(operation, UZ, "answered")
    assert (outcomes.is_missing(operation, "reply"), outcomes.is_missing(operation, "done")) == (True, True)
    assert crew[UZ].store.outcomes.is_missing(operation, "owed")
    (clock,) = crew[TJ].known(operation).picture.running
    assert clock.owing(crew.world.time_ms) == (UZ,)


def test_flood_before_a_stop(crew: Crew) -> None:
    """Whatever somebody has let this client queue, its own stop is submitted first."""
    operation = crew.open()
    for number in range(8):
        crew[UZ].desk.send("KZ/NFP", precedence="flash", reference=f"W-{number}")
    before = len(crew.hub.submitted)
    crew[UZ].act("stop", operation=operation)
    first = crew.world.verified(crew.hub.submitted[before]).claims
    assert isinstance(first, Dispatch)
    assert first.kind == "operation"
