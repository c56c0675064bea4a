"""Whether a stored dispatch is what somebody looks for; pure, and quick enough to ask of every one."""

# ruff: noqa: RUF001, RUF002 - Russian words contain letters that look Latin

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from clients.store import Glance
from schemas.addresses import Address, member_of
from schemas.encoding import decode_base64url
from schemas.identifiers import IdentifierKind
from schemas.labels import CodedValue, Kind, Label
from schemas.reports.codes import CompanyRole, FeedbackOutcome, PersonRole, RequestedAction
from schemas.reports.countries import COUNTRIES
from schemas.reports.drugs import DrugForm, DrugGroup, Schedule, Unit
from schemas.reports.installations import Installation
from schemas.reports.places import DetectionMethod, HidingPlace, Routing, TransportMode

_TABLES: Final[tuple[type[CodedValue], ...]] = (
    Kind,
    RequestedAction,
    FeedbackOutcome,
    PersonRole,
    CompanyRole,
    DrugGroup,
    DrugForm,
    Schedule,
    Unit,
    IdentifierKind,
    Installation,
    TransportMode,
    Routing,
    HidingPlace,
    DetectionMethod,
)
_SHORTEST: Final = 3
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NAMED: Final = 5  # before this step nobody is proven to have signed it


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for; everything that is said must hold.

    Attributes:
        words: each must stand in the content, in any case, or in the label of one of its codes.
        senders: one of them, a member or an officer, signed it.
        recipients: one of them is in ``to``.
        kinds: of the report.
        drugs: group, its label or a part of the name of one of the goods.
        countries: ISO 3166 alpha-2 codes; one of them is named in the content.
        status: ``actual``, ``exercise``, ``test``.
    """

    words: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    kinds: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    status: str | None = None
    _sought: tuple[tuple[str, frozenset[str]], ...] = field(default=(), init=False, repr=False)
    _drugs: tuple[tuple[str, frozenset[str]], ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sought", tuple((fold(word), codes_like(word)) for word in self.words))
        object.__setattr__(self, "_drugs", tuple((fold(drug), codes_like(drug, DrugGroup)) for drug in self.drugs))

    def fits(self, glance: Glance) -> bool:
        """Whether a stored dispatch is looked for."""
        return self._fits_cover(glance) and self._fits_content(glance)

    def _fits_cover(self, glance: Glance) -> bool:
        if not (self.senders or self.recipients or self.kinds or self.status):
            return True
        cover = cover_in(glance)
        return (
            bool(cover)
            and (not self.senders or not {cover["iss"], member_of(Address(cover["iss"]))}.isdisjoint(self.senders))
            and (not self.recipients or not set(self.recipients).isdisjoint(cover["to"]))
            and (not self.kinds or cover["kind"] in self.kinds)
            and (not self.status or cover["status"] == self.status)
        )

    def _fits_content(self, glance: Glance) -> bool:
        if not (self._sought or self._drugs or self.countries):
            return True
        if glance.content is None:
            return False
        report = json.loads(glance.content)
        return (
            (not self._sought or self._has_words(report))
            and (not self._drugs or any(_is_drug(each, self._drugs) for each in report.get("goods", ())))
            and (not self.countries or not set(self.countries).isdisjoint(countries_in(report)))
        )

    def _has_words(self, report: Mapping[str, Any]) -> bool:
        said = list(_texts(report))
        text = fold("\n".join(said))
        return all(word in text or not codes.isdisjoint(said) for word, codes in self._sought)


def fold(text: str) -> str:
    """A text as it is compared: without case, in single spaces, and ``ё`` is ``е``, as people type it."""
    return " ".join(text.casefold().replace("ё", "е").split())


def codes_like(text: str, *tables: type[CodedValue]) -> frozenset[str]:
    """Codes, and countries, whose label in either language has a text in it.

    Args:
        text: a short one is a code at most.
        tables: those to look in; all of them, and the countries, if none is named.
    """
    word = fold(text)
    found = {
        code for code, labels in _labels(tables) if len(word) >= _SHORTEST and any(word in each for each in labels)
    }
    return frozenset(found | {code for code, _both in _labels(tables) if fold(code) == word})


@cache
def _labels(tables: tuple[type[CodedValue], ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    named: list[tuple[str, Label]] = [(code.value, code.label) for table in tables or _TABLES for code in table]
    named += [] if tables else list(COUNTRIES.items())
    return tuple((code, tuple(fold(each) for each in labels)) for code, labels in named)


def cover_in(glance: Glance) -> Mapping[str, Any]:
    """The claims of a stored dispatch as they were signed; empty if nobody is proven to have signed them."""
    if glance.statement is None or (glance.step is not None and glance.step < _NAMED):
        return {}
    claims: Mapping[str, Any] = json.loads(decode_base64url(glance.statement.split(".")[1]))
    return claims


def countries_in(value: Any) -> Iterator[str]:
    """Codes of the countries that a report names: of places, routes, plates, nationalities and ports."""
    if isinstance(value, list):
        for each in value:
            yield from countries_in(each)
    elif isinstance(value, dict):
        if _COUNTRY.fullmatch(str(value.get("code"))):
            yield value["code"]
        for name, each in value.items():
            if name in ("country", "nationality", "un_locode") and isinstance(each, str):
                yield each[:2]
            else:
                yield from countries_in(each)


def _is_drug(goods: Mapping[str, Any], sought: Iterable[tuple[str, frozenset[str]]]) -> bool:
    name = fold(goods["name"])
    return any(goods["group"] in codes or word in name for word, codes in sought)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a report, codes too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
