"""What a decision repeats of a plan: the digests of its legs and of its common part (PROTOCOL 16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas.canonical import canonical_json
from schemas.encoding import encode_base64url, sha256
from schemas.reports.operations import COMMON


def leg_digest(leg: Mapping[str, Any]) -> str:
    """Digest of a leg.

    Args:
        leg: its members as written, those of a later version too: what changes them changes what was agreed to.
    """
    return encode_base64url(sha256(canonical_json(leg)))


def common_digest(plan: Mapping[str, Any]) -> str:
    """Digest of the common part of a plan.

    Args:
        plan: all its members as written.
    """
    return encode_base64url(sha256(canonical_json({name: plan[name] for name in COMMON if name in plan})))


def legs_of(plan: Mapping[str, Any]) -> dict[str, str]:
    """The digest of each leg of a plan, by its name.

    Args:
        plan: all its members as written; what is no leg in it is left out.
    """
    legs = plan.get("legs")
    named = [leg for leg in legs if isinstance(leg, Mapping)] if isinstance(legs, list) else []
    return {leg["leg"]: leg_digest(leg) for leg in reversed(named) if isinstance(leg.get("leg"), str)}
