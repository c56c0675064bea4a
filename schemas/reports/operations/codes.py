"""Codes of the forms of operations, with their labels (PROTOCOL 16).

Words of covers (`do`, `decision`, `part`) are in `schemas.operations.words`.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue


class ConsignmentVariant(CodedValue):
    """In what the consignment travels."""

    VEHICLE = "vehicle", "Vehicle", "Автомобиль"
    CONTAINER = "container", "Container", "Контейнер"
    VESSEL = "vessel", "Vessel", "Судно"
    PARCEL = "parcel", "Parcel", "Почтовое отправление"
    PASSENGER = "passenger", "Passenger", "Пассажир"
    DRONE = "drone", "Drone", "Беспилотник"
    OTHER = "other", "Other", "Иное"


class PersonsAtRisk(CodedValue):
    """Whether somebody's life or health is at risk."""

    NONE = "none", "Nobody at risk", "Угрозы людям нет"
    YES = "yes", "Persons at risk", "Есть угроза людям"
    UNKNOWN = "unknown", "Not known whether anybody is at risk", "Неизвестно, есть ли угроза людям"


class SubstitutionPlan(CodedValue):
    """How much of the goods is to be replaced."""

    NONE = "none", "No substitution", "Без замены"
    PART = "part", "Part is substituted", "Частичная замена"
    ALL = "all", "All is substituted", "Полная замена"


class RequestedStep(CodedValue):
    """What a participant is asked for."""

    DECIDE = "decide", "Decide on its legs", "Принять решение по своим участкам"
    OBSERVE = "observe", "Observe constantly", "Вести постоянное наблюдение"
    TAKE_OVER = "take_over", "Take over at the border", "Принять груз под контроль на границе"
    SUBSTITUTE = "substitute", "Substitute the goods", "Произвести замену груза"
    SEIZE = "seize", "Seize and arrest at the end", "Изъять груз и задержать лиц в конце"
    COORDINATE = "coordinate", "Coordinate", "Координировать"
    INFORM = "inform", "Send what is known", "Сообщить известные сведения"
    OTHER = "other", "Other", "Иное"


class OutsideArea(CodedValue):
    """Where a leg runs that no member answers for as its own soil."""

    COUNTRY = "country", "Country outside the network", "Страна вне сети"
    SEA = "sea", "At sea", "В море"
    AIR = "air", "In the air", "В воздухе"
    CARRIER = "carrier", "With a carrier", "У перевозчика"


class PlanItem(CodedValue):
    """What a plan may leave open."""

    OFFENCE = "offence", "Offence", "Преступление"
    QUANTITY = "quantity_at_most", "Quantity at most", "Количество, не более"
    VARIANT = "variant", "In what it travels", "В чём перевозится"
    CONVEYANCES = "conveyances", "Conveyance", "Транспортное средство"
    IDENTIFIERS = "identifiers", "Identifiers", "Номера и знаки"
    LEGS = "legs", "Legs of the way", "Участки пути"
    SUBSTITUTION = "substitution", "Substitution", "Замена"
    GROUNDS = "grounds", "Grounds", "Основания"


class DecisionManner(CodedValue):
    """How a decision was made known."""

    WRITTEN = "written", "In writing", "Письменно"
    ELECTRONIC = "electronic", "Electronically", "В электронной форме"
    ORAL = "oral", "Orally, to be confirmed", "Устно, подлежит подтверждению"


class GuaranteeKind(CodedValue):
    """What a country guarantees, or demands, with its decision."""

    ENTRY = "entry", "Entry is permitted", "Ввоз разрешён"
    EXIT = "exit", "Exit is permitted", "Вывоз разрешён"
    SURVEILLANCE = "surveillance", "Constant surveillance", "Постоянное наблюдение"
    SEIZE_RATHER_THAN_LOSE = "seize_rather_than_lose", "Seize rather than lose", "Изъять, но не упустить"
    PROSECUTE = "prosecute", "Prosecute", "Уголовное преследование"
    INFORM_PROSECUTOR = (
        "inform_prosecutor",
        "Inform the originating prosecutor",
        "Информировать прокурора запрашивающей стороны",
    )
    TECHNICAL_MEANS = "technical_means", "Technical means permitted", "Технические средства разрешены"
    FOREIGN_OFFICERS = "foreign_officers", "Foreign officers permitted", "Иностранные сотрудники допущены"
    SAMPLES = "samples", "Samples are kept", "Образцы сохраняются"
    COSTS = "costs", "Costs are borne", "Расходы покрываются"
    LETTER_BEFORE = "letter_before", "Letter of request before", "Запрос о правовой помощи заранее"
    LETTER_AFTER = "letter_after", "Letter of request after", "Запрос о правовой помощи впоследствии"
    LETTER_NONE = "letter_none", "No letter of request", "Запрос о правовой помощи не нужен"
    OTHER = "other", "Other", "Иное"


