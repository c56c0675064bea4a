"""A country that states its profile, with real clients at a scripted hub."""

from __future__ import annotations

from typing import Any

from clients.actions.profiles import prepare_countersignature, profile_cover
from clients.actions.writing import Marking, send_report
from schemas.addresses import Address
from schemas.reports.profile import ProfileReport
from tests.support.crew import Crew
from tests.support.profiles import full_profile
from tests.support.world import KZ


def state_profile(crew: Crew, status: Any = None, **members: Any) -> str:
    """KZ states a profile that counts; gives its digest."""
    office, digests = crew[KZ], []
    for post in ("DUTY-1", "CHIEF"):
        officer = Address(f"{KZ}/{post}")
        if post == "CHIEF":
            ready = prepare_countersignature(office, Marking(status), officer)
            report, cover = ready.report, ready.cover
        else:
            report = ProfileReport.model_validate({**full_profile(), **members})
            cover = profile_cover(office, Marking(status), officer)
        (sent,) = send_report(office, report, cover, "profile")
        office.desk.flush()
        office.sync()
        digests.append(office.desk.digest_of(sent.id))
    crew.sync()
    return digests[0]
