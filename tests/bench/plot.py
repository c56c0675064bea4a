"""Figures without a library: bars and lines as SVG, readable on a light page and on a dark one.

A figure is a grid of charts below one title and above one caption. Whatever colour says is also
said by a word or a dash. All lengths are in pixels of the figure's own 760.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 760
_COLUMN: Final = WIDTH // 2
_HEAD: Final = 44
_CHART: Final = 220
_LINE: Final = 15
_LETTER: Final = 6.2
_DASHES: Final = ("none", "7 4", "2 3", "10 3 2 3")

# The palette of Okabe and Ito, which people with any colour vision tell apart; lighter on dark.
_LIGHT: Final = ("#0072b2", "#c45100", "#00795a", "#9a4f7e")
_DARK: Final = ("#56b4e9", "#f0a030", "#2fc79b", "#e09ac4")


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of horizontal bars from zero.

    Attributes:
        title: what is measured, with its unit.
        rows: a label and its value each, from the top.
    """

    title: str
    rows: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Lines:
    """A chart of lines over a logarithmic x axis.

    Attributes:
        title: what is measured, with its unit.
        x_title: what the x axis counts.
        series: a label each, with its points from left to right.
        log_y: whether the y axis is logarithmic too; it begins at zero otherwise.
    """

    title: str
    x_title: str
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]]
    log_y: bool = False


Chart = Bars | Lines


# Numbers


def number_text(value: float) -> str:
    """A number as a reader wants it: three digits that matter, thousands separated."""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def tick_text(value: float) -> str:
    """A number beside an axis, where room is short: millions as `M`."""
    return f"{number_text(value / 1e6)} M" if value >= 1e6 else number_text(value)


