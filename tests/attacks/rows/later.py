"""Attacks in the words of a later version, real or pretended."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Reports in the words of a later version",
        "reports",
        (
            (
                "unknown member whose name or text passes for what Serai says itself",
                "beneath what is known, cleaned, each line behind a bar",
                "test_words_that_pass_for_the_programs_own",
            ),
            (
                "unknown members without end, so that the alert is out of sight",
                "200 lines are shown, the rest is counted",
                "test_flood_that_hides_the_alert",
            ),
            (
                "report with faults without end, so that its recipient reads it for hours and does nothing else",
                "a list longer than any form's is as written as a whole, and the numbers of entries are found once",
                "test_faults_without_end_in_one_list",
            ),
            (
                "unknown member that others read as Serai's word",
                "in no list, alarm, CAP or CSV: those say that there is more",
                "test_member_of_the_senders_own_in_lists_and_files",
            ),
            (
                "report that is half read, though its sender forbids that",
                "`critical` is known with everything in it, or step 10 fails; the sender is told",
                "test_critical_part_that_is_not_known",
            ),
            (
                "handling code of one's own, which opens more",
                "what is not known reads as H3",
                "test_handling_in_a_word_that_nobody_knows",
                "test_handling_in_a_form_that_nobody_knows",
            ),
            (
                "code of one's own for an action",
                "it equals none that is known: shown as written, `Assess` in CAP",
                "test_action_in_a_word_that_nobody_knows",
            ),
        ),
    ),
    (
        "Tomorrow's ledger in the mouth of a liar",
        "tomorrow",
        (
            (
                "anything that is newer, to be believed, sealed to, answered for",
                "it is kept and told, and nothing follows from it",
                "test_what_is_newer_lends_no_authority",
            ),
            (
                "`status` in a word of one's own, so that an alert does not ring, or takes another back",
                "not known whether real: rings as actual, no act answers it, it changes nothing",
                "test_status_that_nobody_knows",
            ),
            (
                "`handling` in a word of one's own",
                "counts as H3",
                "test_handling_code_that_nobody_knows",
            ),
            (
                "flood of alerts with words of `precedence` of one's own, so that a flash is not seen",
                "they ring like `immediate`, and stand below every flash",
                "test_flood_of_a_precedence_that_nobody_knows",
            ),
            (
                "receipt under an `alg` that nobody can check yet",
                "said beside the dispatch, settles nothing: the sender's own clock alarms",
                "test_receipt_that_nobody_can_check",
            ),
            (
                "the same in the name of a member whose keys can be checked",
                "`alg` must be the kind of the key that the directory names: an alarm at once",
                "test_later_alg_for_a_key_of_today",
            ),
            (
                "alert taken back under an `alg` that nobody can check yet",
                "only what is verified cancels or corrects: it goes on ringing",
                "test_taken_back_in_a_signature_that_nobody_can_check",
            ),
        ),
    ),
    (
        "Keys, in later words",
        "unread",
        (
            (
                "revocation in words of a later version, while the key goes on signing",
                "the address is marked: nothing is sealed to it, what it signs is shown as not judged; no alarm",
                "test_revocation_in_later_words",
            ),
            (
                "unreadable words by somebody who may not speak of the address, to cut it off",
                "they mark nothing: alarm `public_refused`, at once",
                "test_mark_by_somebody_beside",
            ),
            (
                "unreadable words in the name of the root, or of the address itself",
                "the signature is checked all the same: alarm `public_refused`, at once",
                "test_mark_with_a_forged_signature",
            ),
            (
                "words that nobody signed, under a later `alg`, over the kid of the root or of the address",
                "an `alg` that is not the key's marks nothing: alarm `public_refused`, at once",
                "test_mark_under_an_alg_that_is_not_the_keys",
            ),
            (
                "key revoked in later words, cleared by revoking an older one, or by the credential of the next",
                "a mark lies on a key, and on what it certified, until that key is certified again",
                "test_revocation_of_an_older_key_frees_none",
                "test_certified_by_a_key_that_may_have_been_revoked",
            ),
            (
                "words under a key of a later kind, which nobody can check",
                "they mark what its holder may speak of, and grant nothing; of others: alarm `public_refused`",
                "test_later_key_of_somebody_who_may",
            ),
            (
                "alert cancelled, confirmed or answered by a key that may have been revoked, or by what fails a step",
                "what cannot be judged silences and settles nothing",
                "test_cancellation_by_an_unjudged_key",
                "test_answer_by_an_unjudged_key",
                "test_receipt_by_an_unjudged_key",
            ),
            (
                "revocation for a reason that nobody knows, to keep the key alive",
                "an unknown reason revokes like any other",
                "test_revocation_for_a_later_reason",
            ),
        ),
    ),
    (
        "Newer, or false",
        "newer",
        (
            (
                "cuts an old client off, or hides an alert, by what a later version says",
                "types that are not known are kept, told and counted; all else goes on",
                "test_later_types_and_an_alert_among_them",
            ),
            (
                "hides a known statement as something newer, or something newer as a known statement",
                "type code and `typ` stand in one table: alarm at once",
                "test_revocation_hidden_as_something_newer",
                "test_something_newer_under_a_known_type",
                "test_dispatch_hidden_as_something_newer",
            ),
            (
                "shows a newer text that is not the leaf's",
                "the leaf has its digest: alarm `bad_statement`, at once",
                "test_text_that_is_not_its_leafs",
            ),
            (
                "makes a key, a revocation or a receipt of a type that is not known",
                "what cannot be read grants nothing",
                "test_what_is_newer_lends_nothing",
            ),
            (
                "says accepted, and has put it into the ledger as something newer",
                "type, flag and digest are the statement's: alarm `bad_proof`, at once",
                "test_accepted_as_something_newer",
            ),
            (
                "cuts an old client off by a checkpoint of a later version, or signs one twice, once falsely",
                "further lines are kept, not judged; each line of the ledger key must hold: alarm `bad_proof`, at once",
                "test_checkpoint_of_a_later_version",
                "test_checkpoint_with_a_line_that_does_not_hold",
            ),
            (
                "hides a revocation by the flag of a later version of the leaf",
                "the first 43 bytes mean the same in every version: alarm `bad_proof`, at the next audit",
                "test_revocation_hidden_by_a_later_leaf",
            ),
        ),
    ),
)
