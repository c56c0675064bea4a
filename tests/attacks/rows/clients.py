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
                "content that is not padded, so that its size tells what it is",
                "only the sizes of Padmé: `malformed_sealed` at the hub; a reader shows what came",
                "test_size_that_tells",
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
            (
                "content of another step of an operation than the cover says",
                "refused at step 10",
                "test_content_of_another_step",
            ),
            ("report that reads two ways", "I-JSON only: refused at step 10", "test_report_that_reads_two_ways"),
            (
                "cover that permits more than its report",
                "the stricter handling code holds",
                "test_cover_that_permits_more_than_its_report",
            ),
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
                "`status_not_allowed` at the hub; a client refuses it at step 4",
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
                "exercise, or what nobody knows to be real, as the answer that somebody waits for",
                "an answer has the status of what it answers: the wait goes on, and alarms",
                "test_answer_of_an_exercise_to_the_real_thing",
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
                "the leaf is the sender's own statement's: alarm `bad_proof`, at once",
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
                "admits more addresses of a member than the network permits",
                "without effect, kept, told once: alarm `bounds`",
                "test_addresses_beyond_what_is_permitted",
            ),
            (
                "admits a dispatch of a key of a later kind, under whatever `alg`",
                "such a key is a thumbprint and no more: refused at step 2 or 3, at once",
                "test_dispatch_of_a_later_key",
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
                "its own client knows its keys: alarm `unknown_own_key`, when the credential arrives",
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
        "A hub that erases",
        "erased",
        (
            (
                "says that an urgent text is gone, and not why",
                "no `erased` event: alarm `damaged`, and it rings, at once",
                "test_gone_without_a_word",
            ),
            (
                "erases a warning before anybody had it, and calls it law; on a lane that does not ring",
                "told with the reason, unread, and rings once whatever the lane",
                "test_erased_before_anybody_had_it",
            ),
            (
                "says that it erased what it never delivered",
                "the event itself is unread, and rings once",
                "test_erased_and_never_delivered",
            ),
            (
                "delivers what it says that it erased, or erases what a client has",
                "what is delivered is shown, what came stays",
                "test_erased_and_delivered_all_the_same",
            ),
            (
                "calls it retention before the days of the network are over",
                "the network document: alarm `erased`, and it rings, at once",
                "test_retention_that_nobody_permits",
            ),
            (
                "excuses a gap with an event about something else, for others, of another word or of a member",
                "the event key, and what the event names: alarm `damaged`, at once",
                "test_event_that_names_something_else",
            ),
            (
                "excuses a gap with an event that does not stand in the ledger",
                "its own proof: alarm `damaged`, at once",
                "test_event_without_a_place",
            ),
            (
                "none of these: the days of the network are over, and a seat is new",
                "told quietly, no alarm, no siren",
                "test_new_seat_after_years",
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
                "receipt or event in a word of a later version, which looks like an answer, a delivery or its end",
                "kept, shown as written, and without effect: everybody is still waited for",
                "test_later_word_of_a_receipt",
                "test_later_word_of_the_hub",
            ),
            (
                "withholds an answer, and the event that it is overdue",
                "the asker's own clock: alarm `overdue` when the answer is due",
                "test_withheld_answer",
            ),
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
            (
                "serves an epoch by the stolen root, after or before the one by the next root",
                "the one by the next root holds: alarm `fork`, at once",
                "test_epoch_of_a_stolen_root",
            ),
            (
                "serves a second epoch by the same root",
                "the one verified first holds: alarm `fork`, and no line",
                "test_second_epoch_of_a_root",
            ),
            (
                "serves an epoch of a suite that nobody knows",
                "no epoch of it is believed: `unsupported_suite`, at once",
                "test_epoch_of_another_suite",
            ),
            (
                "serves an epoch whose event key is a member's",
                "a key has one purpose for ever: alarm `public_refused`, at once",
                "test_key_of_a_member_as_the_event_key",
            ),
        ),
    ),
    (
        "What a provider keeps",
        "handling",
        (
            (
                "exports, or makes an alert or a file for a court of, what its provider keeps",
                "each use asks the code that holds; the rest is left out and counted, by number `use_not_permitted`",
                "test_file_of_what_its_provider_keeps",
            ),
            (
                "a cover that permits more than its report",
                "the strictest holds; a colour of TLP keeps too, and so does a code that nobody knows",
                "test_report_that_permits_less_than_its_cover",
            ),
            (
                "passes on what is kept, or marks it so that others may",
                "`use_not_permitted` without a word that it was permitted; the cover never permits more",
                "test_kept_report_goes_on_under_a_laxer_code",
            ),
            (
                "opens what is kept to a court, in an evidence file",
                "a disclosed key is a use of its own: `use_not_permitted` but under H0",
                "test_disclosed_to_a_court_without_permission",
            ),
            (
                "a sender names the reader as the provider, so that it may do anything",
                "nobody else's word makes a member the provider",
                "test_provider_that_the_sender_claims",
            ),
            (
                "lets a text out while the log of that cannot be written, or dies between the two",
                "the log is written before anything leaves: no paper, no file, nothing on a pipe, nothing passed on",
                "test_handed_out_and_the_log_not_written",
                "test_handed_through_a_pipe_and_the_log_not_written",
            ),
        ),
    ),
    (
        "Lying hub: the line",
        "lying_line",
        (
            (
                "offers features that would take checks away",
                "a client asks for those that it knows; none takes a check away: alarm `bad_proof`, at once",
                "test_features_that_take_checks_away",
            ),
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
    (
        "Lists and calls",
        "lists",
        (
            (
                "floods a list, so that a flash or an older alert is not in it",
                "open and urgent first, flash above all, the oldest never cut off; what is left out is counted",
                "test_flood_over_a_flash",
            ),
            (
                "stolen key signs an alert before it is revoked",
                "a revocation as compromised is noted at all that came under the key, and calls an officer once",
                "test_alert_under_a_key_that_was_stolen",
            ),
            (
                "acknowledges, so that the sender looks away, and declines then",
                "the last word counts: it is listed as not done",
                "test_decline_behind_an_acknowledgement",
            ),
            (
                "lets an exercise overtake the real dispatch that it seems to answer",
                "judged when that comes: it ends no wait",
                "test_answer_of_an_exercise_that_comes_first",
            ),
        ),
    ),
)
