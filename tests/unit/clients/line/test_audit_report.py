"""What audits found, kept for whoever asks."""

from __future__ import annotations

import pytest

from clients.line.audit import AuditResult
from clients.line.audit_report import AuditReport, audit_once, last_audit
from schemas.errors import Code, SeraiError
from tests.support.desk import Desk

CLEAN = AuditResult(0, 7, 7, 0, 0, 0, ())


@pytest.mark.parametrize(
    "report",
    [
        AuditReport(1, AuditResult(0, 9, 7, 2, 1, 0, ("the time at 1 is before the one at 0",))),
        AuditReport(2, None, "hub_not_ready: no answer"),
    ],
    ids=["fault", "error"],
)
def test_what_does_not_hold_is_kept_as_such(kz: Desk, report: AuditReport) -> None:
    """A fault, and an audit that could not be done, are read again as they were."""
    kz.store.trust.set_audit_result(report.to_json())
    assert last_audit(kz.store) == report
    assert not report.holds


async def test_report_is_kept_of_every_audit_that_reached_the_hub(kz: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What was found is kept, and why nothing was; what nobody expects is logged too, and answers who asked."""
    faults = [None, SeraiError(Code.SUSPENDED, "KZ/NFP"), ZeroDivisionError("secret")]
    for fault in faults:

        async def run(fault: Exception | None = fault) -> AuditResult:
            if fault is not None:
                raise fault
            return CLEAN

        asked_ms = kz.state.system.clock.time_ms() + 5
        kz.store.trust.ask_audit(asked_ms)
        report = await audit_once(kz.state, run)
        assert (report.at_ms, last_audit(kz.store)) == (asked_ms, report)
        assert report.result == (CLEAN if fault is None else None)
        assert report.error == {0: "", 1: "suspended: KZ/NFP", 2: "internal: ZeroDivisionError"}[faults.index(fault)]
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [ZeroDivisionError]


async def test_hub_that_is_not_reached_leaves_no_report(kz: Desk) -> None:
    """Where the hub cannot be reached the last report stays as it is."""

    async def run() -> AuditResult:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await audit_once(kz.state, run)
    assert last_audit(kz.store) is None
