"""Profiles as a client holds them: covers and contents without keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from schemas.addresses import Address, is_officer
from schemas.claims import Dispatch
from schemas.operations.held import EpochStart, HeldStep, StepContent
from schemas.operations.profiles import MemberProfile, profiles_of
from schemas.reports.reading import read_members
from tests.support.story import NETWORK, at_ms, digest_of

POSTS: Final[Mapping[str, frozenset[str]]] = {
    "DUTY-1": frozenset({"exchange", "duty_officer"}),
    "CHIEF": frozenset({"exchange", "authorising_officer"}),
    "SUPERVISOR": frozenset({"exchange", "supervisor"}),
}
"""Roles of officers, by the end of their address."""

MINIMAL_PROFILE: Final[dict[str, Any]] = {"report": "profile", "version": 1, "our_reference": "KZ-P-1"}
"""The least of a profile."""


def held_profile(**claims: Any) -> Dispatch:
    """The cover of a dispatch, with claims besides the usual ones."""
    usual = {
        "iss": "KZ/NFP/DUTY-1",
        "aud": NETWORK,
        "jti": "01939c2f-0000-7000-8000-000000000000",
        "iat": at_ms(0) // 1_000,
        "to": ["UZ/NFP", "TJ/NFP"],
        "kind": "profile",
        "status": "actual",
        "precedence": "routine",
        "handling": "H1",
        "content": {"digest": "A" * 43, "commitment": "A" * 43, "entries": "A" * 43, "size": 2_048},
    }
    return Dispatch.model_validate({**usual, **claims}, context={"lenient": True})


class Papers:
    """Profiles of members, one after another, and what was done to them."""

    def __init__(self) -> None:
        self.held: list[HeldStep] = []
        self.epochs: list[EpochStart] = []

    def add(self, name: str, who: str, minute: float, content: Mapping[str, Any] | None = None, **more: Any) -> None:
        """A dispatch.

        Args:
            name: its digest follows from it.
            who: signs.
            minute: of its acceptance.
            content: members beside the least of a profile.
            more: ``refs`` (relation to name), ``number``, ``signed`` (minute); claims of the cover.
        """
        refs = [{"rel": rel, "digest": digest_of(each)} for rel, each in more.pop("refs", ())]
        number, signed = more.pop("number", 100 + len(self.held)), more.pop("signed", minute)
        roles = POSTS[who.split("/")[2]] if is_officer(Address(who)) else frozenset({"exchange"})
        cover = held_profile(iss=who, iat=int(at_ms(signed) // 1_000), **({"refs": refs} if refs else {}), **more)
        members = {**MINIMAL_PROFILE, **(content or {})}
        said = StepContent(members, read_members(members, "profile"))
        self.held.append(HeldStep(digest_of(name), number, at_ms(minute), cover, roles, said))

    def countersign(self, name: str, who: str, minute: float, **more: Any) -> None:
        """A countersignature of a profile."""
        self.add(f"{who} signs {name}", who, minute, refs=[("countersign", name)], **more)

    def confirmed(self, name: str, minute: float, content: Mapping[str, Any] | None = None, **more: Any) -> None:
        """A profile of KZ that its authorising officer has countersigned a minute later."""
        self.add(name, "KZ/NFP/DUTY-1", minute, content, **more)
        self.countersign(name, "KZ/NFP/CHIEF", minute + 1, **more)

    def at(self, minute: float, member: str = "KZ/NFP", status: str = "actual") -> MemberProfile:
        """What a member has stated, as of a minute."""
        found = profiles_of(self.held, status, at_ms(minute), self.epochs)
        return found.get(Address(member), MemberProfile(Address(member)))

    def counts(self, minute: float = 1_000, member: str = "KZ/NFP", status: str = "actual") -> str | None:
        """The digest of the profile that counts as of a minute."""
        profile = self.at(minute, member, status).counts
        return None if profile is None else profile.digest


def full_profile() -> dict[str, Any]:
    """A profile that says all that the form has of its own; made up."""
    on_conditions = {"permitted": "conditions", "conditions": "By order of the prosecutor"}
    return {
        **MINIMAL_PROFILE,
        "contacts": [
            {"post": "Duty officer", "telephone": "+7 700 000-00-01", "hours": "always", "note": "Kazakh, Russian"},
            {"post": "Deputy prosecutor", "telephone": "+7 700 000-00-02", "hours": "day"},
        ],
        "authorised_by": ["Deputy prosecutor"],
        "legal_basis": "An example of a law",
        "substitution": ["none", "part"],
        "substitution_conditions": "Samples stay",
        "letter_of_request": "after",
        "notice_hours": "24",
        "longest_validity_hours": "720",
        "oral_requests": {**on_conditions, "confirmed_within_hours": "24"},
        "urgent_crossing": {**on_conditions, "report_within_minutes": "60", "report_to": "Duty officer"},
        "languages": ["ru", "en"],
        "foreign_officers": {"permitted": "no"},
        "technical_means": {"permitted": "yes"},
        "must_interdict": ["Surveillance is lost"],
        "must_state": ["offence", "identifiers"],
        "must_state_further": ["Article of the criminal code"],
        "further": [{"label": "Form", "value": "No. 4"}],
    }
