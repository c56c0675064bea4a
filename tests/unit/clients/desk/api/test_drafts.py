"""Drafts of a page: kept as they are typed, shown, signed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from clients.desk.desk import Desk
from tests.support.web_desk import DUTY_2, OFFICERS, Window, fault

ANSWERS = {"reference": "KZ-1", "action": "stop", "summary": "Blue lorry, false floor"}
COVER = {"to": ["UZ/NFP"], "precedence": "priority"}


async def begun(page: Window, **subject: str) -> dict[str, Any]:
    """A new draft; of a warning, if nothing else is said."""
    answer = await page.post("/api/drafts", **(subject or {"what": "report", "kind": "warning"}))
    assert answer.is_success, answer.text
    value: dict[str, Any] = answer.json()
    return value


async def put(page: Window, draft: dict[str, Any], **more: Any) -> httpx.Response:
    """Keep what was typed."""
    path = f"/api/drafts/{draft['draft']['id']}"
    value = {"version": draft["draft"]["version"], "answers": ANSWERS, "cover": COVER, **more}
    return await page.http.put(path, json=value)


async def written(page: Window, **more: Any) -> dict[str, Any]:
    """A warning to UZ, whole."""
    answer = await put(page, await begun(page), **more)
    assert answer.is_success, answer.text
    value: dict[str, Any] = answer.json()
    return value


async def reviewed(page: Window, draft: dict[str, Any]) -> dict[str, Any]:
    """What is shown before signing."""
    answer = await page.post(f"/api/drafts/{draft['draft']['id']}/review")
    assert answer.is_success, answer.text
    value: dict[str, Any] = answer.json()
    return value


async def sign(page: Window, review: dict[str, Any], **more: Any) -> httpx.Response:
    """Sign what was shown."""
    return await page.post(f"/api/drafts/{review['draft']}/sign", shown=review["shown"], **more)


async def test_a_warning_is_written_shown_and_signed(page: Window) -> None:
    """The least is asked first; what is shown is in both languages, and the button names the exercise and the queue."""
    draft = await begun(page)
    first = [each["key"] for each in draft["fields"] if each["first"]]
    assert first == ["reference", "action", "summary"]
    assert {each["value"] for each in draft["choices"]["to"]} == {"UZ/NFP", "CENTRE/ROOM"}
    assert draft["draft"]["exercise"]
    lacks = await reviewed(page, draft)
    assert [each["key"] for each in lacks["missing"]] == [*first, "cover.to", "cover.precedence"]
    assert (lacks["ready"], lacks["shown"]) == (False, "")
    draft = (await put(page, draft)).json()
    assert draft["draft"]["headline"] == ANSWERS["summary"]
    review = await reviewed(page, draft)
    assert (review["ready"], review["queued"], review["needs_passphrase"]) == (True, True, False)
    assert review["verb"] == "SIGN AND QUEUE: NOT CONNECTED · EXERCISE · WARNING"
    assert "Предупреждение" not in str(review["preview"]["en"])
    assert "Blue lorry" in str(review["preview"]["ru"])
    assert "СРОЧНОСТЬ" not in str(review["preview"]["en"])
    signed = (await sign(page, review)).json()
    assert "is connected" in signed["words"]
    assert (await page.get("/api/drafts")).json() == {"rows": []}
    waiting = await page.desk.do(lambda client: client.store.outbox.waiting_count())
    assert waiting == 1


async def test_what_was_typed_survives_the_lock(page: Window) -> None:
    """A session that has ended takes nothing with it: the draft is in the store, and is there for who comes next."""
    draft = await written(page)
    await page.post("/api/session/lock")
    assert fault(await put(page, draft)) == "desk_locked"
    await page.unlock(DUTY_2)
    (row,) = (await page.get("/api/drafts")).json()["rows"]
    assert (row["id"], row["by"], row["title"]) == (draft["draft"]["id"], "KZ/NFP/DUTY-1", "Warning")


async def test_two_windows_at_one_draft_lose_nothing(page: Window) -> None:
    """The second to keep it gets both texts: its own it has, the other is in the answer."""
    draft = await written(page)
    one = await put(page, draft, answers={**ANSWERS, "summary": "One"})
    two = await put(page, draft, answers={**ANSWERS, "summary": "Two"})
    assert one.is_success
    assert (two.status_code, fault(two)) == (409, "draft_overtaken")
    assert two.json()["draft"]["draft"]["answers"]["summary"] == "One"
    again = await put(page, two.json()["draft"], answers={**ANSWERS, "summary": "Two"})
    assert again.json()["draft"]["answers"]["summary"] == "Two"


async def test_what_was_changed_is_shown_again(page: Window) -> None:
    """What is signed must have been shown: the answer is what it would be now, and that can be signed."""
    draft = await written(page)
    before = await reviewed(page, draft)
    await put(page, draft, answers={**ANSWERS, "summary": "Green lorry"})
    answer = await sign(page, before)
    assert (answer.status_code, fault(answer)) == (409, "draft_changed")
    review = answer.json()["review"]
    assert "Green lorry" in str(review["preview"]["en"])
    assert (await sign(page, review)).is_success


async def test_another_officer_sees_it_first(page: Window, desk: Desk) -> None:
    """What one officer was shown the next does not sign unseen; his own review names him as the signer."""
    review = await reviewed(page, await written(page))
    await page.post("/api/session/lock")
    await page.unlock(DUTY_2)
    answer = await sign(page, review)
    assert fault(answer) == "draft_changed"
    assert answer.json()["review"]["officer"] == DUTY_2


async def test_flash_asks_for_the_passphrase_once_more(page: Window) -> None:
    """Guesses are one at a time and slower after three; nothing is signed by a wrong one."""
    review = await reviewed(page, await written(page, cover={**COVER, "precedence": "flash"}))
    assert review["needs_passphrase"]
    assert fault(await sign(page, review)) == "passphrase_needed"
    codes = [fault(await sign(page, review, passphrase="guess")) for _try in range(4)]
    assert codes == ["wrong_passphrase"] * 3 + ["tries_paused"]
    assert await page.desk.do(lambda client: client.store.outbox.waiting_count()) == 0


async def test_flash_goes_with_the_passphrase(page: Window) -> None:
    """The right one signs it."""
    review = await reviewed(page, await written(page, cover={**COVER, "precedence": "flash"}))
    assert (await sign(page, review, passphrase=OFFICERS)).is_success


async def test_what_cannot_go_says_why_and_what_to_do(page: Window) -> None:
    """A recipient whom the directory does not have: in the review, in the language of the session."""
    draft = await written(page, cover={**COVER, "to": ["FR/NFP"]})
    await page.post("/api/session/language", language="ru")
    review = await reviewed(page, draft)
    assert (review["ready"], review["fault"]["code"]) == (False, "recipients_unknown")
    assert "FR/NFP" in review["fault"]["title"]
    assert "УЧ" in review["verb"]


@pytest.mark.parametrize(
    "more",
    [
        {"answers": {"__proto__": "x"}},
        {"answers": {"summary": "x" * 140_000}},
        {"answers": {"summary": {"constructor": 1}}},
        {"answers": {f"leg_{number}": "x" for number in range(3_000)}},
        {"cover": {"to": ["UZ/NFP"] * 1_001}},
        {"cover": {"precedence": "now"}},
        {"cover": {"__proto__": {"to_all": True}}},
        {"version": "1"},
        {"signer": "KZ/NFP/CHIEF"},
    ],
)
async def test_what_is_no_draft_is_refused_and_changes_nothing(page: Window, more: dict[str, Any]) -> None:
    """Unknown keys, wrong types, more than a report can hold."""
    draft = await written(page)
    answer = await put(page, draft, **more)
    assert answer.is_client_error
    assert fault(answer) in ("request_unfit", "not_asked_for", "draft_too_large")
    kept = (await page.get(f"/api/drafts/{draft['draft']['id']}")).json()
    assert kept["draft"]["answers"] == ANSWERS


async def test_drafts_are_thrown_away(page: Window) -> None:
    """And are not there any more."""
    draft = await written(page)
    path = f"/api/drafts/{draft['draft']['id']}"
    assert (await page.http.request("DELETE", path, json={})).is_success
    assert fault(await page.get(path)) == "no_draft"
    assert fault(await page.post(f"{path}/review")) == "no_draft"


async def test_forms_name_every_question(page: Window) -> None:
    """What may be written, and of each form the questions with their codes in words."""
    rows = (await page.get("/api/forms")).json()["rows"]
    assert [each["kind"] for each in rows] == ["warning", "seizure", "feedback"]
    form = (await page.get("/api/forms/operation-stop")).json()
    types = {each["key"]: each["type"] for each in form["fields"]}
    assert (types["reason"], types["summary"], types["until"]) == ("code", "long", "moment")
    assert await page.code_of("/api/forms/request") == "address_unknown"


async def test_a_stop_can_be_begun_for_an_operation_alone(page: Window) -> None:
    """Of an operation that is not here nothing is begun."""
    assert fault(await page.post("/api/drafts", what="step", do="stop", operation="A" * 43)) == "no_operation"
    opened = await begun(page, what="step", do="open")
    assert opened["draft"]["title"] == "Request"
    assert opened["choices"]["status"]
