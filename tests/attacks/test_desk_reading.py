"""What others send, in the pages of a desk: it moves nothing, names nothing, fills no page, and mixes no lists."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from clients.desk.desk import Desk as WebDesk
from clients.desk.views.bounds import TEXT
from clients.store import Alarm
from schemas.frames import DeliverItem
from tests.support.desk import Desk, ScriptedHub, warning
from tests.support.read_desk import web_desk
from tests.support.web_desk import Window
from tests.support.world import KZ, World

MOST_BYTES: Final = 1 << 20
"""An answer of a page, whatever others have sent."""

ROW_BYTES: Final = 8_192
"""A row of a list."""

HOSTILE: Final = {
    "markup": '<img src=x onerror="fetch(1)"><script>alert(1)</script>',
    "turned around": "\u202eyrrol\u2066 a\u2069\u200b\u0007\u001b[2J",
    "a name of the language": "__proto__",
    "lines": "\n" * 20_000 + "end",
}
MARKS: Final = "a" + "\u0301" * 50_000
LONG: Final = "x" * 100_000


@pytest.fixture
async def reading(tmp_path: Path, world: World) -> AsyncIterator[tuple[Desk, WebDesk, Window]]:
    """The desk of KZ: its store, its process, a window of it."""
    party = Desk(tmp_path, ScriptedHub(world), KZ, f"{KZ}/DUTY-1")
    party.sync()
    async with web_desk(party, party.hub) as (desk, window):
        desk.feed.want("en")
        yield party, desk, window


def send(party: Desk, **members: Any) -> str:
    """UZ sends a warning that no composer has written; gives its digest."""
    report = {**warning().model_dump(mode="json", exclude_none=True), **members}
    digest = party.hub.send(party.hub.world.dispatch("UZ/NFP", [KZ], report))
    party.sync()
    return digest


async def answers(desk: WebDesk, window: Window, digest: str) -> list[tuple[str, Any]]:
    """What the pages get of it: over the socket, in lists, in the reader, in a search."""
    desk.note_changed()
    await desk.feed.look()
    found: list[tuple[str, Any]] = [("socket", dict(await desk.feed.parts("en")))]
    for path in ("inbox", "search", f"dispatches/{digest}"):
        answer = await window.get(f"/api/{path}")
        assert not answer.is_error, answer.text
        assert len(answer.content) < MOST_BYTES
        found.append((path, answer.json()))
    return found


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(inner)


def names(value: Any) -> Iterator[str]:
    """Every name of a member in a value of JSON."""
    if isinstance(value, dict):
        yield from value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from names(inner)


async def test_text_of_others_that_moves_or_turns(reading: tuple[Desk, WebDesk, Window]) -> None:
    """In a known field, in a member that nobody knows, and in evidence that a hub has sent: it is text, and no more."""
    party, desk, window = reading
    for hostile in HOSTILE.values():
        known = {"summary": hostile} if hostile.isprintable() else {}
        await _check_plain(desk, window, send(party, **known, later={"a": hostile}, other=[hostile[:200]]))
    evidence = {name: text[:1_000] for name, text in HOSTILE.items()}
    party.store.alarms.add(Alarm("bad_proof", HOSTILE["turned around"], party.hub.world.time_ms, evidence))
    desk.note_changed()
    await desk.feed.look()
    page = (await window.get("/api/alarms/1")).json()
    assert all(each.isprintable() or each == "\n" for text in texts(page) for each in text)


async def _check_plain(desk: WebDesk, window: Window, digest: str) -> None:
    for where, value in await answers(desk, window, digest):
        assert all(each.isprintable() or each == "\n" for text in texts(value) for each in text), where


async def test_heap_of_marks_on_one_letter(reading: tuple[Desk, WebDesk, Window]) -> None:
    """A letter has two marks at most: a heap of them would cover the lines above and below."""
    party, desk, window = reading
    for _where, value in await answers(desk, window, send(party, later=MARKS)):
        assert not any("\u0301\u0301\u0301" in text for text in texts(value))


async def test_text_that_fills_the_page(reading: tuple[Desk, WebDesk, Window]) -> None:
    """A value is cut, and says how much is missing; a row stays a row; who asks for all of it gets it."""
    party, desk, window = reading
    digest = send(party, later=LONG)
    for _where, value in await answers(desk, window, digest):
        assert max(map(len, texts(value))) < TEXT + 100
    assert len(json.dumps((await desk.feed.parts("en"))["inbox"]["rows"][digest])) < ROW_BYTES
    whole = (await window.get(f"/api/dispatches/{digest}", whole="true")).json()
    assert LONG in set(texts(whole))


async def test_name_of_a_member_that_others_chose(reading: tuple[Desk, WebDesk, Window]) -> None:
    """No name that others have written becomes a name in what the page reads: there it would be code's."""
    party, desk, window = reading
    plain = send(party)
    usual = {name for _where, value in await answers(desk, window, plain) for name in names(value)} - {plain}
    digest = send(party, __proto__={"polluted": True}, constructor={"prototype": 1}, rows={"x": 1})
    for where, value in await answers(desk, window, digest):
        assert set(names(value)) - usual <= {digest, plain}, where


