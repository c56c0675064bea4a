"""When a clock is believed, by the hub and by clients (PROTOCOL 8)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import NEVER, never, off
from tests.support.switching import Edit, Switch

TIMEKEEPING: Final = "broker/core/timekeeping.py"
KEEPER: Final = "broker/service/timekeeper.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a hub that starts judges its clock",
        never(
            KEEPER,
            "if (doubt := doubt_at_start(now_ms, self._last_ms, synchronised=synchronised)) is not None:",
        ),
        "time::test_start_with_a_clock_that_is_ahead",
        "time::test_start_with_a_clock_that_is_behind",
        "time::test_start_that_vouches_for_the_next",
        "time::test_time_service_that_lies",
        "time::test_operator_who_reads_the_same_clock",
        "time::test_ledger_from_the_future_under_an_old_hub",
    ),
    off(
        "a sign of life is left only by a clock that is believed",
        Edit(
            KEEPER,
            "        now_ms = self.now_ms()\n        self._record",
            "        now_ms = self._machine.offset_ms() + self._machine.monotonic_ms()\n        self._record",
        ),
        "time::test_start_that_vouches_for_the_next",
    ),
    off(
        "a time service is believed for a week",
        never(TIMEKEEPING, "if away_ms > LONG_AWAY_MS:"),
        "time::test_time_service_that_lies",
    ),
    off(
        "a clock that is moved is not followed",
        Edit(
            TIMEKEEPING,
            "if step_ms < 0 or offset_ms - course.first_ms > STEP_MS:",
            NEVER,
        ),
        "time::test_clock_moved_while_the_hub_works",
        "time::test_clock_moved_little_by_little",
    ),
    off(
        "steps are bounded in all",
        Edit(TIMEKEEPING, "offset_ms - course.first_ms > STEP_MS:", "step_ms > STEP_MS:"),
        "time::test_clock_moved_little_by_little",
    ),
    off(
        "a word is another clock's time",
        never(KEEPER, "if not are_alike(said_ms, now_ms):"),
        "time::test_operator_who_reads_the_same_clock",
    ),
    off(
        "a leaf is a sign of life",
        Edit(
            TIMEKEEPING,
            "return sign.at_ms if newest_ms <= sign.ledger_ms else max(sign.at_ms, newest_ms)",
            "return sign.at_ms",
        ),
        "time::test_ledger_from_the_future_under_an_old_hub",
    ),
    off(
        "a token is its key's owner's",
        Edit("broker/service/gate.py", "note_time(member_of(owner), ", "note_time(member_of(claims.iss), "),
        "time::test_tokens_that_say_another_time",
    ),
    off(
        "a client corrects its clock by a day at most",
        never("clients/system.py", "if not may_correct(offset_ms, self.confirmed_ms):"),
        "time::test_hub_that_says_another_year",
        "time::test_hub_that_goes_there_day_by_day",
    ),
    off(
        "a client compares leaves with its own clock",
        never("clients/mail/state.py", "if self.system.clock.is_ahead(leaf.accepted_at):"),
        "time::test_leaf_that_is_ahead",
    ),
    off(
        "an audit compares leaves with the own clock",
        never("clients/line/audit.py", "if state.system.clock.is_ahead(auditor.last_ms):"),
        "time::test_leaf_that_is_ahead_between_others",
    ),
)
