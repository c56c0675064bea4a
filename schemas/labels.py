"""Coded values and their labels in English and Russian (PROTOCOL 6).

One mechanism for every code that a person reads: a `CodedValue` member is its code,
which travels and never changes, and carries both labels, which may be improved. Code
and labels stand in one line, so none can be forgotten. Free text is never coded away:
where a sender's word has no code, the code is ``other`` and the word travels beside it.
A code of a later version is no member of its table: a reader keeps it as `CodedValue.later`.

This module has the codes of covers and receipts; those of reports are in
`schemas.reports.codes` and the modules beside it, and kinds in `schemas.reports.kinds`.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Final, NamedTuple, Protocol, Self, TypeVar

from pydantic import GetCoreSchemaHandler, ValidationInfo, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, core_schema

LENIENT: Final = {"lenient": True}
"""Context of a validation that reads what others wrote: it takes codes of later versions (PROTOCOL 7)."""

_LATER: Final = re.compile(r"[A-Za-z0-9_]{1,64}")


def is_lenient(info: ValidationInfo) -> bool:
    """Whether a validation reads what others wrote."""
    return bool(info.context and info.context.get("lenient"))


class Label(NamedTuple):
    """What a person reads for a code.

    Attributes:
        en: English.
        ru: Russian.
    """

    en: str
    ru: str


LANGUAGE_SETTINGS: Final = ("SERAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the environment that name the language of a person, the strongest first."""


def wanted_language(environment: Mapping[str, str]) -> str:
    """The language that a person's settings name, in lower case, as ``ru_ru.utf-8``; empty if they name none."""
    return next((value for name in LANGUAGE_SETTINGS if (value := environment.get(name))), "").lower()


class Labelled(Protocol):
    """What is typed as a code and read as a label: a `CodedValue`, a kind of reports."""

    @property
    def value(self) -> str:
        """The code."""

    @property
    def label(self) -> Label:
        """What a person reads for it."""


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

    @classmethod
    def later(cls, code: str) -> Self:
        """A code that this version does not know: it equals no member, and people read it as it was written."""
        made = str.__new__(cls, code)
        made._name_ = made._value_ = code
        made.label = Label(code, code)
        return made

    @property
    def is_later(self) -> bool:
        """Whether this version does not know the code."""
        return self._value_ not in type(self)._value2member_map_

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """As any enumeration; one that is read leniently takes codes of later versions too."""

        def read(value: Any, known: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
            is_word = isinstance(value, str) and _LATER.fullmatch(value) is not None
            if is_lenient(info) and is_word and value not in cls._value2member_map_:
                return cls.later(value)
            return known(value)

        return core_schema.with_info_wrap_validator_function(read, handler(source))


C = TypeVar("C", bound=CodedValue)


@cache
def _spellings(codes: type[CodedValue]) -> dict[str, CodedValue]:
    return {text.casefold(): code for code in codes for text in (*code.label, code.value)}


def find_code(codes: type[C], text: str) -> C | None:
    """The member of ``codes`` that ``text`` spells as code or label, in any case; ``None`` if there is none."""
    found = _spellings(codes).get(" ".join(text.split()).casefold())
    return found if isinstance(found, codes) else None


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

    @classmethod
    def later(cls, code: str) -> Self:
        """A code that this version does not know is the strictest one to a reader (PROTOCOL 7)."""
        made = super().later(code)
        made.label = Label(*(f"{code}? {words}" for words in cls.H3.label))
        return made


class Relation(CodedValue):
    """How a dispatch refers to another (`rel` of a cover)."""

    REPLY = "reply", "Reply to", "Ответ на"
    UPDATE = "update", "Corrects", "Исправляет"
    CANCEL = "cancel", "Cancels", "Отменяет"
    TRANSLATION = "translation", "Translation of", "Перевод"
    COUNTERSIGN = "countersign", "Countersigns", "Вторая подпись"
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
