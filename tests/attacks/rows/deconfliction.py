"""Attacks on deconfliction."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "Deconfliction",
        "deconfliction",
        (
            (
                "answer of a desk that reveals a case",
                "its form has a result, members and numbers of references, and no text of anybody but the asker's own",
                "test_answer_that_reveals_a_case",
                "test_what_an_answer_says_of_another",
            ),
            (
                "exercise question that meets a real operation, or the other way round",
                "compared within one status only",
                "test_exercise_question_that_meets_a_real_one",
            ),
            (
                "answer by a member that was not asked",
                "counts only from the desk to which the question went; the question stays open, and its clock rings",
                "test_answer_by_a_member_that_was_not_asked",
            ),
            (
                "answer of an exercise to a real question",
                "an answer has the status of its question",
                "test_answer_of_an_exercise_to_a_real_question",
            ),
            (
                "fishing for the operations of others",
                "256 matters of a member in a day; beyond nothing is compared, and the desk's officer is told",
                "test_fishing_for_the_operations_of_others",
                "test_fishing_with_questions_that_are_taken_back",
            ),
            (
                "question of another taken back, so that it is not met",
                "only its own member withdraws it",
                "test_question_that_another_takes_back",
            ),
            (
                "question that an older desk cannot read, answered by *nobody*",
                "what was not read to its end is not compared, and the answer says so",
                "test_question_that_was_not_read_to_its_end",
            ),
            (
                "numbers read from a cover, a log or an alarm",
                "they stand in the sealed question alone",
                "test_number_in_a_cover_a_log_or_an_alarm",
            ),
        ),
    ),
)
