"""What many rounds come to: medians, a table, a figure."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from tests.bench.measure import busy_note
from tests.bench.plot import Bars, figure, number_text

Line = Mapping[str, Any]


class Measure(NamedTuple):
    """A number of a line, and what a reader is told of it."""

    workload: str
    key: str
    title: str


MEASURES: Final = (
    Measure("w1", "accepted_per_s", "w1: alerts accepted, per second"),
    Measure("w1", "deliveries_per_s", "w1: copies delivered, per second"),
    Measure("w1", "hub_us_per_alert", "w1: server's processor time, µs per alert"),
    Measure("w1b", "p50_ms", "w1b: send to arrival, median, ms"),
    Measure("w1b", "p99_ms", "w1b: send to arrival, 99th percentile, ms"),
    Measure("w3", "drained_per_s", "w3: waiting alerts taken, per second"),
)
_DRAWN: Final = ("accepted_per_s", "hub_us_per_alert", "p99_ms", "drained_per_s")

UNLIKE: Final = (
    "The peers verify nothing: they carry the same bytes without looking at them. Serai's hub checks each signature, "
    "the digest of the content and the entry of every recipient, appends to a Merkle ledger and proves that to each "
    "recipient."
)


def median_line(rounds: Sequence[Line]) -> dict[str, Any]:
    """One line out of several with the same keys: the median of each number; texts must agree.

    Raises:
        ValueError: there is none, or the lines do not say the same.
    """
    if not rounds or any(list(line) != list(rounds[0]) for line in rounds):
        raise ValueError("rounds must have the same keys")
    return {key: _middle([line[key] for line in rounds]) for key in rounds[0]}


def _middle(values: Sequence[Any]) -> Any:
    if isinstance(values[0], str):
        if len(set(values)) > 1:
            raise ValueError(f"not one of a kind: {values}")
        return values[0]
    return round(statistics.median(values), 3)


def table(rounds: Sequence[Line]) -> str:
    """Medians, and the least and the most in parentheses, a column for each system, as Markdown."""
    systems = list(dict.fromkeys(line["system"] for line in rounds))
    rows = [["measured", *systems], ["---"] * (1 + len(systems))]
    for measure in MEASURES:
        found = [_values(rounds, system, measure) for system in systems]
        if all(found):
            rows.append([measure.title, *map(_cell, found)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _values(rounds: Sequence[Line], system: str, measure: Measure) -> list[float]:
    wanted = (system, measure.workload)
    return [line[measure.key] for line in rounds if (line["system"], line["workload"]) == wanted]


def _cell(values: Sequence[float]) -> str:
    middle, least, most = map(number_text, (statistics.median(values), min(values), max(values)))
    return middle if len(values) == 1 else f"{middle} ({least} to {most})"


def draw(lines: Sequence[Line], described: Mapping[str, str], rounds: int, load: float) -> str:
    """The figure of the medians, as SVG.

    Args:
        lines: one for each system and workload.
        described: what each system is, for the labels' explanation.
        rounds: how many each median is of.
        load: the load average before the first round.
    """
    charts = []
    for measure in MEASURES:
        rows = [(line["system"], line[measure.key]) for line in lines if line["workload"] == measure.workload]
        if measure.key in _DRAWN and rows:
            charts.append(Bars(measure.title, rows))
    return figure("Serai's hub beside RabbitMQ and Redis Streams", caption(described, rounds, load), charts)


def caption(described: Mapping[str, str], rounds: int, load: float) -> str:
    """What a reader must know."""
    systems = "; ".join(f"{name}: {text}" for name, text in described.items())
    where = f"Servers and clients share {os.cpu_count()} cores; median of {rounds}, the systems in turn."
    return f"{UNLIKE} {systems}. {where} {busy_note(load)}".strip()
