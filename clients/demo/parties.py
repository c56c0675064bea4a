"""The network of the demonstration: a root, a hub, seven focal points and the Centre's room."""

from __future__ import annotations

from typing import Final

from clients.keys.keystore import CHEAP
from clients.network.plan import MemberPlan, NetworkPlan, OfficerPlan
from schemas.addresses import Address

FOCAL_POINTS: Final = tuple(Address(f"{country}/NFP") for country in ("KZ", "KG", "TJ", "TM", "UZ", "AZ", "RU"))
"""The members that speak for a country."""

DESK, NEIGHBOUR = Address("KZ/NFP"), Address("UZ/NFP")
"""The member whose desk is shown, and the one that warns it."""

ROOM: Final = Address("CENTRE/ROOM")
"""The Centre's coordination room."""

MEMBERS: Final = (*FOCAL_POINTS, ROOM)
"""Every party of the network."""

PASSPHRASE: Final = "demonstration"  # noqa: S105 - no secret
"""Opens every store and the root's keys: nothing in this network is worth a secret."""

OFFICERS_PASSPHRASE: Final = "demonstration of officers"  # noqa: S105 - no secret
"""Opens the key of every officer."""


def _plan_member(member: Address) -> MemberPlan:
    roles = ("exchange", "certify", *(("audit", "coordinate") if member == ROOM else ()))
    return MemberPlan(member, member, roles, (OfficerPlan(Address(f"{member}/DUTY-1")),))


PLAN: Final = NetworkPlan(
    "caricc", tuple(_plan_member(member) for member in MEMBERS), PASSPHRASE, OFFICERS_PASSPHRASE, cost=CHEAP
)
"""What the network is made of."""
