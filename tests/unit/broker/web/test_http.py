"""HTTP beside the exchange: what is open, what needs a token, and what each reader may read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from broker.adapters.system import SystemClock
from broker.app import create_app
from broker.core.timekeeping import ClockDoubt
from broker.service.hub import Hub
from broker.service.operator import make_suspension
from broker.service.timekeeper import ClockDoubted
from schemas.checkpoint import parse_note
from schemas.encoding import decode_base64url, encode_base64url
from schemas.errors import Code, SeraiError
from schemas.leaf import LEAF_BYTES, parse_leaf
from schemas.merkle import Frontier, decode_proof, hash_leaf, split_hashes, verify_consistency, verify_inclusion
from schemas.tiles import tile_path
from tests.support.world import KG, KZ, ROOM, TJ, Sent, World, digest_of
from tests.unit.broker.edges import catch_up, change, check_frame, enter, loaded_hub, present_world, running

LOOPBACK = ("127.0.0.1", 40_000)


class Reader:
    """An HTTP client of a hub, in memory.

    Args:
        hub: the hub.
        world: signs the tokens.
    """

    def __init__(self, hub: Hub, world: World) -> None:
        self.hub, self.world = hub, world
        self._app = create_app(hub)

    async def get(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        token: str | None = None,
        client: tuple[str, int] = LOOPBACK,
        method: str = "GET",
    ) -> httpx.Response:
        """The answer to a request."""
        bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=client)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as http:
            return await http.request(method, path, headers={**bearer, **(headers or {})})

    async def read(self, path: str, iss: str = KZ) -> httpx.Response:
        """The answer to a member or officer."""
        return await self.get(path, token=catch_up(self.world).token(iss, "read"))

    async def item(self, digest: str, iss: str) -> dict[str, Any] | None:
        """A statement as a reader gets it, its proof checked; ``None`` if there is none for it."""
        answer = await self.read(f"/v1/ledger/statements/{digest}", iss)
        body: dict[str, Any] = answer.json()
        if answer.status_code == 404:
            assert body["code"] == "not_found"
            return None
        assert set(body) == {"item", "checkpoint"}
        frame = {"type": "deliver", "items": [body["item"]], "checkpoint": body["checkpoint"], "consistency": ""}
        check_frame(frame, parse_note(self.hub.mailroom.head.note).checkpoint)
        item: dict[str, Any] = body["item"]
        return item


@pytest.fixture
def world() -> World:
    """KZ, KG, TJ and a room that audits."""
    world = present_world()
    world.enrol(ROOM, roles=["exchange", "certify", "audit"])
    world.enrol(f"{ROOM}/DUTY-1", roles=["audit", "duty_officer"])
    return world


@pytest.fixture
def sent(world: World) -> Sent:
    """A dispatch from KZ to KG."""
    return world.dispatch(KZ, [KG])


@pytest.fixture
async def reader(tmp_path: Path, world: World, sent: Sent) -> AsyncIterator[Reader]:
    """A client of a hub that has the dispatch."""
    with loaded_hub(tmp_path, world) as hub:
        enter(hub, sent)
        async with running(hub):
            yield Reader(hub, world)


# Health


async def test_health_tells_whether_the_hub_can_append(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Live is whether it answers at all; ready is whether it can append, and the reason if not; both say no more."""
    monkeypatch.setattr(SystemClock, "is_synchronised", lambda _: True)
    assert (await reader.get("/health/live")).json() == {"status": "live"}
    answer = await reader.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})
    monkeypatch.setattr(SystemClock, "is_synchronised", lambda _: False)
    answer = await reader.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "warnings": ["clock_unsynchronised"]})
    monkeypatch.setattr(reader.hub.sequencer, "fault", ClockDoubted(ClockDoubt.UNCONFIRMED))
    answer = await reader.get("/health/ready")
    doubted = {"status": "not ready", "code": "hub_not_ready", "clock": "unconfirmed"}
    assert (answer.status_code, answer.json()) == (503, doubted)
    monkeypatch.setattr(reader.hub.sequencer, "fault", SeraiError(Code.STORAGE_FAILED, "/var/secret"))
    answer = await reader.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready", "code": "storage_failed"})
    assert (await reader.get("/health/live")).status_code == 200


# Tokens


PATHS = [
    "/v1/directory",
    "/v1/ledger/checkpoint",
    "/v1/ledger/tile/0/000.p/1",
    "/v1/ledger/tile/entries/000.p/1",
    "/v1/ledger/inclusion?index=0&size=1",
    "/v1/ledger/consistency?from=1&to=2",
    f"/v1/ledger/statements/{digest_of('')}",
]


