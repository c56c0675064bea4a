"""Words of operations on covers, with their labels (PROTOCOL 16)."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue


class StepKind(CodedValue):
    """What a step does (`do` of the claim `operation`)."""

    OPEN = "open", "Request", "Запрос"
    PLAN = "plan", "New plan", "Новый план"
    CONFIRM = "confirm", "Confirmed", "Подтверждение"
    DECIDE = "decide", "Decision", "Решение"
    STOP = "stop", "Stop", "Стоп"
    MOVE = "move", "Movement", "Перемещение"
    HAND = "hand", "Handover", "Передача"
    EXHIBIT = "exhibit", "Exhibit", "Вещественное доказательство"
    RESULT = "result", "Result", "Результат"
    NOTE = "note", "Note", "Заметка"
    CLOSE = "close", "Closed", "Закрытие"


class Decision(CodedValue):
    """What a country decides (`decision`)."""

    GRANTED = "granted", "Granted", "Разрешено"
    CONDITIONAL = "conditional", "Granted on conditions", "Разрешено с условиями"
    REFUSED = "refused", "Refused", "Отказано"
    WITHDRAWN = "withdrawn", "Withdrawn", "Отозвано"


class OperationPart(CodedValue):
    """What a member is in an operation (`part`)."""

    ORIGIN = "origin", "Origin", "Страна отправления"
    TRANSIT = "transit", "Transit", "Транзит"
    DESTINATION = "destination", "Destination", "Страна назначения"
    COORDINATOR = "coordinator", "Coordinator", "Координатор"
    OBSERVER = "observer", "Observer", "Наблюдатель"
    LEFT = "left", "Left", "Вышла"


class StepNaming(CodedValue):
    """How a step names others of its operation, beside its references (members of the claim `operation`)."""

    ID = "id", "Its operation", "Его операция"
    AFTER = "after", "Seen before it", "Известно до него"
