"""One session on one line, from `welcome` until the line ends (PROTOCOL 9).

Reads frames into `clients.mail.intake`, sends what `clients.mail.sender` has ready, in two tasks. What is
sent was stored before; what was stored is acknowledged after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from clients.line.ledger import Reader
from clients.line.transport import Line, LineClosed
from clients.mail.intake import Intake
from clients.mail.sender import Sender
from clients.mail.state import State
from clients.tasks import beside
from schemas import limits
from schemas.checkpoint import parse_note
from schemas.errors import Code, SeraiError
from schemas.frames import Accepted, Ack, Deliver, Frame, Refused, Resume, Welcome, agree, encode_frame, parse_frame
from schemas.session import SessionState, step

RECEIPT_DELAY_S: Final = 0.05
"""How long receipts wait for others to be signed with."""

_TICK_S: Final = 1.0
_WELCOME_TIMEOUT_S: Final = 20.0
_SILENCE_CHECK_S: Final = 10.0
_BUSY_CHECK_S: Final = 60.0
"""Receipts may be among mail that still comes; a hub that never stops sending must not put the check off for ever."""
_QUIET_S: Final = 5.0
"""If nothing has come for so long, everything that the hub had is taken to be here, for people who look."""
_CAUGHT_UP_S: Final = 60.0
"""Longer than the next page takes on a slow line."""


class ClientSession:
    """A session.

    Args:
        state: what the client believes.
        intake: takes what comes.
        sender: has what goes.
        line: to the hub.
        reader: of the same hub, where the line alone is not enough.
        told: called after every change, to take the notices of the state.
        wake: set by others when there is something to send.
    """

    def __init__(
        self,
        state: State,
        intake: Intake,
        sender: Sender,
        line: Line,
        reader: Reader,
        *,
        told: Callable[[], None],
        wake: asyncio.Event,
    ) -> None:
        self._state = state
        self._intake = intake
        self._sender = sender
        self._line = line
        self._reader = reader
        self._told = told
        self._wake = wake
        self._step = SessionState.OPENING
        self._in_flight = 0
        self._owed_since: float | None = None
        self._ack_due = False
        self._began_s = self._heard_s = state.system.monotonic()
        self._checked_s = self._began_s - state.unchecked_s  # lines that are short must not put the check off either
        self.live = False

    async def run(self) -> None:
        """Serve the line until it ends.

        Raises:
            LineClosed: the other side, or the network, ended it.
            SeraiError: what came cannot be believed, or signing anew needs a new line.
        """
        await self._open()
        try:
            async with beside(self._send_all(), covered=LineClosed):
                await self._read_all()
        finally:
            self._state.unchecked_s = self._state.system.monotonic() - self._checked_s

    # Opening

    async def _open(self) -> None:
        async with asyncio.timeout(_WELCOME_TIMEOUT_S):
            welcome = self._parse(await self._line.recv())
        if not isinstance(welcome, Welcome):
            raise SeraiError(Code.UNEXPECTED_FRAME, "no welcome")
        if welcome.network != self._state.keys.network:
            raise SeraiError(Code.WRONG_NETWORK, welcome.network)
        self._state.correct_clock(welcome.time)
        self._state.store.trust.set_hub_blob_bytes(welcome.limits.blob)
        await self._meet(welcome.epoch)
        self._state.start_anew()
        self._in_flight = max(1, min(welcome.limits.in_flight, limits.IN_FLIGHT))
        head = self._state.head
        resume = Resume(
            epoch=welcome.epoch,
            cursors=self._state.cursors,
            checkpoint=head.note if head else None,
            features=agree(welcome.features),
        )
        self._step = step(self._step, "client", resume)
        self._intake.judge_learnt()
        self._sender.reset()
        self._state.catching_up = True
        await self._line.send(encode_frame(resume))

    async def _meet(self, number: int) -> None:
        """Learn the hub's epoch, except epoch 0, which comes over the line (PROTOCOL 8)."""
        if number == 0 and len(self._state.epochs) <= 1:
            return
        # Of a later number there may be two: the root's key may have been stolen (PROTOCOL 5).
        self._state.learn((await self._reader.network()).epochs)
        self._told()
        if len(self._state.epochs) - 1 != number:
            raise SeraiError(Code.WRONG_EPOCH, f"epoch {number} does not follow from the root")

    def _parse(self, text: str) -> Frame:
        frame = parse_frame(text)
        self._step = step(self._step, "hub", frame)
        return frame

    # Reading

    async def _read_all(self) -> None:
        while True:
            frame = await self._prove(self._parse(await self._line.recv()))
            try:
                self._take(frame)
            finally:
                self._told()
            self._wake.set()
            await asyncio.sleep(0)  # so that a flood of mail does not keep what goes waiting

    async def _prove(self, frame: Frame) -> Frame:
        """After a new epoch has dropped what was held, the hub cannot know what to prove from."""
        head = self._state.head
        if head is None or head.note is not None or not isinstance(frame, Deliver | Accepted):
            return frame
        size = parse_note(frame.checkpoint).checkpoint.size
        proof = await self._reader.consistency(head.size, size) if size > head.size else ""
        return frame.model_copy(update={"consistency": proof})

    def _take(self, frame: Frame) -> None:
        if isinstance(frame, Deliver):
            self._intake.deliver(frame)
            self._heard_s = self._state.system.monotonic()
            self.live = True
            self._ack_due = self._ack_due or bool(frame.items)
            if self._owed_since is None and self._state.store.outcomes.owed_count():
                self._owed_since = self._heard_s
            self._sender.reseal()
        elif isinstance(frame, Accepted):
            self._intake.accepted(frame)
            for item in frame.items:
                self._sender.answered(item.digest)
            self._sender.release()
        elif isinstance(frame, Refused):
            self._sender.refused(frame)

    # Sending

    async def _send_all(self) -> None:
        while True:
            self._wake.clear()
            self._work()
            if self._ack_due:
                self._ack_due = False
                await self._line.send(encode_frame(Ack(cursors=self._state.cursors)))
            await self._submit_all()
            self._told()
            with suppress(TimeoutError):
                async with asyncio.timeout(RECEIPT_DELAY_S if self._owed_since is not None else _TICK_S):
                    await self._wake.wait()

    async def _submit_all(self) -> None:
        """Submit one by one, looking anew after each: on a slow line something urgent may have come up."""
        while self.live and (texts := self._sender.submissions(self._in_flight, 1)):
            await self._line.send(texts[0])
            if self._wake.is_set():
                break

    def _work(self) -> None:
        if self._state.store.trust.is_mail_wanted:  # the hub sends from the beginning on a line that begins
            raise SeraiError(Code.DAMAGED, "the store was changed from outside: all mail is asked for again")
        now = self._state.system.monotonic()
        if self._owed_since is not None and (
            now - self._owed_since >= RECEIPT_DELAY_S or self._state.store.outcomes.owed_count() >= limits.DIGESTS
        ):
            self._owed_since = None
            self._sender.sign_receipts()
        if now - self._heard_s >= _CAUGHT_UP_S:
            self._state.catching_up = False
        if self.live and now - self._heard_s >= _QUIET_S:
            time_ms = self._state.system.clock.time_ms()
            if time_ms - self._state.caught_up_ms >= 1000 * _QUIET_S:
                self._state.caught_up_ms = time_ms
        self._look_for_silence(now)

    def _look_for_silence(self, now: float) -> None:
        """By the own clock: who has not confirmed, and what was not answered (PROTOCOL 6)."""
        settled = self.live or now - self._began_s >= _SILENCE_CHECK_S
        busy = now - self._heard_s < _SILENCE_CHECK_S
        if settled and now - self._checked_s >= (_BUSY_CHECK_S if busy else _SILENCE_CHECK_S):
            self._checked_s = now
            self._intake.check_silent(self._state.system.clock.local_ms())
            self._sender.check_unanswered()