async def test_the_network_document_is_open(reader: Reader) -> None:
    """A newcomer, who cannot sign a token yet, reads every epoch statement and the hub's time."""
    answer = (await reader.get("/v1/network")).json()
    assert answer["epochs"] == [reader.world.log[0].text]
    assert abs(answer["time"] - reader.hub.clock.now_ms()) < 60_000


async def test_everything_else_needs_a_token_to_read(reader: Reader) -> None:
    """Without token, with one for an exchange, a foreign or a late one nothing is read; a good one is used often."""
    world = catch_up(reader.world)
    late = world.token(KZ, "read", iat=world.time_s - 90, exp=world.time_s - 30)
    refusals = {
        None: "token_missing",
        world.token(KZ): "token_invalid",
        world.token(KZ, "read", hub="wss://other.example:443"): "token_invalid",
        late: "token_expired",
        "junk": "malformed_statement",
    }
    good = world.token(KZ, "read")
    for path in PATHS:
        for token, code in refusals.items():
            answer = await reader.get(path, token=token)
            assert (path, answer.json()["code"]) == (path, code)
            assert_is_problem(answer)
        for _ in range(2):
            assert (await reader.get(path, token=good)).status_code in (200, 404)


def assert_is_problem(answer: httpx.Response) -> None:
    """Demand the form of a problem, with the hub's time."""
    assert set(answer.json()) == {"code", "title", "detail", "status", "time"}
    assert answer.json()["status"] == answer.status_code
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_is_suspended_does_not_read(reader: Reader) -> None:
    """A member that lost its standing reads no more, and neither do its officers."""
    await reader.hub.decide(lambda _, answer: make_suspension(KG, answer))
    for iss in (KG, f"{KG}/DUTY-1"):
        assert (await reader.read("/v1/directory", iss)).json()["code"] == "suspended"


# Directory and ledger


async def test_the_directory_has_every_credential_with_its_state(reader: Reader) -> None:
    """All credentials are told with keys and state, officers without encryption key."""
    await reader.hub.decide(lambda _, answer: make_suspension(KG, answer))
    answer = (await reader.read("/v1/directory")).json()
    assert answer["size"] == reader.hub.mailroom.head.size
    states = {row["address"]: row["state"] for row in answer["credentials"]}
    assert states == {
        **dict.fromkeys((KZ, f"{KZ}/DUTY-1", TJ, f"{TJ}/DUTY-1", ROOM, f"{ROOM}/DUTY-1"), "current"),
        **dict.fromkeys((KG, f"{KG}/DUTY-1"), "suspended"),
    }
    rows = {row["address"]: row for row in answer["credentials"]}
    assert rows[KZ]["kid"] == reader.world.party(KZ).sig.kid
    assert rows[f"{KZ}/DUTY-1"]["enc_kid"] is None
    assert {row["statement"] for row in rows.values()} == {logged.text for logged in reader.world.log[1:]}


async def test_tiles_give_back_the_tree(reader: Reader) -> None:
    """From the leaves and from the hashes that are served comes the root of the checkpoint that is served."""
    note = await reader.read("/v1/ledger/checkpoint")
    assert note.headers["content-type"].startswith("text/plain")
    checkpoint = parse_note(note.text).checkpoint
    hashes = await reader.read("/v1/ledger/" + tile_path(0, 0, checkpoint.size))
    entries = await reader.read("/v1/ledger/" + tile_path(None, 0, checkpoint.size))
    step = 2 + LEAF_BYTES
    assert len(entries.content) == step * checkpoint.size
    parts = [entries.content[at : at + step] for at in range(0, len(entries.content), step)]
    assert {part[:2] for part in parts} == {b"\x00\x2b"}
    leaves = [hash_leaf(part[2:]) for part in parts]
    assert leaves == list(split_hashes(hashes.content))
    assert Frontier.empty().extend(leaves).root() == checkpoint.root


async def test_a_tile_that_the_tree_does_not_have_is_not_found(reader: Reader) -> None:
    """A tile is served as wide as it is now, or narrower, under one spelling; nothing beyond, nothing beside."""
    beyond = ("0/000", "0/000.p/100", "0/001.p/1", "1/000.p/1", "entries/000", "entries/001.p/1")
    beside = ("0/0", "0/000.p/0", "0/000.p/256", "64/000", "-1/000", "x/000", "", "../../etc/passwd")
    for path in beyond + beside:
        answer = await reader.read(f"/v1/ledger/tile/{path}")
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "not_found")


