"""JSON in one spelling, so that a digest over values is the same for everybody (RFC 8785)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_POSITIONAL: Final = (-6, 21)
"""Exponents of ten from which and below which ECMAScript writes a number without one."""


def canonical_json(value: Any) -> bytes:
    """A JSON value as RFC 8785 writes it.

    Args:
        value: as `schemas.encoding.decode_json` reads it: finite numbers, text without surrogates.
    """
    return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(name)}:{_text(each)}" for name, each in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ",".join(map(_text, value)) + "]"
    if isinstance(value, float):
        return _number(value)
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """As ECMAScript writes it: the shortest digits that read back as the same number."""
    if value == 0:
        return "0"
    sign, (digits, exponent) = "-" if value < 0 else "", _digits(abs(value))
    count, point = len(digits), exponent + 1
    if not _POSITIONAL[0] <= exponent < _POSITIONAL[1]:
        fraction = f".{digits[1:]}" if count > 1 else ""
        return f"{sign}{digits[0]}{fraction}e{exponent:+d}"
    if point >= count:
        return sign + digits + "0" * (point - count)
    return f"{sign}{digits[:point]}.{digits[point:]}" if point > 0 else f"{sign}0.{'0' * -point}{digits}"


def _digits(value: float) -> tuple[str, int]:
    """Shortest digits, and the power of ten of the first one."""
    mantissa, _e, exponent = repr(value).partition("e")
    whole, _dot, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    leading = len(whole + fraction) - len(digits)
    first = len(whole) - 1 - leading + (int(exponent) if exponent else 0)
    return digits.rstrip("0") or "0", first
