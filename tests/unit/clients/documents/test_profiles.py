"""Country profiles as a person reads them."""

from __future__ import annotations

from typing import Any

import pytest

from clients.actions.profiles import KnownProfile
from clients.documents.plain import WIDTH
from clients.documents.profiles import number_lines, profile_json, profile_line, profile_lines
from schemas.addresses import Address
from schemas.reports.profile import ProfileReport
from tests.support.profiles import Papers, full_profile

KZ, UZ = Address("KZ/NFP"), Address("UZ/NFP")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_LANG", "en")


def known(papers: Papers, **more: Any) -> KnownProfile:
    """What is known of KZ at the end."""
    return KnownProfile(papers.at(1_000), **more)


def test_nothing_known_is_said_in_words() -> None:
    """A country without a profile is no empty screen: ask now."""
    nothing = known(Papers())
    assert "not known: ask now" in profile_line(nothing)
    assert "Ask now." in " ".join(profile_lines(nothing))
    assert profile_json(nothing) == {"member": KZ, "counts": None, "draft": None, "not_sent": []}


def test_telephone_numbers_stand_first_and_a_draft_last() -> None:
    """Who counts, whom to call, what it says; then the draft, which does not count; then who lacks it."""
    papers = Papers()
    papers.confirmed("first", 1, full_profile())
    papers.add("second", "KZ/NFP/DUTY-1", 5, {"legal_basis": "Another law"})
    lines = profile_lines(known(papers, not_sent=(UZ,)))
    text = "\n".join(lines)
    places = [text.index(each) for each in ("KZ/NFP/CHIEF", "+7 700 000-00-01", "An example of a law", "DRAFT", "NOT")]
    assert places == sorted(places)
    assert "Another law" in text[text.index("DRAFT") :]


def test_texts_of_others_stay_in_their_lines() -> None:
    """No text of a profile moves a cursor, or makes a line of its own at the edge of the screen."""
    evil = "\u202eevil\u2066 " * 30
    papers = Papers()
    contact = {"post": evil[:200], "telephone": "+7 700 000", "hours": "day", "note": evil[:200]}
    papers.confirmed("first", 1, {"contacts": [contact], "legal_basis": "x\nDRAFT 12, written by KZ"})
    lines = profile_lines(known(papers))
    assert all(line.isprintable() and len(line) <= WIDTH for line in lines)
    assert not [line for line in lines if line.startswith("DRAFT")]


def test_numbers_of_those_whom_something_concerns() -> None:
    """Each with its member first; of whom nothing is known, that is there too."""
    form = ProfileReport.model_validate(full_profile())
    lines = number_lines((KZ, UZ, KZ), {KZ: form})
    assert [line.split()[0] for line in lines if "+7" in line] == ["KZ/NFP:", "KZ/NFP:"]
    assert "UZ/NFP: Whom to call there is not known: ask now." in lines[-1]
