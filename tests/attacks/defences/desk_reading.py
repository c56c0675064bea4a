"""What the pages of a desk show of others."""

from __future__ import annotations

from typing import Final

from tests.attacks.defences.off import never, off
from tests.support.switching import Edit, Switch

_BOUNDS: Final = "clients/desk/views/bounds.py"
_READER: Final = "clients/desk/views/reader.py"
_ROUTES: Final = "clients/desk/api/dispatches.py"

_SHOWN: Final = "return reader_page(client, delivery, lists_of(desk, client), words_for(client), whole=whole)"

SWITCHES: Final[tuple[Switch, ...]] = (
    off(
        "a page gets no letter that moves or hides",
        Edit(_BOUNDS, 'each.isprintable() or each == "\\n"', "True"),
        "desk_reading::test_text_of_others_that_moves_or_turns",
    ),
    off(
        "a heap of marks is cut in a page",
        Edit(_BOUNDS, "if marks <= _MARKS:", "if True:"),
        "desk_reading::test_heap_of_marks_on_one_letter",
    ),
    off(
        "a long text is cut in a page",
        Edit(_BOUNDS, "for each in text[:most]:", "for each in text:"),
        "desk_reading::test_text_that_fills_the_page",
    ),
    off(
        "a page gets values with fixed names",
        (
            Edit(_ROUTES, "whole: bool = False) -> ReaderPage:", "whole: bool = False) -> Answer:"),
            Edit(_ROUTES, _SHOWN, "return delivery_json(delivery)"),
        ),
        "desk_reading::test_name_of_a_member_that_others_chose",
    ),
    off(
        "a section of a page is bounded",
        (
            Edit(_READER, "written_texts(content, lines)", "written_texts(content, 1 << 20)"),
            Edit("clients/desk/views/values.py", "for each in every[:lines]]", "for each in every]"),
        ),
        "desk_reading::test_members_without_end",
    ),
    off(
        "a list of a desk has one marking",
        Edit(
            "clients/actions/marked_lists.py",
            "is_exercise = self._exercise.get(entry.digest, False)",
            "is_exercise = False",
        ),
        "desk_reading::test_exercise_among_what_is_real",
    ),
    off(
        "a forged exercise is taken for real",
        never("clients/mail/state.py", "if item.step is not None and item.step < 5:"),
        "desk_reading::test_forged_exercise_is_taken_for_real",
    ),
    off(
        "a page shows pictures only",
        never(_ROUTES, "if file is None or not file.is_here or file.attachment.size > _MOST_BYTES:"),
        "desk_reading::test_picture_that_is_not_here",
    ),
)
