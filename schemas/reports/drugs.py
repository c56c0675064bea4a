"""Drug groups, forms and units, and the names and units that data use for them.

A report always keeps a name and a unit as they were written; the code beside them
serves filters and statistics. The groups follow those of UNODC seizure reporting. A
name that is not in the table has the group ``other``, which says nothing about it.
"""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

from schemas.labels import CodedValue, find_code


class DrugGroup(CodedValue):
    """What kind of substance it is."""

    OPIUM = "opium", "Opium", "Опий"
    OPIUM_POPPY = "opium_poppy", "Opium poppy, poppy straw, seeds", "Опийный мак, маковая солома, семена"
    HEROIN = "heroin", "Heroin", "Героин"
    OPIATES_OTHER = "opiates_other", "Other opiates", "Прочие опиаты"
    OPIOIDS_SYNTHETIC = "opioids_synthetic", "Synthetic opioids", "Синтетические опиоиды"
    CANNABIS_HERB = "cannabis_herb", "Cannabis herb", "Марихуана"
    CANNABIS_RESIN = "cannabis_resin", "Cannabis resin", "Гашиш"
    CANNABIS_OTHER = "cannabis_other", "Other cannabis products, THC", "Прочие продукты каннабиса, ТГК"
    COCAINE = "cocaine", "Cocaine", "Кокаин"
    COCAINE_BASE = "cocaine_base", "Cocaine base and paste", "Кокаиновое основание и паста"
    CRACK = "crack", "Crack", "Крэк"
    COCA_PLANT = "coca_plant", "Coca leaf, plant, seeds", "Лист, растения и семена коки"
    AMPHETAMINE = "amphetamine", "Amphetamine", "Амфетамин"
    METHAMPHETAMINE = "methamphetamine", "Methamphetamine", "Метамфетамин"
    ECSTASY = "ecstasy", "Ecstasy-type substances", "Вещества типа экстази"
    ATS_OTHER = "ats_other", "Other amphetamine-type stimulants", "Прочие стимуляторы амфетаминового ряда"
    CANNABINOIDS_SYNTHETIC = "cannabinoids_synthetic", "Synthetic cannabinoids", "Синтетические каннабиноиды"
    CATHINONES_SYNTHETIC = "cathinones_synthetic", "Synthetic cathinones", "Синтетические катиноны"
    NPS_OTHER = "nps_other", "Other new psychoactive substances", "Прочие новые психоактивные вещества"
    NPS_PLANT = "nps_plant", "Plant-based psychoactive substances", "Психоактивные вещества растительного происхождения"
    HALLUCINOGENS = "hallucinogens", "Hallucinogens", "Галлюциногены"
    SEDATIVES = "sedatives", "Sedatives and tranquillizers", "Седативные средства и транквилизаторы"
    KETAMINE_PCP = "ketamine_pcp", "Ketamine and phencyclidine-type", "Кетамин и вещества типа фенциклидина"
    PRECURSORS = "precursors", "Precursors and chemicals", "Прекурсоры и химические вещества"
    PHARMACEUTICALS = "pharmaceuticals", "Other pharmaceuticals", "Прочие лекарственные средства"
    OTHER = "other", "Other or not in the table", "Иное или нет в таблице"


class DrugForm(CodedValue):
    """The form in which it was found."""

    POWDER = "powder", "Powder", "Порошок"
    CRYSTAL = "crystal", "Crystal", "Кристаллы"
    TABLET = "tablet", "Tablets", "Таблетки"
    CAPSULE = "capsule", "Capsules", "Капсулы"
    LIQUID = "liquid", "Liquid", "Жидкость"
    PASTE = "paste", "Paste", "Паста"
    RESIN = "resin", "Resin", "Смола"
    PLANT = "plant", "Plant material", "Растительный материал"
    BLOTTER = "blotter", "Blotters", "Марки"
    IMPREGNATED = "impregnated", "Impregnated in another material", "Пропитка другого материала"
    OTHER = "other", "Other", "Иное"


