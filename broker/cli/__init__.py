"""``serai-hub``: the operator's command line."""

from __future__ import annotations

import os

from broker.adapters.process import hide_memory
from broker.cli.commands import hub
from broker.logs import configure_logs


def main() -> None:
    """Run ``serai-hub``; what it writes and remembers is its owner's, and standard output is for answers, not logs."""
    os.umask(0o077)
    hide_memory()
    configure_logs("error")
    hub(prog_name="serai-hub")


__all__ = ["main"]
