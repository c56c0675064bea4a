"""Attacks on operations at the hub."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Steps of operations",
        "steps",
        (
            (
                "step by a member that was never named",
                "all that are named stand in rows of the hub: `not_a_participant`",
                "test_step_by_who_was_never_named",
            ),
            (
                "grant or confirmation by an officer without the post",
                "the credential has `authorising_officer`: `post_missing`",
                "test_grant_without_the_post",
            ),
            (
                "one officer plans and confirms",
                "the signer of a confirmation is another than the plan's: `not_permitted`",
                "test_confirmation_by_who_signed_the_plan",
            ),
            ("act signed by a member's machine", "officers sign acts: `not_permitted`", "test_act_by_a_machine"),
            (
                "a participant plans, or closes",
                "the lead does, for ever: `not_permitted`",
                "test_plan_by_another_than_the_lead",
            ),
            (
                "decision by who has no leg, or about a movement that added another",
                "the part in the plan that it names decides: `not_permitted`, `reference_not_permitted`",
                "test_decision_for_a_leg_of_others",
            ),
            (
                "step under a revoked key; a revoked member holds up a plan",
                "`credential_revoked`; who cannot be sent to is never missing",
                "test_step_of_who_was_revoked",
            ),
            (
                "plan, confirmation or grant that is not sent to a participant",
                "compared with the plan that it rests on: `participants_missing`, with the names",
                "test_plan_that_is_hidden_from_a_participant",
            ),
            (
                "new plan that leaves a participant out",
                "it lists all of the one before: `participants_missing`",
                "test_participant_that_is_dropped",
            ),
            (
                "fact that is taken back from some",
                "a cancel reaches all that got it: `participants_missing`",
                "test_fact_that_is_taken_back_from_some",
            ),
            (
                "grant or request that is taken back as if it had not been",
                "only facts and stops are, and stay: `reference_not_permitted`",
                "test_act_that_is_taken_back",
            ),
            (
                "operation that grows without end",
                "64 members are ever named: `not_permitted`",
                "test_sixty_fifth_member",
            ),
            (
                "dispatch of this kind that no rule judges",
                "kind and claim come together: `malformed_statement`",
                "test_kind_without_its_claim",
            ),
            (
                "plan swapped through a reseal",
                "a reseal has no `do`, and its kind and operation are those of the step: `reference_not_permitted`",
                "test_plan_swapped_through_a_reseal",
            ),
            (
                "step corrected, cancelled or countersigned by a dispatch of another kind",
                "`reference_not_permitted`",
                "test_step_corrected_by_another_kind",
            ),
            (
                "exercise into actual, and back",
                "`id` counts as a reference: `status_mismatch`",
                "test_exercise_into_actual_and_back",
            ),
            (
                "decision of one operation in another",
                "what the table names is of the same operation: `reference_not_permitted`",
                "test_step_of_another_operation",
            ),
            (
                "note, decline or other dispatch that poses as an answer",
                "a clock is met by the answer of the table only; all that got the question are told",
                "test_note_that_poses_as_an_answer",
            ),
            (
                "stop that a revoked recipient holds up",
                "admitted, and all are told who cannot read it: `undeliverable`",
                "test_stop_that_a_revoked_recipient_holds_up",
            ),
            (
                "stop that was kept back until keys had changed",
                "admitted whatever the keys of its entries",
                "test_stop_that_comes_late",
            ),
            (
                "stop while the request is lost",
                "admitted without it; anything else waits: `operation_unknown`",
                "test_stop_of_what_the_hub_does_not_know",
            ),
            (
                "stop that cancels, corrects or brings again what it may not",
                "a stop has `related`, and no other relation: `malformed_statement`",
                "test_stop_that_poses_as_something_else",
            ),
            (
                "stranger who asks for an operation",
                "`not_found`, as of none; a participant gets what went to it, else the leaf",
                "test_stranger_who_reads_an_operation",
            ),
        ),
    ),
)
