"""``python -m broker`` is ``serai-hub``."""

from __future__ import annotations

from broker.cli import main

main()
