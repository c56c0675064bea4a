"""Following the ledger when somebody asks for it."""

from __future__ import annotations

from clients.actions.audit import audit_ledger
from clients.errors import LocalCode
from clients.line.audit import AuditResult
from clients.line.audit_report import AuditReport, last_audit
from clients.line.lock import hold_line
from tests.support.counter import Counter
from tests.support.desk import Desk
from tests.support.refusals import refused


def test_ledger_is_followed_where_nobody_holds_the_line(counter: Counter, kz: Desk) -> None:
    """Every leaf is followed at once, and what was found is kept for whoever asks."""
    assert last_audit(counter.store) is None
    report = audit_ledger(counter, 5)
    assert report.holds
    assert report.result is not None
    assert report.result.size == kz.size
    assert last_audit(counter.store) == report


def test_whoever_holds_the_line_is_asked(counter: Counter, kz: Desk) -> None:
    """Another process is asked and not done without; its answer counts if it is not older than the question."""
    report = AuditReport(0, AuditResult(0, 9, 7, 2, 1, 0, ()))
    counter.store.trust.set_audit_result(report.to_json())
    with hold_line(counter.store.path, "serai run", 0):
        with refused(LocalCode.AUDIT_NOT_DONE):
            audit_ledger(counter, 0.2)
        asked_ms = counter.store.trust.audit_asked_ms
        assert asked_ms == kz.state.system.clock.time_ms()
        counter.store.trust.set_audit_result({**report.to_json(), "at_ms": asked_ms})
        assert audit_ledger(counter, 5).at_ms == asked_ms
