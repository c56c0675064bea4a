"""Which bytes a request brings or wants: one spelling, and nothing that fits nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.ranges import BlobPart, brought, wanted
from schemas.errors import Code
from tests.support.refusals import outcome, refused

SIZES = st.integers(1, 2**40)


@given(st.data(), SIZES)
def test_brought(data: st.DataObject, size: int) -> None:
    """What a client writes for a part is read as that part, and with another length it is none."""
    start = data.draw(st.integers(0, size - 1))
    end = data.draw(st.integers(start + 1, size))
    header = f"bytes {start}-{end - 1}/{size}"
    assert brought(header, str(end - start)) == BlobPart(start, end, size)
    for length in (None, "", str(end - start + 1), f"0{end - start}", f"+{end - start}"):
        with refused(Code.MALFORMED_RANGE):
            brought(header, length)


@given(st.data(), SIZES)
def test_wanted(data: st.DataObject, size: int) -> None:
    """A range is within the blob; the end may be left out, or lie beyond."""
    start = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(start, 2 * size))
    assert wanted(f"bytes={start}-", size) == BlobPart(start, size, size)
    assert wanted(f"bytes={start}-{last}", size) == BlobPart(start, min(last + 1, size), size)
    assert wanted(None, size) is None


@pytest.mark.parametrize(
    "header", ["bytes=10-", "bytes=5-4", "bytes=-3", "bytes=0-1,2-3", "bytes=٣-", "bytes= 0-1", ""]
)
def test_wants_nothing(header: str) -> None:
    """A range that has no byte of ten, or is written in another way, is refused."""
    with refused(Code.MALFORMED_RANGE):
        wanted(header, 10)


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text(header: str, length: str) -> None:
    """Whatever stands in the headers is a part of a blob or refused."""
    for read in (lambda: brought(header, length), lambda: wanted(header, 100)):
        part = outcome(read)
        assert part is Code.MALFORMED_RANGE or (isinstance(part, BlobPart) and 0 <= part.start < part.end <= part.size)
