"""What holds for every test: nothing is left out in silence, and how hard Hypothesis tries.

A test whose mark ``needs`` names something that the machine lacks is deselected. The closing lines name every
test that was skipped or deselected so. With ``CI=true`` that is a failure, and the examples are the same in
every run; elsewhere Hypothesis explores, and what was left out is only loud.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

from tests.support.machine import TOOLS, lacking

_CI: Final = os.environ.get("CI", "").lower() in {"1", "true"}
_LEFT_OUT: Final = pytest.StashKey[dict[str, str]]()
"""Tests that are not run, each with what lacks."""

_SLOW: Final = tuple(Path(__file__).parent / name for name in ("e2e", "faults"))
"""Folders of tests that start programs, and end them in every way."""

# The machines that run this differ tenfold in speed; a slow example is not a wrong one.
_EXAMPLES: Final[dict[str, Any]] = {
    "max_examples": 100,
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow],
}
settings.register_profile("ci", derandomize=True, database=None, **_EXAMPLES)
settings.register_profile("dev", **_EXAMPLES)
settings.load_profile("ci" if _CI else "dev")


def pytest_configure(config: pytest.Config) -> None:
    """Make room for what is left out, and let programs that tests start be ended by Ctrl-C.

    A shell that starts this in the background has it ignored, and so would everything that this starts.
    """
    config.stash[_LEFT_OUT] = {}
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what this machine cannot run, and mark what takes long."""
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in _SLOW):
            item.add_marker("slow")
    lacks = lacking()
    needs = {item: {name for mark in item.iter_markers("needs") for name in mark.args} & lacks for item in items}
    out = [item for item in items if needs[item]]
    if out:
        items[:] = [item for item in items if not needs[item]]
        config.hook.pytest_deselected(items=out)
        config.stash[_LEFT_OUT] |= {item.nodeid: _reason(needs[item]) for item in out}


def _reason(names: set[str]) -> str:
    packages = " ".join(TOOLS[name].package for name in sorted(names))
    return f"this machine lacks {', '.join(sorted(names))}: make test SETUP=system, or apt-get install -y {packages}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let what was not tested fail the run where nobody is watching; a worker only reports it."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash[_LEFT_OUT]
    elif _CI and session.exitstatus == pytest.ExitCode.OK and _untested(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker of pytest-xdist has left out."""
    node.config.stash[_LEFT_OUT] |= getattr(node, "workeroutput", {}).get("left_out", {})


def _untested(config: pytest.Config) -> list[tuple[str, str]]:
    """Tests that did not run, each with the reason."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", ()) if reporter else ()
    reasons = [(report.nodeid, report.longrepr[2] if isinstance(report.longrepr, tuple) else "") for report in skipped]
    return [*reasons, *config.stash[_LEFT_OUT].items()]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what was not tested, last and in red."""
    untested = _untested(config)
    if not untested:
        return
    verdict = "which fails this run" if _CI else "which would fail with CI=true"
    terminalreporter.section(f"NOT TESTED: {len(untested)} skipped or left out, {verdict}", red=True, bold=True)
    for name, reason in untested:
        terminalreporter.write_line(f"{name}: {reason}", red=True)
