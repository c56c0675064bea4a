"""A court's file as a party hands it out, read by somebody who knows only the network's root."""

from __future__ import annotations

import asyncio

from clients.actions.client import Client
from clients.actions.handling import WantedUse
from clients.actions.proving import choose_steps, make_evidence
from clients.actions.signed_files import thumbprint_of
from schemas.evidence import parse_evidence
from schemas.proven import VerifiedEvidence
from schemas.rules.handling import Use
from schemas.verification import verify_evidence


def court_file(client: Client, operation: str) -> VerifiedEvidence:
    """All that a party has of an operation, disclosed, made into a file and verified as a court does.

    Args:
        client: who hands it out.
        operation: digest of its ``open``.
    """
    choice = choose_steps(client, operation, wanted=WantedUse(Use.COURT, "By letter 12"))
    data = asyncio.run(make_evidence(client, choice))
    return verify_evidence(parse_evidence(data), thumbprint_of(client.store.keys.network))
