"""Clients of several countries in one operation, at a scripted hub: each with a duty officer and an authorising one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from clients.actions.operations.commands import PreparedStep, StepCommand, prepare_step, send_step
from clients.actions.operations.known import KnownOperation, read_operation
from schemas.addresses import Address
from schemas.reports.operations import STEP_FORMS, OperationForm
from tests.support.counter import Counter
from tests.support.desk import Desk, ScriptedHub, open_store
from tests.support.story import PARTS, START_MS
from tests.support.world import KZ, ROOM, RU, TJ, UZ, World
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS

PARTICIPANTS: Final = (*((Address(member), part) for member, part in PARTS.items()), (ROOM, "coordinator"))
"""Four countries and the Centre."""

MORNING_MS: Final = START_MS + 7 * 3_600_000
"""After all that happens in the forms that tests are made of."""


def form_of(do: str, **members: Any) -> OperationForm:
    """The least form of a step, and members beside it."""
    return STEP_FORMS[do].model_validate({**LEAST[do], **members})


class Office(Counter):
    """A client in an operation.

    Args:
        path: folder for its store.
        hub: where it dials.
        member: whose.
    """

    def __init__(self, path: Path, hub: ScriptedHub, member: Address) -> None:
        path.mkdir(exist_ok=True)
        self.desk = Desk(path, hub, member, f"{member}/DUTY-1", f"{member}/CHIEF")
        super().__init__(self.desk, hub)

    def sync(self) -> None:
        """Take what waits."""
        self.desk.sync()
        self.reread()

    def reopen(self) -> None:
        """Let the store be opened by a new process."""
        path = self.store.path
        self.store.close()
        self.store = self.desk.store = open_store(path)
        self.desk.restart()
        self.reread()

    def command(self, do: str, members: Mapping[str, Any] | None = None, **command: Any) -> StepCommand:
        """What its officer wants, or with ``chief`` its authorising officer."""
        post = "CHIEF" if command.pop("chief", False) else "DUTY-1"
        given = {"officer": Address(f"{self.member}/{post}"), **command}
        return StepCommand(form_of(do, **(members or {})), **given)

    def prepare(self, do: str, members: Mapping[str, Any] | None = None, **command: Any) -> PreparedStep:
        """What would go."""
        return prepare_step(self, self.command(do, members, **command))

    def act(self, do: str, members: Mapping[str, Any] | None = None, **command: Any) -> str:
        """Take a step, and let the hub have it; gives its digest."""
        (sent,) = send_step(self, self.prepare(do, members, **command))
        self.desk.flush()
        self.sync()
        return self.desk.digest_of(sent.id)

    def known(self, operation: str) -> KnownOperation:
        """The operation as it is known here."""
        return read_operation(self, operation)


class Crew:
    """The clients of one operation.

    Args:
        path: folder for their stores.
        make_hub: makes the hub of a world.
    """

    def __init__(self, path: Path, make_hub: Callable[[World], ScriptedHub] = ScriptedHub) -> None:
        self.world = World([TJ, UZ, KZ, RU, ROOM])
        for member in (TJ, UZ, KZ, RU, ROOM):
            self.world.enrol(f"{member}/CHIEF", roles=["exchange", "authorising_officer"])
        self.world.time_ms = MORNING_MS
        self.hub = make_hub(self.world)
        members = (TJ, UZ, KZ, RU, ROOM)
        self.offices = {member: Office(path / member[:2], self.hub, member) for member in members}
        self.sync()

    def __getitem__(self, member: Address) -> Office:
        return self.offices[member]

    def sync(self) -> None:
        """Everybody takes what waits."""
        for office in self.offices.values():
            office.sync()

    def act(self, who: Address, do: str, members: Mapping[str, Any] | None = None, **command: Any) -> str:
        """Somebody takes a step, and everybody gets what goes to him."""
        digest = self.offices[who].act(do, members, **command)
        self.sync()
        return digest

    def open(self, **members: Any) -> str:
        """TJ asks, with four legs; gives the digest of the operation."""
        asks = [{"member": "UZ/NFP", "what": {"code": "decide"}, "until": "2026-11-24T23:00+05:00"}]
        content = {"legs": LEGS, "asks": asks, **members}
        return self.act(TJ, "open", content, participants=PARTICIPANTS)

    def agree(self, operation: str) -> None:
        """TJ confirms the newest plan, and everybody grants."""
        self.act(TJ, "confirm", operation=operation, chief=True)
        for member in (UZ, KZ, RU):
            self.act(member, "decide", operation=operation, decision="granted", chief=True)
