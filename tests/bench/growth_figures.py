"""The figures of `tests.bench.growth`: which numbers of a line are drawn, and what is said beside them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tests.bench.measure import busy_note
from tests.bench.plot import Chart, Lines, figure


class Drawn(NamedTuple):
    """One chart: its title, whether y is logarithmic, and a label for each key that becomes a line."""

    title: str
    log_y: bool
    keys: Mapping[str, str]


class Figure(NamedTuple):
    """How a line is drawn: its words, the key that holds the sizes, its charts."""

    title: str
    name: str
    x_title: str
    caption: str
    charts: Sequence[Drawn]


_RATES: Final = Drawn(
    "alerts and copies, per second", True, {"accepted_per_s": "accepted", "deliveries_per_s": "delivered"}
)

FIGURES: Final = {
    "growth-members": Figure(
        "More members, the same traffic",
        "members",
        "members, all connected and sending",
        "Each alert goes to six members; as much is in flight as in w1, spread over all.",
        [
            Drawn("hub's processor time, µs per alert", False, {"hub_us_per_alert": "hub with helpers"}),
            _RATES._replace(log_y=False),
        ],
    ),
    "growth-recipients": Figure(
        "More recipients for each dispatch",
        "recipients",
        "recipients of each dispatch",
        "Six senders; about as many copies are in flight as in w1. Every recipient has an entry of its own in the "
        "dispatch, which the hub checks.",
        [
            Drawn(
                "hub's processor time, µs",
                True,
                {"hub_us_per_alert": "per alert", "hub_us_per_delivery": "per delivery"},
            ),
            _RATES,
        ],
    ),
    "growth-ledger": Figure(
        "A longer ledger",
        "leaves",
        "leaves in the ledger",
        "Append: one alert to one recipient, 64 in a turn, durable. Proof: inclusion, anywhere in the ledger, every "
        "tile read from the database. Start-up: until the hub is ready.",
        [
            Drawn("append, µs per alert", False, {"append_us": "append"}),
            Drawn("inclusion proof, ms", False, {"proof_median_ms": "median", "proof_ms": "99th percentile"}),
            Drawn("start-up, s", False, {"startup_s": "start-up"}),
            Drawn("memory of the hub, MiB", False, {"hub_mib": "PSS"}),
        ],
    ),
}


def draw(line: Mapping[str, Any], load: float) -> str:
    """The figure of one line, as SVG.

    Args:
        line: as printed.
        load: the load average before the run.
    """
    drawn = FIGURES[line["workload"]]
    charts: list[Chart] = []
    for chart in drawn.charts:
        points = [(label, list(zip(line[drawn.name], line[key], strict=True))) for key, label in chart.keys.items()]
        charts.append(Lines(chart.title, drawn.x_title, points, chart.log_y))
    said = f"{drawn.caption} Hub and clients share {os.cpu_count()} cores. {busy_note(load)}"
    return figure(drawn.title, said.strip(), charts)
