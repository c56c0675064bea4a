"""The table of who may do what: whole, and on every page as the data says."""

from __future__ import annotations

from typing import get_args

import pytest

from schemas.claims.operations import ACTS, FACTS, Do
from schemas.operations.table import STEPS, is_answer, needs_post, reach_of
from schemas.operations.words import StepKind
from tests.support.draw_steps import PAGES, drawn, table


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.parent.name)
def test_pages_have_the_table(page: object) -> None:
    """After a change of the data: ``python -m tests.support.draw_steps``."""
    assert drawn(page.read_text(encoding="utf-8")) == table()  # type: ignore[attr-defined]


def test_every_word_has_a_line() -> None:
    """Whatever a step may do is in the table; acts are signed by officers, of facts a movement by a machine too."""
    assert set(STEPS) == set(get_args(Do)) == {each.value for each in StepKind}
    machines = {do for do, rule in STEPS.items() if rule.machine}
    assert machines & ACTS == set()
    assert machines & FACTS == {"move"}


@pytest.mark.parametrize(
    ("decision", "post", "reach"),
    [
        ("granted", True, "plan"),
        ("conditional", True, "plan"),
        ("refused", False, "lead"),
        ("withdrawn", False, "lead"),
    ],
)
def test_decisions(decision: str, post: bool, reach: str) -> None:
    """Only what opens a way takes the post, and reaches all; of a movement its sender and the lead."""
    assert (needs_post("decide", decision), reach_of("decide", decision)) == (post, reach)
    assert reach_of("decide", decision, of_move=True) == "lead_and_mover"


@pytest.mark.parametrize(
    ("do", "rel", "asked", "own", "answers"),
    [
        ("decide", "reply", "open", False, True),
        ("decide", "reply", "plan", False, True),
        ("decide", "reply", "move", False, True),
        ("confirm", "reply", "decide", False, True),
        ("confirm", "countersign", "plan", True, True),
        ("confirm", "countersign", "plan", False, False),
        ("move", "reply", "move", True, True),
        ("move", "reply", "move", False, False),
        ("hand", "reply", "hand", False, True),
        ("close", "reply", "plan", True, True),
        ("note", "reply", "open", False, False),
        ("note", "related", "open", False, False),
        ("plan", "update", "open", True, False),
        (None, "reply", "open", False, False),
        ("decide", "reply", "note", False, False),
        ("decide", "reply", None, False, False),
        ("seize", "reply", "open", False, False),
    ],
)  # fmt: skip
def test_answers(do: str | None, rel: str, asked: str | None, own: bool, answers: bool) -> None:
    """What meets a clock is what the table names by ``reply``; an own confirmation meets it by ``countersign``."""
    assert is_answer(do, rel, asked, own=own) is answers
