"""SIGKILL of a client between the draft of a step and its place in the ledger: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clients.actions.drafting import keep_draft, kept_draft
from clients.actions.operations.commands import send_step
from schemas.claims import Dispatch
from schemas.frames import Submit, parse_frame
from tests.support.crew import PARTICIPANTS, Crew, Office
from tests.support.world import KZ, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEGS

Errand = tuple[str, dict[str, Any], dict[str, Any]]
"""What is done, the members of its form, and of its command."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _drafted(office: Office, errand: Errand, told: int) -> None:
    """It dies when the draft is on disk."""
    keep_draft(office, office.command(errand[0], errand[1], **errand[2]).draft_name, {"reference": "KZ-1"})
    _die()


def _in_transaction(office: Office, errand: Errand, told: int) -> None:
    """It dies when the step is in the outbox and its draft is not ended yet, before the commit."""
    prepared = office.prepare(errand[0], errand[1], **errand[2])
    keep_draft(office, prepared.command.draft_name, {"reference": "KZ-1"})

    def dies_instead(name: str) -> None:
        _die()

    office.store.drafts.drop = dies_instead  # type: ignore[method-assign]
    _ = send_step(office, prepared)


def _queued(office: Office, errand: Errand, told: int) -> None:
    """It dies when the step is queued, before the hub has anything of it."""
    prepared = office.prepare(errand[0], errand[1], **errand[2])
    keep_draft(office, prepared.command.draft_name, {"reference": "KZ-1"})
    _ = send_step(office, prepared)
    _die()


def _submitted(office: Office, errand: Errand, told: int) -> None:
    """It dies when the hub has the step, before its answer has come."""
    prepared = office.prepare(errand[0], errand[1], **errand[2])
    keep_draft(office, prepared.command.draft_name, {"reference": "KZ-1"})
    _ = send_step(office, prepared)
    office.desk.restart()
    (text,) = office.desk.sender.submissions(1)
    with os.fdopen(told, "w") as pipe:
        pipe.write(text)
    _die()


def dies(office: Office, errand: Errand, at: Callable[[Office, Errand, int], None]) -> str:
    """Let another process of the client die there; gives what it had submitted."""
    office.store.close()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reader)
            office.reopen()
            at(office, errand, writer)
        finally:
            os._exit(1)  # it did not die where it had to
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    office.reopen()
    return text


def steps_of(crew: Crew, office: Office, do: str) -> list[str]:
    """What the ledger has of a member's steps that do something."""
    found = []
    for logged in crew.world.log:
        claims = crew.world.verified(logged.text).claims
        is_own = isinstance(claims, Dispatch) and claims.iss.startswith(office.member)
        if is_own and isinstance(claims, Dispatch) and claims.operation and claims.operation.do == do:
            found.append(logged.text)
    return found


@pytest.mark.parametrize("at", [_drafted, _in_transaction, _queued, _submitted])
@pytest.mark.parametrize("do", ["open", "stop"])
def test_a_step_is_drafted_or_queued_and_goes_out_once(
    tmp_path: Path, do: str, at: Callable[[Office, Errand, int], None]
) -> None:
    """Wherever a client dies, either the draft is there or the step is in the outbox; in the ledger it stands once."""
    crew = Crew(tmp_path)
    office = crew[TJ] if do == "open" else crew[KZ]
    command: dict[str, Any] = {"participants": PARTICIPANTS} if do == "open" else {"operation": crew.open()}
    errand: Errand = (do, {"legs": LEGS} if do == "open" else {}, command)
    before = len(steps_of(crew, office, do))
    submitted = dies(office, errand, at)
    if submitted:
        frame = parse_frame(submitted)
        assert isinstance(frame, Submit)
        crew.hub.submit(frame, 0)
    draft = kept_draft(office, office.command(do, errand[1], **command).draft_name)
    assert (draft is not None) != bool(office.store.outbox.waiting_count())
    assert (draft is not None) == (at in (_drafted, _in_transaction))
    if draft is not None:
        assert send_step(office, office.prepare(do, errand[1], **command))
    office.desk.flush()
    crew.sync()
    assert len(steps_of(crew, office, do)) == before + 1
    assert office.store.outbox.waiting_count() == 0
    operations = crew[UZ].store.operations.all()
    assert len(operations) == 1
    if do == "stop":
        assert [stop.member for stop in crew[UZ].known(operations[0]).picture.stops] == [KZ]
