"""What the process writes to standard error: one JSON object a line, with the digest, without secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from broker.logs import LibraryFilter
from schemas.encoding import encode_base64url
from tests.support.hub import HubProcess, open_line
from tests.support.world import KG, KZ, World
from tests.unit.broker.edges import WAIT_S, catch_up, present_world, submit_text

SCRIPT = """
import logging, structlog
from broker.logs import configure_logs
configure_logs({level!r})
log = structlog.get_logger("serai.test")
for say in (log.debug, log.info, log.warning, log.error):
    say("said", digest="abc")
logging.getLogger("library").info("chatter")
logging.getLogger("library").warning("trouble %s", 7)
try:
    1 / 0
except ZeroDivisionError:
    log.exception("failed")
"""


def lines_of(level: str) -> list[dict[str, Any]]:
    """What a process logs at a level; demands that standard output stays empty and every line is JSON."""
    command = [sys.executable, "-c", SCRIPT.format(level=level)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def test_every_line_is_an_object_with_level_and_utc_time() -> None:
    """Our own events, those of libraries and tracebacks are one object a line, so that programs can read them."""
    lines = lines_of("debug")
    assert [(line["event"], line["level"]) for line in lines] == [
        *(("said", level) for level in ("debug", "info", "warning", "error")),
        ("trouble 7", "warning"),
        ("failed", "error"),
    ]
    assert {datetime.fromisoformat(line["timestamp"]).utcoffset() for line in lines} == {timedelta(0)}
    assert {line.get("digest") for line in lines[:4]} == {"abc"}
    assert "ZeroDivisionError" in lines[-1]["exception"]


@pytest.mark.parametrize(("level", "said"), [("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_is_the_operators_choice(level: str, said: int) -> None:
    """Nothing below it is written."""
    assert sum(line["event"] == "said" for line in lines_of(level)) == said


def test_what_a_library_says_again_and_again_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one line of a library the first is written at once, then one in ten seconds, with the number of the others."""
    now_s = 7.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    passed: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: passed.append(record.getMessage())  # type: ignore[method-assign]
    handler.addFilter(LibraryFilter())
    library = logging.getLogger("a library")
    library.addHandler(handler)
    try:
        for second in (0, 1, 11):
            now_s = 7.0 + second
            for number in range(100):
                library.warning("trouble %s", number)
            library.error("more trouble")
    finally:
        library.removeHandler(handler)
    more = ["more trouble", "more trouble (and 1 others before)"]
    assert passed == ["trouble 0", more[0], "trouble 0 (and 199 others before)", more[1]]


@pytest.fixture(scope="module")
def world() -> World:
    """KZ and KG, today."""
    return present_world([KZ, KG])


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[HubProcess]:
    """A hub process."""
    started = HubProcess.make(tmp_path_factory.mktemp("logs") / "hub", world).start()
    yield started
    started.stop()


async def test_a_statement_is_followed_by_its_digest(process: HubProcess, world: World) -> None:
    """A hub process logs what it appended and refused by digest, refused upgrades by code, and no secret of anybody."""
    sent, bad = world.dispatch(KZ, [KG], {"note": "poppy straw at the border"}), world.dispatch(KG, [KZ])
    token = catch_up(world).token(KZ, hub=process.origin)
    async with process.connect(token) as line:
        await open_line(line)
        for text in (submit_text(sent), submit_text(bad), "{not json", submit_text(sent, sealed={"poppy": 1})):
            await line.send(text)
        answers = 0
        while answers < 4:
            frame = json.loads(await asyncio.wait_for(line.recv(), WAIT_S))
            answers += {"refused": 1, "accepted": len(frame.get("items", ()))}.get(frame["type"], 0)
    with pytest.raises(InvalidStatus):
        async with process.connect(token):
            pass
    logged = [json.loads(line) for line in process.log.splitlines() if line.startswith("{")]
    said = {line["event"]: line for line in logged}
    assert (said["appended"]["digest"], said["appended"]["sender"]) == (sent.digest, KZ)
    assert (said["refused"]["digest"], said["refused"]["member"]) == (bad.digest, KZ)
    assert said["upgrade_refused"]["code"] == "token_replayed"
    secrets = [
        "poppy",
        *token.split("."),
        *sent.text.split(".")[1:],
        sent.sealed.body.ciphertext,
        *(entry.encrypted_key for entry in sent.sealed.entries),
        encode_base64url(sent.content_key),
        encode_base64url(world.ledger_key.seed),
        encode_base64url(world.event_key.seed),
    ]
    assert [secret for secret in secrets if secret in process.log] == []
