"""An officer answers what was shown."""

from __future__ import annotations

from clients.actions.answering import shown_of
from clients.actions.client import Client
from tests.support.met_desks import CAME, SENT, digest_of
from tests.support.web_desk import DUTY_1, Window, fault


async def shown(page: Window, reference: str = CAME) -> tuple[str, str]:
    """The digest of what came, and that of what was shown of it."""

    def read(client: Client) -> tuple[str, str]:
        digest = digest_of(client, reference)
        item = client.store.items.get(digest)
        assert item is not None
        return digest, shown_of(client.delivery(item))

    return await page.desk.do(read)


async def test_an_acknowledgement_is_signed_once(page: Window) -> None:
    """It waits to be sent; the same answer again is the same one."""
    digest, seen = await shown(page)
    path = f"/api/dispatches/{digest}/answer"
    answer = (await page.post(path, outcome="acknowledged", shown=seen)).json()
    assert (answer["outcome"], answer["by"], answer["repeated"], answer["noted"]) == (
        "acknowledged",
        DUTY_1,
        False,
        False,
    )
    assert "waiting to be sent" in answer["words"][0]
    again = (await page.post(path, outcome="acknowledged", shown=seen)).json()
    assert (again["item"], again["repeated"]) == (answer["item"], True)


async def test_a_decline_has_a_reason(page: Window) -> None:
    """Without one it is refused, and an acknowledgement has none."""
    digest, seen = await shown(page)
    path = f"/api/dispatches/{digest}/answer"
    assert fault(await page.post(path, outcome="declined", shown=seen)) == "request_unfit"
    assert fault(await page.post(path, outcome="acknowledged", reason="not_ours", shown=seen)) == "request_unfit"
    assert (await page.post(path, outcome="declined", reason="not_ours", shown=seen)).json()["outcome"] == "declined"


async def test_what_is_another_since_is_not_answered(page: Window) -> None:
    """Somebody has noted it meanwhile: what it is now has to be looked at first."""
    digest, seen = await shown(page)

    def note(client: Client) -> None:
        client.store.outcomes.note(digest, client.member, DUTY_1, client.state.system.clock.time_ms())

    await page.desk.do(note)
    answer = await page.post(f"/api/dispatches/{digest}/answer", outcome="acknowledged", shown=seen)
    assert fault(answer) == "draft_changed"
    assert answer.json()["shown"] == (await shown(page))[1]
    assert await page.desk.do(lambda client: client.store.outbox.waiting_count()) == 0


async def test_what_we_sent_is_not_answered(page: Window) -> None:
    """Nor is what is not here."""
    digest, seen = await shown(page, SENT)
    for path in (digest, "A" * 43):
        answer = await page.post(f"/api/dispatches/{path}/answer", outcome="acknowledged", shown=seen)
        assert fault(answer) in ("not_received", "no_dispatch")
    digest, _seen = await shown(page)
    assert fault(await page.post(f"/api/dispatches/{digest}/seen")) == "not_written_so"
