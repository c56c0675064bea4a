"""What is admitted: repeats, submitters, recipients, entries, references (PROTOCOL 3, 6, 7, 9)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

ADMISSION: Final = "broker/core/admission.py"
VERIFICATION: Final = "broker/core/verification.py"
CLAIMS: Final = "schemas/claims.py"
DIRECTORY: Final = "schemas/directory.py"

REPLAY: Final = (
    off(
        "a repeat is recognised before any other check",
        never("broker/service/sequencer.py", "if known is not None:"),
        "replay::test_replayed_statement",
    ),
    off(
        "a jti is used once",
        never(ADMISSION, "if used is not None and used != statement.digest:"),
        "replay::test_copied_jti",
        "replay::test_copied_jti_in_one_commit",
    ),
    off(
        "a jti counts for the rest of its commit",
        Edit(ADMISSION, "        self._jtis[admitted.sender, claims.jti] = digest\n", ""),
        "replay::test_copied_jti_in_one_commit",
    ),
    off(
        "a statement is judged by what stands before it in its commit",
        Edit(ADMISSION, "            self.directory = plan.directory\n", "            plan.directory.addresses()\n"),
        "replay::test_verified_under_an_old_directory",
        "replay::test_sealed_before_a_rotation",
    ),
    off(
        "a session submits its own member's statements",
        never(ADMISSION, "if not is_public(claims) and member_of(claims.iss) != submitter:"),
        "replay::test_officer_of_another_member",
    ),
    off(
        "a receipt says something new",
        never(ADMISSION, "if all(given):"),
        "replay::test_repeated_receipt",
    ),
    off(
        "only recipients give receipts",
        Edit(ADMISSION, "if item.sender != receipt.to or (digest, member) not in", "if (digest, receipt.to) in"),
        "replay::test_receipt_of_a_stranger",
    ),
    off(
        "officers acknowledge, machines confirm",
        never(ADMISSION, "if by_officer != is_officer(receipt.iss):"),
        "replay::test_acknowledged_by_a_machine",
    ),
    off(
        "only sender and recipients refer to a dispatch",
        Edit(
            ADMISSION,
            "if known.sender != sender and (reference.rel in OWN_ONLY or",
            "if known.sender != sender and (reference.rel in OWN_ONLY and",
        ),
        "replay::test_reference_of_a_stranger",
        "replay::test_cancelling_what_another_sent",
    ),
    off(
        "only the sender cancels and amends",
        Edit(ADMISSION, "(reference.rel in OWN_ONLY or (digest, sender) not in", "((digest, sender) not in"),
        "replay::test_cancelling_what_another_sent",
    ),
    off(
        "nothing is dated ahead",
        never(ADMISSION, "if claims.iat > self.place.time_s + limits.CLOCK_AHEAD_S:"),
        "replay::test_clock_ahead",
    ),
    off(
        "what is critical is understood",
        never(CLAIMS, "if unknown:"),
        "replay::test_critical_claim",
    ),
)

RECIPIENTS: Final = (
    off("empty means nobody", never(CLAIMS, "if not self.to:"), "recipients::test_no_recipient"),
    off(
        "each recipient is named once",
        never(CLAIMS, "if len(set(self.to)) != len(self.to):"),
        "recipients::test_duplicate_recipient",
    ),
    off(
        "at most a thousand recipients",
        never(CLAIMS, "if len(self.to) > limits.RECIPIENTS:"),
        "recipients::test_too_many_recipients",
    ),
    off(
        "recipients are members",
        Edit(CLAIMS, "    to: list[MemberField]\n", "    to: list[AddressField]\n"),
        "recipients::test_officer_as_recipient",
    ),
    off(
        "each entry is under a key of its member",
        Edit(
            DIRECTORY,
            "        if self.encryption_key(member, place).kid == kid:\n            return\n",
            "        return\n",
        ),
        "recipients::test_unknown_recipient",
        "recipients::test_entry_twice_in_place_of_another",
        "recipients::test_entries_swapped",
        "recipients::test_entry_under_an_old_key",
        "recipients::test_entry_under_a_revoked_key",
    ),
    off(
        "a replaced key is sealed to for seven days",
        Edit(DIRECTORY, "if held and not certified.outdated(place) and not", "if held and not"),
        "recipients::test_entry_under_an_old_key",
    ),
    off(
        "a revoked key is not sealed to",
        Edit(
            DIRECTORY,
            "if held and not certified.outdated(place) and not self._revoked(certified, place):",
            "if held and not certified.outdated(place):",
        ),
        "recipients::test_entry_under_a_revoked_key",
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
        Edit(ADMISSION, "                plan.ceased.append(each)\n", ""),
        "recipients::test_mail_after_the_last_key",
    ),
)

EXERCISE: Final = (
    off(
        "a network of exercises admits nothing actual",
        never(ADMISSION, 'if cover.status == "actual" and self.directory.epoch.document.status == "exercise":'),
        "exercise::test_actual_in_a_network_of_exercises",
    ),
    off(
        "status is inherited",
        never(ADMISSION, "if known.status != cover.status and not interrupts:"),
        "exercise::test_other_status_than_before",
        "exercise::test_interrupting_the_real_thing_by_an_exercise",
    ),
    off(
        "only what is real interrupts",
        Edit(
            ADMISSION,
            'reference.rel == "interrupts" and known.status == "exercise" and cover.status == "actual"',
            'reference.rel == "interrupts"',
        ),
        "exercise::test_interrupting_the_real_thing_by_an_exercise",
    ),
)

SWITCHES: Final[tuple[Switch, ...]] = (*REPLAY, *RECIPIENTS, *EXERCISE)
