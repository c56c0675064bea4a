"""Which profile of a country counts as of a moment, and which is a draft (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from schemas.addresses import Address, is_officer, member_of
from schemas.labels import Role
from schemas.operations.held import EpochStart, HeldStep, StepContent
from schemas.operations.order import timing_of
from schemas.reports.profile import ProfileReport

KIND: Final = "profile"
"""Kind of the dispatches that bring profiles, and of those that countersign them."""

COUNTERSIGNERS: Final[frozenset[str]] = frozenset({Role.SUPERVISOR.value, Role.AUTHORISING_OFFICER.value})
"""Posts, one of which a countersigner has."""

_NO_VERSION: Final = frozenset({"countersign", "cancel", "reseal"})


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One profile that a member has sent.

    Attributes:
        held: the dispatch.
        counts_from_ms: when it was countersigned, in milliseconds since 1970 UTC; ``None`` of a draft.
        countersigned_by: the officer who did that; ``None`` of a draft.
    """

    held: HeldStep
    counts_from_ms: int | None = None
    countersigned_by: Address | None = None

    @property
    def digest(self) -> str:
        """Of the dispatch: what a plan that rests on it names."""
        return self.held.digest

    @property
    def form(self) -> ProfileReport | None:
        """What it says; ``None`` if that cannot be read here, which permits nothing."""
        content = self.held.content
        form = content.read.form if isinstance(content, StepContent) else None
        return form if isinstance(form, ProfileReport) else None


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """What a member has stated of itself.

    Attributes:
        member: whose.
        counts: what others go by; ``None``: nothing is known, ask now.
        draft: a newer one that nobody has countersigned; it is shown beside, and nothing follows from it.
    """

    member: Address
    counts: ProfileVersion | None = None
    draft: ProfileVersion | None = None


def profiles_of(
    dispatches: Iterable[HeldStep], status: str, moment_ms: int, epochs: Sequence[EpochStart] = ()
) -> dict[Address, MemberProfile]:
    """The profile of each member that has sent one, as of a moment.

    Args:
        dispatches: of the kind, and those that cancel one, in any order, of all members; others have no effect.
        status: within which; what is of another status is not there.
        moment_ms: milliseconds since 1970 UTC; what came later is not there.
        epochs: of the ledger, in the order of their numbers.
    """
    timed = {each.digest: (timing_of(each, epochs), each) for each in dispatches if each.cover.status == status}
    in_time = (pair for pair in timed.values() if pair[0].effective_ms <= moment_ms)
    here = _Here(
        [each for _, each in sorted(in_time, key=lambda pair: pair[0].key)],
        {digest: timing.effective_ms for digest, (timing, _) in timed.items()},
    )
    members = sorted({member_of(each.cover.iss) for each in here.dispatches if is_version(each)})
    return {member: _profile(member, here) for member in members}


@dataclass(frozen=True, slots=True)
class _Here:
    """What is here of one status as of the moment, in its order, and when each counts from."""

    dispatches: Sequence[HeldStep]
    at_ms: Mapping[str, int]


def _profile(member: Address, here: _Here) -> MemberProfile:
    """The newest that was countersigned counts, in whatever order that was done; the newest after it is the draft."""
    own = [each for each in here.dispatches if member_of(each.cover.iss) == member]
    cancelled = {digest for each in own for digest in _named(each, "cancel")}
    counts: ProfileVersion | None = None
    draft: ProfileVersion | None = None
    for held in filter(is_version, own):
        signed = [each for each in here.dispatches if countersigns(each, held)]
        standing = [each for each in signed if not {held.digest, each.digest} & cancelled]
        if standing:
            counts_ms = max(here.at_ms[standing[0].digest], here.at_ms[held.digest])
            counts, draft = ProfileVersion(held, counts_ms, standing[0].cover.iss), None
        elif signed:  # it counted, and was taken back: what it had replaced does not count again
            counts, draft = None, None
        elif held.digest not in cancelled:
            draft = ProfileVersion(held)
    return MemberProfile(member, counts, draft)


def is_version(held: HeldStep) -> bool:
    """Whether a dispatch brings a profile, and does not speak of one."""
    return held.cover.kind == KIND and not any(ref.rel in _NO_VERSION for ref in held.cover.refs or ())


def countersigns(held: HeldStep, profile: HeldStep) -> bool:
    """Whether a dispatch makes a profile of the same status count: another officer of the same member, with the post.

    Args:
        held: the dispatch.
        profile: what it may name.
    """
    by, of = held.cover.iss, profile.cover.iss
    are_two = is_officer(by) and is_officer(of) and by != of and member_of(by) == member_of(of)
    has_post = bool(held.roles & COUNTERSIGNERS)
    return are_two and has_post and held.cover.kind == KIND and profile.digest in _named(held, "countersign")


def _named(held: HeldStep, rel: str) -> list[str]:
    return [ref.digest for ref in held.cover.refs or () if ref.rel == rel]
