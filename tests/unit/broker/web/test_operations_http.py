"""An operation over HTTP: to whom each step is shown, in pages, every proof under the newest checkpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broker.service import steps as module
from schemas.checkpoint import parse_note
from schemas.encoding import decode_base64url
from schemas.merkle import decode_proof, hash_leaf, verify_inclusion
from tests.support.operations import ADD, GRANT, MOVE, OPEN, REFUSE, Draft, Thread, operating_world
from tests.support.world import KG, KZ, RU, TJ, UZ, World, digest_of
from tests.unit.broker.edges import catch_up, enter, loaded_hub, running
from tests.unit.broker.web.test_http import Reader


@pytest.fixture
def world() -> World:
    """Five members."""
    return catch_up(operating_world())


@pytest.fixture
async def reader(tmp_path: Path, world: World) -> AsyncIterator[Reader]:
    """A client of a hub that has no dispatch yet."""
    with loaded_hub(tmp_path, world) as hub:
        async with running(hub):
            yield Reader(hub, world)


def begin(reader: Reader, *drafts: Draft) -> Thread:
    """An operation with some steps."""
    thread = Thread(reader.world)
    for draft in (OPEN, *drafts):
        enter(reader.hub, thread.make(draft))
    return thread


async def steps(reader: Reader, thread: Thread, iss: str, start: int = 0) -> tuple[list[dict[str, Any]], int | None]:
    """A page of steps, their proofs checked, and where the next begins."""
    answer = await reader.read(f"/v1/operations/{thread.digests['open']}?from={start}", iss)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    checkpoint = parse_note(body["checkpoint"]).checkpoint
    for step in body["steps"]:
        leaf, proof = decode_base64url(step["leaf"]), decode_proof(step["proof"])
        verify_inclusion(hash_leaf(leaf), step["index"], checkpoint.size, proof, checkpoint.root)
    return body["steps"], body["next"]


async def test_whole_to_whom_it_went_else_its_leaf(reader: Reader) -> None:
    """Who got a step reads it as delivered; of what went to all anybody else reads the cover; of the rest the leaf."""
    thread = begin(reader, REFUSE, ADD)
    forms = {
        iss: [sorted({"statement", "sealed", "lane"} & set(step)) for step in (await steps(reader, thread, iss))[0]]
        for iss in (KZ, TJ, f"{KG}/DUTY-1")
    }
    whole, cover, leaf = ["lane", "sealed", "statement"], ["lane", "statement"], list[str]()
    assert forms == {KZ: [whole, whole, whole], TJ: [whole, leaf, leaf], f"{KG}/DUTY-1": [cover, leaf, whole]}


async def test_a_leaf_alone_says_nothing_else(reader: Reader) -> None:
    """Where a step was not sent to the reader there are its place, leaf and proof, and no text."""
    thread = begin(reader, REFUSE)
    found, following = await steps(reader, thread, RU)
    assert set(found[1]) == {"index", "leaf", "proof"}
    assert following is None


async def test_a_stranger_and_an_unknown_operation_get_one_answer(reader: Reader) -> None:
    """Who was never named learns nothing of an operation, not even that there is one."""
    thread = begin(reader, GRANT)
    paths = [
        f"/v1/operations/{each}" for each in (thread.digests["open"], digest_of(""), "abc", thread.digests["grant"])
    ]
    answers = [await reader.read(path, KG) for path in paths]
    assert {(answer.status_code, answer.json()["code"], answer.json()["detail"]) for answer in answers} == {
        (404, "not_found", "no operation of this digest for this reader")
    }
    assert (await reader.get(paths[0])).json()["code"] == "token_missing"


async def test_in_pages(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each page says where the next begins, until there is none; by number, and by size."""
    thread = begin(reader, *(replace(MOVE, name=f"move {number}") for number in range(4)))
    for name, value, lengths in (("STEPS", 2, [2, 2, 1]), ("ROOM_BYTES", 10_000, None)):
        monkeypatch.setattr(module, name, value)
        found, pages = list[dict[str, Any]](), list[int]()
        start: int | None = 0
        while start is not None:
            page, start = await steps(reader, thread, UZ, start)
            found += page
            pages.append(len(page))
        places = [step["index"] for step in found]
        assert (len(places), places) == (5, sorted(set(places)))
        assert pages == lengths if lengths else len(pages) > 1
