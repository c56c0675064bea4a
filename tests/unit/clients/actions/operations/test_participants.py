"""Who takes part in an operation, and as what."""

from __future__ import annotations

import pytest

from clients.actions.operations.participants import CENTRE, parse_parts, propose_parts, spell_parts
from schemas.addresses import Address
from schemas.reports.operations import OpenForm
from tests.unit.clients.documents.operations.scenes import KZ, RU, TJ, UZ
from tests.unit.schemas.reports.operations.builders import LEAST, LEGS


@pytest.mark.parametrize(
    "text",
    ["UZ/NFP transit, RU/NFP destination", "uz/nfp=transit,RU/NFP: Destination", "UZ/NFP Транзит, RU/NFP  destination"],
)
def test_parts_are_typed_in_several_ways(text: str) -> None:
    """A code, a label of either language, in any case; with a space, a colon or an equals sign."""
    assert parse_parts(text) == {UZ: "transit", RU: "destination"}


@pytest.mark.parametrize("text", ["", "UZ/NFP", "UZ/NFP boss", "UZ transit", "UZ/NFP/DUTY-1 transit", ","])
def test_what_is_no_part_is_refused(text: str) -> None:
    """A member without a part, a part that is none, an officer: all of it is typed again."""
    assert parse_parts(text) is None


def test_what_is_spelt_is_read_again() -> None:
    """A draft has the parts as they are typed."""
    parts = {UZ: "transit", RU: "destination", CENTRE: "coordinator"}
    assert parse_parts(spell_parts(parts)) == parts


def test_parts_follow_from_the_way() -> None:
    """The first leg is the origin's, the last one the destination's; the room coordinates, where it can be reached."""
    form = OpenForm.model_validate(LEAST["open"] | {"legs": LEGS})
    assert propose_parts(form, [Address("KG/NFP")]) == {TJ: "origin", UZ: "transit", KZ: "transit", RU: "destination"}
    assert propose_parts(form, [CENTRE])[CENTRE] == "coordinator"


def test_who_is_asked_takes_part() -> None:
    """Without legs whoever is asked is on the way; with legs, who answers for none observes."""
    assert propose_parts(OpenForm.model_validate(LEAST["open"]), []) == {UZ: "transit", TJ: "transit"}
    form = OpenForm.model_validate(LEAST["open"] | {"legs": LEGS[2:]})
    assert propose_parts(form, []) == {KZ: "origin", RU: "destination", UZ: "observer", TJ: "observer"}
