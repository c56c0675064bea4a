"""What a client holds of an operation that a toy ledger has, and what of a folded state does not depend on numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any, Final

from broker.core.admission.effects import Admitted
from schemas.addresses import is_officer
from schemas.claims import Dispatch
from schemas.encoding import encode_base64url
from schemas.operations.asof import picture_of
from schemas.operations.digests import common_digest, legs_of
from schemas.operations.fold import Folded, fold
from schemas.operations.held import EpochStart, HeldOperation, HeldStep
from schemas.operations.table import PLANS
from schemas.rules.certifying import acting_roles
from tests.support.operations import ROLES, Draft
from tests.support.story import content_of
from tests.support.world import START_S, World

HOURS: Final = (0, 1, 6, 24, 47, 200)
"""Moments of a world, in hours, at which pictures are compared."""

_BY_NUMBER: Final = frozenset({"number", "accepted_ms", "repeated"})
"""What depends on when something was admitted."""

_UNORDERED: Final = frozenset(
    {"decisions", "stops", "steps", "clocks", "contradictions", "missing", "named_by", "newer", "crossings"}
    | {"authority", "blocks", "whose_move", "met", "running", "overdue", "warnings"}
)
"""What is in the order of numbers where nothing else orders it."""


def hold(world: World, drafts: Sequence[Draft], results: Mapping[str, object], of: str = "open") -> HeldOperation:
    """What somebody holds who got everything.

    Args:
        world: whose epochs count.
        drafts: in the order in which they were made.
        results: what became of each, by name.
        of: name of what opens the operation.
    """
    by_name = {draft.name: draft for draft in drafts}
    steps = []
    for draft in drafts:
        found = results.get(draft.name)
        if isinstance(found, Admitted) and of in (draft.of, draft.name):
            steps.append(_held(draft, found, by_name))
    opened = results[of]
    assert isinstance(opened, Admitted)
    epochs = [
        EpochStart(each.statement.claims.index, 1_000 * each.statement.claims.iat) for each in world.directory.epochs
    ]
    return HeldOperation(encode_base64url(opened.leaf.digest), tuple(steps), epochs=tuple(epochs))


def _held(draft: Draft, admitted: Admitted, by_name: Mapping[str, Draft]) -> HeldStep:
    cover = admitted.statement.claims
    assert isinstance(cover, Dispatch)
    content = {**_repeats(draft, by_name), **draft.content}
    digest = encode_base64url(admitted.leaf.digest)
    said = content_of(draft.do or "cancel", content)
    return HeldStep(digest, admitted.index, admitted.leaf.accepted_at, cover, roles_of(cover), said)


def roles_of(cover: Dispatch) -> frozenset[str]:
    """Roles of who signs a step."""
    held = ROLES[cover.iss.split("/")[-1]] if is_officer(cover.iss) else ("exchange", "certify")
    return frozenset(acting_roles(cover.iss, frozenset(held)))


def _repeats(draft: Draft, by_name: Mapping[str, Draft]) -> dict[str, Any]:
    """The digests of a plan that a decision repeats, for the legs of its member."""
    plan = next((by_name[name] for rel, name in draft.refs if rel == "reply"), None)
    if draft.do != "decide" or plan is None or plan.do not in PLANS:
        return {}
    members = content_of(plan.do or "", plan.content).members
    own = [leg["leg"] for leg in members.get("legs", ()) if draft.iss.startswith(leg["member"])]
    digests = legs_of(members)
    return {"common": common_digest(members), "legs": [{"leg": leg, "digest": digests[leg]} for leg in own]}


def seen(held: HeldOperation) -> dict[str, object]:
    """The folded state, and pictures of it, without what depends on when something was admitted."""
    folded = fold(held)
    pictures = {hour: picture_of(folded, 1_000 * (START_S + 3_600 * hour)) for hour in HOURS}
    return {"state": plain(folded.state), **{f"hour {hour}": plain(each) for hour, each in pictures.items()}}


def plain(value: object, name: str = "") -> object:
    """A value that compares without numbers of the ledger."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: plain(getattr(value, each.name), each.name)
            for each in fields(value)
            if each.name not in _BY_NUMBER
        }
    if isinstance(value, (tuple, list)):
        items = [plain(each) for each in value]
        return sorted(items, key=repr) if name in _UNORDERED else items
    return {key: plain(each) for key, each in sorted(value.items())} if isinstance(value, dict) else value


def control_is_one(folded: Folded) -> bool:
    """Whether exactly one holds the goods at every moment, or it is red."""
    spans = folded.state.control
    ordered = all(first.since_ms <= second.since_ms for first, second in pairwise(spans))
    return bool(spans) and ordered and all(bool(each.rivals) == (each.colour == "red") for each in spans)
