"""What holds for every test: no silent skips, and how hard Hypothesis tries.

With ``CI=true`` the examples are the same in every run and a skip is a failure;
elsewhere Hypothesis explores and a skip is only loud.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings

_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# The machines that run this differ tenfold in speed; a slow example is not a wrong one.
settings.register_profile(
    "ci", derandomize=True, max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("dev", max_examples=100, deadline=timedelta(seconds=5))
settings.load_profile("ci" if _CI else "dev")


def _skipped(config: pytest.Config) -> list[pytest.CollectReport | pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", ())) if reporter else []


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a skip fail the run where nobody is watching."""
    if _CI and session.exitstatus == pytest.ExitCode.OK and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was not tested, last and in red."""
    skipped = _skipped(config)
    if not skipped:
        return
    verdict = "which fails this run" if _CI else "which would fail with CI=true"
    terminalreporter.section(f"NOT TESTED: {len(skipped)} skipped, {verdict}", red=True, bold=True)
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        terminalreporter.write_line(f"{report.nodeid}: {reason}", red=True)
