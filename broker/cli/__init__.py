"""``serai-hub``: the operator's command line."""

from __future__ import annotations

import os

from broker.cli.commands import hub


def main() -> None:
    """Run ``serai-hub``; whatever it writes is its owner's alone."""
    os.umask(0o077)
    hub(prog_name="serai-hub")


__all__ = ["main"]
