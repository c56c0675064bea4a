"""Attacks on what clients believe."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Sealed content",
        "content",
        (
            (
                "content under another cover",
                "the cover is the seal's additional data: `content_mismatch` at the hub",
                "test_content_under_another_cover",
            ),
            (
                "content exchanged, or of another size",
                "its digest and size are signed: `content_mismatch` at the hub",
                "test_content_exchanged",
                "test_size_untrue",
            ),
            (
                "cover without content, content without cover",
                "`malformed_sealed` at the hub",
                "test_cover_without_content",
                "test_content_beside_a_receipt",
            ),
            (
                "compression inside the seal, another cipher, unprotected headers",
                "one protected header, to the letter: `malformed_sealed`",
                "test_other_protected_header",
                "test_unprotected_header",
            ),
            (
                "two reports under one signature: a ciphertext made to open under two keys",
                "the content key is committed to: refused at step 8, the sender is named",
                "test_two_reports_under_one_signature",
            ),
            (
                "rubbish for an entry, or an entry made for another cover",
                "bound to cover and recipient: refused at step 7, the sender is told",
                "test_entry_that_does_not_open",
                "test_entry_made_for_another_cover",
            ),
            (
                "content damaged before it was signed for",
                "authenticated: refused at step 9, the sender is told",
                "test_content_that_does_not_open",
            ),
            ("report of another kind than the cover says", "refused at step 10", "test_report_of_another_kind"),
            ("report that reads two ways", "I-JSON only: refused at step 10", "test_report_that_reads_two_ways"),
            ("copy handed to somebody who was not named", "refused at step 5", "test_copy_that_was_not_addressed"),
            ("cover delivered without its content", "refused at step 6, the sender is told", "test_content_withheld"),
        ),
    ),
    (
        "Exercise and the real thing",
        "exercise",
        (
            (
                "actual dispatch in a network of exercises",
                "`status_not_allowed` at the hub; a desk refuses it at step 4",
                "test_actual_in_a_network_of_exercises",
                "test_actual_shown_by_the_hub_of_an_exercise",
            ),
            (
                "exercise shown as actual, or the reverse, by what refers to it",
                "status is inherited: `status_mismatch`",
                "test_other_status_than_before",
            ),
            (
                "play that interrupts the real thing",
                "only the real thing interrupts: `status_mismatch`",
                "test_interrupting_the_real_thing_by_an_exercise",
            ),
            (
                "content of an exercise under an actual cover, or the reverse",
                "status is bound into the seal: `content_mismatch`",
                "test_content_sealed_as_another_status",
            ),
        ),
    ),
    (
        "Lying hub: what it shows",
        "lying_items",
        (
            (
                "delivers off the ledger",
                "inclusion proof, step 1: alarm `bad_proof` with the evidence, at once",
                "test_off_ledger_delivery",
            ),
            (
                "says accepted, and proves another's place",
                "the sender makes its own leaf: alarm `bad_proof`, at once",
                "test_accepted_without_a_place",
            ),
            (
                "rewrites a text",
                "the leaf has its digest: refused at step 2, at once; the sender is told",
                "test_text_rewritten",
            ),
            ("rewrites content", "refused at step 6, at once", "test_content_rewritten"),
            (
                "rewrites status and leaf: exercise shown as actual",
                "the sender's signature: refused at step 2, at once",
                "test_status_rewritten",
            ),
            (
                "signs a dispatch itself",
                "its keys are no member's: refused at step 3, at once",
                "test_dispatch_signed_by_the_hub",
            ),
            (
                "admits a dispatch of a revoked key, of somebody without the role, of another network",
                "judged by the recipient's own directory: refused at step 3 or 4, at once",
                "test_dispatch_of_a_revoked_key",
                "test_dispatch_without_the_role",
                "test_dispatch_of_another_network",
            ),
            (
                "makes up a receipt, or takes a machine's word for an officer's",
                "alarm `bad_statement`, at once; the dispatch stays unconfirmed",
                "test_receipt_made_up",
                "test_acknowledged_by_a_machine",
            ),
            (
                "shows an event that a member made",
                "the event key: alarm `bad_statement`, at once",
                "test_event_made_up_by_a_member",
            ),
            (
                "makes a key for a member",
                "the root's signature: alarm `public_refused`, at once; nobody seals to it",
                "test_credential_made_up",
            ),
            (
                "is in league with the root: a second key for an address",
                "its own desk knows its keys: alarm `unknown_own_key`, when the credential arrives",
                "test_second_key_for_the_own_address",
            ),
            ("says that a text is gone", "leaf and proof stay: alarm `damaged`, at once", "test_said_to_be_gone"),
            (
                "delivers twice, or puts a statement into the ledger twice",
                "known by its digest: shown once, answered once",
                "test_delivered_twice",
            ),
        ),
    ),
    (
        "Lying hub: the ledger it keeps",
        "lying_ledger",
        (
            (
                "withholds a dispatch",
                "the sender's own clock: alarm `overdue` when a receipt is due, 5 min (flash) to 24 h (routine)",
                "test_withheld_dispatch",
            ),
            ("withholds a receipt", "the same alarm: to the sender both look alike", "test_withheld_receipt"),
            (
                "hides a revocation",
                "leaves say what is public: alarm `withheld` at the next audit (daily), which fetches and applies it",
                "test_hidden_revocation",
            ),
            (
                "hides a revocation behind a leaf that says it is not public",
                "type and flag must agree: alarm `bad_proof` at the next audit",
                "test_revocation_hidden_by_its_leaf",
            ),
            (
                "hides a revocation behind a leaf of another type",
                "who revokes makes its own leaf: alarm `bad_proof`, at once",
                "test_revocation_hidden_as_another_type",
            ),
            (
                "serves a superseded key by hiding the rotation",
                "alarm `withheld` at the next audit; from then on the new key is sealed to",
                "test_superseded_key",
            ),
            (
                "serves a superseded key by admitting its credential again",
                "a statement counts once, so nothing changes; alarm `withheld` at the next audit",
                "test_superseded_key_served_again",
            ),
            (
                "signs with a superseded ledger key",
                "one ledger key for each epoch: alarm `bad_proof`, at once",
                "test_superseded_ledger_key",
            ),
            (
                "reorders: a revocation after what it forbids",
                "nothing public comes after a higher index: alarm `withheld`, when it comes",
                "test_revocation_after_what_it_forbids",
            ),
            (
                "reorders public statements",
                "alarm `withheld`, when the earlier one comes; they count in the ledger's order",
                "test_public_out_of_order",
            ),
            (
                "rewrites history",
                "consistency proof: alarm `fork` with both signed notes, in the next frame",
                "test_history_rewritten",
            ),
            (
                "shortens history, or takes an accepted statement out",
                "the same",
                "test_history_shortened",
                "test_own_statement_taken_out",
            ),
            (
                "shows other leaves than it signed",
                "the audit recomputes the root: alarm `fork`, at the next audit",
                "test_leaves_unlike_the_checkpoint",
            ),
            ("backdates a leaf", "times do not decrease: alarm `bad_time`, at the next audit", "test_backdated"),
            (
                "forks: one ledger for some, another for others",
                "`view` in statements: alarm `fork`, both notes, at the next audit once one from beyond has crossed",
                "test_fork",
            ),
            (
                "is accused by a member of a fork that was none",
                "the note must have the hub's signature: alarm `bad_view`, at the next audit",
                "test_fork_blamed_on_the_hub",
            ),
            (
                "serves epochs of another root",
                "the root is pinned: `unknown_key`, at once",
                "test_another_history_of_epochs",
            ),
        ),
    ),
    (
        "Lying hub: the line",
        "lying_line",
        (
            (
                "withholds, and keeps the line busy so that nobody looks",
                "receipts are looked for once a minute at least: alarm `overdue` within a minute of being due",
                "test_withheld_while_mail_never_stops",
            ),
            (
                "withholds, and ends every line before anybody looks, or delivers nothing on it",
                "the time of short lines adds up: the same alarm, within a minute of lines that are up",
                "test_withheld_while_lines_never_last",
                "test_withheld_by_a_hub_that_never_delivers",
            ),
            (
                "withholds, and turns its clock back at every welcome so that nothing is ever due",
                "compared with the own monotonic clock: alarm `bad_time` at the welcome that is 2 min behind",
                "test_withheld_by_turning_the_clock_back",
            ),
            (
                "swallows a submission, and answers nothing",
                "alarm `overdue` five minutes after it was first submitted, over however many lines",
                "test_submission_that_is_swallowed",
            ),
            (
                "delivers under a rewritten ledger",
                "the line ends, nothing is shown, the alarm stays: at once",
                "test_line_of_a_hub_that_rewrites",
            ),
            (
                "hides a revocation from a running program",
                "its daily audit brings it",
                "test_audit_of_a_hub_that_hides",
                "test_hidden_with_nobody_looking",
            ),
            (
                "is a hub of another network, or goes back to an epoch that is over",
                "`wrong_network`, `wrong_epoch` before anything is submitted",
                "test_welcome_of_another_hub",
            ),
        ),
    ),
    (
        "Lying hub: reading over HTTP",
        "reading",
        (
            (
                "answers with a compression bomb",
                "nothing is unpacked: refused unread",
                "test_answer_that_unpacks_to_a_thousandfold",
            ),
            ("answers without end", "bounded by what was asked for: `frame_too_large`", "test_answer_without_end"),
        ),
    ),
)
