"""Attacks on the file of a client's store, by somebody who has no key to it."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "What was deleted in a client's store",
        "retention",
        (
            (
                "a text that was deleted, delivered again",
                "the log keeps it away: its place is kept, nothing of its text",
                "test_deleted_text_delivered_again",
            ),
            (
                "the same content under a newer key",
                "it is known again by a keyed hash: confirmed, and not kept",
                "test_deleted_text_under_a_newer_key",
            ),
            (
                "another content passed off as one that was deleted",
                "only the same content is kept away: it is shown, and rings",
                "test_another_content_as_the_deleted_one",
            ),
            (
                "an entry of the log deleted by plain SQL",
                "the rows of the log are summed: alarm `store_changed`",
                "test_entry_of_the_log_removed",
            ),
            (
                "an alert that a rule deletes before anybody has answered it",
                "no rule and no order deletes what is urgent and open",
                "test_open_alert_outlives_every_rule",
            ),
            (
                "a hub whose clock runs ahead, to make all texts old",
                "the age counts by the clock that is behind",
                "test_hub_with_a_clock_ahead",
            ),
        ),
    ),
    (
        "The file of a client's store",
        "store",
        (
            (
                "plain SQL: alerts, receipts, deadlines, alarms, cursors changed or deleted, a trigger planted",
                "rows are tagged, and tables summed, under the store key: alarm `store_changed` when it is next opened",
                "test_changed_by_plain_sql",
            ),
            (
                "an alert hidden, or moved to another lane or number",
                "it becomes again what it was sealed as; it rings anew",
                "test_hidden_alert_is_shown_again",
            ),
            (
                "a decline numbered as one for which somebody was called already",
                "the number is tagged: it is again the one that was sealed, and calls",
                "test_decline_passed_off_as_called_for",
            ),
            (
                "an alert deleted, or its name changed",
                "all mail is asked for again: it comes again, and rings anew",
                "test_deleted_alert_comes_again",
            ),
            (
                "a revocation deleted, or made something else",
                "all mail is asked for again: the key stays revoked",
                "test_deleted_revocation_comes_back",
            ),
            (
                "what waits passed off as sent",
                "it waits again, and goes out",
                "test_what_waits_goes_out_although_it_was_passed_off_as_sent",
            ),
            (
                "a deadline put off, a receipt made an acknowledgement",
                "they are again what they were sealed as",
                "test_changed_deadline_and_outcome_are_what_they_were",
            ),
            (
                "rows put back from an older copy of the same store",
                "the sums of all tables are sealed together: the same alarm",
                "test_table_of_an_older_copy",
            ),
        ),
    ),
)
