"""How much of attachments a member may have that no dispatch carries."""

from __future__ import annotations

import pytest

from broker.core.quota import Quota, Usage, check_quota
from schemas.errors import Code
from tests.support.refusals import refused

QUOTA = Quota(partial=2, waiting_bytes=100, day_bytes=200)


@pytest.mark.parametrize(("usage", "size"), [(Usage(1, 0, 0), 100), (Usage(0, 90, 0), 10), (Usage(0, 0, 190), 10)])
def test_up_to_the_bound(usage: Usage, size: int) -> None:
    """All that is allowed may be had."""
    check_quota(usage, size, QUOTA)


@pytest.mark.parametrize(
    ("usage", "size", "why"),
    [(Usage(2, 0, 0), 1, "not whole"), (Usage(0, 90, 0), 11, "no dispatch"), (Usage(0, 0, 195), 6, "today")],
)
def test_beyond_a_bound(usage: Usage, size: int, why: str) -> None:
    """Each bound holds by itself, and says which it is."""
    with refused(Code.QUOTA_EXCEEDED, why):
        check_quota(usage, size, QUOTA)
