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
        self.strangers = Gauge("serai_strangers", "Connections without a token", registry=registry)
        self.cuts = Counter(
            "serai_connections_cut", "Connections and lines cut, by reason", ["reason"], registry=registry
        )
        self.ended = Counter("serai_lines_ended", "Lines that the hub ended, by code", ["code"], registry=registry)
        self.damaged = Gauge("serai_damaged_leaves", "Leaves found not to fit the tree", registry=registry)
        self.clock_believed = Gauge("serai_clock_believed", "Whether the clock is believed", registry=registry)
        self.clock_synchronised = Gauge(
            "serai_clock_synchronised", "Whether the system calls its clock synchronised", registry=registry
        )
        self.clock_steps = Counter("serai_clock_steps", "Steps forward of the clock", registry=registry)
        self.token_difference = Gauge(
            "serai_token_time_difference_seconds", "Most members' clocks, ahead of the hub's", registry=registry
        )
        self.ledger_ahead = Gauge("serai_ledger_ahead_seconds", "Newest leaf, ahead of the clock", registry=registry)
        self.blobs = Gauge("serai_blobs", "Whole attachments", registry=registry)
        self.blob_bytes = Gauge("serai_blob_bytes", "Bytes of whole attachments", registry=registry)
        self.blob_partial_bytes = Gauge(
            "serai_blob_partial_bytes", "Bytes reserved for attachments that are not whole", registry=registry
        )
        self.blob_received = Counter("serai_blob_received_bytes", "Bytes of attachments taken", registry=registry)
        self.blob_sent = Counter("serai_blob_sent_bytes", "Bytes of attachments sent", registry=registry)
        self.uploads = Counter("serai_uploads", "Parts of uploads, by outcome", ["outcome"], registry=registry)
        self.disk_free = Gauge(
            "serai_blob_disk_free", "Share of the disk of attachments that is free", registry=registry
        )
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
            self.statements.labels(admitted.statement.claims.type.name.lower()).inc()
            self.deliveries.inc(len(admitted.deliveries))

    def text(self) -> bytes:
        """Prometheus exposition format."""
        return generate_latest(self.registry)
