"""What holds operations together at the hub."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

JUDGING: Final = "schemas/operations/judging.py"
ADMISSION: Final = "broker/core/admission/operation.py"
DISPATCH: Final = "broker/core/admission/dispatch.py"
STORE: Final = "broker/adapters/db/store.py"
FORM: Final = "schemas/rules/operating.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "who was never named takes no step",
        (
            never(JUDGING, "if member not in operation.named:"),
            never(
                JUDGING, "if operation is not None and not restored and member_of(cover.iss) not in operation.named:"
            ),
        ),
        "steps::test_step_by_who_was_never_named",
    ),
    off(
        "it takes the post to open a way",
        never(
            JUDGING, "if claim.do is not None and needs_post(claim.do, claim.decision) and AUTHORISING not in roles:"
        ),
        "steps::test_grant_without_the_post",
    ),
    off(
        "two persons confirm",
        never(JUDGING, 'if claim.do == "confirm" and step.signer == cover.iss:'),
        "steps::test_confirmation_by_who_signed_the_plan",
    ),
    off(
        "officers sign acts",
        (
            never(JUDGING, "if not rule.machine and not is_officer(cover.iss):"),
            never(JUDGING, "if not is_officer(cover.iss):"),
        ),
        "steps::test_act_by_a_machine",
    ),
    off(
        "the lead leads",
        never(JUDGING, 'if rule.by == "lead" and member_of(cover.iss) != operation.lead:'),
        "steps::test_plan_by_another_than_the_lead",
    ),
    off(
        "a part in the plan decides",
        never(JUDGING, "if part not in DECIDERS:"),
        "steps::test_decision_for_a_leg_of_others",
    ),
    off(
        "a movement is decided by whom it adds",
        never(JUDGING, "if naming.joining and member not in step.parts:"),
        "steps::test_decision_for_a_leg_of_others",
    ),
    off(
        "who cannot be sent to is never missing",
        Edit(JUDGING, "if each not in reached and reachable(each)]", "if each not in reached]"),
        "steps::test_step_of_who_was_revoked",
    ),
    off(
        "what rests on a plan reaches all of it",
        Edit(JUDGING, "if missing or listed:", "if listed:"),
        "steps::test_plan_that_is_hidden_from_a_participant",
        "steps::test_fact_that_is_taken_back_from_some",
        "steps::test_step_of_who_was_revoked",
    ),
    off(
        "nobody goes from the list",
        Edit(JUDGING, "if missing or listed:", "if missing:"),
        "steps::test_participant_that_is_dropped",
    ),
    off(
        "a step names what the table has",
        never(JUDGING, "if not any(_fits(naming, each, cover, claim) for naming in rule.namings):"),
        "steps::test_act_that_is_taken_back",
        "steps::test_step_of_another_operation",
        "steps::test_note_that_poses_as_an_answer",
        "steps::test_decision_for_a_leg_of_others",
    ),
    off(
        "what is named is of the same operation",
        Edit(
            JUDGING,
            "step.do not in naming.names or not _is_of(claim, step):",
            "step.do not in naming.names:",
        ),
        "steps::test_step_of_another_operation",
    ),
    off(
        "64 members are ever named",
        never(JUDGING, "if len(before) + len(joining) > limits.EVER_NAMED:"),
        "steps::test_sixty_fifth_member",
    ),
    off(
        "kind and claim come together",
        never(FORM, "if (cover.kind == KIND) != (claim is not None):"),
        "steps::test_kind_without_its_claim",
    ),
    off(
        "a reseal does nothing",
        never(JUDGING, "if claim.do is not None:"),
        "steps::test_plan_swapped_through_a_reseal",
    ),
    off(
        "another kind changes no step",
        never(JUDGING, "if each.step is not None and each.rel in AMENDING:"),
        "steps::test_step_corrected_by_another_kind",
        "steps::test_plan_swapped_through_a_reseal",
    ),
    off(
        "an operation has one status",
        Edit(ADMISSION, 'check_inherited("related", known.status, cover.status)', "pass"),
        "steps::test_exercise_into_actual_and_back",
    ),
    off(
        "a clock is met by the answer of the table",
        Edit(
            DISPATCH,
            "Address(known.sender), NO_STEP if step is None else step.do)",
            "Address(known.sender), NO_STEP)",
        ),
        "steps::test_note_that_poses_as_an_answer",
    ),
    off(
        "a decline meets no clock of an operation",
        Edit(
            "broker/core/admission/receipt.py",
            'if receipt.outcome == "declined" and view.step_named(item) is None',
            'if receipt.outcome == "declined"',
        ),
        "steps::test_note_that_poses_as_an_answer",
    ),
    off(
        "all that got a question are told who is late",
        Edit("broker/core/admission/events.py", "(due.sender, *due.informed)", "(due.sender,)"),
        "steps::test_note_that_poses_as_an_answer",
    ),
    off(
        "no recipient's key holds up a stop",
        Edit(ADMISSION, "if error.code not in _UNREAD:", "if True:"),
        "steps::test_stop_that_a_revoked_recipient_holds_up",
        "steps::test_stop_that_comes_late",
    ),
    off(
        "a stop waits for no request",
        never(JUDGING, 'if claim.do == "stop":'),
        "steps::test_stop_of_what_the_hub_does_not_know",
    ),
    off(
        "a stop does nothing else",
        never(FORM, 'if claim.do == "stop" and rels & MEANINGFUL:'),
        "steps::test_stop_that_poses_as_something_else",
    ),
    off(
        "participants read an operation",
        never(STORE, "if not is_named(connection, operation, member):"),
        "steps::test_stranger_who_reads_an_operation",
    ),
    off(
        "a step is shown to whom it went",
        Edit(
            "broker/adapters/db/operations.py",
            "shown=mine is not None or (to_all and item.statement is not None)",
            "shown=True",
        ),
        "steps::test_stranger_who_reads_an_operation",
    ),
)
