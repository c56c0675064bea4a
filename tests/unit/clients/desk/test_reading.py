"""What the read routes of a desk answer, over a store with dispatches in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from clients.desk.desk import Desk as WebDesk
from clients.desk.state import diff, replay
from clients.documents.texts import speaking
from clients.mail.compose import Expectation, Ref
from clients.store import Alarm
from schemas.errors import Code, SeraiError
from tests.support.desk import Desk, ScriptedHub
from tests.support.read_desk import random_traffic, web_desk
from tests.support.traffic import arrive, give_receipt
from tests.support.web_desk import Window, fault


@pytest.fixture
async def reading(kz: Desk, hub: ScriptedHub) -> AsyncIterator[tuple[WebDesk, Window]]:
    """The web desk of KZ, unlocked."""
    async with web_desk(kz, hub) as found:
        found[0].feed.want("en")
        yield found


@pytest.fixture
def window(reading: tuple[WebDesk, Window]) -> Window:
    """A window of it."""
    return reading[1]


async def ask(window: Window, path: str, **query: Any) -> Any:
    """What a route answers."""
    answer = await window.get(f"/api/{path}", **query)
    assert not answer.is_error, answer.text
    return answer.json()


async def walked(window: Window, path: str, **query: Any) -> list[dict[str, Any]]:
    """All rows of a list, page after page."""
    rows: dict[str, dict[str, Any]] = {}
    before = ""
    while True:
        page = await ask(window, path, **query, before=before, limit=3)
        rows |= {row["id"]: row for row in page["rows"] if row["id"] not in rows}
        assert page["total"] >= len(rows)
        if page["next"] is None:
            assert len(rows) == page["total"]
            return list(rows.values())
        before = page["next"]


@pytest.mark.parametrize("seed", [1, 2])
async def test_badges_are_the_lists_that_they_open(
    kz: Desk, uz: Desk, reading: tuple[WebDesk, Window], seed: int
) -> None:
    """Of each marking: urgent, owed, undone, returned, waiting; and no row of the other marking is among them."""
    random_traffic(kz, uz, seed)
    for status in ("actual", "exercise"):
        kz.send("UZ/NFP", status=status)
    desk, window = reading
    desk.note_changed()
    await desk.feed.look()
    counts = (await desk.feed.parts("en"))["counts"]
    for status in ("actual", "exercise"):
        badges = {name: ("inbox", name) for name in ("urgent", "owed")}
        badges |= {"undone": ("sent", "undone"), "returned": ("sent", "returned"), "queued": ("sent", "waiting")}
        for badge, (path, lane) in badges.items():
            rows = await walked(window, path, status=status, lane=lane)
            assert len(rows) == counts[status][badge], (status, badge)
            assert {row["exercise"] for row in rows} <= {status == "exercise"}
        rows = await walked(window, "inbox", status=status) + await walked(window, "sent", status=status)
        assert {row["exercise"] for row in rows} <= {status == "exercise"}


async def test_a_page_sees_what_happens_as_events(kz: Desk, uz: Desk, reading: tuple[WebDesk, Window]) -> None:
    """What comes, is answered and is cancelled leads from the first state to the one that a new page gets."""
    desk, _window = reading
    first = state = dict(await desk.feed.parts("en"))
    digest = arrive(uz, kz, precedence="flash")
    for happen in (
        lambda: arrive(uz, kz, precedence="routine", status="exercise"),
        lambda: give_receipt(kz, uz, digest, "acknowledged"),
        lambda: arrive(uz, kz, precedence="flash", refs=(Ref("cancel", digest),)),
    ):
        happen()
        desk.note_changed()
        await desk.feed.look()
        now = dict(await desk.feed.parts("en"))
        state = replay(state, diff(state, now))
        assert state == now
    assert state["counts"]["actual"]["urgent"] == 1
    assert state["inbox"]["rows"][digest]["mark"]["value"] == "cancelled"
    assert first["inbox"]["rows"] == {}


async def test_reader_says_what_came_and_what_can_be_done(kz: Desk, uz: Desk, window: Window) -> None:
    """Number, marking, content, time in UTC and in the country's zone; opening it acknowledges nothing."""
    now_s = kz.state.system.clock.time_s()
    digest = arrive(uz, kz, precedence="flash", expects=Expectation(now_s + 3_600))
    page = await ask(window, f"dispatches/{digest}")
    assert (page["head"]["from"]["value"], page["head"]["exercise"]) == ("UZ/NFP", False)
    assert page["head"]["due"]["zone"] == "Asia/Almaty"
    assert page["head"]["at"]["utc"].endswith("2026") or "Z" in page["head"]["at"]["utc"]
    lines = {line["label"]: line["value"] for section in page["sections"] for line in section["lines"]}
    assert lines["summary"] == "look out"
    acts = {act["act"]: act["why_not"] for act in page["actions"]}
    assert [name for name, why in acts.items() if why is None][:3] == ["acknowledge", "decline", "reply"]
    assert kz.store.outcomes.of(digest) == [each for each in kz.store.outcomes.of(digest) if each.by is None]
    with speaking("ru"):
        russian = await ask(window, f"dispatches/{digest}")
    assert russian["actions"][0]["label"] == "Acknowledge"  # the session's language, not the test's