class RefusalReason(CodedValue):
    """Why a country refuses or withdraws."""

    LAW = "law", "National law does not permit it", "Не допускается национальным законодательством"
    NOT_COMPETENT = "not_competent", "Not our competence", "Не в нашей компетенции"
    TOO_LATE = "too_late", "Too little time", "Недостаточно времени"
    CAPACITY = "capacity", "No capacity", "Нет сил и средств"
    RISK_TO_PERSONS = "risk_to_persons", "Risk to persons", "Угроза людям"
    RISK_OF_LOSS = "risk_of_loss", "Risk of losing the goods", "Риск утраты груза"
    INSUFFICIENT = "insufficient", "Not enough information", "Недостаточно сведений"
    OWN_CASE = "own_case", "Conflicts with a case of our own", "Противоречит собственному делу"
    CONDITIONS_NOT_MET = "conditions_not_met", "Conditions are not met", "Условия не выполнены"
    OTHER = "other", "Other", "Иное"


class StopReason(CodedValue):
    """Why somebody stops an operation."""

    DANGER = "danger", "Danger to life", "Опасность для жизни"
    SURVEILLANCE_LOST = "surveillance_lost", "Surveillance lost", "Наблюдение потеряно"
    COMPROMISED = "compromised", "The operation is known", "Операция раскрыта"
    GOODS_AT_RISK = "goods_at_risk", "Goods may be lost", "Груз может быть утрачен"
    DEVIATION = "deviation", "Left the planned way", "Отклонение от маршрута"
    NO_AUTHORITY = "no_authority", "No authority for what comes next", "Нет разрешения на следующий участок"
    ORDER = "order", "Ordered by a prosecutor or court", "По указанию прокурора или суда"
    OTHER = "other", "Other", "Иное"


class StopWish(CodedValue):
    """What who stops wishes; who has the goods on its soil decides."""

    HOLD = "hold", "Hold", "Задержать и ждать"
    SEIZE = "seize", "Seize", "Изъять"
    KEEP_AWAY = "keep_away", "Let nobody near", "Никого не подпускать"


class Movement(CodedValue):
    """What happened on the way."""

    DEPARTED = "departed", "Departed", "Убыл"
    AT = "at", "Is at", "Находится"
    CROSSED = "crossed", "Crossed a border", "Пересёк границу"
    LOST = "lost", "Lost from sight", "Потерян из виду"
    FOUND = "found", "Found again", "Обнаружен снова"
    ARRIVED = "arrived", "Arrived", "Прибыл"


class CrossingGround(CodedValue):
    """On what ground a border was crossed."""

    PLANNED = "planned", "As planned", "По плану"
    URGENT = "urgent", "Urgent, without prior consent", "Срочно, без предварительного согласия"


class GoodsState(CodedValue):
    """In what state the consignment was seen."""

    INTACT = "intact", "Intact", "Не нарушено"
    OPENED = "opened", "Opened", "Вскрыто"
    DAMAGED = "damaged", "Damaged", "Повреждено"
    NOT_SEEN = "not_seen", "Not seen", "Не осмотрено"
    OTHER = "other", "Other", "Иное"


class HandStage(CodedValue):
    """Which side of a handover this is."""

    OFFERED = "offered", "Offered", "Предложено"
    ACCEPTED = "accepted", "Accepted", "Принято"


class ExhibitEvent(CodedValue):
    """What happened to an exhibit."""

    REGISTERED = "registered", "Registered", "Принято на учёт"
    SPLIT = "split", "Split", "Разделено"
    SAMPLED = "sampled", "Sampled", "Отобраны образцы"
    REMOVED = "removed", "Part removed", "Часть удалена"
    SUBSTITUTED = "substituted", "Substituted", "Заменено"
    RESEALED = "resealed", "Resealed", "Опечатано заново"
    WEIGHED = "weighed", "Weighed or counted", "Взвешено или пересчитано"
    SEIZED = "seized", "Seized", "Изъято"
    DESTROYED = "destroyed", "Destroyed", "Уничтожено"
    LOST = "lost", "Lost", "Утрачено"
    FOUND = "found", "Found", "Обнаружено"


class OperationOutcome(CodedValue):
    """What came of an operation, or of a country's part in it."""

    SEIZED = "seized", "Goods seized", "Груз изъят"
    ARRESTED = "arrested", "Persons arrested", "Лица задержаны"
    DELIVERED = "delivered", "Delivered, then seized", "Доставлено и затем изъято"
    LOST = "lost", "Goods lost", "Груз утрачен"
    STOPPED = "stopped", "Stopped", "Остановлено"
    NOT_CARRIED_OUT = "not_carried_out", "Not carried out", "Не проводилась"
    OTHER = "other", "Other", "Иное"
