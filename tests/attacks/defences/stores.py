"""What keeps a client's store as it was written."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

CHECKING: Final = "clients/store/checking.py"
RETENTION: Final = "clients/actions/retention.py"

DROPPED: Final = Edit(
    "clients/store/rows.py",
    "return [key for key, sealed in held if not self._put_back(key, *sealed)]",
    "return [key for key, sealed in held]",
)
NOT_ASKED: Final = never("clients/mail/state.py", "if self.store.trust.is_mail_wanted:")

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "what was deleted is not kept again",
        Edit(
            "clients/mail/intake.py",
            "if (deletion := self._state.store.deletions.get(placed.digest)) is not None:",
            "if (deletion := self._state.store.deletions.get(placed.digest)) is not None and deletion.at_ms < 0:",
        ),
        "retention::test_deleted_text_delivered_again",
    ),
    off(
        "what was deleted is known again under a newer key",
        Edit(
            "clients/mail/intake.py",
            "if mark is not None and entry.mark == mark), None)",
            "if mark is not None and entry.mark == 0), None)",
        ),
        "retention::test_deleted_text_under_a_newer_key",
    ),
    off(
        "only the same content is kept away",
        Edit(
            "clients/mail/intake.py",
            "if mark is not None and entry.mark == mark), None)",
            "if mark is not None), None)",
        ),
        "retention::test_another_content_as_the_deleted_one",
    ),
    off(
        "what is urgent and open is not deleted",
        never(
            RETENTION,
            'if item is not None and item.inbox and item.lane == "urgent" and is_open(delivery):',
        ),
        "retention::test_open_alert_outlives_every_rule",
    ),
    off(
        "the age of a text counts by the clock that is behind",
        Edit(
            RETENTION,
            "now_ms = min(clock.time_ms(), clock.local_ms())",
            "now_ms = clock.time_ms()",
        ),
        "retention::test_hub_with_a_clock_ahead",
    ),
    off(
        "what a row has in the clear is tagged",
        Edit(
            "clients/store/seals.py",
            "return hmac.compare_digest(self.stamp(table, clear, stamp[:NONCE_BYTES]), stamp)",
            "return True",
        ),
        "store::test_changed_by_plain_sql[alert hidden]",
        "store::test_changed_by_plain_sql[deadline moved]",
    ),
    off(
        "the rows of a table are summed",
        Edit(CHECKING, "if found == expected and not changed:", "if not changed:"),
        "store::test_changed_by_plain_sql[alert deleted]",
        "store::test_changed_by_plain_sql[alarm deleted]",
        "store::test_table_of_an_older_copy",
        "retention::test_entry_of_the_log_removed",
    ),
    off(
        "a store has no triggers but its own",
        Edit(
            "clients/store/schema.py",
            "foreign = [Foreign(*each) for each in sorted(listed - _made()) if each[:2] not in names]",
            "foreign = [Foreign(*each) for each in sorted(listed - _made()) if each[:2] == names]",
        ),
        "store::test_changed_by_plain_sql[trigger planted]",
        "store::test_changed_by_plain_sql[trigger named as a table]",
    ),
    off(
        "a changed row becomes what it was sealed as",
        DROPPED,
        "store::test_what_waits_goes_out_although_it_was_passed_off_as_sent",
        "store::test_changed_deadline_and_outcome_are_what_they_were",
    ),
    off(
        "a store that may lack something asks for all mail",
        NOT_ASKED,
        "store::test_deleted_revocation_comes_back[deleted]",
        "store::test_deleted_alert_comes_again",
    ),
    off(
        "a changed statement is what it was sealed as, or comes again",
        (DROPPED, NOT_ASKED),
        "store::test_deleted_revocation_comes_back[made another]",
        "store::test_hidden_alert_is_shown_again",
        "store::test_decline_passed_off_as_called_for",
    ),
)