def even_ticks(most: float) -> list[float]:
    """From zero to at least ``most``, in a few steps of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(most / 4)) if most > 0 else 1.0
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if most / step <= 4)
    return [step * count for count in range(max(1, math.ceil(most / step - 1e-9)) + 1)]


def log_ticks(least: float, most: float) -> list[float]:
    """The powers of ten from at most ``least`` to at least ``most``, two or more."""
    low, high = math.floor(math.log10(least) + 1e-9), math.ceil(math.log10(most) - 1e-9)
    return [10.0**power for power in range(low, max(high, low + 1) + 1)]


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies between two ends of an axis.

    Attributes:
        first, last: values at the ends.
        start, end: their places, in pixels.
        log: whether equal ratios, not differences, are equal distances.
    """

    first: float
    last: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The place of a value, in pixels."""
        first, last, here = (math.log10(each) if self.log else each for each in (self.first, self.last, value))
        return self.start + (here - first) / (last - first) * (self.end - self.start)


# Figures


def figure(title: str, caption: str, charts: Sequence[Chart]) -> str:
    """The text of an SVG file.

    Args:
        title: one line above everything.
        caption: what a reader must know to read it; wrapped.
        charts: two in a row.
    """
    lines = textwrap.wrap(caption, int((WIDTH - 32) / _LETTER))
    below = _HEAD + _CHART * math.ceil(len(charts) / 2)
    height = below + _LINE * len(lines) + 22
    parts = [_text(16, 27, title, "title")]
    for number, chart in enumerate(charts):
        inside = _bars(chart) if isinstance(chart, Bars) else _lines(chart)
        x, y = number % 2 * _COLUMN, _HEAD + number // 2 * _CHART
        parts.append(f'<g transform="translate({x} {y})">{"".join(inside)}</g>')
    parts += [_text(16, below + 12 + _LINE * number, line, "caption") for number, line in enumerate(lines)]
    return "\n".join((*_opening(title, caption, height), *parts, "</svg>", ""))


def _opening(title: str, caption: str, height: int) -> Iterable[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" aria-labelledby="t d">'
    )
    yield f'<title id="t">{escape(title)}</title><desc id="d">{escape(caption)}</desc>'
    dark = _rules("#14181d", "#e6e9ec", "#a9b2bb", "#39424c", _DARK)
    yield f"<style>{_FONT}{_rules('#ffffff', '#1b1f23', '#57606a', '#d8dee4', _LIGHT)}"
    yield f"@media (prefers-color-scheme: dark) {{{dark}}}</style>"
    yield f'<rect class="page" width="{WIDTH}" height="{height}"/>'


_FONT: Final = (
    "text{font:12px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}"
    "text.title{font-size:16px;font-weight:600}text.head{font-weight:600}"
    ".grid{stroke-width:1}polyline{fill:none;stroke-width:2}"
)


def _rules(page: str, ink: str, quiet: str, grid: str, colours: Sequence[str]) -> str:
    series = "".join(
        f".s{number}{{fill:{colour}}}.l{number}{{stroke:{colour}}}" for number, colour in enumerate(colours)
    )
    return f".page{{fill:{page}}}text{{fill:{ink}}}text.caption,text.tick{{fill:{quiet}}}.grid{{stroke:{grid}}}{series}"


def _text(x: float, y: float, text: str, kind: str = "", anchor: str = "start") -> str:
    name = f' class="{kind}"' if kind else ""
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text{name} x="{x:.1f}" y="{y:.1f}"{where}>{escape(text)}</text>'


def _grid(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="grid" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


# Bars


def _bars(chart: Bars) -> Iterable[str]:
    top, bottom, left = 34, _CHART - 40, 20 + 1.1 * _LETTER * max(len(label) for label, _ in chart.rows)
    ticks = even_ticks(max(value for _, value in chart.rows))
    scale = Scale(0, ticks[-1], left, _COLUMN - 60)
    yield _text(16, 18, chart.title, "head")
    for tick in ticks:
        yield _grid(scale.at(tick), top, scale.at(tick), bottom)
        yield _text(scale.at(tick), bottom + 16, tick_text(tick), "tick", "middle")
    step = (bottom - top) / len(chart.rows)
    for number, (label, value) in enumerate(chart.rows):
        y = top + step * number
        yield _text(left - 6, y + step / 2 + 4, label, anchor="end")
        yield _bar(number, left, y + step * 0.15, scale.at(value) - left, step * 0.7)
        yield _text(scale.at(value) + 5, y + step / 2 + 4, number_text(value))


def _bar(number: int, x: float, y: float, width: float, height: float) -> str:
    kind = f"s{number % len(_LIGHT)}"
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}"/>'


# Lines


def _lines(chart: Lines) -> Iterable[str]:
    top, bottom, left, right = 46, _CHART - 52, 64, _COLUMN - 36
    xs = sorted({x for _, points in chart.series for x, _ in points})
    values = [y for _, points in chart.series for _, y in points]
    y_ticks = log_ticks(min(values), max(values)) if chart.log_y else even_ticks(max(values))
    x_scale = Scale(xs[0], xs[-1], left, right, log=True)
    y_scale = Scale(y_ticks[0], y_ticks[-1], bottom, top, log=chart.log_y)
    yield _text(16, 18, chart.title, "head")
    for tick in y_ticks:
        yield _grid(left, y_scale.at(tick), right, y_scale.at(tick))
        yield _text(left - 6, y_scale.at(tick) + 4, tick_text(tick), "tick", "end")
    for x in xs:
        yield _grid(x_scale.at(x), bottom, x_scale.at(x), bottom + 5)
        yield _text(x_scale.at(x), bottom + 18, tick_text(x), "tick", "middle")
    yield _text((left + right) / 2, bottom + 36, chart.x_title, "tick", "middle")
    yield from _legend([label for label, _ in chart.series], left)
    for number, (_, points) in enumerate(chart.series):
        yield from _line(number, [(x_scale.at(x), y_scale.at(y)) for x, y in points])


def _legend(labels: Sequence[str], x: float) -> Iterable[str]:
    for number, label in enumerate(labels):
        yield _line_between(number, f"{x:.1f},32 {x + 26:.1f},32")
        yield _text(x + 31, 36, label)
        x += 46 + _LETTER * len(label)


def _line(number: int, places: Sequence[tuple[float, float]]) -> Iterable[str]:
    yield _line_between(number, " ".join(f"{x:.1f},{y:.1f}" for x, y in places))
    for x, y in places:
        yield f'<circle class="s{number % len(_LIGHT)}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'


def _line_between(number: int, places: str) -> str:
    dash = _DASHES[number % len(_DASHES)]
    return f'<polyline class="l{number % len(_LIGHT)}" stroke-dasharray="{dash}" points="{places}"/>'
