"""Deconfliction: what is asked, answered, and believed (PROTOCOL 16)."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

DECONFLICTION: Final = "schemas/operations/deconfliction.py"
FORM: Final = "schemas/reports/deconflict.py"

_REVEALS: Final = "deconfliction::test_answer_that_reveals_a_case"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "an answer has no room for a case",
        never("schemas/reports/narrow.py", "if info.field_name not in cls.room():"),
        *(f"{_REVEALS}[{name}]" for name in ("summary", "goods", "identifiers", "place")),
    ),
    off(
        "the reference of an answer is a number",
        Edit(FORM, 'pattern=r"^D-[0-9]{1,16}$"', 'pattern=r"^.*$"'),
        f"{_REVEALS}[our_reference]",
    ),
    off(
        "an answer names who asked and nothing of the question",
        Edit(
            DECONFLICTION,
            "your_reference=found.question.reference or None,",
            'your_reference=" ".join(sorted(found.question.matters))[:64],',
        ),
        "deconfliction::test_what_an_answer_says_of_another",
    ),
    off(
        "questions of one status are compared",
        Edit(
            DECONFLICTION,
            "    here = [each for each in dispatches if each.cover.status == status]\n",
            "    here = [*dispatches]\n",
        ),
        "deconfliction::test_exercise_question_that_meets_a_real_one",
    ),
    off(
        "the desk that was asked answers",
        Edit(DECONFLICTION, "by_desk = member_of(answer.cover.iss) in question.cover.to", "by_desk = True"),
        "deconfliction::test_answer_by_a_member_that_was_not_asked",
    ),
    off(
        "an answer has the status of its question",
        (
            Edit(DECONFLICTION, "is_same = answer.cover.status == question.cover.status", "is_same = True"),
            Edit(
                DECONFLICTION,
                "here = sorted((each for each in dispatches if each.cover.status == status), key",
                "here = sorted(dispatches, key",
            ),
        ),
        "deconfliction::test_answer_of_an_exercise_to_a_real_question",
    ),
    off(
        "a member asks about so much in a day",
        never(DECONFLICTION, "if len(matters) > MATTERS_A_DAY:"),
        "deconfliction::test_fishing_for_the_operations_of_others",
    ),
    off(
        "what was taken back was asked",
        Edit(
            DECONFLICTION,
            "    beyond = _beyond(asked)\n    gone = _gone(here)\n",
            "    gone = _gone(here)\n"
            "    beyond = _beyond([each for each in asked if (each.digest, each.member) not in gone])\n",
        ),
        "deconfliction::test_fishing_with_questions_that_are_taken_back",
    ),
    off(
        "only its member takes a question back",
        Edit(DECONFLICTION, "if (each.digest, each.member) not in gone", "if each.digest not in dict(gone)"),
        "deconfliction::test_question_that_another_takes_back",
    ),
    off(
        "nobody is what was read to its end",
        Edit(DECONFLICTION, "ComparisonResult.NONE if question.is_whole else", "ComparisonResult.NONE if True else"),
        "deconfliction::test_question_that_was_not_read_to_its_end",
    ),
    off(
        "an alarm has nothing of a question",
        Edit(
            "clients/actions/operations/comparing.py",
            'detail = f"{question.member}: more',
            'detail = f"{question.member} {sorted(question.matters)}: more',
        ),
        "deconfliction::test_number_in_a_cover_a_log_or_an_alarm",
    ),
)
