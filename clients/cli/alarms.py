"""What an alarm means, in words; its detail says where, and is kept as it was found."""

from __future__ import annotations

from clients.cli.texts import label_of
from clients.cli.ui import clean
from clients.store import Alarm
from schemas.labels import CodedValue


class AlarmKind(CodedValue):
    """The kinds of `clients.store.Alarm`."""

    FORK = "fork", "two histories of the ledger", "две истории журнала"
    BAD_PROOF = "bad_proof", "a proof does not hold", "доказательство неверно"
    BAD_TIME = "bad_time", "the hub's time cannot be right", "время узла не может быть верным"
    BAD_STATEMENT = "bad_statement", "a statement that should not be there", "запись, которой быть не должно"
    PUBLIC_REFUSED = "public_refused", "a public statement does not hold", "открытая запись неверна"
    WITHHELD = "withheld", "something was kept from us", "от нас что-то удержано"
    DAMAGED = "damaged", "a text is damaged or erased", "текст повреждён или удалён"
    EPOCH = "epoch", "a new epoch dropped the end of the ledger", "новая эпоха отбросила конец журнала"
    UNKNOWN_OWN_KEY = "unknown_own_key", "a key of ours that nobody here made", "наш ключ, которого здесь не создавали"
    BAD_VIEW = "bad_view", "another member saw another ledger", "другой участник видел другой журнал"
    OVERDUE = "overdue", "not confirmed in time", "нет подтверждения в срок"
    REFUSED = "refused", "the hub refused what was said here", "узел отказал в том, что сказано здесь"


def alarm_text(alarm: Alarm) -> str:
    """An alarm in a line: its kind as a code, which is told by telephone; what that means; where."""
    return f"{alarm.kind}: {label_of(AlarmKind, alarm.kind)}; {clean(alarm.detail)}"
