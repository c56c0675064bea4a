"""Profiles of countries as this client holds them (PROTOCOL 16)."""

from __future__ import annotations

from clients.mail.operations import epochs_of, hold_dispatches
from clients.mail.state import State
from schemas.addresses import Address
from schemas.operations.held import HeldStep
from schemas.operations.profiles import KIND, MemberProfile, profiles_of


def read_profiles(state: State, status: str, moment_ms: int | None = None) -> dict[Address, MemberProfile]:
    """The profile of each member of which one is here, as of a moment.

    Args:
        state: what this client believes, with its store.
        status: within which: an exercise's profiles are not there for what is actual.
        moment_ms: milliseconds since 1970 UTC, by the network's time; now if ``None``.
    """
    references = state.store.references
    brought = [each.source for each in references.of_kind(KIND)]
    cancels = [each.source for digest in brought for each in references.to(digest, "cancel")]
    held = [each for each in hold_dispatches(state, (*brought, *cancels)) if isinstance(each, HeldStep)]
    now_ms = state.system.clock.time_ms() if moment_ms is None else moment_ms
    return profiles_of(held, status, now_ms, epochs_of(state))
