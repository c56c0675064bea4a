"""Attacks on the time, at the hub and at clients."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Time",
        "time",
        (
            (
                "starts the hub once with a clock that is ahead, so that all is expired for ever",
                "a clock is judged by the last sign of life; in doubt nothing is appended: `hub_not_ready`",
                "test_start_with_a_clock_that_is_ahead",
            ),
            (
                "turns the hub's clock back, so that what has expired is good again",
                "the same",
                "test_start_with_a_clock_that_is_behind",
            ),
            (
                "starts it twice, so that the first start vouches for the second",
                "only a clock that is believed leaves a sign of life",
                "test_start_that_vouches_for_the_next",
            ),
            (
                "feeds its time service a wrong time while the hub is off",
                "more than a week away only the operator's word counts",
                "test_time_service_that_lies",
            ),
            (
                "moves the clock of a hub that works",
                "forward by an hour at most, back not at all: then it ends, and is judged anew",
                "test_clock_moved_while_the_hub_works",
            ),
            (
                "moves it little by little",
                "an hour in all",
                "test_clock_moved_little_by_little",
            ),
            (
                "lets the operator confirm what the wrong clock shows",
                "the word is another clock's time, within five minutes",
                "test_operator_who_reads_the_same_clock",
            ),
            (
                "puts a ledger from the future under the hub",
                "a leaf that has come since the last sign of life counts as one",
                "test_ledger_from_the_future_under_an_old_hub",
            ),
            (
                "signs tokens of another time, in the name of others too",
                "they move no clock; most countries must agree, by their own keys, for a warning",
                "test_tokens_that_say_another_time",
            ),
            (
                "lying hub: says a time that is years away, at once or day by day",
                "at most 24 hours from the own machine without a person: alarm `clock`, at once",
                "test_hub_that_says_another_year",
                "test_hub_that_goes_there_day_by_day",
            ),
            (
                "lying hub: appends leaves that are ahead",
                "compared with the own machine's clock: alarm `bad_time`, at once, between others at the next audit",
                "test_leaf_that_is_ahead",
                "test_leaf_that_is_ahead_between_others",
            ),
        ),
    ),
)
