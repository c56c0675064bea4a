"""The account of an operation in words."""

from __future__ import annotations

from clients.documents.operations.account_text import account_lines
from schemas.operations.account import account_of
from tests.support.story import Story

TWELVE = [{"group": "heroin", "name": "Heroin", "quantity": "12", "unit": "kilogram"}]


def told(story: Story) -> str:
    """What is read of a story."""
    return "\n".join(account_lines(account_of(story.held())))


def test_what_is_on_the_way_is_not_called_missing() -> None:
    """While goods travel they are still there; when the operation is closed over them, they are not accounted for."""
    story = Story()
    story.opened()
    story.exhibit("A", "TJ", "registered", "A", 40, amounts=TWELVE)
    assert "still there 12 kilogram" in told(story)
    assert "not accounted for" not in told(story)
    story.add("close", "TJ", "close", 90, refs=[("reply", "open")])
    assert "not accounted for 12 kilogram" in told(story)
    assert "still there" not in told(story)


def test_more_went_than_came() -> None:
    """More seized than came in is a difference at once."""
    story = Story()
    story.opened()
    story.exhibit("A", "TJ", "registered", "A", 40, amounts=TWELVE)
    story.exhibit("S", "TJ", "seized", "A", 50, amounts=[{**TWELVE[0], "quantity": "13"}])
    assert "not accounted for -1 kilogram" in told(story)
