"""``serai-hub``: the operator's command line."""

from __future__ import annotations

from broker.cli.commands import hub


def main() -> None:
    """Run ``serai-hub``."""
    hub(prog_name="serai-hub")


__all__ = ["main"]
