"""Finding what came or was sent, by its words and by its cover."""

from __future__ import annotations

import shlex
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from clients.actions.asof import read_as_of
from clients.actions.client import Client
from clients.actions.lists import sent_report
from clients.actions.marked_lists import ListLane, MarkedLists
from clients.actions.searching import Query as Sought
from clients.actions.searching import find, moment_ms
from clients.desk.api.asking import DeskOf
from clients.desk.api.listing import MOST, FoundPage, Marking, lists_of, words_for
from clients.desk.views.rows import InboxRow, RowWords, SentRow, inbox_row, sent_row
from clients.desk.views.values import PageValue, PageWord, named, show_as_of
from clients.documents.texts import label, language
from clients.errors import ClientError, LocalCode
from clients.store import StoredItem
from schemas.addresses import Address, is_officer
from schemas.reports.countries import COUNTRIES
from schemas.reports.drugs import DrugGroup
from schemas.reports.kinds import KINDS

router = APIRouter(prefix="/api/search")

_MOST: Final = 10_000
"""What stands further down is found by asking for less."""

_WORDS: Final = 20
_MOMENT: Final = r"^([0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.+Z-]{4,20})?)?$"

SoughtWord = Annotated[str, Field(max_length=200)]
SoughtWords = Annotated[list[SoughtWord], Field(max_length=_WORDS)]


class SearchAsked(PageValue):
    """What somebody looks for; everything that is said must hold.

    Attributes:
        text: words that must stand in it, in any case; a phrase stands in quotation marks.
        status: of which marking.
        since: accepted then or later: a day, or a time in UTC.
        until: accepted before; a day counts.
        before: how many of what is found were shown before.
        limit: rows at most.
        member: one of them has signed it, or got it.
        sender: one of them has signed it.
        to: one of them got it.
        kind: of its report.
        drug: a group, its label, or a part of the name of one of the goods.
        country: one of them is named in it.
        unacknowledged: it waits for one of our officers, or of a recipient's.
    """

    text: SoughtWord = ""
    status: Marking = "actual"
    since: str = Field("", max_length=40, pattern=_MOMENT)
    until: str = Field("", max_length=40, pattern=_MOMENT)
    before: int = Field(0, ge=0, le=_MOST)
    limit: int = Field(100, ge=1, le=MOST)
    member: SoughtWords = Field(default_factory=list)
    sender: SoughtWords = Field(default_factory=list)
    to: SoughtWords = Field(default_factory=list)
    kind: SoughtWords = Field(default_factory=list)
    drug: SoughtWords = Field(default_factory=list)
    country: SoughtWords = Field(default_factory=list)
    unacknowledged: bool = False


class SearchChoices(PageValue):
    """What can be chosen from."""

    kinds: list[PageWord]
    members: list[PageWord]
    drugs: list[PageWord]
    countries: list[PageWord]


@router.get("")
async def search(desk: DeskOf, asked: Annotated[SearchAsked, Query()]) -> FoundPage:
    """Find what came or was sent, of one marking: urgent and open first, then the highest number first."""
    sought, before, limit = _sought(asked), asked.before, asked.limit

    def read(client: Client) -> FoundPage:
        found, lists, words = find(client.store, sought, before + limit), lists_of(desk, client), words_for(client)
        page = found.page
        shown = page.shown[before:]
        rows = [row for item in shown if (row := _row(client, item, lists, words)) is not None]
        is_more = bool(page.left_out) and before + limit < _MOST
        return FoundPage(
            rows=rows,
            left_out=page.left_out,
            urgent_left_out=page.urgent_left_out,
            total=page.total,
            next=str(before + limit) if is_more else None,
            searched=found.searched,
            as_of=show_as_of(read_as_of(client)),
        )

    return await desk.do(read)


@router.get("/choices")
async def list_choices(desk: DeskOf) -> SearchChoices:
    """What a search can be narrowed to."""

    def read(client: Client) -> SearchChoices:
        members = [each for each in sorted(client.state.directory.addresses()) if not is_officer(each)]
        return SearchChoices(
            kinds=[PageWord(value=each.name, label=label(each)) for each in KINDS.values()],
            members=[named(each) for each in members],
            drugs=[PageWord(value=each.value, label=label(each)) for each in DrugGroup],
            countries=[_country(code) for code in COUNTRIES],
        )

    return await desk.do(read)


def _sought(asked: SearchAsked) -> Sought:
    return Sought(
        words=_words(asked.text),
        senders=_addresses(asked.sender),
        recipients=_addresses(asked.to),
        kinds=_set(asked.kind),
        drugs=_set(asked.drug),
        countries=_set(asked.country),
        since_ms=_moment(asked.since, "since") or 0,
        until_ms=_moment(asked.until, "until", end=True) or 1 << 62,
        unacknowledged=asked.unacknowledged,
        parties=_addresses(asked.member),
        exercise=asked.status == "exercise",
    )


def _country(code: str) -> PageWord:
    both = COUNTRIES[code]
    return PageWord(value=code, label=both.ru if language() == "ru" else both.en)


def _row(client: Client, item: StoredItem, lists: MarkedLists, words: RowWords) -> InboxRow | SentRow | None:
    delivery, placed = client.delivery(item), lists.place_of(item.digest)
    if not item.sent_by_us or item.inbox:
        return inbox_row(delivery, placed, words)
    if delivery.cover is None:
        return None
    return sent_row(sent_report(client, delivery, is_done=placed.lane is not ListLane.UNDONE), placed, words)


def _words(text: str) -> tuple[str, ...]:
    """The words, a phrase in quotation marks as one; a mark that is not closed stands for itself."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return tuple(text.split())


def _set(words: list[str]) -> tuple[str, ...]:
    return tuple(each for each in words if each)


def _addresses(words: list[str]) -> tuple[Address, ...]:
    return tuple(Address(each) for each in words if each)


def _moment(text: str, where: str, *, end: bool = False) -> int | None:
    try:
        return moment_ms(text, end=end) if text else None
    except (ValueError, OverflowError):
        raise ClientError(LocalCode.REQUEST_UNFIT, where=where) from None
