"""``python -m clients.cli`` is ``serai``."""

from __future__ import annotations

from clients.cli import main

main()
