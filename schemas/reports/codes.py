"""Codes of reports beside places and drugs: persons, companies, answers, grading, marking.

Grading codes keep the sender's own scheme; nothing here maps one scheme onto another.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue


class RequestedAction(CodedValue):
    """What a warning asks for."""

    CONTROL = "control", "Control the shipment", "Досмотреть груз"
    OBSERVE = "observe", "Observe, do not intervene", "Наблюдать, не вмешиваться"
    LOCATE = "locate", "Locate and report", "Установить местонахождение и сообщить"
    STOP = "stop", "Stop the shipment", "Задержать груз"
    IDENTIFY = "identify", "Identify persons or companies", "Установить лиц или компании"
    INFORM = "inform", "For information", "К сведению"
    OTHER = "other", "Other", "Иное"


class FeedbackOutcome(CodedValue):
    """What came of a warning or of a seizure report."""

    NOTHING_FOUND = "nothing_found", "Nothing found", "Ничего не обнаружено"
    SEIZURE_MADE = "seizure_made", "Seizure made", "Произведено изъятие"
    RELEASED = "released", "Released", "Выпущено"
    UNDER_CONTROL = "under_control", "Under control, under way", "Под контролем, в пути"
    CHECK_IN_PROGRESS = "check_in_progress", "Check in progress", "Проводится проверка"
    UNDER_INVESTIGATION = "under_investigation", "Under investigation", "Ведётся расследование"
    NOT_ARRIVED = "not_arrived", "Has not arrived", "Не прибыло"
    NOT_LOCATED = "not_located", "Not located", "Не обнаружено местонахождение"
    LEFT_COUNTRY = "left_country", "Has left the country", "Покинуло страну"
    ALREADY_KNOWN = "already_known", "Already known to us", "Уже известно"
    PASSED_ON = "passed_on", "Passed on to the competent agency", "Передано компетентному органу"
    INFORMATION_GIVEN = "information_given", "Information given", "Сведения предоставлены"
    NO_ACTION = "no_action", "No action taken", "Меры не принимались"
    OTHER = "other", "Other", "Иное"


class Sex(CodedValue):
    """Sex of persons in a count."""

    FEMALE = "female", "Female", "Женский"
    MALE = "male", "Male", "Мужской"
    UNKNOWN = "unknown", "Unknown", "Неизвестно"


class PersonRole(CodedValue):
    """What the persons of a count are in the case."""

    ARRESTED = "arrested", "Arrested", "Задержаны"
    SUSPECTED = "suspected", "Suspected", "Подозреваются"
    COURIER = "courier", "Courier", "Курьер"
    DRIVER = "driver", "Driver", "Водитель"
    SENDER = "sender", "Sender", "Отправитель"
    RECEIVER = "receiver", "Receiver", "Получатель"
    WITNESS = "witness", "Witness", "Свидетель"
    OTHER = "other", "Other", "Иное"


class CompanyRole(CodedValue):
    """What a company is in a shipment."""

    SHIPPER = "shipper", "Shipper", "Грузоотправитель"
    CONSIGNEE = "consignee", "Consignee", "Грузополучатель"
    NOTIFY_PARTY = "notify_party", "Notify party", "Уведомляемая сторона"
    CARRIER = "carrier", "Carrier", "Перевозчик"
    FORWARDER = "forwarder", "Freight forwarder", "Экспедитор"
    BROKER = "broker", "Customs broker", "Таможенный брокер"
    OWNER = "owner", "Owner", "Собственник"
    MANUFACTURER = "manufacturer", "Manufacturer", "Изготовитель"
    OTHER = "other", "Other", "Иное"


class Tlp(CodedValue):
    """Traffic Light Protocol 2.0."""

    RED = "red", "TLP:RED, named recipients only", "TLP:RED, только названным получателям"
    AMBER_STRICT = "amber_strict", "TLP:AMBER+STRICT, organisation only", "TLP:AMBER+STRICT, только внутри организации"
    AMBER = "amber", "TLP:AMBER, organisation and its clients", "TLP:AMBER, организация и её партнёры"
    GREEN = "green", "TLP:GREEN, community", "TLP:GREEN, сообщество"
    CLEAR = "clear", "TLP:CLEAR, no limit", "TLP:CLEAR, без ограничений"


class Source4x4(CodedValue):
    """Source of the 4x4 system (Europol)."""

    A = "A", "A: always reliable", "A: всегда надёжен"
    B = "B", "B: mostly reliable", "B: в основном надёжен"
    C = "C", "C: mostly unreliable", "C: в основном ненадёжен"
    X = "X", "X: cannot be assessed", "X: не может быть оценён"


class Information4x4(CodedValue):
    """Information of the 4x4 system (Europol)."""

    ONE = "1", "1: not in doubt", "1: не вызывает сомнений"
    TWO = "2", "2: known personally to the source, not to the officer", "2: известно источнику лично, но не сотруднику"
    THREE = "3", "3: not known personally, but corroborated", "3: не известно лично, но подтверждено"
    FOUR = "4", "4: not known personally, cannot be corroborated", "4: не известно лично, не может быть подтверждено"


class Source3x5x2(CodedValue):
    """Source of the 3x5x2 system (United Kingdom)."""

    ONE = "1", "1: reliable", "1: надёжен"
    TWO = "2", "2: untested", "2: не проверен"
    THREE = "3", "3: not reliable", "3: ненадёжен"


class Information3x5x2(CodedValue):
    """Information of the 3x5x2 system (United Kingdom)."""

    A = "A", "A: known directly", "A: известно непосредственно"
    B = "B", "B: known indirectly but corroborated", "B: известно косвенно, подтверждено"
    C = "C", "C: known indirectly", "C: известно косвенно"
    D = "D", "D: not known", "D: не известно"
    E = "E", "E: suspected to be false", "E: предположительно ложно"


class Handling3x5x2(CodedValue):
    """Handling of the 3x5x2 system (United Kingdom)."""

    P = "P", "P: sharing permitted", "P: передача разрешена"
    C = "C", "C: sharing permitted with conditions", "C: передача разрешена с условиями"


class Source5x5x5(CodedValue):
    """Source of the older 5x5x5 system (United Kingdom)."""

    A = "A", "A: always reliable", "A: всегда надёжен"
    B = "B", "B: mostly reliable", "B: в основном надёжен"
    C = "C", "C: sometimes reliable", "C: иногда надёжен"
    D = "D", "D: unreliable", "D: ненадёжен"
    E = "E", "E: untested", "E: не проверен"


class Information5x5x5(CodedValue):
    """Information of the older 5x5x5 system (United Kingdom)."""

    ONE = "1", "1: known to be true without reservation", "1: безусловно достоверно"
    TWO = "2", "2: known personally to the source, not to the officer", "2: известно источнику лично, но не сотруднику"
    THREE = "3", "3: not known personally, but corroborated", "3: не известно лично, но подтверждено"
    FOUR = "4", "4: cannot be judged", "4: не может быть оценено"
    FIVE = "5", "5: suspected to be false", "5: предположительно ложно"


class Handling5x5x5(CodedValue):
    """Handling of the older 5x5x5 system (United Kingdom)."""

    ONE = "1", "1: within the police service and as the law says", "1: внутри правоохранительных органов и по закону"
    TWO = "2", "2: to non-prosecuting parties", "2: сторонам, не ведущим преследования"
    THREE = "3", "3: to foreign agencies", "3: иностранным органам"
    FOUR = "4", "4: within the originating agency only", "4: только внутри органа-источника"
    FIVE = "5", "5: no further dissemination", "5: без дальнейшей передачи"
