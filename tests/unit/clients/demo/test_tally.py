"""Counting inboxes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from clients.demo.tally import count_inbox, percentile
from schemas.addresses import Address
from schemas.reports import SeizureReport
from schemas.reports.drug_names import find_drug_group
from schemas.reports.parts import Goods
from tests.support.desk import Desk, ScriptedHub
from tests.support.world import KZ, UZ, World


def seizure(reference: str) -> SeizureReport:
    """A small report."""
    goods = Goods(group=find_drug_group("Heroin"), name="Heroin")
    return SeizureReport(our_reference=reference, date="2014-01-01", country="KZ", goods=(goods,))


@pytest.fixture
def hub() -> ScriptedHub:
    """A hub with two members."""
    return ScriptedHub(World([KZ, UZ]))


def exchanged(tmp_path: Path, hub: ScriptedHub, sent: list[str]) -> Desk:
    """The recipient's desk after reports of these references came, each by a dispatch of its own."""
    for name in ("kz", "uz"):
        (tmp_path / name).mkdir()
    sender, recipient = Desk(tmp_path / "kz", hub, KZ), Desk(tmp_path / "uz", hub, UZ)
    sender.sync()
    for reference in sent:
        sender.send(UZ, reference=reference)
    sender.flush()
    recipient.sync()
    return recipient


def sent_by_kz(*references: str) -> Mapping[Address, list[SeizureReport]]:
    """What the sender says it sent."""
    return {KZ: [seizure(reference) for reference in references], UZ: []}


@pytest.mark.parametrize(
    ("came", "said", "counts"),
    [
        (["A", "B"], ("A", "B"), (2, 0, 0)),
        (["A"], ("A", "B"), (1, 0, 1)),
        (["A", "A"], ("A",), (2, 1, 0)),
    ],
)
def test_lost_and_duplicate_reports_are_counted(
    tmp_path: Path, hub: ScriptedHub, came: list[str], said: tuple[str, ...], counts: tuple[int, int, int]
) -> None:
    """An inbox is compared with what was sent: what is missing is lost, what came twice a duplicate."""
    desk = exchanged(tmp_path, hub, came)
    count = count_inbox(UZ, desk.store, sent_by_kz(*said))
    assert (len(count.digests), count.duplicates, count.lost) == counts
    assert count.acknowledged == 0


def test_percentiles() -> None:
    """The median of a hundred times lies in the middle, the 99th near the end; of none it is 0."""
    times = [float(number) for number in range(100, 0, -1)]
    assert (percentile(times, 50), percentile(times, 99), percentile([], 50)) == (51.0, 100.0, 0.0)
