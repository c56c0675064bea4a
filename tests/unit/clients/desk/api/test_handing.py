"""What leaves the system from a desk: its provider decides, the log has it, and the process writes it."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from clients.actions.handing import list_handed
from clients.network.maker import MadeNetwork
from tests.support.met_desks import ASKED, CAME, SENT, digest_of
from tests.support.web_desk import DUTY_1, KZ, OFFICERS, Window, fault, open_member


async def find(page: Window, reference: str) -> str:
    """The digest of what came or went under a reference."""
    return await page.desk.do(lambda client: digest_of(client, reference))


def written(answer: httpx.Response) -> Path:
    """The file that was written, for its owner alone."""
    assert answer.is_success, answer.text
    path = Path(answer.json()["file"])
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert (path.parent.name, path.name.startswith("EX-")) == ("saved", True)
    return path


async def logged(page: Window) -> list[tuple[str, str, str]]:
    """Who took what out of the system, and how."""
    found = await page.desk.do(lambda client: list_handed(client, 100))
    return [(each.by, each.way, each.digest) for each in found.shown]


async def test_printing_is_logged_and_never_replaces_a_file(page: Window) -> None:
    """A sheet names the exercise, the handling and the officer; a second print is another file."""
    digest = await find(page, CAME)
    one, two = [written(await page.post("/api/print", digests=[digest])) for _each in range(2)]
    assert one != two
    text = one.read_text()
    assert ("EXERCISE" in text, DUTY_1 in text, CAME in text) == (True, True, True)
    assert await logged(page) == [(DUTY_1, "print", digest)] * 2


async def test_an_operation_is_printed_as_a_pdf(page: Window) -> None:
    """Every step of it is in the log before it is on paper."""
    operation = await find(page, ASKED)
    path = written(await page.post(f"/api/operations/{operation}/print"))
    assert path.read_bytes().startswith(b"%PDF-")
    assert await logged(page) == [(DUTY_1, "print", operation)]


async def test_an_export_is_logged(page: Window) -> None:
    """All that there is, or what is named; alerts of CAP are for others."""
    digests = [await find(page, CAME), await find(page, SENT)]
    value = json.loads(written(await page.post("/api/export", digests=digests, format="json")).read_text())
    assert {each["digest"] for each in value["dispatches"]} == set(digests)
    assert {each[2] for each in await logged(page)} == set(digests)
    everything = await page.post("/api/export", format="json", status="exercise")
    assert everything.json()["count"] == 4
    assert fault(await page.post("/api/export", format="exe")) == "request_unfit"
    assert b"<alert" in written(await page.post("/api/export", digests=digests[1:], format="cap")).read_bytes()


async def test_evidence_asks_for_the_passphrase(page: Window, made: MadeNetwork) -> None:
    """It is made beside the worker, with the hub's proofs; without the hub it says so, and nothing is written."""
    digest, operation = await find(page, CAME), await find(page, ASKED)
    assert fault(await page.post("/api/evidence", digests=[digest])) == "passphrase_needed"
    assert fault(await page.post("/api/evidence", digests=[digest], passphrase="guess")) == "wrong_passphrase"
    assert fault(await page.post("/api/evidence", passphrase=OFFICERS)) == "request_unfit"
    await made.hub.start()
    try:
        answer = await page.post("/api/evidence", digests=[digest], disclose=True, passphrase=OFFICERS)
        if answer.is_error:  # its provider has to permit that
            assert fault(answer) == "use_not_permitted"
            more = {"disclose": True, "permission": "letter 12", "passphrase": OFFICERS}
            answer = await page.post("/api/evidence", digests=[digest], **more)
        assert written(answer).name.endswith(".evidence.json")
        assert answer.json()["disclosed"]
        assert (DUTY_1, "export", digest) in await logged(page)
        answer = await page.post("/api/evidence", operation=operation, passphrase=OFFICERS)
        assert answer.json()["dispatches"] == 1
    finally:
        await made.hub.stop()


async def test_an_attachment_is_fetched_then_shown_and_saved(page: Window, made: MadeNetwork) -> None:
    """What is here is a picture of its own bytes; what is not can be fetched; nothing of it is guessed."""
    digest = await find(page, CAME)
    path = f"/api/attachments/{digest}/1"
    first = await page.get(path)
    if first.is_error:
        assert fault(first) == "no_picture"
        assert fault(await page.post(f"{path}/save")) == "attachment_waits"
        await made.hub.start()
        try:
            with open_member(made.home(KZ)) as client:
                await client.fetch(20.0)
        finally:
            await made.hub.stop()
        first = await page.get(path)
    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["x-content-type-options"] == "nosniff"
    saved = await page.post(f"{path}/save")
    assert written(saved).read_bytes() == first.content
    assert saved.json()["alarming"] == []
    assert fault(await page.get(f"/api/attachments/{digest}/9")) == "no_picture"


@pytest.mark.parametrize("digest", ["A" * 43, "../../x", "%2e%2e"])
async def test_what_is_not_here_is_not_handed_out(page: Window, digest: str) -> None:
    """Neither by a digest that nothing has, nor by what is none."""
    answer = await page.post("/api/print", digests=[digest])
    assert fault(answer) in ("no_dispatch", "request_unfit")
    assert await logged(page) == []
