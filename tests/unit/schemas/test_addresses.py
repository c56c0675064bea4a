"""Addresses: one spelling, two or three parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.addresses import (
    HUB,
    Address,
    AddressField,
    MemberField,
    domain_of,
    is_country,
    is_officer,
    member_of,
    parse_address,
    parse_member,
)
from schemas.errors import Code
from tests.support.refusals import outcome, refused

LONGEST = "A" * 24


@pytest.mark.parametrize(
    "text", ["KZ/NFP", "PK/JPCU-KARACHI", "KZ/NFP/DUTY-2", "CENTRE/HUB", "K1/2Z", "/".join([LONGEST] * 3)]
)
def test_accepts(text: str) -> None:
    """Two or three parts of 2 to 24 characters are an address."""
    assert parse_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "KZ",
        "KZ/",
        "/NFP",
        "KZ//NFP",
        "KZ/NFP/",
        "KZ/NFP/DUTY/2",
        "K/NFP",
        "KZ/N",
        "KZ/NFP/D",
        "kz/NFP",
        "KZ/nfp",
        "KZ/-NFP",
        "KZ/NFP-",
        "-Z/NFP",
        "KZ/N_P",
        "KZ/N P",
        "KZ/NFP\n",
        " KZ/NFP",
        "KZ/NFP\0",
        "KZ\\NFP",
        "ROOT",
        f"KZ/{LONGEST}A",
        f"KZ/NFP/{LONGEST}A",
        f"{LONGEST}A/NFP",
        "\N{CYRILLIC CAPITAL LETTER KA}Z/NFP",
        "K\N{ARABIC-INDIC DIGIT ONE}/NFP",
        "\N{FULLWIDTH LATIN CAPITAL LETTER K}Z/NFP",
    ],
)
def test_refuses(text: str) -> None:
    """Every other spelling is refused, letters of other scripts that look alike included."""
    with refused(Code.MALFORMED_ADDRESS):
        parse_address(text)


def test_member_is_no_officer() -> None:
    """Where a member is due, an officer is refused."""
    assert parse_member("KZ/NFP") == "KZ/NFP"
    with refused(Code.MALFORMED_ADDRESS, "officer"):
        parse_member("KZ/NFP/DUTY-1")


def test_parts() -> None:
    """An address tells its member, its domain and whether it is an officer's."""
    officer, member = Address("KZ/NFP/DUTY-1"), Address("KZ/NFP")
    assert (member_of(officer), member_of(member)) == (member, member)
    assert (is_officer(officer), is_officer(member)) == (True, False)
    assert (domain_of(officer), domain_of(HUB)) == ("KZ", "CENTRE")


@pytest.mark.parametrize(("domain", "country"), [("KZ", True), ("K1", False), ("CENTRE", False), ("UN", True)])
def test_country_has_two_letters(domain: str, country: bool) -> None:
    """Only two letters have the shape of a country."""
    assert is_country(domain) is country


def test_fields_of_models() -> None:
    """As fields of a model, addresses and members are checked alike."""
    assert TypeAdapter(AddressField).validate_python("KZ/NFP/DUTY-1") == "KZ/NFP/DUTY-1"
    for field, value in ((AddressField, "kz"), (MemberField, "KZ/NFP/DUTY-1"), (MemberField, 5)):
        with pytest.raises(ValidationError):
            TypeAdapter(field).validate_python(value)


@given(st.text("AZ09-/_z\n", max_size=80) | st.text(max_size=80))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Any text is an address to the letter, or refused with the one code."""
    address = outcome(lambda: parse_address(text))
    assert address in (text, Code.MALFORMED_ADDRESS)
