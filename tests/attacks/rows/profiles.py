"""Attacks on what countries state of themselves."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Country profiles",
        "profiles",
        (
            (
                "profile of an exercise over a real one, or the other way round",
                "only profiles of the same status are there",
                "test_profile_of_an_exercise",
                "test_real_profile_in_an_exercise",
                "test_countersignature_of_an_exercise",
            ),
            (
                "real request that rests on a played profile",
                "a plan freezes by digest what counts within its own status, and names of whom nothing is known",
                "test_real_request_that_rests_on_a_played_profile",
            ),
            (
                "text in a profile that keeps others from sending a request",
                "a request quotes it in lines; what no line can hold stands there as U+FFFD",
                "test_text_in_a_profile_that_no_request_can_quote",
            ),
            (
                "draft that nobody has countersigned, over what counts",
                "it is shown beside, and nothing follows from it",
                "test_draft_that_nobody_has_countersigned",
            ),
            (
                "profile that its own signer countersigns",
                "two officers: else a draft, shown beside the one that counts",
                "test_profile_countersigned_by_its_own_signer",
            ),
            (
                "profile countersigned by an officer without the post",
                "a supervisor or an authorising officer countersigns",
                "test_profile_countersigned_without_the_post",
            ),
            (
                "profile countersigned by another member, or written in its name",
                "two officers of the member whose it is",
                "test_profile_countersigned_by_another_member",
            ),
            (
                "profile signed with a member's own key, and one officer",
                "both are officers: a machine states nothing",
                "test_profile_that_a_machine_signs",
            ),
            (
                "old draft countersigned over a newer profile",
                "of those that are countersigned the newest counts, in whatever order that was done",
                "test_old_draft_countersigned_over_a_newer_profile",
                "test_old_profile_countersigned_again",
            ),
            (
                "profile of a country that another takes back",
                "only its own member cancels it",
                "test_profile_that_another_member_takes_back",
            ),
            (
                "old profile brought back by taking back the new one",
                "what was replaced does not count again: not known, ask now",
                "test_old_profile_brought_back_by_a_cancel",
            ),
        ),
    ),
)
