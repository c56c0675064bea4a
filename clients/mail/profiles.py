"""Profiles of countries as this client holds them (PROTOCOL 16)."""

from __future__ import annotations

from dataclasses import replace

from clients.mail.operations import epochs_of, hold_dispatches
from clients.mail.state import State
from schemas.addresses import Address
from schemas.operations.held import HeldStep, LeafOnly
from schemas.operations.profiles import KIND, MemberProfile, profiles_of
from schemas.operations.terms import MissingHow


def read_profiles(state: State, status: str, moment_ms: int | None = None) -> dict[Address, MemberProfile]:
    """The profile of each member of which one is here, as of a moment.

    Args:
        state: what this client believes, with its store.
        status: within which: an exercise's profiles are not there for what is actual.
        moment_ms: milliseconds since 1970 UTC, by the network's time; now if ``None``.
    """
    references = state.store.references
    listed = references.of_kind(KIND)
    brought = [each.source for each in listed]
    cancels = [each.source for digest in brought for each in references.to(digest, "cancel")]
    here = hold_dispatches(state, (*brought, *cancels))
    held = [each for each in here if isinstance(each, HeldStep)]
    gone = {each.digest: each.number for each in here if isinstance(each, LeafOnly) and each.how is MissingHow.NOT_KEPT}
    last_gone: dict[Address, int] = {}
    for each in listed:
        if each.source in gone and each.status == status:
            last_gone[each.member] = max(gone[each.source], last_gone.get(each.member, -1))
    now_ms = state.system.clock.time_ms() if moment_ms is None else moment_ms
    found = profiles_of(held, status, now_ms, epochs_of(state))
    return {member: _unless_gone(each, last_gone.get(member, -1)) for member, each in found.items()}


def _unless_gone(profile: MemberProfile, last_gone: int) -> MemberProfile:
    """Where a newer one was deleted here nobody can say what counts: nothing is known, and the older one is not it."""
    counts = profile.counts
    return replace(profile, counts=None) if counts is not None and counts.held.number < last_gone else profile
