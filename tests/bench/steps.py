"""The workload ``operation``: what a step costs the hub, and a fold a client, as an operation grows."""

from __future__ import annotations

import time
from pathlib import Path

from broker.app import open_ports
from broker.core.verification import verify_submission
from broker.service.sequencer import AcceptedAt, Candidate, Sequencer
from schemas.addresses import Address, member_of
from schemas.directory import Directory
from schemas.statements import parse_statement
from tests.bench.measure import Result, Scale
from tests.bench.network import make_bench
from tests.bench.operations import fold_ms, operation_of
from tests.bench.workloads import SEVEN
from tests.support.operations import Draft, Thread

_TURN = 64
_TURNS = 3


async def operation(scale: Scale, folder: Path, stacks: Path | None = None) -> Result:
    """Steps appended 64 in a turn, durably, verifying not counted; then the fold of operations as long."""
    took = time_steps(folder, scale.operations)
    step_us = [round(took[length] * 1e6, 1) for length in scale.operations]
    folds = [round(fold_ms(operation_of(length)), 2) for length in scale.operations]
    columns = {"steps": list(scale.operations), "step_us": step_us, "fold_ms": folds}
    return Result({**columns, "steps_per_s": round(1 / took[scale.operations[-1]])})


def time_steps(folder: Path, lengths: tuple[int, ...]) -> dict[int, float]:
    """Seconds for each step where an operation has so many already, by its length; ``folder`` is made a hub's."""
    lead, mover = SEVEN[:2]
    network = make_bench(folder, SEVEN[:2], officers=True)
    thread = Thread(network.world)
    took: dict[int, float] = {}
    with open_ports(network.hub.folder, network.hub.folder.read_settings()) as ports:
        sequencer = Sequencer(
            ports.store, ports.register, ports.signer, ports.clock, network.world.network, lambda _: None
        )
        directory = sequencer.load().directory
        opened = Draft("open", f"{lead}/DUTY-1", (mover,), "open", parts={mover: "transit"}, of=None)
        _append(sequencer, [_candidate(thread, opened, directory)])
        count = 1
        for length in lengths:
            count += _append(sequencer, _moves(thread, directory, lead, mover, count, max(0, length - count)))[1]
            turns = [_append(sequencer, _moves(thread, directory, lead, mover, count, _TURN)) for _ in range(_TURNS)]
            count += _TURN * _TURNS
            took[length] = min(seconds for seconds, _ in turns) / _TURN
    return took


def _moves(thread: Thread, directory: Directory, lead: str, mover: str, first: int, count: int) -> list[Candidate]:
    """Movements, each the answer to the one before."""
    drafts = []
    for number in range(first, first + count):
        before = f"move {number - 1}"
        refs = (("reply", before),) if before in thread.digests else ()
        drafts.append(_candidate(thread, Draft(f"move {number}", mover, (lead,), "move", refs=refs), directory))
    return drafts


def _candidate(thread: Thread, draft: Draft, directory: Directory) -> Candidate:
    sent = thread.make(draft)
    submission = verify_submission(parse_statement(sent.text), sent.sealed.to_json(), directory)
    member = member_of(Address(draft.iss))
    return Candidate(submission.statement.digest, submission, member, lambda _: None, len(sent.text))


def _append(sequencer: Sequencer, candidates: list[Candidate]) -> tuple[float, int]:
    """Have steps admitted, 64 in a turn; how long that took, and how many they were."""
    start = time.perf_counter()
    for at in range(0, len(candidates), _TURN):
        commit = sequencer.take_turn(candidates[at : at + _TURN])
        assert all(isinstance(verdict, AcceptedAt) for verdict in commit.verdicts), commit.verdicts
    return time.perf_counter() - start, len(candidates)
