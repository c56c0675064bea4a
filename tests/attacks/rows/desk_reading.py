"""Attacks on what the pages of a desk show."""

from __future__ import annotations

from typing import Final

from tests.attacks.rows.hub import Line

SUBJECTS: Final[tuple[tuple[str, str, tuple[Line, ...]], ...]] = (
    (
        "What the pages of a desk show",
        "desk_reading",
        (
            (
                "text that moves, hides or covers what stands beside it, or fills the page",
                "every text of others is made harmless and bounded before a page gets it; what is cut is counted",
                "test_text_of_others_that_moves_or_turns",
                "test_heap_of_marks_on_one_letter",
                "test_text_that_fills_the_page",
            ),
            (
                "member of a report with a name that means something to the page's language",
                "pages get values with fixed names; what others have named is a value in a line",
                "test_name_of_a_member_that_others_chose",
            ),
            (
                "report with members without end",
                "so many lines stand in a section, and how many more there are",
                "test_members_without_end",
            ),
            (
                "exercise that calls itself real, or urgent",
                "lists, counts and searches are of one marking, that of the signed cover",
                "test_exercise_among_what_is_real",
            ),
            (
                "dispatch that could not be verified, marked as an exercise so that nobody looks",
                "what nobody is proven to have signed is taken for real",
                "test_forged_exercise_is_taken_for_real",
            ),
            (
                "picture that is not here, or none",
                "a page gets the bytes of JPEG, PNG and WebP that are what they say, and of nothing else",
                "test_picture_that_is_not_here",
            ),
        ),
    ),
)
