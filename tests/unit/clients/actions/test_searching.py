"""What somebody looks for, and what fits it."""

# ruff: noqa: RUF001 - Russian words contain letters that look Latin

from __future__ import annotations

import json
from typing import Any

import pytest

from clients.actions.searching import Query, code_tables, codes_like, countries_in, fold
from clients.store import Glance
from schemas.addresses import Address
from schemas.encoding import encode_base64url
from schemas.identifiers import IdentifierKind
from schemas.reports import WarningReport
from schemas.reports.codes import FeedbackOutcome, RequestedAction, Source4x4, Tlp
from schemas.reports.kinds import KINDS
from schemas.reports.places import HidingPlace
from tests.support.toy import TOY

SEIZURE: dict[str, Any] = {
    "report": "seizure",
    "our_reference": "KZ-77",
    "date": "2026-11-24",
    "country": "KZ",
    "summary": 'Зелёный "КамАЗ",\nполка 3',
    "goods": [{"group": "heroin", "name": "Diacetylmorphine, brown"}, {"group": "other", "name": "Kratom"}],
    "route": {"origin": {"code": "AF"}, "transit": [{"code": "TJ"}, {"as_written": "Uzbekistan"}]},
    "identifiers": [{"kind": "vehicle_plate", "value": "777 ABC 02", "country": "KG"}],
    "place": {"un_locode": "RUMOW"},
    "persons": [{"count": 2, "nationality": "TM"}],
}
COVER = {"iss": "UZ/NFP/DUTY-1", "to": ["KZ/NFP", "RU/NFP"], "kind": "seizure", "status": "exercise"}


def glance(content: Any = SEIZURE, step: int | None = None, cover: Any = COVER) -> Glance:
    """A stored dispatch."""
    payload = encode_base64url(json.dumps(cover).encode())
    text = None if content is None else json.dumps(content, ensure_ascii=False)
    return Glance(1, "digest", sent_by_us=False, inbox=True, statement=f"h.{payload}.s", content=text, step=step)


@pytest.mark.parametrize(
    "words",
    [
        ("kz-77",),
        ("ЗЕЛЕНЫЙ", "камаз"),
        ('"КамАЗ", полка',),
        ("777 abc 02", "brown"),
        ("героин",),
        ("Seizure", "heroin"),
        ("изъятие",),
        ("Афганистан",),
        ("kyrgyz",),
    ],
)
def test_words_are_found(words: tuple[str, ...]) -> None:
    """Words are found in any case, over line ends and quotes, with or without the dots of a letter, and as labels."""
    assert Query(words=words).fits(glance())


@pytest.mark.parametrize("words", [("cocaine",), ("kz-77", "blue"), ("group",), ("un",), ("Предупреждение",)])
def test_what_is_not_said_is_not_found(words: tuple[str, ...]) -> None:
    """Every word must be there; names of fields are no words, and two letters are no label."""
    assert not Query(words=words).fits(glance())


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("senders", ("UZ/NFP",), ("KZ/NFP",)),
        ("senders", ("UZ/NFP/DUTY-1", "KZ/NFP"), ("UZ/NFP/DUTY-2",)),
        ("recipients", ("RU/NFP",), ("UZ/NFP",)),
        ("kinds", ("warning", "seizure"), ("warning",)),
        ("drugs", ("heroin",), ("opium",)),
        ("drugs", ("Героин",), ("Опий",)),
        ("drugs", ("kratom",), ("kratomine",)),
        ("countries", ("TJ",), ("IR",)),
    ],
)
def test_each_filter_must_hold(name: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    """A filter lets through what has one of its values, and nothing else; all filters must hold together."""
    values: dict[str, Any] = {name: good}
    assert Query(**values).fits(glance())
    assert not Query(**{name: bad}).fits(glance())  # type: ignore[arg-type]
    assert not Query(**{**values, "status": "actual"}).fits(glance())
    assert not Query(**values, words=("nowhere",)).fits(glance())


def test_status_is_what_the_cover_says() -> None:
    """Exercise and actual are told apart."""
    assert Query(status="exercise").fits(glance())
    assert not Query(status="actual").fits(glance())


def test_every_country_of_a_report_counts() -> None:
    """Place, route, plate, nationality and port; a code of something else is no country."""
    found = set(countries_in({**SEIZURE, "requested_action": {"code": "stop"}, "handling": [{"code": "H1"}]}))
    assert found == {"KZ", "AF", "TJ", "KG", "RU", "TM"}


def test_what_cannot_be_read_has_no_words() -> None:
    """Without content only the cover counts; without a verified signer not even that."""
    sealed = glance(content=None, step=7)
    assert Query(senders=(Address("UZ/NFP"),)).fits(sealed)
    assert not Query(words=("kz-77",)).fits(sealed)
    assert not Query(senders=(Address("UZ/NFP"),)).fits(glance(content=None, step=2))
    assert Query().fits(glance(content=None, step=2))


def test_labels_lead_to_codes() -> None:
    """A label in either language leads to its code; case and spaces do not matter."""
    assert "stop" in codes_like("задержать  ГРУЗ")
    assert {"KZ", "heroin"}.isdisjoint(codes_like("xyz"))
    assert fold("  Ёлка\n и ") == "елка и"


def test_labels_of_every_code_of_a_form_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables are those of the registered forms; how a sender grades and marks is nothing to look for."""
    assert {RequestedAction, IdentifierKind, HidingPlace} <= code_tables(WarningReport)
    assert code_tables(WarningReport).isdisjoint({Source4x4, Tlp, FeedbackOutcome})
    assert codes_like("змей") == frozenset()
    monkeypatch.setitem(KINDS, TOY.name, TOY)
    assert codes_like("змей") == {"kite"}
    assert codes_like("игрушка") == {"toy"}


@pytest.mark.parametrize(
    "goods", [7, {"name": "heroin"}, [7], [{"group": 7}], [{"group": "heroin"}], [{"name": "heroin"}]]
)
def test_report_of_any_form_stops_no_search(goods: Any) -> None:
    """What a later version writes where this one has its goods and countries is looked at, and is no fault."""
    later = glance({"goods": goods, "country": 7, "place": {"country": ["KZ"]}, "route": None})
    assert Query(drugs=("opium",)).fits(later) is False
    assert Query(drugs=("heroin",)).fits(later) is (goods == [{"group": "heroin"}])
    assert Query(countries=("KG",)).fits(later) is False
