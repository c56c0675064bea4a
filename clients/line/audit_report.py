"""What audits found, kept for whoever asks: people, and other processes."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from clients.line.audit import AuditResult
from clients.mail.state import State
from clients.store import Store
from schemas.errors import Code, SeraiError

log = logging.getLogger("serai.client")

AUDIT_LATE_MS: Final = 48 * 3600 * 1000
"""How long no audit may come to its end before a person is called."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found, as it is kept for whoever asks.

    Attributes:
        at_ms: for what was asked by then, milliseconds since 1970 UTC.
        result: what it saw; ``None`` if it could not be done.
        error: why it could not be done, else empty.
    """

    at_ms: int
    result: AuditResult | None
    error: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """What did not fit."""
        return self.result.faults if self.result else ()

    @property
    def holds(self) -> bool:
        """Whether it was done, and everything fits."""
        return not self.faults and not self.error

    def to_json(self) -> dict[str, Any]:
        """The members of a JSON object."""
        seen = asdict(self.result) if self.result else {}
        return {**seen, "faults": list(self.faults), "error": self.error, "at_ms": self.at_ms}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """From what `to_json` gave."""
        error = str(value.get("error", ""))
        if error:
            return cls(int(value["at_ms"]), None, error)
        numbers = {name: int(value[name]) for name in ("start", "size", "public", "own", "views", "newer")}
        return cls(int(value["at_ms"]), AuditResult(**numbers, faults=tuple(value["faults"])))


def last_audit(store: Store) -> AuditReport | None:
    """What the last audit of a store found; ``None`` before the first."""
    found = store.trust.audit_result
    return AuditReport.from_json(found) if found else None


def late_since_ms(store: Store, now_ms: int) -> int:
    """Since when no audit has come to its end, if that is too long; else 0.

    Args:
        store: whose ledger is audited.
        now_ms: by this machine's clock, milliseconds since 1970 UTC.
    """
    since_ms = store.trust.audit_ended_ms or store.trust.audit_begun[1]
    return since_ms if since_ms and now_ms - since_ms > AUDIT_LATE_MS else 0


async def audit_once(state: State, run: Callable[[], Awaitable[AuditResult]]) -> AuditReport:
    """Audit, and keep what was found.

    Args:
        state: what the client believes; the report is kept in its store.
        run: audits.

    Raises:
        OSError: the hub could not be reached; nothing was kept.
        SeraiError: ``storage_failed``: what was found could not be kept.
    """
    began_ms = state.system.clock.time_ms()
    result, error = None, ""
    try:
        result = await run()
    except OSError:
        raise
    except SeraiError as fault:
        error = str(fault)
    except Exception as fault:
        log.exception("the audit failed")
        error = str(SeraiError(Code.INTERNAL, type(fault).__name__))
    report = AuditReport(max(began_ms, state.store.trust.audit_asked_ms), result, error)
    with state.store.transaction():
        state.store.trust.set_audit_result(report.to_json())
        if result is not None:
            state.store.trust.set_audit_ended(state.system.clock.local_ms())
    return report
