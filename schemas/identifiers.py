"""Numbers of things that move: one normal form for comparing, and warnings, never refusals.

A check digit catches typing errors and proves nothing: of single wrong digits, the IMO
number lets one in eight through, and smugglers use numbers that are right. So a
finding only warns; a report with a wrong number is still sent and still read.

Schemes: ISO 6346 containers, IMO ship numbers, IMEI and LEI from ``stdnum``; air waybill
(IATA), S10 postal items (UPU) and rail wagons of the 1520 mm network here.
"""

# ruff: noqa: RUF001 - Cyrillic letters that look Latin are what one table is about

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from stdnum import imei, imo, iso6346, lei
from stdnum.exceptions import ValidationError

from schemas.labels import CodedValue


class IdentifierKind(CodedValue):
    """What kind of number it is."""

    CONTAINER = "container", "Container number (ISO 6346)", "Номер контейнера (ISO 6346)"
    IMO_SHIP = "imo_ship", "IMO ship number", "Номер судна ИМО"
    MMSI = "mmsi", "MMSI of a ship", "MMSI судна"
    AIR_WAYBILL = "air_waybill", "Air waybill", "Авианакладная"
    FLIGHT = "flight", "Flight number", "Номер рейса"
    POSTAL_ITEM = "postal_item", "Postal item (UPU S10)", "Почтовое отправление (ВПС S10)"
    RAIL_WAGON = "rail_wagon", "Rail wagon, 1520 mm network", "Железнодорожный вагон (1520 мм)"
    VEHICLE_PLATE = "vehicle_plate", "Vehicle plate", "Номерной знак автомобиля"
    TRAILER_PLATE = "trailer_plate", "Trailer plate", "Номерной знак прицепа"
    VIN = "vin", "Vehicle identification number", "Идентификационный номер ТС (VIN)"
    BILL_OF_LADING = "bill_of_lading", "Bill of lading", "Коносамент"
    CONSIGNMENT_NOTE = "consignment_note", "Consignment note (CMR, SMGS)", "Накладная (CMR, СМГС)"
    CUSTOMS_DECLARATION = "customs_declaration", "Customs declaration", "Таможенная декларация"
    SEAL = "seal", "Seal", "Пломба"
    COURIER_PARCEL = "courier_parcel", "Courier parcel", "Курьерское отправление"
    PHONE = "phone", "Telephone number", "Номер телефона"
    IMEI = "imei", "IMEI of a telephone", "IMEI телефона"
    LEI = "lei", "Legal entity identifier", "Идентификатор юридического лица (LEI)"
    OTHER = "other", "Other", "Иное"


