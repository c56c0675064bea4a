"""What travels, where no member answers for its own soil, and exhibits with their seals: on the screen."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from clients.documents.operations.consignment import consignment_lines
from clients.documents.operations.goods import control_lines, custody_lines, way_lines
from clients.documents.operations.verdict import verdict_lines
from clients.documents.operations.view import OperationView, PictureLine
from clients.documents.operations.words import amount_text, number_text
from schemas.operations.books import Exhibit, Measure
from schemas.reports.operations import PlanForm
from tests.unit.clients.documents.operations.scenes import KZ, quiet, trouble
from tests.unit.schemas.reports.operations.builders import LEAST

PARCEL = {
    "variant": {"code": "parcel"},
    "identifiers": [{"kind": "postal_item", "value": "RR123456785TJ"}],
    "parcel": {
        "operator": "Post of Tajikistan",
        "hold_until": "2026-11-24T16:00Z",
        "release": "2026-11-24T16:30Z",
        "delivery_from": "2026-11-25T14:00Z",
        "delivery_until": "2026-11-25T18:00Z",
    },
}


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERAI_LANG", "en")


def planned(**members: object) -> OperationView:
    """An operation whose plan says something more."""
    return replace(quiet(), plan=PlanForm.model_validate({**LEAST["plan"], **members}))


def prose(lines: list[PictureLine]) -> str:
    """Lines without their breaks."""
    return " ".join(" ".join(line.text for line in lines).split())


def test_a_parcel_is_known_by_its_number_and_its_times() -> None:
    """Who carries it, until when it is held, when it is let go, and when it is delivered."""
    text = prose(consignment_lines(planned(**PARCEL)))
    assert "Postal item (UPU S10) RR123456785TJ" in text
    assert "Post of Tajikistan; held until 16:00; let go 16:30; delivered between 11-25 14:00 and 11-25 18:00" in text


@pytest.mark.parametrize(
    ("times", "words"),
    [
        ({"delivery_from": "2026-11-25T14:00Z"}, "delivered from 11-25 14:00 on"),
        ({"delivery_until": "2026-11-25T18:00Z"}, "delivered until 11-25 18:00"),
    ],
)
def test_one_end_of_a_window(times: dict[str, str], words: str) -> None:
    """What is not known yet is left out."""
    assert prose(consignment_lines(planned(parcel=times))) == words


def test_of_many_numbers_the_first_are_shown() -> None:
    """The screen stays a screen: how many more there are is said."""
    numbers = [{"kind": "seal", "value": str(each)} for each in range(9)]
    assert prose(consignment_lines(planned(identifiers=numbers))).endswith("Seal 5; and 3 more")
    assert consignment_lines(planned()) == []
    assert consignment_lines(replace(quiet(), plan=None)) == []


def test_at_sea_somebody_speaks_for_the_goods() -> None:
    """They are on nobody's soil: it is told by whom, and who stops reads who decides."""
    view = trouble()
    plan = replace(
        view.state.plans[0], legs=tuple(replace(leg, spoken_for="Caspian Sea") for leg in view.state.plans[0].legs)
    )
    view = replace(view, state=replace(view.state, plans=(plan,)))
    soil = view.picture.soil
    assert soil is not None
    view = replace(view, picture=replace(view.picture, soil=replace(soil, leg="2"), in_force=plan.step))
    assert f"Caspian Sea, as told by {soil.member}, since" in prose(control_lines(view))
    assert "speaks for where the goods are: it decides what is done" in prose(verdict_lines(view))
    assert "Caspian Sea, as told by UZ/NFP" in prose(way_lines(view))
    assert "On the soil of" not in prose(control_lines(view))


def test_an_exhibit_shows_its_seals_its_laboratory_and_to_whom_it_is_offered() -> None:
    """What a person looks for on the label stands there."""
    view = quiet()
    (first, *others) = view.state.custody.exhibits
    marked = replace(first, seals=("S-1", "S-2"), laboratory="L-7", offered_to=KZ, offer="a step")
    text = prose(custody_lines(_holding(view, marked, *others)))
    assert "offered to KZ/NFP" in text
    assert "seal S-1, S-2; laboratory L-7" in text


def test_goods_that_stay_are_not_on_the_way() -> None:
    """While a dummy travels, the books say how much is kept where it was; a dummy with nothing in it is no gap."""
    view = quiet()
    first = view.state.custody.exhibits[0]
    stays = replace(first, stays=True, ended=None)
    dummy = replace(first, name="D", parent=first.name, relation="dummy", amounts={}, remaining={})
    text = prose(custody_lines(_holding(view, stays, dummy)))
    assert f"kept {number_text(next(iter(first.remaining.values())))} + on the way" in text
    assert "D: dummy; in the hands of" in text
    assert "NOT COUNTED" not in text


def test_a_currency_is_written_as_its_code() -> None:
    """Money is counted in its own unit, which is no word of the table of units."""
    assert amount_text(Decimal(5), Measure("other", "cash", "usd")) == "5 USD"
    assert amount_text(Decimal(5), Measure("other", "cash", "crates")) == "5 crates"
    assert amount_text(Decimal(5), Measure("heroin", "", "gram")) == "5 gram"


def _holding(view: OperationView, *exhibits: Exhibit) -> OperationView:
    custody = replace(view.state.custody, exhibits=exhibits)
    return replace(view, state=replace(view.state, custody=custody))
