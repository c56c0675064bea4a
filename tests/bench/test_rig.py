"""The rig itself: every workload runs, loses nothing, and says exactly what it is to say; speeds are not judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from tests.bench.__main__ import WORKLOADS, run
from tests.bench.floods import FLOODS
from tests.bench.measure import QUICK
from tests.bench.members import check_complete
from tests.bench.network import cpu_s, tree_cpu_s, tree_of
from tests.bench.profile import parse_stack, part_of

RATES = ["accepted_per_s", "deliveries_per_s", "hub_us_per_alert"]
KEYS = {
    "w1": RATES,
    "w1b": ["p50_ms", "p99_ms", "max_ms"],
    "w2": ["last_receipt_ms"],
    "w3": ["drained_per_s"],
    "idle": ["hub_mib", "kib_per_client"],
    "strangers": [
        "quiet_p99_ms",
        *(f"{flood}_p99_ms" for flood in FLOODS),
        *("grown_mib", "logged_kib", "quiet_p99_ms_tls", "handshakes_p99_ms", "grown_mib_tls", "logged_kib_tls"),
    ],
    "blob": ["quiet_p99_ms", "up_mb_per_s", "up_p99_ms", "down_mb_per_s", "down_p99_ms", "grown_mib"],
    "e2e": RATES,
    "operation": ["steps", "step_us", "fold_ms", "steps_per_s"],
    "ledger": ["leaves", "startup_s", "hub_mib", "append_us", "proof_ms"],
}
"""What each line says after its ``workload``."""


class _Member:
    """As much of a `tests.bench.members.Member` as is judged when all is over."""

    def __init__(self, *received: int) -> None:
        self.address = "KZ/NFP"
        self.received = array("Q", received)
        self.waiting: dict[bytes, object] = {}


@pytest.mark.parametrize("name", list(WORKLOADS))
def test_every_workload_runs_and_says_exactly_its_keys(name: str, tmp_path: Path) -> None:
    """Each workload runs against a real hub, accepts nothing lost, and gives its keys in their order."""
    result = run(name, QUICK, tmp_path)
    assert list(result.line) == ["workload", *KEYS[name]]
    assert result.line["workload"] == name
    assert json.loads(json.dumps(result.line)) == result.line
    assert result.more.get("lost", 0) == 0


@pytest.mark.parametrize("received", [(4, 6), (4, 5, 6, 6), (4, 6, 5), (4, 5, 6, 7)])
def test_what_is_lost_doubled_disordered_or_unasked_ends_the_run(received: tuple[int, ...]) -> None:
    """A member that did not get exactly what was accepted, once and in order, is an error, not a number."""
    with pytest.raises(AssertionError):
        check_complete([_Member(4, 5, 6), _Member(*received)], [6, 4, 5])  # type: ignore[list-item]


def test_a_complete_run_is_accepted() -> None:
    """Members that got everything once, in order, pass."""
    check_complete([_Member(4, 5, 6)], [6, 4, 5])  # type: ignore[list-item]


def test_a_profile_names_the_innermost_part_and_leaves_waiting_out() -> None:
    """A stack belongs to the innermost frame that a rule names, to none if the thread only waits."""
    outer = "Sequencer._turn (broker/service/sequencer.py:200);"
    grown, count = parse_stack(f"{outer}grow (broker/core/tree.py:130);append (broker/core/tree.py:1) 3")
    waiting, _ = parse_stack(f"{outer}swap (broker/x.py:2);take_gil (ceval_gil.h:1) 7")
    assert (part_of(grown), count) == ("turn: grow tree", 3)
    assert part_of(waiting) is None


_WORK = "n = sum(i * i for i in range(4_000_000))"
_WITH_HELPER = f"""
import subprocess, sys, time
helper = [sys.executable, '-c', {_WORK!r} + '; print("", flush=True); input()']
ended = subprocess.run(helper, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
living = subprocess.Popen(helper, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
living.stdout.readline()
print(living.pid, flush=True)
input()
living.communicate(b"")
"""


def test_the_time_of_helpers_is_the_hubs() -> None:
    """Processor time of a process counts its children, those that live and those that have ended."""
    with subprocess.Popen([sys.executable, "-c", _WITH_HELPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as main:
        assert main.stdout is not None
        helper = int(main.stdout.readline())
        assert tree_of(main.pid) == [main.pid, helper]
        assert tree_cpu_s(main.pid) > cpu_s(main.pid) + 1.5 * cpu_s(helper)
        assert tree_of(os.getpid())[0] == os.getpid()
        main.communicate(b"\n")