class IdentifierWarning(CodedValue):
    """What looks wrong with a number."""

    WRONG_FORM = (
        "wrong_form",
        "Not of the usual form; check the spelling.",
        "Необычный вид номера; проверьте написание.",
    )
    WRONG_CHECK_DIGIT = (
        "wrong_check_digit",
        "The check digit does not fit; check each digit.",
        "Контрольная цифра не сходится; проверьте каждую цифру.",
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a number.

    Attributes:
        kind: the kind it was checked as.
        normal: the form for comparing: upper case, no separators, Latin for look-alike Cyrillic letters.
        warning: what looks wrong, with labels for people; ``None`` if nothing does.
    """

    kind: IdentifierKind
    normal: str
    warning: IdentifierWarning | None


LOOK_ALIKES: Final = dict(zip(map(ord, "АВЕКМНОРСТУХІЈЅ"), "ABEKMHOPCTYXIJS", strict=True))
"""Cyrillic capitals that look like Latin ones: those of plates (GOST R 50577), and three more of neighbours' plates."""

_SEPARATORS = re.compile(r"[\s\-‐-―./_]+")

_IMO_PREFIX = re.compile(r"\A(IMO)+")

_FORMS: dict[IdentifierKind, re.Pattern[str]] = {
    kind: re.compile(form, re.ASCII)
    for kind, form in {
        IdentifierKind.CONTAINER: r"[A-Z]{3}[UJZR]\d{7}|[A-Z]{3}[ABDEK]\d{7}",
        IdentifierKind.IMO_SHIP: r"\d{7}",
        IdentifierKind.MMSI: r"\d{9}",
        IdentifierKind.AIR_WAYBILL: r"\d{11}",
        IdentifierKind.FLIGHT: r"([A-Z]{2}|[A-Z]\d|\d[A-Z]|[A-Z]{3})\d{1,4}[A-Z]?",
        IdentifierKind.POSTAL_ITEM: r"[A-Z]{2}\d{9}[A-Z]{2}",
        IdentifierKind.RAIL_WAGON: r"\d{8}",
        IdentifierKind.VIN: r"[A-HJ-NPR-Z\d]{17}",
        IdentifierKind.PHONE: r"\+?\d{7,15}",
        IdentifierKind.IMEI: r"\d{14,16}",
        IdentifierKind.LEI: r"[A-Z\d]{18}\d{2}",
    }.items()
}


def check_identifier(kind: IdentifierKind, value: str) -> Finding:
    """Normalise a number and say what looks wrong with it.

    Args:
        kind: what kind of number.
        value: the number as written, with any separators.
    """
    normal = normalise_identifier(kind, value)
    return Finding(kind, normal, _warning(kind, normal))


def normalise_identifier(kind: IdentifierKind, value: str) -> str:
    """The form for comparing; equal numbers written differently become equal texts."""
    text = _SEPARATORS.sub("", value.upper().translate(LOOK_ALIKES))
    if kind is IdentifierKind.IMO_SHIP:
        return _IMO_PREFIX.sub("", text)
    return text


def _warning(kind: IdentifierKind, normal: str) -> IdentifierWarning | None:
    form = _FORMS.get(kind)
    if not normal or (form is not None and not form.fullmatch(normal)):
        return IdentifierWarning.WRONG_FORM
    check = _CHECKS.get(kind)
    if check is not None and not check(normal):
        return IdentifierWarning.WRONG_CHECK_DIGIT
    return None


def _by_stdnum(module: Any) -> Callable[[str], bool]:
    def check(number: str) -> bool:
        try:
            module.validate(number)
        except ValidationError:
            return False
        return True

    return check


def _container(number: str) -> bool:
    # The fourth letters A B D E K (swap bodies, EN 13044) count like any other.
    return str(iso6346.calc_check_digit(number[:-1])) == number[-1]


def air_waybill_digit(serial: str) -> str:
    """Check digit of an air waybill's 7-digit serial number: the remainder by seven (IATA)."""
    return str(int(serial) % 7)


def postal_item_digit(serial: str) -> str:
    """Check digit of the 8-digit serial number of a postal item (UPU S10)."""
    total = sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    return {10: "0", 11: "5"}.get(rest := 11 - total % 11, str(rest))


def rail_wagon_digit(serial: str) -> str:
    """Check digit of the 7 digits of a 1520 mm wagon number, or of the 11 of a UIC number.

    Digits count 2, 1, 2, ... from the left; the digits of the products are added up to the next ten.
    """
    products = "".join(str(int(digit) * (2 - place % 2)) for place, digit in enumerate(serial))
    return str(-sum(int(digit) for digit in products) % 10)


_CHECKS: dict[IdentifierKind, Callable[[str], bool]] = {
    IdentifierKind.CONTAINER: _container,
    IdentifierKind.IMO_SHIP: _by_stdnum(imo),
    IdentifierKind.AIR_WAYBILL: lambda number: air_waybill_digit(number[3:10]) == number[10],
    IdentifierKind.POSTAL_ITEM: lambda number: postal_item_digit(number[2:10]) == number[10],
    IdentifierKind.RAIL_WAGON: lambda number: rail_wagon_digit(number[:7]) == number[7],
    IdentifierKind.IMEI: lambda number: len(number) != 15 or _by_stdnum(imei)(number),
    IdentifierKind.LEI: _by_stdnum(lei),
}