async def test_members_without_end(reading: tuple[Desk, WebDesk, Window]) -> None:
    """So many lines are shown, and how many more there are is said; the alert itself stays in sight."""
    party, desk, window = reading
    digest = send(party, **{f"m{number}": 0 for number in range(9_000)})
    (page,) = (value for where, value in await answers(desk, window, digest) if where.startswith("dispatches"))
    assert sum(len(section["lines"]) for section in page["sections"]) < 1_000
    assert warning().summary in {line["value"] for section in page["sections"] for line in section["lines"]}
    assert any(" more lines" in text for text in texts(page))


async def test_exercise_among_what_is_real(reading: tuple[Desk, WebDesk, Window]) -> None:
    """However it calls itself: an exercise is in no list, no count and no search of what is real."""
    party, desk, window = reading
    uz = party.hub.world
    digest = party.hub.send(
        uz.dispatch(
            "UZ/NFP",
            [KZ],
            warning("REAL, actual").model_dump(mode="json", exclude_none=True),
            status="exercise",
            precedence="flash",
        )
    )
    party.sync()
    desk.note_changed()
    await desk.feed.look()
    counts = (await desk.feed.parts("en"))["counts"]
    assert (counts["actual"]["urgent"], counts["exercise"]["urgent"]) == (0, 1)
    for path in ("inbox", "search"):
        real, played = [(await window.get(f"/api/{path}", status=each)).json() for each in ("actual", "exercise")]
        assert (real["rows"], real["total"]) == ([], 0)
        assert [(row["id"], row["exercise"]) for row in played["rows"]] == [(digest, True)]


async def test_forged_exercise_is_taken_for_real(reading: tuple[Desk, WebDesk, Window]) -> None:
    """What nobody is proven to have signed may be real: its cover's word does not put it among exercises."""
    party, desk, window = reading
    world = party.hub.world
    report = warning().model_dump(mode="json", exclude_none=True)
    sent = world.dispatch("UZ/NFP", [KZ], report, status="exercise", precedence="flash")
    digest = party.hub.send(sent)
    item = party.hub.item
    party.hub.item = lambda index, member: _forged(item(index, member), sent.text)  # type: ignore[method-assign]
    party.sync()
    desk.note_changed()
    await desk.feed.look()
    rows = (await window.get("/api/inbox")).json()["rows"]
    assert [(row["id"], row["exercise"], row["mark"]["value"]) for row in rows] == [(digest, False, "unreadable")]
    assert (await window.get("/api/inbox", status="exercise")).json()["rows"] == []


def _forged(item: DeliverItem | None, text: str) -> DeliverItem | None:
    """The item with a signature that is not its sender's."""
    if item is None or item.statement != text:
        return item
    header, claims, signature = text.split(".")
    return item.model_copy(update={"statement": f"{header}.{claims}.{signature[::-1]}"})


async def test_picture_that_is_not_here(reading: tuple[Desk, WebDesk, Window]) -> None:
    """A page gets no bytes of what is not here, or is no picture."""
    party, _desk, window = reading
    answer = await window.get(f"/api/attachments/{send(party)}/1")
    assert answer.json()["error"]["code"] == "no_picture"
