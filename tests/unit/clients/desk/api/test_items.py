"""What came back, what waits for a signature, and alarms, at a desk."""

from __future__ import annotations

import pytest

from clients.actions.client import Client
from clients.mail.cover import Cover
from clients.store import OutState
from schemas.addresses import Address
from tests.support.desk import warning
from tests.support.web_desk import DUTY_1, DUTY_2, OFFICERS, Window, fault

UZ = Address("UZ/NFP")


def sent(client: Client, precedence: str = "priority") -> int:
    """Something that an officer has said; its item."""
    cover = Cover(to=(UZ,), precedence=precedence, signer=DUTY_1)  # type: ignore[arg-type]
    return client.point.send(warning(), cover).id


def came_back(client: Client) -> int:
    """The same, refused by the hub for good."""
    item = sent(client)
    client.store.outbox.set_refused(item, "suspended", "UZ/NFP")
    return item


@pytest.fixture
async def back(page: Window) -> int:
    """The number of an item that came back."""
    return await page.desk.do(came_back)


async def test_what_came_back_is_looked_at_and_sent_again(page: Window, back: int) -> None:
    """What is signed was shown; another recipient makes it another."""
    path = f"/api/items/{back}"
    shown = (await page.post(f"{path}/review")).json()
    assert "UZ/NFP" in str(shown["sections"])
    other = await page.post(f"{path}/resend", shown=shown["shown"], to=["CENTRE/ROOM"])
    assert fault(other) == "draft_changed"
    again = (await page.post(f"{path}/resend", shown=shown["shown"])).json()
    assert again["item"] != back
    assert fault(await page.post(f"{path}/review")) == "not_returned"


async def test_what_came_back_is_let_be_for_a_reason(page: Window, back: int) -> None:
    """Which is kept; without one it stays."""
    path = f"/api/items/{back}/discard"
    assert fault(await page.post(path, reason="")) == "request_unfit"
    assert (await page.post(path, reason="Told by telephone")).is_success
    outgoing = await page.desk.do(lambda client: client.point.outgoing(back))
    assert outgoing.state is OutState.DROPPED
    assert outgoing.closing is not None
    assert (outgoing.closing.by, outgoing.closing.reason) == (DUTY_1, "Told by telephone")


def unsigned_one(client: Client) -> int:
    """The same, for which the hub wants another signature; it was signed before this desk was opened."""
    item = sent(client)
    client.store.officers._said.clear()
    client.store.outbox.set_drafted(item, "stale_key")
    return item


async def test_what_waits_for_a_signature_is_signed_as_it_was_shown(page: Window) -> None:
    """Only what the officer at the screen has said, and only if nothing came to it since."""
    first = await page.desk.do(unsigned_one)
    shown = (await page.post("/api/signatures/review")).json()
    assert f"item {first}" in str(shown["sections"])
    await page.desk.do(unsigned_one)
    answer = await page.post("/api/signatures/sign", shown=shown["shown"], passphrase=OFFICERS)
    assert fault(answer) == "draft_changed"
    review = answer.json()["review"]
    assert fault(await page.post("/api/signatures/sign", shown=review["shown"])) == "passphrase_needed"
    answer = await page.post("/api/signatures/sign", shown=review["shown"], passphrase=OFFICERS)
    assert len(answer.json()["items"]) == 2


async def test_another_officer_sees_nothing_of_it(page: Window) -> None:
    """What one officer has said no other signs."""
    await page.desk.do(unsigned_one)
    await page.post("/api/session/lock")
    await page.unlock(DUTY_2)
    assert (await page.post("/api/signatures/review")).json()["sections"] == []


async def test_an_alarm_is_closed_with_reason_and_passphrase(page: Window) -> None:
    """Who closed it and why is kept; an empty reason closes nothing."""

    def ring(client: Client) -> int:
        client.state.alarm("clock", "an hour off", {}, cause="clock")
        (found,) = client.store.alarms.newest(1)
        return found.number

    number = await page.desk.do(ring)
    path = f"/api/alarms/{number}/close"
    assert fault(await page.post(path, reason="The Centre knows")) == "passphrase_needed"
    assert fault(await page.post(path, reason="", passphrase=OFFICERS)) == "request_unfit"
    closed = (await page.post(path, reason="The Centre knows", passphrase=OFFICERS)).json()
    assert (closed["closed"]["by"], closed["closed"]["reason"]) == (DUTY_1, "The Centre knows")
    assert fault(await page.post(path, reason="x", passphrase=OFFICERS)) == "alarm_closed"
