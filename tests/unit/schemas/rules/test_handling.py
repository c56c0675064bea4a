"""Which handling code holds."""

from __future__ import annotations

import pytest

from schemas.labels import HandlingCode
from schemas.rules.handling import CODES, Use, handling_that_holds, is_permitted


@pytest.mark.parametrize(
    ("cover", "report", "holds"),
    [
        ("H1", (), "H1"),
        ("H1", ("H0",), "H1"),
        ("H0", ("H1", "H2"), "H2"),
        ("H3", ("H2",), "H3"),
        ("H7", ("H0",), "H3"),
        ("H0", ("H7",), "H3"),
    ],
)
def test_strictest_holds(cover: str, report: tuple[str, ...], holds: str) -> None:
    """Whichever of cover and report permits less is what holds; a code that is not known permits least of all."""
    assert handling_that_holds(cover, report) == holds


def test_codes_are_those_that_people_read() -> None:
    """The order here is of exactly the codes that have labels."""
    assert list(CODES) == [code.value for code in HandlingCode]


@pytest.mark.parametrize(
    ("holds", "uses"),
    [
        ("H0", {Use.OWN, Use.OTHERS, Use.COURT}),
        ("H1", {Use.OWN, Use.OTHERS}),
        ("H2", {Use.OWN}),
        ("H3", set()),
        ("H9", set()),
    ],
)
def test_uses_without_permission(holds: str, uses: set[Use]) -> None:
    """Each stricter code permits less; the strictest, and one that is not known, permit nothing without being asked."""
    assert {use for use in Use if is_permitted(use, holds)} == uses


@pytest.mark.parametrize(
    ("colours", "goes_on"),
    [((), True), (("clear", "green"), True), (("amber",), False), (("green", "red"), False), (("violet",), False)],
)
def test_colours_keep_a_report(colours: tuple[str, ...], goes_on: bool) -> None:
    """A colour that keeps a report with its recipients, or that nobody knows, lets nothing be passed on; no more."""
    assert is_permitted(Use.OTHERS, "H0", colours) is goes_on
    assert is_permitted(Use.OWN, "H0", colours)
    assert is_permitted(Use.COURT, "H0", colours)
