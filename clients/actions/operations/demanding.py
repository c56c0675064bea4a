"""The profiles on which a plan rests: frozen into it by digest, with what it does not meet of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from clients.actions.client import Client
from clients.actions.operations.known import KnownOperation
from clients.mail.profiles import read_profiles
from schemas.addresses import Address
from schemas.operations.demands import UnmetDemand, unmet_demands
from schemas.operations.held import StepContent
from schemas.operations.profiles import MemberProfile
from schemas.reports.base import LINE_CHARACTERS
from schemas.reports.operations import OperationForm, PlanContent
from schemas.reports.operations.parts import ProfileDemand
from schemas.text import CONTROLS, UNSEEN

_DECIDE: Final = frozenset({"origin", "transit", "destination"})
_MOST_PROFILES: Final = 32
_MOST_DEMANDS: Final = 32
_ROOM_BYTES: Final = 32 << 10
"""For the demands of all countries in a plan: no profile may make a request too long to be sent."""

_NOT_IN_LINES: Final = re.compile(f"[{CONTROLS}{UNSEEN}]")
"""What a country's text of several lines may have, and a line of the form may not."""


def rest_on_profiles(
    client: Client, form: OperationForm, parts: tuple[tuple[Address, str], ...], status: str
) -> tuple[OperationForm, tuple[UnmetDemand, ...]]:
    """A plan with the profiles of the countries that decide on it, and what it does not meet of them.

    Whatever it had of profiles before is made anew: a plan rests on what counts when it is sent.

    Args:
        client: whose.
        form: as it was entered; what is no plan stays as it is.
        parts: of all whom it names.
        status: of the operation: an exercise's profiles are not there for what is actual.
    """
    if not isinstance(form, PlanContent):
        return form, ()
    now_ms = client.state.system.clock.time_ms()
    found = read_profiles(client.state, status, now_ms)
    deciders = (*(member for member, part in parts if part in _DECIDE), *(leg.member for leg in form.legs))
    frozen, unmet, room = [], list[UnmetDemand](), _ROOM_BYTES
    for member in dict.fromkeys(each for each in deciders if each != client.member):
        version = found.get(member, MemberProfile(member)).counts
        demands = unmet_demands(form, member, version.form if version is not None else None, now_ms)
        unmet += demands
        if version is not None:
            lines = _fitting([_line(each) for each in demands], room)
            room -= sum(len(each.encode()) for each in lines)
            frozen.append(ProfileDemand(member=member, digest=version.digest, not_met=lines))
    return form.model_copy(update={"profiles": tuple(frozen[:_MOST_PROFILES])}), tuple(unmet)


def frozen_profile(known: KnownOperation | None, plan: str | None, member: Address) -> str | None:
    """The digest of the profile of a member on which a plan rests; ``None`` if it rests on none.

    Args:
        known: the operation.
        plan: digest of the plan.
        member: whose profile.
    """
    step = known.step(plan) if known is not None else None
    form = step.content.read.form if step is not None and isinstance(step.content, StepContent) else None
    frozen = form.profiles if isinstance(form, PlanContent) else ()
    return next((each.digest for each in frozen if each.member == member), None)


def newer_profile(client: Client, frozen: str | None, status: str) -> str | None:
    """The digest of the own profile that counts, where a plan rests on another one of ours.

    Args:
        client: whose.
        frozen: digest of the one on which the plan rests; ``None`` if it rests on none.
        status: of the operation.
    """
    counts = read_profiles(client.state, status).get(client.member, MemberProfile(client.member)).counts
    return counts.digest if frozen is not None and counts is not None and counts.digest != frozen else None


def _fitting(lines: Sequence[str], room: int) -> tuple[str, ...]:
    """The demands for which there is room in a plan; how many more there are stands in the last line, as ``+3``."""
    kept: list[str] = []
    for line in lines:
        room -= len(line.encode())
        if room < 0 or (len(kept) == _MOST_DEMANDS - 1 and len(lines) > _MOST_DEMANDS):
            return (*kept, f"+{len(lines) - len(kept)}")
        kept.append(line)
    return tuple(kept)


def _line(demand: UnmetDemand) -> str:
    """A demand in a line of the form, by its code: who reads has the profile itself."""
    text = _NOT_IN_LINES.sub("\N{REPLACEMENT CHARACTER}", " ".join(demand.words.split()))
    return f"{demand.kind.value}: {text}"[:LINE_CHARACTERS] if text else demand.kind.value
