"""The benchmark of the desk runs: a small one, with a real hub and Chromium."""

from __future__ import annotations

from pathlib import Path

from tests.bench.desk.__main__ import WORKLOADS
from tests.bench.desk.stage import QUICK, set_up
from tests.support.machine import NEEDS_CHROMIUM


@NEEDS_CHROMIUM
def test_every_workload_of_the_desk_runs(tmp_path: Path) -> None:
    """Each gives figures, and none of them is lost, twice or in another order."""
    with set_up(tmp_path / "network", QUICK) as stage:
        found = {name: work(stage) for name, work in WORKLOADS.items()}
    assert found["desk-live"]["missing"] == 0
    assert (found["desk-burst"]["twice"], found["desk-burst"]["missing"]) == (0, 0)
    assert (found["desk-cuts"]["same_order"], found["desk-cuts"]["other_rows"]) == (True, 0)
    assert found["desk-hands"]["rows"] >= QUICK.rows
