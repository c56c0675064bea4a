"""What can be done with a dispatch now, and why not: decided once, for every screen that offers it.

What an act asks is asked of the functions that do it, so that nothing is offered which would be refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from clients.actions.amending import find_amendable, find_correctable
from clients.actions.client import Client
from clients.actions.forwarding import begin_forward
from clients.actions.handling import WantedUse, check_use
from clients.actions.numbers import SpokenNumber
from clients.actions.reading import find_delivery, find_original
from clients.actions.responding import begin_reply
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import Delivery
from schemas.errors import SeraiError
from schemas.labels import CodedValue
from schemas.rules.handling import Use


class DispatchAct(CodedValue):
    """What an officer does with a dispatch."""

    ACKNOWLEDGE = "acknowledge", "Acknowledge", "Принять к исполнению"
    NOTE = "note", "Note that it was seen", "Отметить, что прочитано"
    DECLINE = "decline", "Decline", "Отклонить"
    REPLY = "reply", "Reply", "Ответить"
    FEEDBACK = "feedback", "Give feedback", "Сообщить результат"
    FORWARD = "forward", "Pass on", "Передать дальше"
    CORRECT = "correct", "Correct", "Исправить"
    CANCEL = "cancel", "Cancel", "Отменить"
    OPERATION = "operation", "Open its operation", "Открыть операцию"
    PRINT = "print", "Print", "Напечатать"
    EXPORT = "export", "Write to a file", "Выгрузить в файл"
    EVIDENCE = "evidence", "Make evidence", "Составить доказательство"


_DANGER: Final = (DispatchAct.DECLINE, DispatchAct.CANCEL)
_SIGNED_AGAIN: Final = (DispatchAct.EVIDENCE,)
"""These ask for the officer's passphrase though the key is open."""


@dataclass(frozen=True, slots=True)
class PossibleAct:
    """An act, and whether it can be done.

    Attributes:
        act: which.
        why_not: why it cannot be done now; ``None`` if it can.
        operation: digest of the operation that it leads to.
    """

    act: DispatchAct
    why_not: SeraiError | None = None
    operation: str | None = None

    @property
    def is_dangerous(self) -> bool:
        """Whether others act on it, and it cannot be taken back."""
        return self.act in _DANGER

    @property
    def needs_passphrase(self) -> bool:
        """Whether its officer types the passphrase though the key is open."""
        return self.act in _SIGNED_AGAIN


def possible_acts(client: Client, delivery: Delivery, *, sent_by_us: bool) -> list[PossibleAct]:
    """What can be done with a dispatch, the first that an officer would do first.

    Args:
        client: whose.
        delivery: the dispatch.
        sent_by_us: whether the own member has sent it.
    """
    claim = delivery.cover.operation if delivery.cover is not None else None
    acts = _sent(client, delivery) if sent_by_us else _received(client, delivery)
    if claim is not None:
        acts = [each for each in acts if each.act not in (DispatchAct.CORRECT, DispatchAct.REPLY, DispatchAct.FEEDBACK)]
        acts.append(PossibleAct(DispatchAct.OPERATION, operation=claim.id or delivery.digest))
    uses = {DispatchAct.PRINT: Use.OWN, DispatchAct.EXPORT: Use.OWN, DispatchAct.EVIDENCE: Use.COURT}
    return [*acts, *(_tried(act, partial(_check_use, client, delivery, use)) for act, use in uses.items())]


def _received(client: Client, delivery: Delivery) -> list[PossibleAct]:
    spoken = SpokenNumber(delivery.index or 0, None)
    if not delivery.can_be_answered:
        return [] if delivery.noted else [_tried(DispatchAct.NOTE, lambda: find_delivery(client, spoken.index))]
    answers = [
        *([] if delivery.acknowledged else [_tried(DispatchAct.ACKNOWLEDGE, lambda: _answerable(client, delivery))]),
        *([] if delivery.declined else [_tried(DispatchAct.DECLINE, lambda: _answerable(client, delivery))]),
    ]
    further: Mapping[DispatchAct, Callable[[], object]] = {
        DispatchAct.REPLY: lambda: begin_reply(client, spoken, None, to_all=False),
        DispatchAct.FEEDBACK: lambda: begin_reply(client, spoken, None, to_all=False),
        DispatchAct.FORWARD: lambda: begin_forward(client, spoken, None, ""),
    }
    return [*answers, *(_tried(act, check) for act, check in further.items())]


def _answerable(client: Client, delivery: Delivery) -> None:
    found = find_delivery(client, delivery.index or 0)
    if (by := found.amendments.cancelled_by) is not None and found.cover is not None:
        facts = {"number": delivery.index, "by": by.index, "kind": found.cover.kind}
        raise ClientError(LocalCode.CANCELLED_BEFORE, **facts)


def _sent(client: Client, delivery: Delivery) -> list[PossibleAct]:
    spoken = SpokenNumber(delivery.index or 0, None)
    checks: Mapping[DispatchAct, Callable[[], object]] = {
        DispatchAct.CORRECT: lambda: find_correctable(client, spoken, None),
        DispatchAct.CANCEL: lambda: find_amendable(client, spoken, None),
        DispatchAct.FORWARD: lambda: begin_forward(client, spoken, None, ""),
    }
    is_open = client.store.outcomes.is_missing(delivery.digest, "done")
    seen = [PossibleAct(DispatchAct.NOTE)] if is_open else []
    return [*seen, *(_tried(act, check) for act, check in checks.items())]


def _check_use(client: Client, delivery: Delivery, use: Use) -> None:
    """As the commands check it; where the provider's permission is known, its officer says so there."""
    original = find_original(client, SpokenNumber(delivery.index or 0, None))
    check_use(original.index, original.cover, original.content, WantedUse(use), client.member)


def _tried(act: DispatchAct, check: Callable[[], object]) -> PossibleAct:
    try:
        check()
    except SeraiError as error:
        return PossibleAct(act, error)
    return PossibleAct(act)
