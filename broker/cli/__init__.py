"""``serai-hub``: the operator's command line."""

from __future__ import annotations

import os

from broker.cli.commands import hub
from broker.logs import configure_logs


def main() -> None:
    """Run ``serai-hub``; whatever it writes is its owner's alone, and standard output is for answers, not for logs."""
    os.umask(0o077)
    configure_logs("error")
    hub(prog_name="serai-hub")


__all__ = ["main"]