async def test_reader_names_silence(kz: Desk, uz: Desk, window: Window) -> None:
    """Of what was sent: each recipient, how far it has got, and that it is silent."""
    digest = arrive(kz, uz, "RU/NFP", precedence="flash")
    kz.sync()
    give_receipt(uz, kz, digest, "declined", "capacity")
    kz.sync()
    page = await ask(window, f"dispatches/{digest}")
    states = {each["member"]["value"]: (each["state"]["value"], each["silent"]) for each in page["receipts"]}
    assert states == {"UZ/NFP": ("declined", True), "RU/NFP": ("sent", True)}
    assert page["head"]["trouble"] is True
    assert {act["act"] for act in page["actions"]} >= {"correct", "cancel", "forward"}


async def test_thread_stands_in_the_order_of_the_ledger(kz: Desk, uz: Desk, window: Window) -> None:
    """What a dispatch refers to, itself, and what refers to it; each leads to its own page."""
    first = arrive(uz, kz, precedence="flash")
    second = arrive(uz, kz, precedence="flash", refs=(Ref("update", first),))
    page = await ask(window, f"dispatches/{first}")
    assert [(each["id"], each["here"]) for each in page["thread"]] == [(first, True), (second, False)]
    assert any("Corrected" in each["text"] for each in page["doubts"])


async def test_every_screen_is_answered(kz: Desk, uz: Desk, window: Window) -> None:
    """Search with all that it takes, choices, directory, profiles, health, alarms with evidence, the log."""
    digest = arrive(uz, kz, reference="lorry 77", precedence="flash")
    kz.store.alarms.add(Alarm("fork", "two histories", 1_700_000_000_000, {"note": "<b>x</b>"}))
    found = await ask(window, "search", text='"lorry 77"', member="UZ/NFP", kind="warning", since="2020-01-01")
    assert [row["id"] for row in found["rows"]] == [digest]
    assert (await ask(window, "search", text="lorry", status="exercise"))["total"] == 0
    assert (await ask(window, "search", sender="RU/NFP"))["rows"] == []
    assert {"value": "warning", "label": "Warning"} in (await ask(window, "search/choices"))["kinds"]
    members = {each["address"]: each for each in (await ask(window, "directory"))["members"]}
    assert set(members) == {"KZ/NFP", "UZ/NFP", "RU/NFP"}
    assert members["KZ/NFP"]["own"] is True
    assert (await ask(window, "profiles/UZ/NFP"))["head"]["at"] is None
    assert len((await ask(window, "profiles"))["rows"]) == 3
    health = await ask(window, "health")
    assert "Alarms" in {line["label"] for section in health["sections"] for line in section["lines"]}
    assert "fastapi" in {each["name"] for each in health["licences"]}
    (alarm,) = (await ask(window, "alarms"))["rows"]
    page = await ask(window, f"alarms/{alarm['id']}")
    assert page["sections"][-1]["lines"][0]["value"] == "<b>x</b>"
    assert (await ask(window, "log")) == {"rows": [], "left_out": 0, "changed": 0}
    assert (await ask(window, "operations"))["rows"] == []
    assert (await ask(window, f"dispatches/{digest}/json"))["report"]["our_reference"] == "lorry 77"


async def test_what_waits_is_an_item_with_its_text(kz: Desk, window: Window) -> None:
    """What has no number yet is shown as what it is; nothing can be done about it as long as it waits."""
    row = kz.send("UZ/NFP", precedence="flash")
    page = await ask(window, f"items/{row}")
    assert (page["head"]["number"], page["head"]["mark"]["value"]) == (None, "waiting")
    assert all(act["why_not"] for act in page["actions"])
    assert (await ask(window, "sent"))["rows"][0]["id"] == f"i:{row}"


async def test_what_came_back_rings_in_its_list(kz: Desk, hub: ScriptedHub, reading: tuple[WebDesk, Window]) -> None:
    """What the hub refused stands first, with why and what can be done; its badge counts it."""
    hub.refuse = lambda _text: SeraiError(Code.NOT_PERMITTED, "not now")
    row = kz.send("UZ/NFP", precedence="flash")
    kz.flush()
    desk, window = reading
    desk.note_changed()
    await desk.feed.look()
    assert (await desk.feed.parts("en"))["counts"]["actual"]["returned"] == 1
    first = (await ask(window, "sent"))["rows"][0]
    assert (first["id"], first["mark"]["value"], first["trouble"]) == (f"i:{row}", "returned", True)
    page = await ask(window, f"items/{row}")
    assert [(act["act"], act["why_not"]) for act in page["actions"]] == [("resend", None), ("discard", None)]
    assert any("not_permitted" in doubt["text"] for doubt in page["doubts"])


async def test_what_is_not_here_is_a_fault_with_a_code(window: Window) -> None:
    """A dispatch, item, operation, alarm or picture that is not here, and words that name nothing."""
    nobody = "A" * 43
    for path, code in {
        f"dispatches/{nobody}": "not_in_store",
        "items/9": "not_in_outbox",
        f"operations/{nobody}": "no_operation",
        "alarms/9": "no_alarm",
        f"attachments/{nobody}/1": "not_in_store",
        "dispatches/short": "request_unfit",
    }.items():
        assert fault(await window.get(f"/api/{path}")) == code, path
    unfit = {"search": {"since": "2026-99-99"}, "inbox": {"limit": "100000"}, "sent": {"status": "test"}}
    for path, query in unfit.items():
        assert fault(await window.get(f"/api/{path}", **query)) == "request_unfit", path


async def test_locked_screen_reads_nothing(kz: Desk, uz: Desk, window: Window) -> None:
    """No list, no dispatch, no search: the screen must be unlocked first."""
    digest = arrive(uz, kz)
    await window.post("/api/session/lock")
    for path in ("inbox", "sent", f"dispatches/{digest}", "search", "operations", "health", "directory", "log"):
        assert fault(await window.get(f"/api/{path}")) == "desk_locked", path
