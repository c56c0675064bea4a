"""Reading frames: at once, or in helper processes; what comes out is the same."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from broker.adapters import verifier as verifier_module
from broker.adapters.verifier import SMALL, InlineVerifier, VerifierProcesses
from broker.core.verification import ReadSubmission, VerifiedSubmission
from broker.ports import Read, Verifier
from schemas.encoding import encode_json
from schemas.errors import Code, SeraiError
from schemas.frames import Ack
from tests.support.world import KG, KZ, UZ, Sent, World
from tests.unit.broker.edges import until


def submit_text(sent: Sent, **changes: Any) -> str:
    """The frame that submits a dispatch."""
    return encode_json({"type": "submit", "statement": sent.text, "sealed": sent.sealed.to_json(), **changes})


@pytest.fixture
def world() -> World:
    """Three members."""
    return World([KZ, UZ, KG])


@pytest.fixture(params=["inline", "processes"])
async def verifier(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Verifier]:
    """Each verifier, started, with the world's keys."""
    made: Verifier = InlineVerifier() if request.param == "inline" else VerifierProcesses(world.network, 1)
    made.learn(world.directory)
    await made.start()
    yield made
    await made.stop()


async def read_all(verifier: Verifier, *texts: str) -> list[Read]:
    """What frames amount to, in the order in which they were handed over."""
    loop = asyncio.get_running_loop()
    futures: list[asyncio.Future[Read]] = [loop.create_future() for _ in texts]
    for text, future in zip(texts, futures, strict=True):
        verifier.read(text, future.set_result)
    async with asyncio.timeout(60):
        return list(await asyncio.gather(*futures))


async def test_a_good_alert_is_verified(verifier: Verifier, world: World) -> None:
    """A dispatch comes back verified, with every recipient's entry and its proof."""
    sent = world.dispatch(KZ, [UZ, KG])
    (read,) = await read_all(verifier, submit_text(sent))
    assert isinstance(read, ReadSubmission)
    assert isinstance(read.submission, VerifiedSubmission)
    assert read.submission.statement == world.verified(sent.text)
    assert read.submission.content is not None
    assert read.submission.content.recipients == (UZ, KG, KZ)
    assert [entry.data for entry in read.submission.content.entries] == [e.to_bytes() for e in sent.sealed.entries]


async def test_a_bad_one_is_named_with_its_fault(verifier: Verifier, world: World) -> None:
    """What does not verify comes back with its digest and its code."""
    sent, other = world.dispatch(KZ, [UZ]), world.dispatch(KZ, [UZ])
    (read,) = await read_all(verifier, submit_text(sent, sealed=other.sealed.to_json()))
    assert isinstance(read, ReadSubmission)
    assert read.digest == world.verified(sent.text).digest
    assert isinstance(read.submission, SeraiError)
    assert read.submission.code is Code.CONTENT_MISMATCH


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", Code.MALFORMED_FRAME),
        ("[" * (SMALL + 1), Code.MALFORMED_FRAME),
        (encode_json({"type": "welcome"}), Code.MALFORMED_FRAME),
        (encode_json({"type": "resume", "epoch": 0, "cursors": dict.fromkeys(("public", "urgent", "normal"), 0),
                      "checkpoint": None, "features": []}), Code.UNEXPECTED_FRAME),
    ],
)  # fmt: skip
async def test_what_is_no_submission_is_refused(verifier: Verifier, text: str, code: Code) -> None:
    """A text that is no frame of a live session has a code and no digest."""
    (read,) = await read_all(verifier, text)
    assert isinstance(read, SeraiError)
    assert read.code is code


async def test_an_acknowledgement_comes_back(verifier: Verifier) -> None:
    """An ``ack`` is read, however much white space it brings."""
    text = encode_json({"type": "ack", "cursors": {"public": 3, "urgent": 2, "normal": 1}})
    for each in (text, text.replace(":", ":" + " " * SMALL, 1)):
        (read,) = await read_all(verifier, each)
        assert isinstance(read, Ack)
        assert read.cursors.public == 3


