"""The order of steps: when each counts from, and which of one member's is later (rules F5 and F7, PROTOCOL 16)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Final

from schemas.addresses import Address, member_of
from schemas.operations.held import EpochStart, HeldStep
from schemas.operations.moments import DAY_MS

REPEATED_MS: Final = 7 * DAY_MS
"""How long after the statement of an epoch a step may be admitted and count as repeated (rule F7)."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When a step counts from (rule F7).

    Attributes:
        effective_ms: acceptance, or the signer's clock if it is repeated.
        repeated: whether it is.
        key: by it, steps of one member that do not reach each other follow each other (rule F5).
    """

    effective_ms: int
    repeated: bool
    key: tuple[int, int, int, int]


def timing_of(step: HeldStep, epochs: Sequence[EpochStart]) -> Timing:
    """When a step counts from.

    Args:
        step: with its cover.
        epochs: in the order of their numbers.
    """
    at = bisect_right(epochs, step.number, key=lambda epoch: epoch.number) - 1
    signed_ms = step.cover.iat * 1_000
    if at >= 0 and signed_ms < epochs[at].stated_ms and step.accepted_ms <= epochs[at].stated_ms + REPEATED_MS:
        return Timing(signed_ms, repeated=True, key=(at, 0, signed_ms, step.number))
    return Timing(step.accepted_ms, repeated=False, key=(at, 1, 0, step.number))


def resealed(steps: Iterable[HeldStep]) -> dict[str, str]:
    """What each reseal brings again, by its digest: where a step names a reseal, it names that."""
    found: dict[str, str] = {}
    for step in steps:
        claim = step.cover.operation
        brought = [ref.digest for ref in step.cover.refs or () if ref.rel == "reseal"]
        if claim is not None and claim.do is None and brought:
            found[step.digest] = found.get(brought[0], brought[0])
    return found


def named_by(step: HeldStep, brings: Mapping[str, str]) -> tuple[str, ...]:
    """Digests of the steps that a step names, by `after` or by `refs`.

    Args:
        step: that names.
        brings: what each reseal brings again.
    """
    claim = step.cover.operation
    after = claim.after or [] if claim is not None else []
    named = [*after, *(ref.digest for ref in step.cover.refs or ())]
    return tuple(dict.fromkeys(brings.get(digest, digest) for digest in named))


def order_steps(
    steps: Iterable[HeldStep], timings: Mapping[str, Timing], brings: Mapping[str, str]
) -> tuple[dict[str, int], frozenset[str]]:
    """The rank of each step among those of its member, and the steps that name each other in a circle (rule F5).

    Again and again, of the steps of a member that reach none of its own that is not placed yet, the one with the
    lowest key is placed.

    Args:
        steps: each once.
        timings: of each, by digest.
        brings: what each reseal brings again.
    """
    by_digest = {step.digest: step for step in steps}
    keys = {digest: timings[digest].key for digest in by_digest}
    names = {digest: named_by(step, brings) for digest, step in by_digest.items()}
    walk, circle = _walk(names, keys)
    places = {digest: at for at, digest in enumerate(walk)}
    masks: dict[Address, int] = defaultdict(int)
    for digest, at in places.items():
        masks[member_of(by_digest[digest].cover.iss)] |= 1 << at
    reached: list[int] = []
    ranks: dict[str, int] = {}
    own: dict[Address, list[str]] = defaultdict(list)
    for at, digest in enumerate(walk):
        bits = 0
        for named in names[digest]:
            place = places.get(named, at)
            if place < at:
                bits |= reached[place] | 1 << place
        reached.append(bits)
        own[member_of(by_digest[digest].cover.iss)].append(digest)
    for member, digests in own.items():
        before = {digest: reached[places[digest]] & masks[member] for digest in digests}
        ranks.update({digest: rank for rank, digest in enumerate(_placed(digests, before, keys, walk))})
    return ranks, circle


def _walk(
    names: Mapping[str, tuple[str, ...]], keys: Mapping[str, tuple[int, ...]]
) -> tuple[list[str], frozenset[str]]:
    """Steps, named before naming; those in a circle, and what rests on them, last."""
    waits: dict[str, int] = {}
    namers: dict[str, list[str]] = defaultdict(list)
    for digest, everything in names.items():
        named = [each for each in everything if each in names]
        waits[digest] = len(named)
        for each in named:
            namers[each].append(digest)
    free = [(keys[digest], digest) for digest, count in waits.items() if not count]
    heapify(free)
    walk: list[str] = []
    while free:
        _key, digest = heappop(free)
        walk.append(digest)
        for namer in namers[digest]:
            waits[namer] -= 1
            if not waits[namer]:
                heappush(free, (keys[namer], namer))
    circle = frozenset(names) - frozenset(walk)
    return walk + sorted(circle, key=lambda digest: (keys[digest], digest)), circle


def _placed(
    digests: Sequence[str], before: Mapping[str, int], keys: Mapping[str, tuple[int, ...]], walk: Sequence[str]
) -> list[str]:
    """One member's steps in their order; each waits for the first that it reaches and that is not placed."""
    free = [(keys[digest], digest) for digest in digests]
    heapify(free)
    waiting: dict[str, list[str]] = defaultdict(list)
    left = dict(before)
    done, places, placed = 0, {digest: at for at, digest in enumerate(walk)}, []
    while free:
        _key, digest = heappop(free)
        left[digest] &= ~done
        if left[digest]:
            waiting[walk[(left[digest] & -left[digest]).bit_length() - 1]].append(digest)
            continue
        placed.append(digest)
        done |= 1 << places[digest]
        for each in waiting.pop(digest, ()):
            heappush(free, (keys[each], each))
    return placed
