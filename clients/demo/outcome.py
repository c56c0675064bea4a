"""What was seen at the end of the demonstration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.demo.parties import MEMBERS
from clients.demo.tally import InboxCount, percentile
from clients.line.audit import AuditResult
from schemas.addresses import Address
from schemas.reports import SeizureReport


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What was seen at the end.

    Attributes:
        reports: what was sent, by sender.
        counts: what each inbox holds.
        audits: what each member's audit of the ledger found.
        alarms: how many alarms each member has.
        evidence: what the offline verifier said; empty if the file does not hold.
        times_ms: from hand-over to arrival, of each delivery.
    """

    reports: Mapping[Address, list[SeizureReport]]
    counts: Mapping[Address, InboxCount]
    audits: Mapping[Address, AuditResult]
    alarms: Mapping[Address, int]
    evidence: str
    times_ms: list[float]

    @property
    def ledger(self) -> str:
        """``verified`` if every member followed every leaf up to its checkpoint and nobody has an alarm."""
        sound = not any(audit.faults for audit in self.audits.values()) and not any(self.alarms.values())
        return "verified" if sound and len(self.audits) == len(MEMBERS) else "not verified"

    def to_json(self) -> dict[str, Any]:
        """The line for programs; everything but ``sent`` and the times is counted from inboxes."""
        counts = self.counts.values()
        return {
            "sent": sum(len(reports) for reports in self.reports.values()),
            "accepted": len(frozenset[str]().union(*(count.digests for count in counts))),
            "delivered": sum(len(count.digests) for count in counts),
            "acknowledged": sum(count.acknowledged for count in counts),
            "duplicates": sum(count.duplicates for count in counts),
            "lost": sum(count.lost for count in counts),
            "ledger": self.ledger,
            "evidence": "verified" if self.evidence else "not verified",
            "p50_ms": percentile(self.times_ms, 50),
            "p99_ms": percentile(self.times_ms, 99),
        }

    @property
    def holds(self) -> bool:
        """Whether everything is as it must be."""
        said = self.to_json()
        sent, due = said["sent"], (len(MEMBERS) - 1) * said["sent"]
        numbers = [said[name] for name in ("accepted", "delivered", "acknowledged", "duplicates", "lost")]
        return numbers == [sent, due, due, 0, 0] and {said["ledger"], said["evidence"]} == {"verified"}
