"""What makes sure that a person is called, and not called to death."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import off
from tests.support.switching import Edit, Switch

ALARMS: Final = "clients/store/alarms.py"
FAULTING: Final = "clients/actions/faulting.py"
HOOKS: Final = "clients/actions/hooks.py"
SENDER: Final = "clients/mail/sender.py"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "alarms of one cause fold",
        Edit(ALARMS, "if of_cause >= MOST_OF_CAUSE:", "if False:"),
        "duty::test_flood_of_alarms",
    ),
    off(
        "what folds into one line calls too",
        Edit(FAULTING, "return is_new or is_due or", "return is_new or"),
        "duty::test_alarm_behind_a_flood_of_its_cause",
    ),
    off(
        "the same alarm is kept once",
        Edit(ALARMS, "if self._count(own, alarm) or self._is_settled(own, alarm):", "if False:"),
        "duty::test_alarm_for_each_look",
    ),
    off(
        "two calls of a cause are apart",
        Edit(FAULTING, "if apart_s < _APART_S[cause]:", "if False:"),
        "duty::test_call_for_each_forged_thing",
        "duty::test_line_that_flaps",
    ),
    off(
        "a moment of a line is no line",
        Edit(FAULTING, "now_s - watched.well_s >= grace_s / 2:", "True:"),
        "duty::test_line_that_lives_for_a_moment",
    ),
    off(
        "a program gets facts that it can hold",
        Edit(HOOKS, 'return _UNFIT.sub("?", fact)', "return fact"),
        "duty::test_words_that_no_program_can_be_given",
    ),
    off(
        "a command that hangs is ended",
        Edit(HOOKS, "is_late = self._monotonic() >= running.until_s", "is_late = False"),
        "duty::test_command_that_hangs",
    ),
    off(
        "what cannot go to one goes to the others",
        Edit(
            SENDER,
            "if unreached and (whole or len(unreached) == len(draft.to)):",
            "if unreached:",
        ),
        "duty::test_recipient_that_is_revoked_keeps_others_waiting",
    ),
    off(
        "what is refused comes back",
        Edit(SENDER, "        if to_nobody:\n", "        if True:\n"),
        "duty::test_refusal_that_makes_it_disappear",
    ),
    off(
        "the end of an officer waits for what he signed",
        Edit(SENDER, "if self._order.overtakes(outgoing):", "if False:"),
        "duty::test_end_of_an_officer_first",
    ),
)
