"""Where and how goods were found or moved: coded values with English and Russian labels.

English labels of `HidingPlace`, `Installation`, `TransportMode` and `Routing` are the
words of the UNODC individual drug seizures data, so that its rows find their codes.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue


class TransportMode(CodedValue):
    """How goods or persons travelled."""

    COMMERCIAL_AIR = "commercial_air", "Commercial air", "Воздушный, коммерческий"
    PRIVATE_AIR = "private_air", "Private air", "Воздушный, частный"
    COMMERCIAL_ROAD = "commercial_road", "Commercial road", "Автомобильный, коммерческий"
    PRIVATE_ROAD = "private_road", "Private road", "Автомобильный, частный"
    COMMERCIAL_SEA = "commercial_sea", "Commercial sea", "Морской, коммерческий"
    PRIVATE_SEA = "private_sea", "Private sea", "Морской, частный"
    RAIL = "rail", "Rail", "Железнодорожный"
    RIVER = "river", "River", "Речной"
    MAIL = "mail", "Mail", "Почта"
    PEDESTRIAN = "pedestrian", "Pedestrian", "Пешком"
    NONE = "none", "None", "Без перемещения"
    UNKNOWN = "unknown", "Unknown", "Неизвестно"
    OTHER = "other", "Other", "Иное"


class Routing(CodedValue):
    """Where on the way, seen from the reporting country."""

    DOMESTIC = "domestic", "National territory/domestic seizure", "Внутри страны"
    INBOUND = "inbound", "Border - inbound", "Граница: ввоз"
    OUTBOUND = "outbound", "Border - outbound", "Граница: вывоз"
    TRANSIT = "transit", "Border - transit/free trade zone", "Граница: транзит, свободная зона"
    INTERNATIONAL_WATERS = (
        "international_waters",
        "International waters/unclaimed territory",
        "Международные воды, ничейная территория",
    )
    OTHER = "other", "Other", "Иное"


class HidingPlace(CodedValue):
    """In what goods were hidden."""

    APPLIANCES = "appliances", "Appliances", "Бытовая техника"
    ART_ITEMS = "art_items", "Art items", "Предметы искусства"
    BACKPACK = "backpack", "Backpack", "Рюкзак"
    BAGGAGE = "baggage", "Baggage", "Багаж"
    BEVERAGES = "beverages", "Beverages", "Напитки"
    BIKE = "bike", "Bike", "Велосипед или мотоцикл"
    BODY = "body", "Body", "На теле"
    BUSINESS = "business", "Business", "Предприятие"
    CAR_PARTS = "car_parts", "Car parts", "Детали автомобиля"
    CARRY = "carry", "Carry", "При себе"
    CLOTHES = "clothes", "Clothes", "Одежда"
    CONTAINER = "container", "Container", "Контейнер"
    COSMETICS = "cosmetics", "Cosmetics", "Косметика"
    ELECTRICAL_PARTS = "electrical_parts", "Electrical parts", "Электрические детали"
    FARM_PLANTATION = "farm_plantation", "Farm / Plantation", "Ферма, плантация"
    FOOD = "food", "Food", "Продукты питания"
    FREIGHT = "freight", "Freight", "Груз"
    FURNITURE = "furniture", "Furniture", "Мебель"
    GIFTS = "gifts", "Gifts", "Подарки"
    HANDBAG = "handbag", "Handbag", "Ручная сумка"
    INSERTED = "inserted", "Inserted", "В полостях тела"
    OFFICE_SUPPLIES = "office_supplies", "Office supplies", "Канцелярские товары"
    OUTERWEAR = "outerwear", "Outerwear", "Верхняя одежда"
    PACKAGE = "package", "Package", "Упаковка"
    PLASTIC_BAGS = "plastic_bags", "Plastic bags", "Полиэтиленовые пакеты"
    POSTAL = "postal", "Postal", "Почтовое отправление"
    RESIDENCE = "residence", "Residence", "Жилище"
    SACK = "sack", "Sack", "Мешок"
    SHOES = "shoes", "Shoes", "Обувь"
    SWALLOWED = "swallowed", "Swallowed", "Проглочено"
    TOILET = "toilet", "Toilet", "Туалет"
    TOYS = "toys", "Toys", "Игрушки"
    TRANSPORT_VEHICLE = "transport_vehicle", "Transport vehicle", "Транспортное средство"
    UNDERWEAR = "underwear", "Underwear", "Нижнее бельё"
    VESSEL = "vessel", "Vessel", "Судно"
    FUEL_TANK = "fuel_tank", "Fuel tank", "Топливный бак"
    WHEELS = "wheels", "Wheels and tyres", "Колёса и шины"
    FALSE_BOTTOM = "false_bottom", "False bottom or wall", "Двойное дно или стенка"
    OTHER = "other", "Other", "Иное"


class DetectionMethod(CodedValue):
    """What led to the discovery."""

    RISK_ANALYSIS = "risk_analysis", "Risk analysis, profiling", "Анализ рисков, профилирование"
    ROUTINE_CONTROL = "routine_control", "Routine control", "Плановый контроль"
    RANDOM_CHECK = "random_check", "Random check", "Выборочная проверка"
    NATIONAL_INTELLIGENCE = "national_intelligence", "National intelligence", "Оперативная информация своей страны"
    FOREIGN_INTELLIGENCE = "foreign_intelligence", "Intelligence from abroad", "Информация из-за рубежа"
    INVESTIGATION = "investigation", "Investigation", "Расследование"
    SURVEILLANCE = "surveillance", "Surveillance", "Наблюдение"
    CONTROLLED_DELIVERY = "controlled_delivery", "Controlled delivery", "Контролируемая поставка"
    PHYSICAL_SEARCH = "physical_search", "Physical search", "Физический досмотр"
    SCANNER = "scanner", "X-ray or scanner", "Рентген, сканер"
    DOG = "dog", "Detector dog", "Служебная собака"
    TRACE_DETECTION = "trace_detection", "Trace detection, test kit", "Обнаружение следов, экспресс-тест"
    PUBLIC_REPORT = "public_report", "Report by the public", "Сообщение граждан"
    CHANCE = "chance", "By chance", "Случайно"
    OTHER = "other", "Other", "Иное"
