"""Where a dispatch goes, how it is marked, and what it refers to."""

from __future__ import annotations

from dataclasses import dataclass

from clients.mail.compose import Expectation, Ref, StepMark
from schemas.addresses import Address
from schemas.claims import Handling, Precedence, Status


@dataclass(frozen=True, slots=True)
class Cover:
    """What a person decides of a dispatch besides its content.

    Attributes:
        to: members, in the order in which they stand on the cover.
        signer: the member or one of its officers; the member, or its only officer, if ``None``.
        status: ``actual``, ``exercise``, ``test``; the network's own if ``None``.
        precedence: ``routine``, ``priority``, ``immediate``, ``flash``.
        handling: ``H0`` to ``H3``.
        refs: what it refers to.
        expects: the answer that is asked for.
        stale_after: when it is stale, in seconds since 1970 UTC.
        operation: what it is as a step of an operation.
    """

    to: tuple[Address, ...]
    signer: Address | None = None
    status: Status | None = None
    precedence: Precedence = "routine"
    handling: Handling = "H1"
    refs: tuple[Ref, ...] = ()
    expects: Expectation | None = None
    stale_after: int | None = None
    operation: StepMark | None = None
