"""Metrics: numbers of what happened, and nothing that tells of whom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.service.metrics import Metrics
from tests.support.world import KZ, RU, UZ, Party, World
from tests.unit.broker.service.notary import Item, Notary, founded


@pytest.fixture
def notary(tmp_path: Path) -> Iterator[Notary]:
    """The notary of a network of three."""
    with founded(tmp_path, World([KZ, UZ, RU])) as made:
        yield made


def _value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_commit(notary: Notary) -> None:
    """A commit counts its statements by type, the mailboxes they entered, and the ledger's size."""
    world, metrics = notary.world, Metrics()
    sent = world.dispatch(KZ, [UZ, RU])
    items: list[Item] = [sent, world.receipt(UZ, KZ, [sent.digest]), world.dispatch(UZ, [UZ])]
    metrics.note_commit(commit := notary.turn(*items, world.credential(Party.of(RU, 1))))
    assert _value(metrics, "serai_ledger_size") == commit.head.size
    assert _value(metrics, "serai_commits_total") == 1
    counted = {kind: _value(metrics, "serai_statements_total", type=kind) for kind in ("dispatch", "receipt", "event")}
    assert counted == {"dispatch": 2, "receipt": 1, "event": None}
    assert _value(metrics, "serai_statements_total", type="credential") == 1
    assert _value(metrics, "serai_mailbox_entries_total") == 3 + 2 + 1
    assert (_value(metrics, "serai_batch_statements_sum"), _value(metrics, "serai_batch_statements_count")) == (4, 1)


def test_commits_add_up(notary: Notary) -> None:
    """Counters go on from commit to commit; the size is the newest."""
    metrics = Metrics()
    for _ in range(3):
        metrics.note_commit(notary.turn(notary.world.dispatch(KZ, [UZ])))
    assert _value(metrics, "serai_commits_total") == 3
    assert _value(metrics, "serai_statements_total", type="dispatch") == 3
    assert _value(metrics, "serai_ledger_size") == notary.store.head().size


def test_registries_of_their_own() -> None:
    """Two hubs in one process do not count into each other."""
    first, second = Metrics(), Metrics()
    first.commits.inc()
    assert (_value(first, "serai_commits_total"), _value(second, "serai_commits_total")) == (1, 0)


def test_text(notary: Notary) -> None:
    """The text is Prometheus's, one help line for each, and names no member, key or digest."""
    metrics = Metrics()
    sent = notary.world.dispatch(KZ, [UZ])
    metrics.note_commit(notary.turn(sent))
    metrics.verdicts.labels("accepted").inc()
    metrics.upgrades.labels("token_expired").inc()
    text = metrics.text().decode()
    assert "# TYPE serai_commits_total counter\n" in text
    assert 'serai_submissions_total{outcome="accepted"} 1.0\n' in text
    assert 'serai_upgrades_total{outcome="token_expired"} 1.0\n' in text
    for secret in (KZ, UZ, sent.digest, notary.world.party(KZ).sig.kid):
        assert secret not in text