class Schedule(CodedValue):
    """Under what control it stands, as the sender says."""

    CONVENTION_1961 = "convention_1961", "1961 Convention", "Конвенция 1961 года"
    CONVENTION_1971 = "convention_1971", "1971 Convention", "Конвенция 1971 года"
    CONVENTION_1988 = "convention_1988", "1988 Convention", "Конвенция 1988 года"
    NATIONAL = "national", "National control", "Национальный контроль"
    NOT_CONTROLLED = "not_controlled", "Not controlled", "Не контролируется"


class Unit(CodedValue):
    """Unit of a quantity. Mass, volume and count stay apart; none is converted."""

    TONNE = "tonne", "Tonne", "Тонна"
    KILOGRAM = "kilogram", "Kilogram", "Килограмм"
    HUNDRED_GRAMS = "hundred_grams", "100 gram", "100 граммов"
    GRAM = "gram", "Gram", "Грамм"
    MILLIGRAM = "milligram", "Milligram", "Миллиграмм"
    MICROGRAM = "microgram", "Microgram", "Микрограмм"
    VISS = "viss", "Viss", "Висс"
    LITRE = "litre", "Litre", "Литр"
    MILLILITRE = "millilitre", "Millilitre", "Миллилитр"
    GALLON_US = "gallon_us", "Gallons (US, liquid)", "Галлон США"
    GALLON_UK = "gallon_uk", "Gallons (UK)", "Галлон Великобритании"
    ACRE = "acre", "Acres", "Акр"
    HECTARE = "hectare", "Hectare", "Гектар"
    TABLET = "tablet", "Tablet", "Таблетка"
    THOUSAND_TABLETS = "thousand_tablets", "Thousand of tablets", "Тысяча таблеток"
    PILL = "pill", "Pill", "Пилюля"
    CAPSULE = "capsule", "Capsule", "Капсула"
    DOSE = "dose", "Dose", "Доза"
    THOUSAND_DOSES = "thousand_doses", "Thousand of doses", "Тысяча доз"
    BLOTTER = "blotter", "Blotting paper", "Марка (пропитанная бумага)"
    STAMP = "stamp", "Stamp", "Штамп"
    MARK = "mark", "Mark", "Метка"
    AMPOULE = "ampoule", "Ampoule", "Ампула"
    INJECTION = "injection", "Injection", "Инъекция"
    VIAL = "vial", "Vials", "Пробирка"
    FLACON = "flacon", "Flacons", "Флакон"
    BOTTLE = "bottle", "Bottles", "Бутылка"
    BARETTE = "barette", "Barette", "Плитка"
    BLOCK = "block", "Block (350gr)", "Брикет (350 г)"
    PACKAGE = "package", "Packages", "Упаковка"
    PLANT = "plant", "Plants", "Растение"
    BUSH = "bush", "Bush", "Куст"
    PIECE = "piece", "Piece", "Штука"
    UNIT = "unit", "Unit", "Единица"
    UNKNOWN = "unknown", "Not stated", "Не указано"
    OTHER = "other", "Other", "Иное"


_OTHER_UNITS = {
    "cc": Unit.MILLILITRE,
    "cubic centimeter": Unit.MILLILITRE,
    "ml": Unit.MILLILITRE,
    "мл": Unit.MILLILITRE,
    "liter": Unit.LITRE,
    "l": Unit.LITRE,
    "л": Unit.LITRE,
    "ton": Unit.TONNE,
    "t": Unit.TONNE,
    "т": Unit.TONNE,
    "kg": Unit.KILOGRAM,
    "кг": Unit.KILOGRAM,
    "g": Unit.GRAM,
    "г": Unit.GRAM,
    "mg": Unit.MILLIGRAM,
    "мг": Unit.MILLIGRAM,
    "шт": Unit.PIECE,
    "шт.": Unit.PIECE,
    "": Unit.UNKNOWN,
}


def find_unit(text: str) -> Unit:
    """The unit that ``text`` names; ``other`` if it is not known, ``unknown`` if it is empty."""
    name = " ".join(text.split()).casefold()
    return _OTHER_UNITS.get(name) or find_code(Unit, name) or Unit.OTHER
