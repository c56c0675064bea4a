"""Every defence with the smallest change that switches it off, and the tests that must then go red."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences import clients, content, frames, ledger, server, trust
from tests.support.switching import Switch

SWITCHES: Final[tuple[Switch, ...]] = (
    *trust.SWITCHES,
    *ledger.SWITCHES,
    *content.SWITCHES,
    *clients.SWITCHES,
    *frames.SWITCHES,
    *server.SWITCHES,
)
