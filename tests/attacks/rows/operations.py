"""Attacks on operations as a client sees them."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Operations at a client",
        "operations",
        (
            (
                "lying hub admits a plan that was not sent to a participant",
                "the hub's list and the `after` of others have it: named by number, results say so, somebody is called",
                "test_plan_that_was_not_sent_to_a_participant",
            ),
            (
                "step that claims another operation, or stands in its list",
                "a step counts where its cover says and its member was named; alarm `bad_statement`",
                "test_step_that_claims_another_operation",
            ),
            (
                "list of steps with what is none",
                "each leaf is proven and is a dispatch: `bad_proof`, alarm",
                "test_list_that_has_what_is_no_step",
            ),
            (
                "hub that takes back what it has listed",
                "a step that was listed stays, with its cover",
                "test_hub_that_takes_back_what_it_has_shown",
            ),
            (
                "exercise in a real operation, and back",
                "a step has the status of the open, or no effect",
                "test_exercise_in_a_real_operation_and_back",
            ),
            (
                "content that does something else than its cover",
                "step 10 of the recipient: the content is not read",
                "test_stop_in_the_content_of_a_note",
            ),
            (
                "note that poses as an answer",
                "the client's own clocks too stop at the answer that the table names",
                "test_note_that_poses_as_an_answer",
            ),
            (
                "queue that is filled before a stop",
                "a stop goes before everything that waits",
                "test_flood_before_a_stop",
            ),
        ),
    ),
)
