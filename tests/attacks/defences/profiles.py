"""Country profiles: who states what (PROTOCOL 16)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

PROFILES: Final = "schemas/operations/profiles.py"
DEMANDING: Final = "clients/actions/operations/demanding.py"

_TWO: Final = "is_officer(by) and is_officer(of) and by != of and member_of(by) == member_of(of)"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a profile is of one status",
        Edit(PROFILES, " for each in dispatches if each.cover.status == status", " for each in dispatches"),
        "profiles::test_profile_of_an_exercise",
        "profiles::test_real_profile_in_an_exercise",
        "profiles::test_countersignature_of_an_exercise",
    ),
    off(
        "a plan rests on profiles of its own status",
        Edit(
            "clients/actions/operations/demanding.py",
            "read_profiles(client.state, status, now_ms)",
            'read_profiles(client.state, "exercise", now_ms)',
        ),
        "profiles::test_real_request_that_rests_on_a_played_profile",
    ),
    off(
        "a draft counts for nobody",
        Edit(PROFILES, "draft = ProfileVersion(held)", "counts = ProfileVersion(held, here.at_ms[held.digest])"),
        "profiles::test_draft_that_nobody_has_countersigned",
    ),
    off(
        "a profile is countersigned by a second person",
        Edit(PROFILES, _TWO, _TWO.replace(" and by != of", "")),
        "profiles::test_profile_countersigned_by_its_own_signer",
    ),
    off(
        "who countersigns a profile has the post",
        Edit(PROFILES, "has_post = bool(held.roles & COUNTERSIGNERS)", "has_post = True"),
        "profiles::test_profile_countersigned_without_the_post",
    ),
    off(
        "a profile is its own member's",
        Edit(PROFILES, _TWO, _TWO.replace(" and member_of(by) == member_of(of)", "")),
        "profiles::test_profile_countersigned_by_another_member",
    ),
    off(
        "officers sign profiles",
        Edit(PROFILES, _TWO, _TWO.replace(" and is_officer(of)", "")),
        "profiles::test_profile_that_a_machine_signs",
    ),
    off(
        "the newest profile counts",
        Edit(
            PROFILES,
            "    for held in filter(is_version, own):",
            "    for held in reversed([*filter(is_version, own)]):",
        ),
        "profiles::test_old_draft_countersigned_over_a_newer_profile",
        "profiles::test_old_profile_countersigned_again",
    ),
    off(
        "only its member takes a profile back",
        Edit(PROFILES, "for each in own for digest in", "for each in here.dispatches for digest in"),
        "profiles::test_profile_that_another_member_takes_back",
    ),
    off(
        "what a profile has replaced does not count again",
        never(PROFILES, "elif signed:"),
        "profiles::test_old_profile_brought_back_by_a_cancel",
    ),
    off(
        "what a profile says is quoted in lines",
        Edit(DEMANDING, 'f"[{CONTROLS}{UNSEEN}]"', 'r"(?!)"'),
        "profiles::test_text_in_a_profile_that_no_request_can_quote",
    ),
)
