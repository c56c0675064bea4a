"""Steps before they are signed, and what becomes of them on their way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from clients.mail.attaching import FileToAttach, measure
from clients.mail.compose import DispatchDraft, Ref, StepMark, draft_from_json, draft_to_json
from clients.mail.cover import Cover
from clients.mail.refusals import Fate, again_for, fate_of
from clients.mail.steps import judge_draft
from clients.mail.writer import Writer
from clients.store import BlobState
from schemas.addresses import Address
from schemas.claims import Dispatch
from schemas.errors import Code, SeraiError
from schemas.reports import parse_report
from schemas.reports.operations import STEP_FORMS, NoteForm
from tests.support.desk import Desk, ScriptedHub
from tests.support.pictures import save_photograph
from tests.support.refusals import refused
from tests.support.world import KZ, RU, UZ, cover_of
from tests.unit.schemas.reports.operations.builders import LEAST

DUTY = Address("KZ/NFP/DUTY-1")
PARTS = ((UZ, "transit"), (RU, "destination"))


@pytest.fixture
def writer(kz: Desk) -> Writer:
    """What KZ writes with."""
    return Writer(kz.state, kz.sender, lambda: None)


def open_with(kz: Desk, writer: Writer) -> str:
    """KZ opens an operation; gives its digest."""
    mark = StepMark(do="open", participants=PARTS)
    row = writer.step(STEP_FORMS["open"].model_validate(LEAST["open"]), Cover((UZ, RU), DUTY, operation=mark)).id
    kz.flush()
    kz.sync()
    return kz.digest_of(row)


def covers(hub: ScriptedHub, count: int) -> list[Dispatch]:
    """The covers of the last statements in the ledger."""
    return [cover_of(hub.world.verified(logged.text)) for logged in hub.world.log[-count:]]


def test_a_mark_survives_its_draft() -> None:
    """What a cover says of a step is kept with the draft, and travels as it was."""
    mark = StepMark("A" * 43, "move", None, ((UZ, "transit"),), ("B" * 42 + "A",))
    draft = DispatchDraft("{}", "operation", (UZ,), DUTY, "actual", "flash", "H1", operation=mark)
    assert draft_from_json(draft_to_json(draft)) == draft
    assert mark.claim() == {
        "id": "A" * 43,
        "do": "move",
        "participants": [{"member": "UZ/NFP", "part": "transit"}],
        "after": ["B" * 42 + "A"],
    }


def test_a_reseal_of_a_step_does_nothing() -> None:
    """What brings a step again has its operation and no `do`; of the open, the operation is the open."""
    draft = DispatchDraft("{}", "operation", (UZ, RU), DUTY, "actual", "flash", "H1", operation=StepMark(do="open"))
    again = again_for(draft, [UZ], "D" * 43)
    assert (again.operation, again.refs, again.to) == (StepMark("D" * 43), (Ref("reseal", "D" * 43),), (UZ,))


def test_a_step_is_judged_before_it_is_kept(kz: Desk, writer: Writer) -> None:
    """The hub's own refusal, with nothing in the outbox; what is no step is not judged here."""
    operation = open_with(kz, writer)
    stop = STEP_FORMS["stop"].model_validate(LEAST["stop"])
    with refused(Code.NOT_PERMITTED):
        _ = writer.step(stop, Cover((UZ,), KZ, operation=StepMark(operation, "stop")))
    plan = STEP_FORMS["plan"].model_validate(LEAST["plan"])
    mark = StepMark(operation, "plan", participants=PARTS)
    with refused(Code.PARTICIPANTS_MISSING, "RU/NFP"):
        _ = writer.step(plan, Cover((UZ,), DUTY, refs=(Ref("update", operation),), operation=mark))
    assert kz.store.outbox.waiting_count() == 0
    judge_draft(kz.state, DispatchDraft("{}", "warning", (UZ,), DUTY, "actual", "flash", "H1"))


