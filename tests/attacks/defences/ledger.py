"""What is admitted: repeats, submitters, recipients, entries, references (PROTOCOL 3, 6, 7, 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

DECISION: Final = "broker/core/admission/decision.py"
BATCH: Final = "broker/core/admission/batch.py"
DISPATCH: Final = "broker/core/admission/dispatch.py"
RECEIPT: Final = "broker/core/admission/receipt.py"
VERIFICATION: Final = "broker/core/verification.py"
EXPECTING: Final = "schemas/rules/expecting.py"
MAIL: Final = "schemas/claims/mail.py"
DIRECTORY: Final = "schemas/directory/directory.py"

REPLAY: Final = (
    off(
        "a repeat is recognised before any other check",
        never("broker/service/sequencer.py", "if known is not None:"),
        "replay::test_replayed_statement",
    ),
    off(
        "a jti is used once",
        never(DECISION, "if used is not None and used != statement.digest:"),
        "replay::test_copied_jti",
        "replay::test_copied_jti_in_one_commit",
    ),
    off(
        "a jti counts for the rest of its commit",
        Edit(BATCH, "        self._jtis[admitted.sender, claims.jti] = digest\n", ""),
        "replay::test_copied_jti_in_one_commit",
    ),
    off(
        "a statement is judged by what stands before it in its commit",
        Edit(BATCH, "            self.directory = admission.directory\n", "            self.directory.addresses()\n"),
        "replay::test_verified_under_an_old_directory",
        "replay::test_sealed_before_a_rotation",
    ),
    off(
        "a session submits its own member's statements",
        never(DECISION, "if not is_public(claims) and member_of(claims.iss) != submitter:"),
        "replay::test_officer_of_another_member",
    ),
    off(
        "a receipt says something new",
        never(RECEIPT, "if all(repeated):"),
        "replay::test_repeated_receipt",
    ),
    off(
        "an answer goes to the asker",
        Edit(EXPECTING, 'if rel == "reply" and (member == asker or asker in cover.to):', 'if rel == "reply":'),
        "replay::test_answer_that_is_none",
    ),
    off(
        "an answer is by whom it is owed",
        Edit(
            "broker/adapters/db/transaction.py",
            "        statement = _END_ALL if ending.member is None else _END\n",
            "        statement = _END_ALL\n",
        ),
        "replay::test_answer_that_is_none",
    ),
    off(
        "deadlines are told by member in turn",
        never("broker/adapters/db/transaction.py", "if len(rows) > limit:"),
        "replay::test_flood_of_deadlines",
    ),
    off(
        "only recipients give receipts",
        Edit(RECEIPT, "by_recipient=(digest, member) in view.readers", "by_recipient=True"),
        "replay::test_receipt_of_a_stranger",
    ),
    off(
        "officers acknowledge, machines confirm",
        Edit(RECEIPT, "    check_receipt_signer(receipt.iss, receipt.outcome)\n", ""),
        "replay::test_acknowledged_by_a_machine",
    ),
    off(
        "only sender and recipients refer to a dispatch",
        Edit(
            DISPATCH,
            "    check_reference(reference.rel, by_sender=known.sender == sender, by_recipient=by_recipient)\n",
            "",
        ),
        "replay::test_reference_of_a_stranger",
        "replay::test_cancelling_what_another_sent",
    ),
    off(
        "only the sender cancels and amends",
        Edit("schemas/rules/references.py", "(rel in OWN_ONLY or not by_recipient)", "not by_recipient"),
        "replay::test_cancelling_what_another_sent",
    ),
    off(
        "nothing is dated ahead",
        never(DECISION, "if claims.iat > view.place.time_s + limits.CLOCK_AHEAD_S:"),
        "replay::test_clock_ahead",
    ),
    off(
        "what is critical is understood",
        never("schemas/claims/base.py", "if unknown:"),
        "replay::test_critical_claim",
    ),
)

RECIPIENTS: Final = (
    off("empty means nobody", never(MAIL, "if not self.to:"), "recipients::test_no_recipient"),
    off(
        "each recipient is named once",
        never(MAIL, "if len(set(self.to)) != len(self.to):"),
        "recipients::test_duplicate_recipient",
    ),
    off(
        "only who gets a question is asked",
        never(EXPECTING, "if strangers:"),
        "recipients::test_answer_asked_of_a_stranger",
    ),
    off(
        "at most 64 owe an answer",
        never(EXPECTING, "if len(asked) > limits.ANSWERS:"),
        "recipients::test_answer_asked_of_too_many",
    ),
    off(
        "at most a thousand recipients",
        never(MAIL, "if len(self.to) > limits.RECIPIENTS:"),
        "recipients::test_too_many_recipients",
    ),
    off(
        "recipients are members",
        Edit(MAIL, "import MemberField\n", "import AddressField as MemberField\n"),
        "recipients::test_officer_as_recipient",
    ),
    off(
        "each entry is under a key of its member",
        Edit(
            DIRECTORY,
            "        for key in self._encryption_keys(member, place):\n            if key.kid",
            "        return\n        for key in self._encryption_keys(member, place):\n            if key.kid",
        ),
        "recipients::test_unknown_recipient",
        "recipients::test_entry_twice_in_place_of_another",
        "recipients::test_entries_swapped",
        "recipients::test_entry_under_an_old_key",
        "recipients::test_entry_under_a_revoked_key",
    ),
    off(
        "a replaced key is sealed to for seven days",
        Edit(
            DIRECTORY,
            "known = certified.place.index < place.index and not certified.outdated(place)",
            "known = certified.place.index < place.index",
        ),
        "recipients::test_entry_under_an_old_key",
    ),
    off(
        "a revoked key is not sealed to",
        Edit(DIRECTORY, "if known and not self.is_revoked(certified, place):", "if known:"),
        "recipients::test_entry_under_a_revoked_key",
    ),
    off(
        "an entry is of its key's kind",
        never(DIRECTORY, "if key.alg not in (None, alg):"),
        "recipients::test_entry_that_names_another_alg",
    ),
    off(
        "an entry of a later kind is no fault",
        Edit(
            "schemas/sealing.py",
            'return _parse_unknown_entry(alg, Kid(kid), header["ek"], encrypted_key)',
            "raise SeraiError(Code.MALFORMED_SEALED, alg)",
        ),
        "recipients::test_entry_of_a_later_alg",
    ),
    off(
        "the entries are those that were signed",
        never(VERIFICATION, "if root != claim.entries:"),
        "recipients::test_entries_changed_after_signing",
    ),
    off(
        "one entry for each address",
        never(VERIFICATION, "if len(parsed.entries) != len(recipients):"),
        "recipients::test_entry_missing",
        "recipients::test_entry_double",
    ),
    off(
        "mail is withdrawn with the last key",
        Edit(BATCH, "            self.ceased.append((member, admitted.index))\n", ""),
        "recipients::test_mail_after_the_last_key",
    ),
)

EXERCISE: Final = (
    off(
        "a network of exercises admits nothing actual",
        Edit(DISPATCH, "    check_status(cover.status, view.directory.epoch.document.status)\n", ""),
        "exercise::test_actual_in_a_network_of_exercises",
    ),
    off(
        "status is inherited",
        Edit(DISPATCH, "    check_inherited(reference.rel, known.status, cover.status)\n", ""),
        "exercise::test_other_status_than_before",
        "exercise::test_interrupting_the_real_thing_by_an_exercise",
    ),
    off(
        "only what is real interrupts",
        Edit(
            "schemas/rules/status.py",
            'rel == "interrupts" and before == "exercise" and status == "actual"',
            'rel == "interrupts"',
        ),
        "exercise::test_interrupting_the_real_thing_by_an_exercise",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*REPLAY, *RECIPIENTS, *EXERCISE)
