"""The own profile from a draft: stated, and countersigned by another officer."""

from __future__ import annotations

from clients.actions.drafts.record import Act
from clients.errors import LocalCode
from schemas.addresses import Address
from tests.support.crew import Crew
from tests.support.scribe import Scribe, fault_of
from tests.support.stating import state_profile
from tests.support.world import KZ


def test_a_profile_is_stated_and_countersigned(crew: Crew) -> None:
    """One officer changes it, an authorising one makes it count; both type their passphrase once more."""
    state_profile(crew)
    duty, chief = (Scribe(crew[KZ], Address(f"{KZ}/{post}")) for post in ("DUTY-1", "CHIEF"))
    draft = duty.begin(Act.PROFILE, kind="")
    assert duty.show(draft).gaps.is_unchanged
    review = duty.show(duty.write(draft, {"notice_hours": "12"}))
    assert (review.fault, review.needs_passphrase) == (None, True)
    assert duty.sign(review) is not None
    crew[KZ].desk.flush()
    crew[KZ].sync()
    own = duty.show(duty.begin(Act.COUNTERSIGN, kind=""))
    assert fault_of(own) == LocalCode.PROFILE_UNSIGNED
    countersigned = chief.show(chief.begin(Act.COUNTERSIGN, kind=""))
    assert countersigned.dispatch is not None
    assert countersigned.dispatch.before is not None
    assert chief.sign(countersigned) is not None
