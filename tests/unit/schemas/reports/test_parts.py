"""Detail groups: the rules between their members."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.reports.parts import Goods, Identifier
from tests.unit.schemas.reports.builders import DETAILS

HEROIN = {"group": "heroin", "name": "heroin"}


@pytest.mark.parametrize(
    "changes",
    [{}, {"quantity": "1", "unit": "gram"}, {"quantity": "1", "unit": "other", "unit_as_written": "чек"}],
)
def test_goods(changes: dict[str, Any]) -> None:
    """Goods need a group and a name; a quantity goes with its unit."""
    assert Goods.model_validate(HEROIN | changes).name == "heroin"


@pytest.mark.parametrize(
    "changes",
    [
        {"quantity": "1"},
        {"unit": "gram"},
        {"quantity": "1", "unit": "other"},
        {"estimated": "yes"},
        {"estimated": 1},
        {"purity_percent": "101"},
        {"name": " "},
    ],
)
def test_bad_goods(changes: dict[str, Any]) -> None:
    """A quantity without unit, a unit without quantity or an unexplained unit is refused."""
    with pytest.raises(ValidationError):
        Goods.model_validate(HEROIN | changes)


def test_wrong_number_is_no_error() -> None:
    """An identifier with a wrong check digit is taken as written."""
    assert Identifier.model_validate(DETAILS["identifiers"][0]).value == "CSQU 305438-4"
