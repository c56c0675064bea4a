"""Attacks on whoever is to be called."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Calling a person",
        "duty",
        (
            (
                "a member brings about alarm after alarm, so that another's is not seen",
                "eight of a kind and cause stand on their own, the rest is one line; another's stands beside it",
                "test_flood_of_alarms",
            ),
            (
                "a member brings about eight alarms, so that nobody is called for what it does next",
                "a line of many calls when its number has doubled, and else within five minutes, with the count",
                "test_alarm_behind_a_flood_of_its_cause",
            ),
            (
                "the same lie again and again, over restarts, so that alarms fill the disk",
                "the same alarm is kept once while it is open, and counted",
                "test_alarm_for_each_look",
            ),
            (
                "something forged after something forged, a call for each",
                "one command at a time for a cause, ten seconds apart at least",
                "test_call_for_each_forged_thing",
            ),
            (
                "a line that comes and goes, so that the siren is switched off",
                "calls for it are five minutes apart at least",
                "test_line_that_flaps",
            ),
            (
                "a line that lives for a moment before each minute is over, so that nobody is ever called",
                "the time without a line is added up, until it has been well for half a minute",
                "test_line_that_lives_for_a_moment",
            ),
            (
                "a reason for a fault with which the command for it cannot be run",
                "what an environment cannot hold is replaced",
                "test_words_that_no_program_can_be_given",
            ),
            (
                "a command that hangs, so that the next is not called",
                "one for each cause, eight beside each other; its whole group is ended after a minute",
                "test_command_that_hangs",
            ),
            (
                "a recipient lets its key be revoked while a flash to several waits",
                "sealed anew to those who have a key; the rest comes back with its text",
                "test_recipient_that_is_revoked_keeps_others_waiting",
            ),
            (
                "a hub refuses something urgent for good, so that it is in no list",
                "whatever the code: it comes back with its text, an alarm, and it rings",
                "test_refusal_that_makes_it_disappear",
            ),
            (
                "the end of an officer overtakes what he signed",
                "it waits for that, ten minutes at most, unless the key is in other hands",
                "test_end_of_an_officer_first",
            ),
        ),
    ),
)
"""Title, module, and rows: attack, defence, tests."""
