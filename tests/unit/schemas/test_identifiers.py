"""Identifiers: published numbers pass, wrong ones are warned of, none is refused."""

# ruff: noqa: RUF001 - Cyrillic and other letters that look Latin are part of the data

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import (
    IdentifierKind,
    IdentifierWarning,
    air_waybill_digit,
    check_identifier,
    normalise_identifier,
    postal_item_digit,
    rail_wagon_digit,
)

GOOD = [
    (IdentifierKind.CONTAINER, "CSQU3054383"),
    (IdentifierKind.IMO_SHIP, "9074729"),
    (IdentifierKind.IMO_SHIP, "7605811"),
    (IdentifierKind.IMO_SHIP, "7625811"),
    (IdentifierKind.AIR_WAYBILL, "176-12345675"),
    (IdentifierKind.POSTAL_ITEM, "RR473124829RU"),
    (IdentifierKind.RAIL_WAGON, "52460037"),
    (IdentifierKind.IMEI, "490154203237518"),
    (IdentifierKind.LEI, "213800KUD8LAJWSQ9D15"),
    (IdentifierKind.FLIGHT, "HY 602"),
    (IdentifierKind.VIN, "XTA210990Y2766389"),
    (IdentifierKind.MMSI, "423123100"),
    (IdentifierKind.PHONE, "+7 727 250-00-00"),
    (IdentifierKind.SEAL, "KZ 0012345"),
]
WRONG_DIGIT = [
    (IdentifierKind.CONTAINER, "CSQU3054384"),
    (IdentifierKind.IMO_SHIP, "9074720"),
    (IdentifierKind.AIR_WAYBILL, "176-12345676"),
    (IdentifierKind.POSTAL_ITEM, "RR473124820RU"),
    (IdentifierKind.RAIL_WAGON, "52460036"),
    (IdentifierKind.IMEI, "490154203237517"),
    (IdentifierKind.LEI, "213800KUD8LAJWSQ9D16"),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_good_number(kind: IdentifierKind, value: str) -> None:
    """A right number gives no warning."""
    assert check_identifier(kind, value).warning is None


@pytest.mark.parametrize(("kind", "value"), WRONG_DIGIT)
def test_wrong_digit(kind: IdentifierKind, value: str) -> None:
    """A number whose check digit does not fit is warned of."""
    assert check_identifier(kind, value).warning is IdentifierWarning.WRONG_CHECK_DIGIT


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (IdentifierKind.CONTAINER, "CSQU305438"),
        (IdentifierKind.CONTAINER, "CSQQ3054383"),
        (IdentifierKind.CONTAINER, "ЩЖЦU3054383"),
        (IdentifierKind.IMO_SHIP, "٩٠٧٤٧٢٩"),
        (IdentifierKind.RAIL_WAGON, "5246003"),
        (IdentifierKind.POSTAL_ITEM, "R4731248290"),
        (IdentifierKind.VEHICLE_PLATE, " - "),
        (IdentifierKind.OTHER, ""),
    ],
)
def test_wrong_form(kind: IdentifierKind, value: str) -> None:
    """A number of another form is warned of, also one in digits or letters of another script."""
    assert check_identifier(kind, value).warning is IdentifierWarning.WRONG_FORM


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        (IdentifierKind.CONTAINER, "csqu 305438-3", "CSQU3054383"),
        (IdentifierKind.CONTAINER, "МSСU1234567", "MSCU1234567"),
        (IdentifierKind.IMO_SHIP, "IMO 9074729", "9074729"),
        (IdentifierKind.IMO_SHIP, "imo-IMO 9074729", "9074729"),
        (IdentifierKind.AIR_WAYBILL, "176–1234 5675", "17612345675"),
        (IdentifierKind.VEHICLE_PLATE, "а 123 вс 77", "A123BC77"),
    ],
)
def test_normal_form(kind: IdentifierKind, value: str, normal: str) -> None:
    """Separators, case and Cyrillic letters that look Latin make no difference."""
    assert check_identifier(kind, value).normal == normal


def test_swap_body() -> None:
    """A swap body is checked by the digit although ISO 6346 itself does not have its fourth letter."""
    assert check_identifier(IdentifierKind.CONTAINER, "CSQK3054384").warning is IdentifierWarning.WRONG_CHECK_DIGIT
    assert [check_identifier(IdentifierKind.CONTAINER, f"CSQK305438{n}").warning for n in range(10)].count(None) == 1


@pytest.mark.parametrize(("serial", "digit"), [("47312482", "9"), ("00000000", "5"), ("00000008", "0")])
def test_postal_item_digit(serial: str, digit: str) -> None:
    """A remainder of 0 gives 5 and of 1 gives 0."""
    assert postal_item_digit(serial) == digit


def test_air_waybill_digit() -> None:
    """The remainder by seven, the airline's prefix outside."""
    assert air_waybill_digit("1234567") == "5"


def test_rail_wagon_digit() -> None:
    """The rule gives the published digit of the wagon 21 80 5246 003-5."""
    assert rail_wagon_digit("21805246003") == "5"


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.integers(0, 6), st.integers(1, 9))
def test_rail_wagon_sees_each_wrong_digit(serial: str, place: int, step: int) -> None:
    """Every single wrong digit of a wagon number changes its check digit."""
    wrong = serial[:place] + str((int(serial[place]) + step) % 10) + serial[place + 1 :]
    assert rail_wagon_digit(wrong) != rail_wagon_digit(serial)


@given(st.sampled_from(IdentifierKind), st.text())
def test_never_refuses(kind: IdentifierKind, value: str) -> None:
    """Any text of any kind gives a finding, and its normal form is normal."""
    normal = check_identifier(kind, value).normal
    assert normalise_identifier(kind, normal) == normal
