"""``serai``: what an officer, an administrator, a root or a verifier types."""

from __future__ import annotations

import os

from clients.cli.commands import serai
from clients.system import hide_memory


def main() -> None:
    """Run ``serai``; whatever it writes and remembers is its owner's alone."""
    os.umask(0o077)
    hide_memory()
    serai(prog_name="serai")


__all__ = ["main"]
