"""Where an alarm happened, as a code with its facts and in the reader's language.

A detail is kept in English, as it was found: the same words are the same alarm. Here they are known again by their
form, and shown with the same facts in the language of the screen; what has no form here stands as it was found.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import re
from functools import cache

from clients.documents.texts import _, label
from schemas.labels import CodedValue


class AlarmDetail(CodedValue):
    """Forms of details, with what stands in them by name."""

    CAME_LATE = "came_late", "public item {index} came late", "открытая запись {index} пришла с опозданием"
    AFTER_LATE = (
        "after_late",
        "public item {index}, after one that came late: {fault}",
        "открытая запись {index}, после пришедшей с опозданием: {fault}",
    )
    STEP = "step", "{lane} item {index}, step {step}: {fault}", "запись {index} ({lane}), шаг {step}: {fault}"
    WHY_GONE = "why_gone", "why {lane} item {index} is gone: {fault}", "почему исчезла запись {index} ({lane}): {fault}"
    GONE = "gone", "item {index} is gone", "текста записи {index} больше нет"
    ITEM = "item", "{lane} item {index}: {fault}", "запись {index} ({lane}): {fault}"
    ACCEPTED = "accepted", "accepted at {index}: {fault}", "принято под номером {index}: {fault}"
    NOT_SENT_TO = (
        "not_sent_to",
        "{digest}: {member} answers {other}, which it was not sent",
        "{digest}: {member} отвечает на {other}, хотя это ему не отправляли",
    )
    RETENTION = (
        "retention",
        "{digest}: erased for the reason retention, which the network document does not permit",
        "{digest}: удалено по причине retention, чего документ сети не допускает",
    )
    UNKNOWN_KEY = (
        "unknown_key",
        "{address}: a key that is not known here was certified by {certifier}",
        "{address}: {certifier} заверил ключ, который здесь неизвестен",
    )
    EPOCH = (
        "epoch",
        "epoch {number} goes on from {index}, known was {size}",
        "эпоха {number} продолжает с {index}, известно было {size}",
    )
    TWO_EPOCHS = "two_epochs", "two epochs {number}; {which} holds", "две эпохи {number}; действует {which}"
    CERTIFIED = (
        "certified",
        "{officer}: key {kid} was certified at this seat",
        "{officer}: ключ {kid} заверен на этом рабочем месте",
    )
    GUESSES = (
        "guesses",
        "{officer}: {count} wrong passphrases, one after another",
        "{officer}: подряд неверных парольных фраз: {count}",
    )
    UNSIGNED = (
        "unsigned",
        "statement {row}: {officer} must sign it again",
        "запись {row}: {officer} должен подписать её заново",
    )
    UNSETTLED = (
        "unsettled",
        "statement {row}: submitted, and neither accepted nor refused",
        "запись {row}: подана, но не принята и не отклонена",
    )
    REFUSED_FILE = "refused_file", "attachment {digest}: {fault}", "вложение {digest}: {fault}"
    CLOCK = (
        "clock",
        "the hub's time is {days} days from this machine's: serai time",
        "время узла отличается от часов этой машины на {days} сут.: serai time",
    )
    AHEAD = (
        "ahead",
        "the ledger is more than an hour ahead of this machine's clock",
        "журнал опережает часы этой машины больше чем на час",
    )
    STOOD_STILL = (
        "stood_still",
        "the hub's time has gone back, or stood still",
        "время узла пошло назад или остановилось",
    )
    WENT_OUT = (
        "went_out",
        "item {row} went out as {index}: serai cancel {again}",
        "отправление {row} ушло под номером {index}: serai cancel {again}",
    )
    OTHER_OPERATION = (
        "other_operation",
        "step {index} is of another operation",
        "шаг {index} относится к другой операции",
    )
    OF_OPERATION = (
        "of_operation",
        "step {index} of operation {operation}: {fault}",
        "шаг {index} операции {operation}: {fault}",
    )
    STEP_FAILED = "step_failed", "step {index}, step {step}: {fault}", "шаг {index}, проверка {step}: {fault}"
    NO_AUDIT = (
        "no_audit",
        "no audit of the ledger has ended for {hours} hours",
        "ни одна проверка журнала не доведена до конца за {hours} ч",
    )
    ASKS_MUCH = (
        "asks_much",
        "{member}: more than {count} matters to compare on {day}, {status}",
        "{member}: больше {count} предметов сверки за {day}, {status}",
    )
    NOT_AUDITED = "not_audited", "the ledger could not be audited", "проверить журнал не удалось"


_NAME = re.compile(r"\\\{([a-z]+)\\\}")


@cache
def _forms() -> tuple[tuple[AlarmDetail, re.Pattern[str]], ...]:
    made = ((each, _NAME.sub(r"(?P<\1>.+?)", re.escape(each.label.en))) for each in AlarmDetail)
    return tuple((each, re.compile(pattern, re.DOTALL)) for each, pattern in made)


def detail_of(detail: str) -> tuple[AlarmDetail, dict[str, str]] | None:
    """The code of a detail, and its facts; ``None`` if it has no form here."""
    for each, pattern in _forms():
        if found := pattern.fullmatch(detail):
            return each, found.groupdict()
    return None


def detail_text(detail: str) -> str:
    """A detail in the language of the screen."""
    found = detail_of(detail)
    if found is None:
        return detail
    code, facts = found
    return label(code).format(**{name: _(fact) if name == "fault" else fact for name, fact in facts.items()})
