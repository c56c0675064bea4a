"""The figures: numbers as a reader wants them, marks where the values are, a file that any viewer takes."""

from __future__ import annotations

from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest

from tests.bench.plot import WIDTH, Bars, Lines, Scale, even_ticks, figure, log_ticks, number_text, tick_text

SVG = "{http://www.w3.org/2000/svg}"
BARS = Bars("rate, per second", [("serai", 1500.0), ("a & b", 750.0)])
LINES = Lines("cost, µs", "leaves", [("first", [(1e3, 10.0), (1e5, 1000.0)]), ("second", [(1e3, 100.0)])], log_y=True)


def _drawn(*charts: Bars | Lines) -> Element:
    # What is parsed was written a line above.
    return fromstring(figure("A title", "A caption. " * 40, charts))  # noqa: S314


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (12_345.6, "12,346"),
        (100, "100"),
        (99.96, "100"),
        (3.14159, "3.14"),
        (0.5, "0.5"),
        (0.01234, "0.0123"),
    ],
)
def test_a_number_has_three_digits_that_matter(value: float, text: str) -> None:
    """Large numbers have their thousands separated, small ones no digits that mean nothing."""
    assert number_text(value) == text


@pytest.mark.parametrize(("value", "text"), [(100_000, "100,000"), (2_500_000, "2.5 M"), (0, "0")])
def test_millions_are_short_beside_an_axis(value: float, text: str) -> None:
    """Where room is short, millions are written with a letter; what is smaller is written out."""
    assert tick_text(value) == text


@pytest.mark.parametrize("most", [0, 0.03, 1, 4, 7.5, 99, 100, 12_000, 987_654])
def test_even_ticks_reach_the_largest_value(most: float) -> None:
    """Ticks begin at zero, are equally far apart, few, and the last is not below the largest value."""
    ticks = even_ticks(most)
    steps = [after - before for before, after in pairwise(ticks)]
    assert ticks[0] == 0
    assert ticks[-1] >= most
    assert steps == pytest.approx([ticks[1]] * len(steps))
    assert len(ticks) <= 6


@pytest.mark.parametrize(
    ("least", "most", "ticks"),
    [
        (1_000, 10_000_000, [1e3, 1e4, 1e5, 1e6, 1e7]),
        (0.9, 43, [0.1, 1, 10, 100]),
        (5, 5, [1, 10]),
        (10, 10, [10, 100]),
    ],
)
def test_log_ticks_enclose_the_values(least: float, most: float, ticks: list[float]) -> None:
    """Powers of ten from below the least to above the most, two at least."""
    assert log_ticks(least, most) == pytest.approx(ticks)


def test_equal_ratios_are_equal_distances_on_a_logarithmic_axis() -> None:
    """A logarithmic axis places by ratio, an even one by difference."""
    assert Scale(1, 10_000, 0, 400, log=True).at(100) == pytest.approx(200)
    assert Scale(0, 10_000, 0, 400).at(100) == pytest.approx(4)


def test_bars_are_as_long_as_their_values() -> None:
    """Half the value is half the bar, and each bar has its label and its number beside it."""
    drawn = _drawn(BARS)
    long, short = (float(bar.attrib["width"]) for bar in drawn.iter(f"{SVG}rect") if bar.attrib["class"] != "page")
    assert short == pytest.approx(long / 2, abs=0.1)
    assert {"serai", "a & b", "1,500", "750", "rate, per second"} <= {text.text for text in drawn.iter(f"{SVG}text")}


def test_lines_rise_with_their_values_and_differ_without_colour() -> None:
    """A hundred times the value is two ticks higher; lines differ by their dashes too."""
    drawn = _drawn(LINES)
    low, high, middle = (float(mark.attrib["cy"]) for mark in drawn.iter(f"{SVG}circle"))
    assert low > middle > high
    assert low - middle == pytest.approx(middle - high, abs=0.2)
    assert len({line.attrib["stroke-dasharray"] for line in drawn.iter(f"{SVG}polyline")}) == 2


def test_a_figure_is_readable_on_a_light_page_and_on_a_dark_one() -> None:
    """The page has a colour of its own in both, and a screen reader gets title and caption."""
    text = figure("A title", "A caption", [BARS])
    light, dark = text.split("@media (prefers-color-scheme: dark)")
    assert ".page{fill:#ffffff}" in light
    assert ".page{fill:#14181d}" in dark
    assert 'role="img"' in light
    assert "<desc" in light


def test_everything_lies_on_the_page() -> None:
    """With any number of charts, no text begins outside the page, and the page is high enough for the caption."""
    drawn = _drawn(BARS, LINES, BARS)
    height = float(drawn.attrib["height"])
    below = [text for text in drawn.findall(f"{SVG}text") if text.attrib["class"] == "caption"]
    assert len(below) > 1
    assert all(float(text.attrib["y"]) < height for text in below)
    assert all(0 <= float(text.attrib["x"]) <= WIDTH for text in drawn.iter(f"{SVG}text"))
