"""Countries: both names for every code, and the names that data use."""

# ruff: noqa: RUF001 - Cyrillic and other letters that look Latin are part of the data

from __future__ import annotations

import re

import pytest

from schemas.reports.countries import COUNTRIES, NO_COUNTRY, find_country


def test_table() -> None:
    """The table has the 249 codes of ISO 3166-1 and two more, each with both names."""
    assert len(COUNTRIES) == 251
    assert {"XK", "AN"} <= COUNTRIES.keys()
    for code, name in COUNTRIES.items():
        assert re.fullmatch("[A-Z]{2}", code)
        assert name.en.strip()
        assert re.search("[А-Яа-яё]{2}", name.ru)


def test_names_are_of_one_country() -> None:
    """Every code is found by its own names and by itself: no name is claimed twice."""
    for code, name in COUNTRIES.items():
        assert {find_country(name.en), find_country(name.ru), find_country(code)} == {code}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bolivia, Plurinational State of", "BO"),
        ("Congo", "CG"),
        ("Congo, the Democratic Republic of the", "CD"),
        ("Côte d'Ivoire", "CI"),
        ("Iraq (Kurdistan Region)", "IQ"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Korea, Republic of", "KR"),
        ("Kosovo under UNSCR 1244", "XK"),
        ("Lao Peoples Democratic Republic", "LA"),
        ("Libyan Arab Jamahiriya", "LY"),
        ("Macau, SAR of China", "MO"),
        ("Macedonia, the former Yugoslav Republic of", "MK"),
        ("Netherlands Antilles", "AN"),
        ("Swaziland", "SZ"),
        ("Turkey", "TR"),
        ("United Kingdom (England and Wales)", "GB"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
        ("russian  federation", "RU"),
        ("Кыргызская Республика", "KG"),
        ("Киргизия", "KG"),
        ("AZ", "AZ"),
    ],
)
def test_find_country(name: str, code: str) -> None:
    """Names of data, former names and Russian names find their country."""
    assert find_country(name) == code


@pytest.mark.parametrize("name", [*sorted(NO_COUNTRY), "Multiple Countries", "Atlantis"])
def test_find_no_country(name: str) -> None:
    """A name that says no country, or one that is not known, finds none."""
    assert find_country(name) is None
