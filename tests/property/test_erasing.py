"""What is erased together: any texts, in any mailboxes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from broker.core.admission.events import Holding, erasures
from schemas import limits
from schemas.claims import Lane
from schemas.encoding import Digest
from tests.support.world import KG, KZ, UZ

_LANES: list[Lane] = ["urgent", "normal"]
_MEMBERS = st.sampled_from([(KG,), (KZ, UZ), (KG, KZ, UZ), ()])
_HOLDINGS = st.lists(st.tuples(st.sampled_from(_LANES), _MEMBERS, st.booleans()), max_size=200).map(
    lambda rows: [Holding(Digest(at.to_bytes(32)), *row) for at, row in enumerate(rows)]
)


@given(_HOLDINGS)
def test_each_text_is_named_once_to_just_its_readers(holdings: list[Holding]) -> None:
    """Whatever can be erased is named in one event, on its lane, to those who lose it; an event names 64 at most."""
    drafts = erasures(holdings, "law")
    named = {digest: (draft.lane, draft.to) for draft in drafts for digest in draft.digests}
    assert named == {each.digest: (each.lane, each.members) for each in holdings if each.can_be_erased and each.members}
    assert sum(len(draft.digests) for draft in drafts) == len(named)
    assert all(0 < len(draft.digests) <= limits.ERASED for draft in drafts)
