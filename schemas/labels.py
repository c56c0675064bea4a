"""Coded values and their labels in English and Russian (PROTOCOL 6).

One mechanism for every code that a person reads: a `CodedValue` member is its code,
which travels and never changes, and carries both labels, which may be improved. Code
and labels stand in one line, so none can be forgotten. Free text is never coded away:
where a sender's word has no code, the code is ``other`` and the word travels beside it.

This module has the codes of covers and receipts; those of reports are in
`schemas.reports.codes` and the modules beside it.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import NamedTuple, Self, TypeVar


class Label(NamedTuple):
    """What a person reads for a code.

    Attributes:
        en: English.
        ru: Russian.
    """

    en: str
    ru: str


class CodedValue(StrEnum):
    """A code with its labels; members are written ``NAME = code, english, russian``.

    Attributes:
        label: what a person reads for the code.
    """

    label: Label

    def __new__(cls, code: str, en: str = "", ru: str = "") -> Self:
        """A member whose value is ``code``."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = Label(en, ru)
        return member


C = TypeVar("C", bound=CodedValue)


@cache
def _spellings(codes: type[CodedValue]) -> dict[str, CodedValue]:
    return {text.casefold(): code for code in codes for text in (*code.label, code.value)}


def find_code(codes: type[C], text: str) -> C | None:
    """The member of ``codes`` that ``text`` spells as code or label, in any case; ``None`` if there is none."""
    found = _spellings(codes).get(" ".join(text.split()).casefold())
    return found if isinstance(found, codes) else None


class Kind(CodedValue):
    """What a dispatch is (`kind` of a cover)."""

    WARNING = "warning", "Warning", "Предупреждение"
    SEIZURE = "seizure", "Seizure", "Изъятие"
    FEEDBACK = "feedback", "Feedback", "Сообщение о результатах"
    REQUEST = "request", "Request", "Запрос"
    REPLY = "reply", "Reply", "Ответ"
    BULLETIN = "bulletin", "Bulletin", "Бюллетень"
    PROFILE = "profile", "Country profile", "Профиль страны"
    OPERATION = "operation", "Operation", "Операция"


class Status(CodedValue):
    """Whether a dispatch is meant (`status` of a cover, CAP 1.2)."""

    ACTUAL = "actual", "Actual", "Реальное"
    EXERCISE = "exercise", "Exercise", "Учение"
    TEST = "test", "Test", "Проверка связи"


class Precedence(CodedValue):
    """How urgent a dispatch is (`precedence` of a cover)."""

    ROUTINE = "routine", "Routine", "Обычное"
    PRIORITY = "priority", "Priority", "Срочное"
    IMMEDIATE = "immediate", "Immediate", "Весьма срочное"
    FLASH = "flash", "Flash", "Молния"


class HandlingCode(CodedValue):
    """What the provider permits (handling codes H0 to H3)."""

    H0 = "H0", "H0: to prevent and combat crime only", "H0: только для предупреждения и пресечения преступлений"
    H1 = "H1", "H1: not in judicial proceedings without permission", "H1: не использовать в суде без разрешения"
    H2 = "H2", "H2: not to be passed on without permission", "H2: не передавать без разрешения"
    H3 = "H3", "H3: other restrictions, as written", "H3: иные ограничения, указанные в тексте"


class Relation(CodedValue):
    """How a dispatch refers to another (`rel` of a cover)."""

    REPLY = "reply", "Reply to", "Ответ на"
    UPDATE = "update", "Corrects", "Исправляет"
    CANCEL = "cancel", "Cancels", "Отменяет"
    TRANSLATION = "translation", "Translation of", "Перевод"
    COUNTERSIGN = "countersign", "Countersigns", "Подтверждает второй подписью"
    RESEAL = "reseal", "Sealed anew", "Запечатано заново"
    INTERRUPTS = "interrupts", "Real event, interrupts the exercise", "Реальное событие, прерывает учение"
    RELATED = "related", "Related to", "Связано с"


class Outcome(CodedValue):
    """What a receipt says (`outcome`)."""

    RECEIVED = "received", "Received", "Получено"
    ACKNOWLEDGED = "acknowledged", "Acknowledged", "Принято к исполнению"
    DECLINED = "declined", "Declined", "Отклонено"
    REJECTED = "rejected", "Rejected by a check", "Не прошло проверку"


class DeclineReason(CodedValue):
    """Why an officer declines a dispatch (`reason` of a ``declined`` receipt)."""

    NOT_OURS = "not_ours", "Not within our competence", "Не в нашей компетенции"
    INSUFFICIENT = "insufficient", "Not enough information", "Недостаточно сведений"
    DUPLICATE = "duplicate", "Already received by another way", "Уже получено другим путём"
    UNLAWFUL = "unlawful", "National law does not permit it", "Не допускается национальным законодательством"
    CAPACITY = "capacity", "No capacity in the time given", "Нет возможности в указанный срок"
    OTHER = "other", "Other", "Иное"


class RevocationReason(CodedValue):
    """Why a key is revoked (`reason` of a revocation)."""

    KEY_COMPROMISE = "key_compromise", "Key compromised", "Ключ скомпрометирован"
    LOST = "lost", "Key lost", "Ключ утрачен"
    SUPERSEDED = "superseded", "Replaced by a newer key", "Заменён новым ключом"
    CEASED = "ceased", "No longer in service", "Больше не действует"
    OTHER = "other", "Other", "Иное"


class Role(CodedValue):
    """What a credential permits (`roles`); the last five are posts of officers."""

    EXCHANGE = "exchange", "Exchanges dispatches", "Обмен сообщениями"
    CERTIFY = "certify", "Certifies keys", "Заверение ключей"
    AUDIT = "audit", "Audits the ledger", "Проверка журнала"
    COORDINATE = "coordinate", "Coordinates operations", "Координация операций"
    DUTY_OFFICER = "duty_officer", "Duty officer", "Дежурный сотрудник"
    SUPERVISOR = "supervisor", "Supervisor", "Руководитель"
    CASE_OFFICER = "case_officer", "Case officer", "Ответственный по делу"
    AUTHORISING_OFFICER = "authorising_officer", "Authorising officer", "Уполномоченное должностное лицо"
    EVIDENCE_CUSTODIAN = "evidence_custodian", "Evidence custodian", "Хранитель вещественных доказательств"
