"""``serai``: what an officer, an administrator, a root or a verifier types."""

from __future__ import annotations

import os

from clients.cli.commands import serai


def main() -> None:
    """Run ``serai``; whatever it writes is its owner's alone."""
    os.umask(0o077)
    serai(prog_name="serai")


__all__ = ["main"]
