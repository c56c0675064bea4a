"""Every defence with the smallest change that switches it off, and the tests that must then go red."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences import (
    attachments,
    clients,
    clocks,
    content,
    deconfliction,
    desk,
    desk_reading,
    drafts,
    duty,
    evidence,
    files,
    fold,
    frames,
    ledger,
    officers,
    operations,
    profiles,
    server,
    steps,
    stores,
    trust,
)
from tests.support.switching import Switch

SWITCHES: Final[tuple[Switch, ...]] = (
    *trust.SWITCHES,
    *ledger.SWITCHES,
    *content.SWITCHES,
    *attachments.SWITCHES,
    *clients.SWITCHES,
    *clocks.SWITCHES,
    *deconfliction.SWITCHES,
    *desk.SWITCHES,
    *desk_reading.SWITCHES,
    *duty.SWITCHES,
    *files.SWITCHES,
    *officers.SWITCHES,
    *drafts.SWITCHES,
    *operations.SWITCHES,
    *profiles.SWITCHES,
    *evidence.SWITCHES,
    *frames.SWITCHES,
    *server.SWITCHES,
    *fold.SWITCHES,
    *steps.SWITCHES,
    *stores.SWITCHES,
)
