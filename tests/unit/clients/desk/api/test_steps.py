"""Steps of an operation at a desk: by a draft, and a check-in by the member's own key."""

from __future__ import annotations

from clients.mail.compose import DispatchDraft, draft_from_json
from tests.support.met_desks import ASKED, digest_of
from tests.support.web_desk import OFFICERS, Window, fault


async def test_a_check_in_needs_no_passphrase(page: Window) -> None:
    """The member's own key signs where the goods were last, just now."""
    operation = await page.desk.do(lambda client: digest_of(client, ASKED))
    answer = await page.post(f"/api/operations/{operation}/check-in")
    assert answer.is_success, answer.text
    outgoing = await page.desk.do(lambda client: client.point.outgoing(answer.json()["item"]))
    draft = draft_from_json(outgoing.draft)
    assert isinstance(draft, DispatchDraft)
    assert (draft.iss, draft.operation.do if draft.operation else "") == ("KZ/NFP", "move")
    assert fault(await page.post(f"/api/operations/{'A' * 43}/check-in")) == "no_operation"


async def test_a_stop_is_two_touches_and_a_passphrase(page: Window) -> None:
    """A reason, a look, a passphrase: it goes to all who take part, as flash."""
    operation = await page.desk.do(lambda client: digest_of(client, ASKED))
    draft = (await page.post("/api/drafts", what="step", do="stop", operation=operation)).json()
    assert [each["key"] for each in draft["fields"]] == ["reason", "reason_words", "wish"]
    assert ASKED in draft["draft"]["title"]
    path = f"/api/drafts/{draft['draft']['id']}"
    value = {"version": 1, "answers": {"reason": "danger"}, "cover": {}}
    assert (await page.http.put(path, json=value)).is_success
    review = (await page.post(f"{path}/review")).json()
    assert (review["ready"], review["needs_passphrase"], review["exercise"]) == (True, True, True)
    assert [each["member"]["value"] for each in review["recipients"]] == ["UZ/NFP"]
    assert "STOP" in review["verb"]
    assert "FLASH" in str(review["preview"]["en"])
    answer = await page.post(f"{path}/sign", shown=review["shown"], passphrase=OFFICERS)
    assert answer.is_success, answer.text


async def test_a_decision_offers_what_there_is_to_choose(page: Window) -> None:
    """The own leg, the decisions in words, what may be guaranteed."""
    operation = await page.desk.do(lambda client: digest_of(client, ASKED))
    draft = (await page.post("/api/drafts", what="step", do="decide", operation=operation)).json()
    fields = {each["key"]: each for each in draft["fields"]}
    assert fields["guarantees"]["type"] == "ticks"
    assert {each["value"] for each in fields["decision"]["codes"]} >= {"granted", "refused"}
    assert draft["choices"]["legs"] == [{"value": "2", "label": "2"}]
    assert [each["value"] for each in draft["choices"]["step"]] == [operation]
    assert "Request (UZ/NFP)" in draft["choices"]["step"][0]["label"]
    note = (await page.post("/api/drafts", what="step", do="note", operation=operation)).json()
    assert [each["value"] for each in note["choices"]["to"]] == ["UZ/NFP"]
