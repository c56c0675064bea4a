"""What an alarm means, in words; its detail says where, and is kept as it was found."""

from __future__ import annotations

from typing import Any

from clients.documents.alarm_details import detail_of, detail_text
from clients.documents.named import NamedText
from clients.documents.plain import clean, utc, wrap
from clients.documents.texts import _, label_of
from clients.store import Alarm, Closing, KeptAlarm
from schemas.labels import CodedValue


class AlarmKind(CodedValue):
    """The kinds of `clients.store.Alarm`."""

    FORK = "fork", "two histories of the ledger", "две истории журнала"
    BAD_PROOF = "bad_proof", "a proof does not hold", "доказательство неверно"
    BAD_TIME = "bad_time", "the hub's time cannot be right", "время узла не может быть верным"
    CLOCK = (
        "clock",
        "the hub's time and this machine's clock differ by more than a day",
        "время узла и часы этой машины расходятся больше чем на сутки",
    )
    BAD_STATEMENT = "bad_statement", "a statement that should not be there", "запись, которой быть не должно"
    PUBLIC_REFUSED = "public_refused", "a public statement does not hold", "открытая запись неверна"
    BOUNDS = (
        "bounds",
        "it certified more than the network permits, without effect",
        "заверено больше, чем разрешено; не действует",
    )
    WITHHELD = "withheld", "something was kept from us", "от нас что-то удержано"
    DAMAGED = "damaged", "a text is damaged or erased", "текст повреждён или удалён"
    ERASED = "erased", "the hub erased what it may not erase yet", "узел удалил то, что ещё нельзя удалять"
    EPOCH = "epoch", "a new epoch dropped the end of the ledger", "новая эпоха отбросила конец журнала"
    UNKNOWN_OWN_KEY = "unknown_own_key", "a key of ours that nobody here made", "наш ключ, которого здесь не создавали"
    BAD_VIEW = "bad_view", "another member saw another ledger", "другой участник видел другой журнал"
    OVERDUE = "overdue", "not confirmed, or not answered, in time", "нет подтверждения или ответа в срок"
    STORE_CHANGED = (
        "store_changed",
        "the store on this machine was changed from outside",
        "хранилище на этой машине изменено извне",
    )
    REFUSED = "refused", "the hub refused what was sent from here", "узел отказал в том, что отправлено отсюда"
    AUDIT_LATE = (
        "audit_late",
        "the ledger is not audited to its end: nobody sees a false one",
        "проверка журнала не доходит до конца: подмену не заметят",
    )
    WITHDRAWN = (
        "withdrawn",
        "what was withdrawn here went out all the same",
        "то, что здесь отозвано, всё же отправлено",
    )
    UNSIGNED = "unsigned", "an officer must sign it again", "сотрудник должен подписать это заново"
    CERTIFIED = "certified", "somebody here certified a key for us", "здесь заверили ключ для нас"
    ASKS_MUCH = (
        "asks_much",
        "a member asks us to compare more than it may in a day",
        "участник просит сверить больше, чем разрешено за день",
    )
    GUESSES = "guesses", "the passphrase of an officer is being guessed", "кто-то подбирает парольную фразу сотрудника"


def kind_text(kind: str) -> str:
    """What a kind of alarm means."""
    return label_of(AlarmKind, kind)


def alarm_text(alarm: Alarm) -> str:
    """An alarm in a line: its kind as a code, which is told by telephone; what that means; where."""
    return f"{alarm.kind}: {kind_text(alarm.kind)}; {clean(detail_text(alarm.detail))}"


def alarm_row(kept: KeptAlarm) -> list[str]:
    """An alarm in a list: number and time, what it means, how often; closed ones with who closed them."""
    head = f"{kept.number:>5} {utc(kept.alarm.at_ms)[5:16]} "
    words = alarm_text(kept.alarm)
    if kept.is_further:
        words = _("and {count} more of {kind}, the last: {detail}").format(
            count=kept.differing, kind=kept.alarm.kind, detail=clean(detail_text(kept.alarm.detail))
        )
    elif kept.count > 1:
        words += " " + _("({count} times)").format(count=kept.count)
    if kept.closing is not None:
        words += " " + _("- closed by {closing}").format(closing=closing_text(kept.closing))
    first, *rest = wrap(words, " " * len(head)).splitlines()
    return [head + first.lstrip(), *rest]


def closing_text(closing: Closing) -> str:
    """Who has closed an alarm, when, and why."""
    return f"{closing.by}, {utc(closing.at_ms)}: {clean(closing.reason)}"


def alarm_texts(found: KeptAlarm) -> list[NamedText]:
    """Everything about an alarm but its evidence."""
    texts = [
        NamedText(_("Alarm"), f"{found.number}, {found.alarm.kind}"),
        NamedText(_("Meaning"), kind_text(found.alarm.kind)),
        NamedText(_("Where"), clean(detail_text(found.alarm.detail))),
        NamedText(_("Since"), utc(found.alarm.at_ms)),
    ]
    if found.count > 1:
        text = _("{count} times, the last {time}").format(count=found.count, time=utc(found.last_ms))
        texts.append(NamedText(_("How often"), text))
    if found.is_further:
        texts.append(NamedText(_("Note"), _("many of this kind are counted together; shown is the last")))
    return texts + ([NamedText(_("Closed"), closing_text(found.closing))] if found.closing else [])


def alarm_json(found: KeptAlarm) -> dict[str, Any]:
    """An alarm for programs, without its evidence."""
    closing, detail = found.closing, detail_of(found.alarm.detail)
    return {
        "number": found.number,
        "kind": found.alarm.kind,
        "text": alarm_text(found.alarm),
        "detail": found.alarm.detail,
        "detail_code": None if detail is None else detail[0].value,
        "at_ms": found.alarm.at_ms,
        "count": found.count,
        "last_ms": found.last_ms,
        "further": found.is_further,
        "differing": found.differing,
        "closed": None if closing is None else {"by": closing.by, "at_ms": closing.at_ms, "reason": closing.reason},
    }
