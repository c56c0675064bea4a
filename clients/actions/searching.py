"""Finding what came and what was sent; whether a dispatch fits is quick enough to ask of every one."""

# ruff: noqa: RUF001, RUF002 - Russian words contain letters that look Latin

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final, get_args

from pydantic import BaseModel

from clients.actions.listing import CutList, ListEntry, fill
from clients.actions.lists import inbox_entries, sent_entries
from clients.mail.inbox import delivery_of, status_of
from clients.store import Glance, Store, StoredItem
from schemas.addresses import Address, member_of
from schemas.encoding import decode_base64url
from schemas.labels import CodedValue, Label
from schemas.reports.countries import COUNTRIES
from schemas.reports.drugs import DrugGroup
from schemas.reports.kinds import KINDS, forms
from schemas.rules.status import may_be_real

_MARKINGS: Final = ("grading", "handling")
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
        parties: one of them signed it, or is in ``to``.
        exercise: only what is certainly not real; with ``False`` only what may be real, as far as anybody knows.
        since_ms: accepted then or later, milliseconds since 1970 UTC.
        until_ms: accepted before.
        unacknowledged: it is in force, and one of our officers, or of a recipient's, has yet to answer it.
    """

    words: tuple[str, ...] = ()
    senders: tuple[Address, ...] = ()
    recipients: tuple[Address, ...] = ()
    kinds: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    status: str | None = None
    since_ms: int = 0
    until_ms: int = 1 << 62
    unacknowledged: bool = False
    parties: tuple[Address, ...] = ()
    exercise: bool | None = None
    _sought: tuple[tuple[str, frozenset[str]], ...] = field(default=(), init=False, repr=False)
    _drugs: tuple[tuple[str, frozenset[str]], ...] = field(default=(), init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sought", tuple((fold(word), codes_like(word)) for word in self.words))
        object.__setattr__(self, "_drugs", tuple((fold(drug), codes_like(drug, DrugGroup)) for drug in self.drugs))

    def fits(self, glance: Glance) -> bool:
        """Whether cover and content of a stored dispatch are those looked for."""
        return self._fits_cover(glance) and self._fits_content(glance)

    def _fits_cover(self, glance: Glance) -> bool:
        if not (self.senders or self.recipients or self.kinds or self.status or self.parties):
            return self.exercise is None or self.exercise is _is_exercise(cover_in(glance))
        cover = cover_in(glance)
        return (
            bool(cover)
            and (self.exercise is None or self.exercise is _is_exercise(cover))
            and (not self.parties or not _parties_in(cover).isdisjoint(self.parties))
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
            and (not self._drugs or any(_is_drug(each, self._drugs) for each in _goods_in(report)))
            and (not self.countries or not set(self.countries).isdisjoint(countries_in(report)))
        )

    def _has_words(self, report: Mapping[str, Any]) -> bool:
        said = list(_texts(report))
        text = fold("\n".join(said))
        return all(word in text or not codes.isdisjoint(said) for word, codes in self._sought)


def _is_exercise(cover: Mapping[str, Any]) -> bool:
    """Whether it is certainly not real; what could not be verified may be."""
    return bool(cover) and not may_be_real(str(cover["status"]))


def _parties_in(cover: Mapping[str, Any]) -> frozenset[str]:
    """Who signed it, its member, and who got it."""
    return frozenset({cover["iss"], member_of(Address(cover["iss"])), *cover["to"]})


def moment_ms(text: str, *, end: bool = False) -> int:
    """A day or a time in UTC, as milliseconds since 1970.

    Args:
        text: as ISO 8601 has it.
        end: whether a day means its end.

    Raises:
        ValueError: it is neither.
        OverflowError: no calendar has it.
    """
    if len(text) == len("2026-11-24"):
        day = date.fromisoformat(text) + timedelta(days=end)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    else:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found.

    Attributes:
        page: in the order of all lists.
        searched: how many were looked at.
    """

    page: CutList[StoredItem]
    searched: int


def find(store: Store, query: Query, limit: int) -> Found:
    """Look through what came and what was sent.

    Args:
        store: where.
        query: what for.
        limit: how many at most.
    """
    ranked = {entry.digest: entry for entry in (*inbox_entries(store), *sent_entries(store))}
    first: list[ListEntry] = []
    others: list[str] = []
    count = searched = 0
    for glance in store.items.glances(query.since_ms, query.until_ms):
        searched += 1
        if not query.fits(glance) or (query.unacknowledged and not _waits(store, glance)):
            continue
        count += 1
        if (entry := ranked.get(glance.digest)) is not None:
            first.append(entry)
        elif len(others) < limit:
            others.append(glance.digest)
    page = fill(first, others, count, limit)
    items = (store.items.get(digest) for digest in page.shown)
    shown = tuple(item for item in items if item is not None)
    return Found(CutList(shown, page.left_out, page.urgent_left_out), searched)


def _waits(store: Store, glance: Glance) -> bool:
    """Whether it is in force, and somebody who should has not answered it."""
    item = store.items.get(glance.digest)
    delivery = delivery_of(item, store, store.keys.member) if item else None
    if delivery is None or delivery.amendments.cancelled_by:
        return False
    if glance.inbox or delivery.cover is None:
        return not (delivery.acknowledged or delivery.declined)
    answered = {"acknowledged", "declined"}
    recipients = status_of(glance.digest, store).recipients.values()
    return any(answered.isdisjoint(said.outcome for said in each.answers) for each in recipients)


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


def _labels(tables: tuple[type[CodedValue], ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not tables:
        yield from ((code, _folded(labels)) for code, labels in COUNTRIES.items())
        yield from ((kind.name, _folded(kind.label)) for kind in KINDS.values())
        tables = tuple({table for form in forms().values() for table in code_tables(form)})
    yield from ((code.value, _folded(code.label)) for table in tables for code in table)


@cache
def _folded(labels: Label) -> tuple[str, ...]:
    return tuple(fold(each) for each in labels)


@cache
def code_tables(model: type[BaseModel]) -> frozenset[type[CodedValue]]:
    """The tables of the codes in a form, but for those that say how the sender marks what it tells."""
    fields = (field.annotation for name, field in model.model_fields.items() if name not in _MARKINGS)
    return frozenset(table for annotation in fields for table in _tables_in(annotation))


def _tables_in(annotation: Any) -> Iterator[type[CodedValue]]:
    if isinstance(annotation, type) and issubclass(annotation, CodedValue):
        yield annotation
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from code_tables(annotation)
    for each in get_args(annotation):
        yield from _tables_in(each)


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


def _goods_in(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Group and name of the goods in a report, which may be of any form."""
    goods = report.get("goods")
    for each in goods if isinstance(goods, list) else ():
        if isinstance(each, dict) and isinstance(group := each.get("group"), str):
            yield group, str(each.get("name", ""))


def _is_drug(goods: tuple[str, str], sought: Iterable[tuple[str, frozenset[str]]]) -> bool:
    group, name = goods[0], fold(goods[1])
    return any(group in codes or word in name for word, codes in sought)


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
