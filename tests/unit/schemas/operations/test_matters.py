"""The canonical form of numbers: what is the same meets, whatever it was typed on; what is not stays apart."""

# ruff: noqa: RUF001 - Cyrillic letters that look Latin are part of the data

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import IdentifierKind
from schemas.operations.matters import canonical_number, canonical_text, matters_of
from tests.support.deconflicting import CYRILLIC, LATIN, POINT, form_of, question

PLAIN = string.ascii_uppercase + string.digits
PAIRS = dict(zip("ABEKMHOPCTYXIJS", "АВЕКМНОРСТУХІЈЅ", strict=True))
SAME = [
    ("vehicle_plate", CYRILLIC, LATIN),
    ("vehicle_plate", "KZ 123 ABC 02", "kz123авс02"),
    ("vehicle_plate", "۱۲ 345 ۶۷", "12345-67"),
    ("container", "csqu 305438-3", "CSQU3054383"),
    ("postal_item", "RR 473 124 829 RU", "rr473124829ru"),
    ("air_waybill", "176–1234 5675", "176-12345675"),
    ("imo_ship", "IMO 9074729", "9074729"),
    ("vin", "ХТА 210990У2766389", "XTA210990Y2766389"),
    ("flight", "ＨＹ　６０２", "HY602"),
    ("seal", "№ 0012345", "0012345"),
    ("phone", "+7 (701) 250-00-00", "8 701 2500000"),
    ("phone", "00998 71 2000000", "+998712000000"),
]
APART = [
    ("vehicle_plate", "A123BC77", "A123BC78"),
    ("vehicle_plate", "O123", "0123"),
    ("vehicle_plate", "Г123", "G123"),
    ("seal", "0012345", "12345"),
    ("phone", "+7 701 2500000", "+998 701 2500000"),
    ("phone", "+84 912 345 678", "+74 912 345 678"),
]


@pytest.mark.parametrize(("kind", "one", "other"), SAME)
def test_the_same_number_meets(kind: str, one: str, other: str) -> None:
    """Alphabet, case, width, digits of another script and what stands between make no difference."""
    assert canonical_number(kind, one) == canonical_number(kind, other)


@pytest.mark.parametrize(("kind", "one", "other"), APART)
def test_another_number_stays_apart(kind: str, one: str, other: str) -> None:
    """What differs in a letter or digit is another number: a letter O is no zero."""
    assert canonical_number(kind, one) != canonical_number(kind, other)


@given(st.sampled_from(IdentifierKind), st.text())
def test_the_canonical_form_is_its_own(kind: IdentifierKind, value: str) -> None:
    """Whoever makes it again gets the same."""
    once = canonical_number(kind, value)
    assert canonical_number(kind, once) == once


@given(st.text(PLAIN, min_size=1), st.data())
def test_alphabets_meet(plain: str, data: st.DataObject) -> None:
    """A number meets itself with any of its letters in the other alphabet, small, and anything between them."""
    typed = ""
    for letter in plain:
        typed += data.draw(st.sampled_from(["", " ", "-", "\u00a0", "–", ".", "/", "_"]))
        found = data.draw(st.sampled_from([letter, PAIRS.get(letter, letter)]))
        typed += data.draw(st.sampled_from([found, found.lower()]))
    assert canonical_text(typed) == plain


@given(st.text(PLAIN, min_size=1), st.text(PLAIN, min_size=1))
def test_distinct_numbers_stay_distinct(one: str, other: str) -> None:
    """Two numbers are the same only if every letter and digit is."""
    assert (canonical_number("seal", one) == canonical_number("seal", other)) == (one == other)


def test_kinds_that_people_take_for_each_other() -> None:
    """The plate of a lorry and that of its trailer meet, a parcel meets a parcel; a plate never meets a container."""
    asked = {kind: matters({"kind": kind, "value": "A123"}) for kind in IdentifierKind}
    assert asked[IdentifierKind.TRAILER_PLATE] == asked[IdentifierKind.VEHICLE_PLATE]
    assert asked[IdentifierKind.COURIER_PARCEL] == asked[IdentifierKind.POSTAL_ITEM]
    assert len(set(asked.values())) == len(IdentifierKind) - 2


def matters(*numbers: dict[str, Any], **members: Any) -> frozenset[str]:
    """What a question asks about."""
    return matters_of(form_of(question(**({"numbers": list(numbers)} if numbers else {}), **members)))


def test_a_border_point_meets_on_a_day() -> None:
    """A point alone is no matter: it is one on each of its days, by its code or its name."""
    days = matters(points=[{**POINT, "first_day": "2026-11-30", "last_day": "2026-12-01"}])
    assert days == {"point:KZKDR:2026-11-30", "point:KZKDR:2026-12-01"}
    named = matters(points=[{"name": "kz kdr", "first_day": "2026-12-01"}])
    assert len(named & days) == 1
    assert matters(points=[{"name": "KZKDR", "first_day": "2026-12-02"}]).isdisjoint(days)


def test_what_is_nothing_meets_nothing() -> None:
    """A plate of dashes is no plate, so two of them are not the same lorry."""
    assert matters({"kind": "vehicle_plate", "value": " - "}) == frozenset()