def test_an_operation_that_the_hub_does_not_know_is_tried_again(kz: Desk, hub: ScriptedHub, writer: Writer) -> None:
    """After a restore the request may not be back: the step waits for it, as often as that takes, and never returns."""
    operation = open_with(kz, writer)
    stop = STEP_FORMS["stop"].model_validate(LEAST["stop"])
    row = writer.step(stop, Cover((UZ, RU), DUTY, precedence="flash", operation=StepMark(operation, "stop"))).id
    hub.refuse = lambda _: SeraiError(Code.OPERATION_UNKNOWN, operation)
    for _ in range(10):
        kz.flush()
        kz.now_s += 60
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert outgoing.is_open
    assert fate_of("operation_unknown", outgoing.draft) is Fate.AGAIN
    hub.refuse = lambda _: None
    kz.flush()
    assert kz.store.operations.operation_of(kz.digest_of(row)) == operation


@pytest.mark.parametrize("days", [0, 8])
def test_who_was_named_by_a_lost_step_waits_for_it(kz: Desk, hub: ScriptedHub, writer: Writer, days: int) -> None:
    """For seven days after a new epoch `not_a_participant` is no last word: the step that names us may come back."""
    operation = open_with(kz, writer)
    hub.world.admit(hub.world.epoch())
    kz.state.learn([epoch.statement.text for epoch in hub.world.directory.epochs])
    kz.sync()
    hub.world.wait(days * 24 * 3600)
    fact = STEP_FORMS["move"].model_validate(LEAST["move"])
    row = writer.send(fact, Cover((UZ,), DUTY, operation=StepMark(operation, "move"))).id
    hub.refuse = lambda _: SeraiError(Code.NOT_A_PARTICIPANT, "KZ/NFP")
    kz.flush()
    outgoing = kz.store.outbox.get(row)
    assert outgoing is not None
    assert outgoing.is_open is (days == 0)


@pytest.mark.parametrize("do", ["open", "stop"])
def test_files_of_an_urgent_step_follow_in_a_note(
    kz: Desk, hub: ScriptedHub, writer: Writer, tmp_path: Path, do: str
) -> None:
    """Nothing urgent waits for a picture, no step is updated, and nobody is called twice: the files are a note."""
    operation = None if do == "open" else open_with(kz, writer)
    mark = StepMark(operation, do, participants=PARTS if do == "open" else ())
    form = writer.attach(STEP_FORMS[do].model_validate(LEAST[do]), [measure(FileToAttach(save_photograph(tmp_path)))])
    step, files = writer.send_all(form, Cover((UZ, RU), DUTY, precedence="flash", operation=mark))
    kz.flush()
    assert kz.store.outbox.waiting(5) == [files.id]
    for blob in list(kz.store.attachments.all()):
        kz.store.attachments.put(replace(blob, state=BlobState.SENT))
    kz.now_s += 60
    kz.flush()
    first, second = covers(hub, 2)
    assert first.operation is not None
    assert second.operation is not None
    assert (first.operation.do, first.attachments, second.operation.do) == (do, None, "note")
    assert second.operation.id == (operation or kz.digest_of(step.id))
    assert [(ref.rel, ref.digest) for ref in second.refs or ()] == [("related", kz.digest_of(step.id))]
    assert (first.precedence, second.precedence) == ("flash", "priority")
    outgoing = kz.store.outbox.get(files.id)
    assert outgoing is not None
    note = parse_report(outgoing.draft["content"].encode())
    assert isinstance(note, NoteForm)
    assert (note.summary, len(note.attachments)) == ("photo.jpg", 1)


def test_a_stop_waits_for_nothing_that_it_names(kz: Desk, writer: Writer) -> None:
    """A stop is signed though a new epoch has dropped its operation and what it is related to; a note waits."""
    operation = open_with(kz, writer)
    kz.store.items.drop_places(kz.store.items.place_of(operation) or 0)
    kz.restart()
    again, named = Writer(kz.state, kz.sender, lambda: None), (Ref("related", operation),)
    signed = []
    for do in ("note", "stop"):
        cover = Cover((UZ,), DUTY, refs=named, operation=StepMark(operation, do))
        signed.append(again.send(STEP_FORMS[do].model_validate(LEAST[do]), cover).digest is not None)
    assert signed == [False, True]
