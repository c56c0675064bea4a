"""How tests say that something is refused, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import pytest

from clients.errors import LocalCode
from schemas.errors import Code, SeraiError

T = TypeVar("T")


@contextmanager
def refused(code: Code | LocalCode, detail: str = "") -> Iterator[None]:
    """Demand that the block is refused with just this code, and ``detail`` among what it says."""
    with pytest.raises(SeraiError) as caught:
        yield
    assert caught.value.code is code, caught.value
    assert detail in caught.value.detail, caught.value


def outcome(call: Callable[[], T]) -> T | Code:
    """What a call gives, or the code with which it refuses; any other exception goes through."""
    try:
        return call()
    except SeraiError as error:
        return error.code
