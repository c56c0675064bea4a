"""What people type."""

from __future__ import annotations

import click
import pytest

from clients.cli.types import MomentType, NumbersArgument, NumberType


@pytest.mark.parametrize(
    ("text", "end", "expected_ms"),
    [
        ("1970-01-02", False, 86_400_000),
        ("1970-01-02", True, 2 * 86_400_000),
        ("1970-01-02T00:00Z", True, 86_400_000),
        ("1970-01-02T05:00+05:00", False, 86_400_000),
        ("1970-01-02T00:00", False, 86_400_000),
    ],
)
def test_times(text: str, end: bool, expected_ms: int) -> None:
    """A day is its beginning, or its end where that is meant; a time without an offset is UTC."""
    assert MomentType(end=end).convert(text, None, None) == expected_ms


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-12-31", "2026-11-24T25:00Z"])
def test_no_time(text: str) -> None:
    """What is no time is wrong use."""
    with pytest.raises(click.UsageError):
        MomentType(end=True).convert(text, None, None)


def test_numbers_as_spoken() -> None:
    """A number may be typed as it is spoken; what is none is wrong use."""
    assert NumberType().convert("EX 10 423", None, None) == 10_423
    with pytest.raises(click.UsageError):
        NumberType().convert("ten", None, None)


def _numbers(*words: str) -> object:
    argument = NumbersArgument()
    return argument.type_cast_value(click.Context(click.Command("evidence")), words)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("10423",), (10_423,)),
        (("EX", "10", "423"), (10_423,)),
        (("EX 10 423", "10431"), (10_423, 10_431)),
        (("10423", "10431", "10423"), (10_423, 10_431)),
        (("10", "+", "423"), (10, 423)),
        (("10+423", "+", "EX", "10", "431"), (10, 423, 10_431)),
        (("423", "10"), (423, 10)),
    ],
)
def test_several_numbers(words: tuple[str, ...], expected: tuple[int, ...]) -> None:
    """Several numbers are read one after the other or with a plus between them, each once."""
    assert _numbers(*words) == expected


@pytest.mark.parametrize("words", [("10", "423"), ("1", "000", "000"), ("ten",), ("10423", "ten"), ("10", "+"), ("+",)])
def test_number_that_could_be_several(words: tuple[str, ...]) -> None:
    """What could be one number or several is refused: nobody is to hand out the evidence of another dispatch."""
    with pytest.raises(click.UsageError):
        _numbers(*words)
