"""Files that a page brings: named by headers, bounded as they come, in the clear nowhere when the answer is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx
import pytest

from clients.actions.drafts.files import upload_folder
from clients.desk.api import files
from tests.support.pictures import photograph, screenshot
from tests.support.web_desk import Window, fault


async def begun(page: Window) -> str:
    """The address of the files of a new draft."""
    answer = await page.post("/api/drafts", what="report", kind="warning")
    return f"/api/drafts/{answer.json()['draft']['id']}/files"


async def bring(
    page: Window, path: str, data: bytes | AsyncIterator[bytes], name: str, **headers: str
) -> httpx.Response:
    """Bring a file."""
    named = {"Serai-Name": quote(name), "Content-Type": "application/octet-stream", **headers}
    return await page.http.post(path, content=data, headers=named)


async def left(page: Window) -> list[str]:
    """What lies in the clear."""
    return await page.desk.do(lambda client: [str(each) for each in upload_folder(client).rglob("*")])


async def test_a_photograph_comes_clean(page: Window) -> None:
    """What it said beside what it shows is named and gone; its caption can be changed, and it can be taken away."""
    path = await begun(page)
    answer = await bring(page, path, photograph(), "фото 1.jpg", **{"Serai-Caption": quote("Тайник")})
    assert answer.is_success, answer.text
    (file,) = answer.json()["draft"]["files"]
    assert (file["name"], file["caption"], file["type"], file["showable"]) == (
        "фото 1.jpg",
        "Тайник",
        "image/jpeg",
        True,
    )
    assert "location" in file["notes"][0]
    assert await left(page) == []
    answer = await page.http.put(f"{path}/1", json={"caption": " The   floor "})
    assert answer.json()["draft"]["files"][0]["caption"] == "The floor"
    answer = await page.http.request("DELETE", f"{path}/1", json={})
    assert answer.json()["draft"]["files"] == []
    assert fault(await page.http.request("DELETE", f"{path}/1", json={})) == "not_asked_for"


async def test_metadata_stays_only_on_purpose(page: Window) -> None:
    """Who asks for that sees it in strong words."""
    answer = await bring(page, await begun(page), photograph(), "a.jpg", **{"Serai-Keep-Metadata": "yes"})
    (file,) = answer.json()["draft"]["files"]
    assert file["alarming"]
    assert file["alarming"][0].startswith("STAYS in it")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\..\\evil.png", "/abs/olute.png", "\u202egnp.exe", "", "a" * 900]
)
async def test_a_name_leads_nowhere(page: Window, name: str) -> None:
    """Whatever it is called, it is one plain part, and lies in no other folder."""
    answer = await bring(page, await begun(page), screenshot(), name)
    assert answer.is_success, answer.text
    (file,) = answer.json()["draft"]["files"]
    assert not set(file["name"]) & set("/\\\u202e")
    assert len(file["name"].encode()) <= 120
    assert await left(page) == []


async def test_a_program_that_is_called_a_picture_is_named(page: Window) -> None:
    """Its content says what it is, whatever its name and the browser say."""
    answer = await bring(page, await begun(page), b"MZ" + bytes(200), "holiday.jpg", **{"Content-Type": "image/jpeg"})
    (file,) = answer.json()["draft"]["files"]
    assert (file["showable"], file["type"]) == (False, "application/vnd.microsoft.portable-executable")
    assert file["alarming"] == ["LOOK AGAIN: it is a program"]


async def test_more_than_may_go_is_refused_as_it_comes(page: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the length that was named, and by what comes, whatever was named; nothing of it stays."""
    monkeypatch.setattr(files, "BLOB_CONTENT_BYTES", 1 << 20)
    path = await begun(page)
    assert fault(await bring(page, path, bytes((1 << 20) + 1), "big.bin")) == "attachment_over_limit"
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _piece in range(100):
            sent += 1
            yield bytes(1 << 16)

    assert fault(await bring(page, path, endless(), "big.bin")) == "attachment_over_limit"
    assert await left(page) == []
    draft = (await page.get(path.removesuffix("/files"))).json()
    assert draft["draft"]["files"] == []


async def test_what_cannot_go_is_told(page: Window) -> None:
    """An empty file; a file for a draft that is not there; a picture that is broken."""
    path = await begun(page)
    assert fault(await bring(page, path, b"", "empty.txt")) == "file_empty"
    assert fault(await bring(page, "/api/drafts/none/files", b"x", "a.txt")) == "no_draft"
    assert fault(await bring(page, path, b"\xff\xd8\xff\xe1\xff\xff", "broken.jpg")) == "picture_unreadable"
    assert await left(page) == []