async def test_proofs_are_for_any_place_and_size(reader: Reader) -> None:
    """Inclusion and consistency are proven for every size so far, and hold."""
    size = reader.hub.mailroom.head.size
    for end in range(1, size + 1):
        root = reader.hub.mailroom.head.root_at(end)
        for start in range(1, end + 1):
            answer = await reader.read(f"/v1/ledger/consistency?from={start}&to={end}")
            before = reader.hub.mailroom.head.root_at(start)
            verify_consistency(start, before, end, root, decode_proof(answer.json()["proof"]))
        index = end // 2
        answer = await reader.read(f"/v1/ledger/inclusion?index={index}&size={end}")
        leaf = reader.hub.mailroom.head.leaf_hash(index)
        verify_inclusion(leaf, index, end, decode_proof(answer.json()["proof"]), root)


NOT_THERE = [
    *(f"inclusion?index={index}&size={size}" for index, size in ((99, 5), (5, 5), (0, 0), (1, 99), (-1, 5), ("x", 5))),
    *(
        "inclusion?index=1",
        "inclusion",
        "consistency?from=0&to=5",
        "consistency?from=5&to=4",
        "consistency?from=1&to=99",
    ),
    *(
        "consistency?from=1",
        f"consistency?from=1&to={10**30}",
        "statements/abc",
        f"statements/{digest_of('')}",
        "nothing",
    ),
]


async def test_what_is_not_there_is_a_problem(reader: Reader) -> None:
    """Whatever does not exist or cannot be asked so is answered as not found, with code and time."""
    for path in NOT_THERE:
        answer = await reader.read(f"/v1/ledger/{path}")
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "not_found")
        assert_is_problem(answer)


async def test_nothing_else_is_served(reader: Reader) -> None:
    """There are no pages of the framework, no door of the operator, no metrics, and no other methods."""
    for path in ("/", "/docs", "/openapi.json", "/redoc", "/admit", "/suspend", "/metrics", "/v1/exchange"):
        assert (await reader.get(path)).json()["code"] == "not_found"
    for method in ("POST", "PUT", "DELETE"):
        answer = await reader.get("/v1/network", method=method)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# Statements


async def test_a_statement_is_for_those_it_concerns(reader: Reader, sent: Sent) -> None:
    """The sender's member and the recipient read a dispatch with their own entry; nobody else knows it is there."""
    for iss, member in ((KZ, KZ), (f"{KZ}/DUTY-1", KZ), (KG, KG), (f"{KG}/DUTY-1", KG)):
        item = await reader.item(sent.digest, iss)
        assert item is not None
        assert (item["statement"], item["sealed"]) == (sent.text, sent.copy(member).to_json())
    for iss in (TJ, f"{TJ}/DUTY-1"):
        assert await reader.item(sent.digest, iss) is None


async def test_an_auditor_reads_covers_without_content(reader: Reader, sent: Sent) -> None:
    """Who has the role to audit, member or officer, gets every text, and no sealed content."""
    for iss in (ROOM, f"{ROOM}/DUTY-1"):
        item = await reader.item(sent.digest, iss)
        assert item is not None
        assert (item["statement"], "sealed" in item, "entry_proof" in item) == (sent.text, False, False)


async def test_public_statements_are_for_every_member(reader: Reader) -> None:
    """Everybody reads every credential."""
    for logged in reader.world.log:
        item = await reader.item(digest_of(logged.text), TJ)
        assert item is not None
        assert (item["lane"], item["statement"]) == ("public", logged.text)


async def test_a_damaged_text_is_gone(reader: Reader, sent: Sent) -> None:
    """Of what no longer fits its leaf only leaf and proof are given."""
    change(reader.hub, "UPDATE statement SET text = text || 'x' WHERE type = 4")
    item = await reader.item(sent.digest, KG)
    assert item is not None
    assert item["gone"] is True
    assert {"statement", "sealed"}.isdisjoint(item)
    leaf = parse_leaf(decode_base64url(item["leaf"]))
    assert encode_base64url(leaf.digest) == sent.digest


async def test_a_fault_shows_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes wrong inside is answered as internal, without a word of what it was."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret of the machine")

    monkeypatch.setattr(reader.hub.store, "find", fail)
    answer = await reader.read(f"/v1/ledger/statements/{digest_of('')}")
    assert (answer.status_code, answer.json()["code"], answer.json()["detail"]) == (500, "internal", "")
    assert "secret" not in answer.text + str(answer.headers)
