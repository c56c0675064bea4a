"""What holds operations together at a client."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

CALLING: Final = "clients/actions/operations/calling.py"
EFFECTS: Final = "clients/mail/effects.py"
LIST: Final = "clients/line/operations.py"
OUTBOX: Final = "clients/store/outbox.py"
SHOWN: Final = "clients/store/operations.py"
READING: Final = "schemas/reports/reading.py"
THREAD: Final = "schemas/operations/thread.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "who was left out of a plan is called",
        never(CALLING, "if had_to and is_new and now_ms - step.accepted_ms < _RECENT_MS and _is_named(looked, step):"),
        "operations::test_plan_that_was_not_sent_to_a_participant",
    ),
    off(
        "a step counts in the operation that it names",
        never(LIST, "if claim is None or (claim.id or encode_base64url(statement.digest)) != operation:"),
        "operations::test_step_that_claims_another_operation",
    ),
    off(
        "a listed step is a dispatch of the ledger",
        (
            Edit(LIST, "        verify_leaf(leaf, step.index, step.proof, head)\n", ""),
            never(LIST, "if leaf.public or leaf.type is not StatementType.DISPATCH:"),
        ),
        "operations::test_list_that_has_what_is_no_step",
    ),
    off(
        "what a hub has listed stays listed",
        Edit(SHOWN, "statement = each.statement or earlier.get(each.digest)", "statement = each.statement"),
        "operations::test_hub_that_takes_back_what_it_has_shown",
    ),
    off(
        "a step is as real as its operation",
        Edit(THREAD, "return status is None or step.held.cover.status == status", "return True"),
        "operations::test_exercise_in_a_real_operation_and_back",
    ),
    off(
        "content does what its cover says, at a client",
        never(READING, 'if do is not None and value.get("do") != do:'),
        "operations::test_stop_in_the_content_of_a_note",
    ),
    off(
        "a note stops no clock of a client",
        Edit(EFFECTS, "member_of(asked.iss), asked_do(asked))", 'member_of(asked.iss), "")'),
        "operations::test_note_that_poses_as_an_answer",
    ),
    off(
        "a stop goes first",
        Edit(OUTBOX, "return -1 if first else 0 if urgent else 1", "return 0 if urgent else 1"),
        "operations::test_flood_before_a_stop",
    ),
)
