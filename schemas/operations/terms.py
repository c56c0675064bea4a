"""Words of the folded state of an operation, with their labels (PROTOCOL 16). None of them travels."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue


class Rule(CodedValue):
    """The rule by which the fold decided (PROTOCOL 16)."""

    F1 = "F1", "The last confirmed plan of the lead is in force", "Действует последний подтверждённый план инициатора"
    F2 = "F2", "A decision counts for the legs as it repeats them", "Решение действует для участков, как они повторены"
    F3 = "F3", "A stop stands until it is cancelled or its time is over", "Стоп действует до отмены или истечения срока"
    F4 = "F4", "A member's own fact goes before one of others", "Собственный факт важнее факта от другого"
    F5 = "F5", "The order of acts and facts", "Порядок действий и фактов"
    F6 = "F6", "A crossing needs authority when it happens", "Для пересечения нужно разрешение в этот момент"
    F7 = "F7", "Repeated after an epoch: by the signer's clock", "Повторено после эпохи: по часам подписавшего"
    F8 = "F8", "What is not here could change it", "Отсутствующее может это изменить"


class Colour(CodedValue):
    """How a result stands."""

    GREEN = "green", "In order", "В порядке"
    AMBER = "amber", "To be checked", "Требует проверки"
    RED = "red", "Contradiction", "Противоречие"


class Phase(CodedValue):
    """Where an operation is."""

    NOT_OPENED = "not_opened", "Its request is not here", "Запроса здесь нет"
    REQUESTED = "requested", "Requested", "Запрошена"
    CONFIRMED = "confirmed", "Confirmed", "Подтверждена"
    CLOSED = "closed", "Closed", "Закрыта"


class AuthorityState(CodedValue):
    """Whether a leg may be used."""

    NOT_ASKED = "not_asked", "Not asked", "Не запрошено"
    WAITING = "waiting", "No decision yet", "Решения ещё нет"
    NOT_YET = "not_yet", "Granted from later on", "Разрешено с более позднего времени"
    GRANTED = "granted", "Granted", "Разрешено"
    CONDITIONAL = "conditional", "On conditions, not confirmed", "С условиями, не подтверждены"
    CONFIRMED = "confirmed", "On conditions, confirmed", "С условиями, подтверждены"
    ENDING = "ending", "Ending soon", "Скоро заканчивается"
    ENDED = "ended", "Ended", "Закончилось"
    LAPSED = "lapsed", "Oral, lapsed", "Устное, утратило силу"
    REFUSED = "refused", "Refused", "Отказано"
    WITHDRAWN = "withdrawn", "Withdrawn", "Отозвано"
    DECIDE_AGAIN = "decide_again", "To be decided again: the plan changed", "Решить заново: план изменился"
    LEADS_WORD = "leads_word", "By the lead's word only", "Только со слов инициатора"


class StopEnd(CodedValue):
    """Whether a stop stands."""

    STANDING = "standing", "Standing", "Действует"
    CANCELLED = "cancelled", "Cancelled", "Отменён"
    EXPIRED = "expired", "Its time is over", "Срок истёк"
    ENDED_BY_LEAD = "ended_by_lead", "Ended by the lead", "Прекращён инициатором"
    DECIDED_ANEW = "decided_anew", "Its country decided anew", "Страна приняла новое решение"


class ContradictionKind(CodedValue):
    """What contradicts what."""

    CROSSING_UNAUTHORISED = "crossing_unauthorised", "Crossed without authority", "Пересечение без разрешения"
    CROSSING_ENDED_SINCE = (
        "crossing_ended_since",
        "Crossed with authority that ended before this was entered",
        "Пересечение по разрешению, прекращённому до записи факта",
    )
    MOVED_WHILE_STOPPED = "moved_while_stopped", "Moved while stopped", "Перемещение во время стопа"
    UNKNOWN_DIGEST = "unknown_digest", "Decides on what no plan has", "Решение о том, чего нет ни в одном плане"
    NOT_ITS_LEG = "not_its_leg", "Decides on another's leg", "Решение о чужом участке"
    NOT_PERMITTED = "not_permitted", "Signer may not do this", "Подписавший не вправе"
    NOT_ITS_CONTENT = "not_its_content", "Content is not what the cover names", "Содержание не то, что на обложке"
    FACTS_DIFFER = "facts_differ", "Facts of one matter differ", "Факты об одном расходятся"
    ONE_SIDED_HANDOVER = "one_sided_handover", "Handover signed by one side", "Передача подписана одной стороной"
    HANDOVER_DIFFERS = "handover_differs", "Received is not what was offered", "Получено не то, что предложено"
    HANDOVER_NOT_HELD = "handover_not_held", "Handed over by who did not hold it", "Передано тем, у кого не было"
    TWO_CONTROLS = "two_controls", "Two hold control at one moment", "Контроль сразу у двоих"
    CONTROL_LOST = "control_lost", "Lost from sight", "Потерян из виду"
    QUANTITY_EXCEEDED = "quantity_exceeded", "More than was agreed", "Больше согласованного"
    MORE_OUT_THAN_IN = "more_out_than_in", "More came out than was in", "Вышло больше, чем было"
    WEIGHS_DIFFERENT = "weighs_different", "Weighs other than the books say", "Вес расходится с учётом"
    NOT_COUNTED = "not_counted", "Not counted, and nobody says why", "Не подсчитано, причина не названа"
    EXHIBIT_TWICE = "exhibit_twice", "One name for two exhibits", "Одно имя у двух доказательств"
    EXHIBIT_ELSEWHERE = "exhibit_elsewhere", "An exhibit in other hands", "Доказательство в других руках"
    EXHIBIT_UNKNOWN = "exhibit_unknown", "An exhibit that was not registered", "Доказательство не на учёте"
    DOES_NOT_BALANCE = "does_not_balance", "Closed, and goods are not accounted for", "Закрыта, а груз не сходится"
    DATED_AHEAD = "dated_ahead", "Dated after it was accepted", "Датировано позже принятия"
    NAMES_IN_A_CIRCLE = "names_in_a_circle", "Steps name each other", "Шаги ссылаются друг на друга"


class MissingHow(CodedValue):
    """Why a step, or what it says, is not here."""

    NOT_SENT = "not_sent", "Not sent to us", "Нам не отправлено"
    NOT_KEPT = "not_kept", "No longer kept", "Больше не хранится"
    NOT_OPENED = "not_opened", "Could not be opened", "Не удалось открыть"
    NOT_READ = "not_read", "Could not be read", "Не удалось прочитать"
    NOT_DISCLOSED = "not_disclosed", "Not disclosed in the file", "В файле не раскрыто"
    NAMED_ONLY = "named_only", "Only named by others", "Известно только по ссылкам"


class ResultPart(CodedValue):
    """A part of the state that something missing could change."""

    IN_FORCE = "in_force", "Plan in force", "Действующий план"
    AUTHORITY = "authority", "Authority", "Разрешения"
    STOPS = "stops", "Stops", "Стопы"
    CONTROL = "control", "Control", "Контроль"
    CUSTODY = "custody", "Custody", "Хранение"


class BlockKind(CodedValue):
    """Why the goods may not go."""

    NOT_OPENED = "not_opened", "The request is not here", "Запроса здесь нет"
    NOT_CONFIRMED = "not_confirmed", "No plan is confirmed", "Ни один план не подтверждён"
    NO_LEGS = "no_legs", "The plan has no legs", "В плане нет участков"
    NO_AUTHORITY = "no_authority", "No authority for a leg", "Нет разрешения на участок"
    STOPPED = "stopped", "Stopped", "Остановлено"
    LOST = "lost", "Lost from sight", "Потерян из виду"
    TWO_CONTROLS = "two_controls", "Control is contradictory", "Контроль противоречив"
    CLOSED = "closed", "Closed", "Закрыта"
    NOT_SURE = "not_sure", "Something missing could change this", "Отсутствующее может это изменить"


class ClockKind(CodedValue):
    """What is due."""

    ANSWER = "answer", "Answer", "Ответ"
    AUTHORITY_ENDS = "authority_ends", "Authority ends", "Разрешение заканчивается"
    ORAL_LAPSES = "oral_lapses", "Oral decision lapses", "Устное решение утрачивает силу"
    STOP_ENDS = "stop_ends", "Stop ends", "Стоп заканчивается"
    NEXT_REPORT = "next_report", "Next report", "Следующее сообщение"
    ARRIVAL = "arrival", "Arrival at the latest", "Прибытие не позднее"


class OwedKind(CodedValue):
    """What somebody has to do."""

    CONFIRM_PLAN = "confirm_plan", "Confirm the plan", "Подтвердить план"
    DECIDE = "decide", "Decide", "Принять решение"
    DECIDE_AGAIN = "decide_again", "Decide again", "Решить заново"
    CONFIRM_CONDITIONS = "confirm_conditions", "Confirm the conditions", "Подтвердить условия"
    ACCEPT_HANDOVER = "accept_handover", "Accept the handover", "Подтвердить приём"
    SIGN_HANDOVER = "sign_handover", "Sign the handover", "Подписать передачу"
    ANSWER = "answer", "Answer", "Ответить"
    REPORT = "report", "Report where the goods are", "Сообщить, где груз"
    FIND = "find", "Find the goods", "Найти груз"
    COUNT = "count", "Count the exhibit", "Подсчитать доказательство"
    EXPLAIN = "explain", "Explain a contradiction", "Объяснить противоречие"
