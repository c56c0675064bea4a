"""Refusals in the log."""

from __future__ import annotations

from structlog.testing import capture_logs

from broker.core.summary import WINDOW_S
from broker.service.refusals import Refusals


def test_a_flood_is_two_lines() -> None:
    """The first refusal of a kind is logged at once; the next line of the kind counts those in between."""
    now_s = 5.0
    refusals = Refusals(lambda: now_s)
    with capture_logs() as lines:
        for number in range(1_000):
            refusals.note("refused", "clock_ahead", digest=str(number))
        refusals.note("refused", "jti_reused", digest="other")
        now_s += WINDOW_S
        refusals.note("refused", "clock_ahead", digest="last")
    assert [(line["code"], line["digest"], line.get("others_before")) for line in lines] == [
        ("clock_ahead", "0", None),
        ("jti_reused", "other", None),
        ("clock_ahead", "last", 999),
    ]
