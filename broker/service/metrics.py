"""What the hub counts, for Prometheus. Numbers only: no addresses, no digests."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from broker.service.sequencer import Commit


class Metrics:
    """The hub's counters, in a registry of their own."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.size = Gauge("serai_ledger_size", "Leaves in the ledger", registry=registry)
        self.sessions = Gauge("serai_sessions", "Open lines", registry=registry)
        self.commits = Counter("serai_commits", "Commits of the sequencer", registry=registry)
        self.statements = Counter("serai_statements", "Statements admitted, by type", ["type"], registry=registry)
        self.deliveries = Counter("serai_mailbox_entries", "Mailbox entries written", registry=registry)
        self.verdicts = Counter("serai_submissions", "Submissions, by outcome", ["outcome"], registry=registry)
        self.upgrades = Counter("serai_upgrades", "Upgrades, by outcome", ["outcome"], registry=registry)
        self.damaged = Gauge("serai_damaged_leaves", "Leaves found not to fit the tree", registry=registry)
        self.batch = Histogram(
            "serai_batch_statements", "Statements in a commit", buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
            registry=registry,
        )  # fmt: skip

    def note_commit(self, commit: Commit) -> None:
        """Count a commit."""
        self.size.set(commit.head.size)
        self.commits.inc()
        self.batch.observe(len(commit.admitted))
        for admitted in commit.admitted:
            self.statements.labels(admitted.leaf.type.name.lower()).inc()
            self.deliveries.inc(len(admitted.deliveries))

    def text(self) -> bytes:
        """Prometheus exposition format."""
        return generate_latest(self.registry)
