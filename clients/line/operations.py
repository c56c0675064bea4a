"""Reading the hub's list of the steps of an operation (PROTOCOL 10, 16): what was not sent to us is known by number.

Nothing of it is believed that is not proven: each leaf stands in the ledger, each cover is signed by its signer's key.
That a leaf without a cover is a step of the operation is the hub's word; it changes nothing but what may be missing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from clients.line.ledger import LeafAlone, Reader, head_of
from clients.mail.intake import Intake
from clients.mail.state import State, evidence_of
from clients.store import Head, ShownStep
from clients.tasks import StorageGuard, keeping_cancellation, warns
from clients.trust.heads import verify_leaf
from clients.trust.verification import Failed, verify_cover, verify_place
from schemas.checkpoint import parse_note
from schemas.claims import StatementType
from schemas.encoding import encode_base64url
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.leaf import read_leaf

log = logging.getLogger("serai.client")

_LOOK_S: Final = 5.0
"""How often it is looked whether a list is to be read."""

_AGAIN_MS: Final = 10 * 60 * 1000
"""How old a list may become: others may have taken steps that were not sent to us."""

_ASLEEP_MS: Final = 30 * 24 * 3600 * 1000
"""An operation of which nothing came for so long is read no more by itself."""

_MOST_PAGES: Final = 1_000

_CHAIN: Final = 3
"""The recipient's step that says that the key was good (PROTOCOL 7)."""


async def read_steps(state: State, intake: Intake, reader: Reader, operation: str) -> int:
    """Read the hub's list of the steps of an operation, to its end; how many of them were not sent to us.

    What was sent to us and is lost here is taken in again.

    Args:
        state: what the client believes; alarms are kept in its store.
        intake: takes in what is lost.
        reader: of the hub.
        operation: digest of its ``open``.

    Raises:
        SeraiError: the hub refused, ``not_found`` if the own member was never named in it; ``bad_proof``.
        OSError: it could not be reached.
    """
    shown: list[ShownStep] = []
    page = await reader.operation(operation, 0)
    for _page in range(_MOST_PAGES):
        head = await head_of(state, reader, page.note)
        for step in page.steps:
            found = _judge(state, intake, step, head, operation)
            shown += [found] if found is not None else []
        if page.following is None:
            break
        page = await reader.operation(operation, page.following)
    size = parse_note(page.note).checkpoint.size
    state.store.operations.show(operation, shown, size, state.system.clock.time_ms())
    return len(shown)


def _judge(state: State, intake: Intake, step: DeliverItem | LeafAlone, head: Head, operation: str) -> ShownStep | None:
    """What is kept of a step; ``None`` if it is here.

    Raises:
        SeraiError: ``bad_proof``; there is an alarm.
    """
    try:
        leaf = read_leaf(step.leaf)
        verify_leaf(leaf, step.index, step.proof, head)
        if leaf.public or leaf.type is not StatementType.DISPATCH:
            raise SeraiError(Code.BAD_PROOF, "no dispatch")  # noqa: TRY301 - with the others
    except SeraiError as error:
        evidence = {"leaf": step.leaf, "proof": step.proof, "checkpoint": head.note or ""}
        state.alarm("bad_proof", f"step {step.index} of operation {operation}: {error.detail}", evidence)
        raise
    kept = ShownStep(step.index, leaf, step.proof, head.note or "")
    if isinstance(step, LeafAlone):
        return None if state.store.items.has(kept.digest) else kept
    if step.sealed is not None or step.statement is None:
        intake.take_lost(step, head)
        return None
    return None if state.store.items.has(kept.digest) else _with_cover(state, step, kept, head, operation)


def _with_cover(state: State, step: DeliverItem, kept: ShownStep, head: Head, operation: str) -> ShownStep:
    """A step with its cover, if that is signed as it must be; else its leaf alone, and an alarm."""
    placed = verify_place(step, head)
    statement = placed if isinstance(placed, Failed) else verify_cover(placed, state.directory)
    if isinstance(statement, Failed):
        if statement.step != _CHAIN:  # its signer's credential may still be on its way
            state.alarm(
                "bad_statement", f"step {step.index}, step {statement.step}: {statement}", evidence_of(step, head)
            )
        return kept
    claim = statement.claims.operation
    if claim is None or (claim.id or encode_base64url(statement.digest)) != operation:
        state.alarm("bad_statement", f"step {step.index} is of another operation", evidence_of(step, head))
        return kept
    return ShownStep(kept.index, kept.leaf, kept.proof, kept.note, step.statement)


class StepReading:
    """Reads the lists of all operations, by itself, as long as there is a line.

    Args:
        state: what the client believes.
        intake: takes in what is lost.
        make_reader: reaches the hub that was dialled last.
        may_go: whether there is a hub to go to.
        told: called after every list.
    """

    def __init__(
        self,
        state: State,
        intake: Intake,
        make_reader: Callable[[], Reader],
        may_go: Callable[[], bool],
        told: Callable[[], None],
    ) -> None:
        self._state = state
        self._intake = intake
        self._make_reader = make_reader
        self._may_go = may_go
        self._told = told
        self._failed_ms: dict[str, int] = {}

    async def run(self) -> None:
        """Read until cancelled; nothing that a hub or a disk does ends it."""
        guard = StorageGuard(warns("the steps of operations cannot be read"))
        while True:
            await asyncio.sleep(_LOOK_S)
            with guard, keeping_cancellation():
                for operation in self.due() if self._may_go() else ():
                    await self._try(operation)

    def due(self) -> list[str]:
        """Operations whose list is to be read: something came since, or it is old."""
        now_ms = self._state.system.clock.time_ms()
        return [each for each in self._state.store.operations.all() if self._is_due(each, now_ms)]

    def _is_due(self, operation: str, now_ms: int) -> bool:
        if now_ms - self._failed_ms.get(operation, 0) < _AGAIN_MS:
            return False
        size, read_ms = self._state.store.operations.read_up_to(operation)
        newest, last_ms = self._state.store.operations.newest(operation)
        is_old = now_ms - read_ms >= _AGAIN_MS and now_ms - last_ms < _ASLEEP_MS
        return newest >= size or is_old

    async def _try(self, operation: str) -> None:
        reader = self._make_reader()
        try:
            await read_steps(self._state, self._intake, reader, operation)
            self._failed_ms.pop(operation, None)
        except SeraiError as error:
            if error.code is Code.STORAGE_FAILED:
                raise
            self._failed(operation, error)
        except OSError as error:
            self._failed(operation, error)
        finally:
            await reader.close()
            self._told()

    def _failed(self, operation: str, error: Exception) -> None:
        log.debug("the steps of %s could not be read: %s", operation, error)
        self._failed_ms[operation] = self._state.system.clock.time_ms()