async def test_a_key_is_good_from_when_it_is_learned(verifier: Verifier, world: World) -> None:
    """A frame signed with a new key is verified if the directory was learned before it was handed over."""
    world.rotate(KZ)
    sent = world.dispatch(KZ, [UZ])
    (before,) = await read_all(verifier, submit_text(sent))
    verifier.learn(world.directory)
    (after,) = await read_all(verifier, submit_text(sent))
    assert isinstance(before, ReadSubmission)
    assert isinstance(after, ReadSubmission)
    assert isinstance(before.submission, SeraiError)
    assert before.submission.code is Code.UNKNOWN_KEY
    assert isinstance(after.submission, VerifiedSubmission)


async def test_a_helper_that_dies_takes_one_frame_with_it(world: World) -> None:
    """The frame that was being read is answered ``internal``, the others are read all the same, later ones too."""
    verifier = VerifierProcesses(world.network, 1)
    verifier.learn(world.directory)
    await verifier.start()
    texts = [submit_text(world.dispatch(KZ, [UZ])) for _ in range(5)]
    await read_all(verifier, texts[0])
    (helper,) = verifier.pids
    os.kill(helper, signal.SIGSTOP)
    reading = asyncio.create_task(read_all(verifier, *texts))
    await asyncio.sleep(0)
    os.kill(helper, signal.SIGKILL)
    read = await reading
    assert [isinstance(each, ReadSubmission) for each in read] == [False, True, True, True, True]
    assert isinstance(read[0], SeraiError)
    assert read[0].code is Code.INTERNAL
    (again,) = await read_all(verifier, texts[0])
    assert isinstance(again, ReadSubmission)
    await verifier.stop()


async def test_a_helper_that_is_being_replaced_ends_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopping in the moment in which a new helper starts in place of one that died leaves no process behind."""
    started: list[subprocess.Popen[bytes]] = []
    begun = threading.Event()

    def start(command: tuple[str, ...], fd: int) -> subprocess.Popen[bytes]:
        begun.set()
        time.sleep(0.05)
        started.append(subprocess.Popen(command, pass_fds=[fd]))
        return started[-1]

    monkeypatch.setattr("broker.adapters.verifier._start", start)
    verifier = VerifierProcesses(world.network, 1)
    await verifier.start()
    begun.clear()
    os.kill(verifier.pids[0], signal.SIGKILL)
    assert await asyncio.to_thread(begun.wait, 60)
    await verifier.stop()
    assert len(started) == 2
    assert [process.returncode for process in started] == [-signal.SIGKILL, 0]


async def test_a_helper_that_cannot_be_replaced_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the machine gives no process the hub reads by itself and says so; later the helper is back."""
    monkeypatch.setattr(verifier_module, "RESTART_S", 0.01)
    verifier = VerifierProcesses(world.network, 1)
    verifier.learn(world.directory)
    await verifier.start()
    (helper,) = verifier.pids
    start, faults = verifier_module._start, [OSError("no process"), OSError("no process")]

    def short(command: tuple[str, ...], fd: int) -> subprocess.Popen[bytes]:
        if faults:
            raise faults.pop()
        return start(command, fd)

    monkeypatch.setattr(verifier_module, "_start", short)
    with capture_logs() as logs:
        os.kill(helper, signal.SIGKILL)
        await until(lambda: verifier.pids not in ([], [helper]))
    assert [entry["event"] for entry in logs] == ["verifier_ended", "verifier_not_started", "verifier_not_started"]
    (read,) = await read_all(verifier, submit_text(world.dispatch(KZ, [UZ])))
    assert isinstance(read, ReadSubmission)
    await verifier.stop()


async def test_helpers_end_with_the_hub(world: World) -> None:
    """Stopping ends every helper."""
    verifier = VerifierProcesses(world.network, 2)
    await verifier.start()
    pids = verifier.pids
    assert len(set(pids)) == 2
    await verifier.stop()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
