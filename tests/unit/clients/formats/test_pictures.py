"""Pictures before they leave: what they say beside what they show is left out, what they show stays."""

from __future__ import annotations

import io
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.demo.photograph import draw_photograph, exif_with_location
from clients.formats.pictures import OutgoingFile, PictureError
from clients.formats.traces import Trace
from tests.support.pictures import (
    PROFILE,
    chunk,
    chunks_of_png,
    drawn_of_jpeg,
    jpeg,
    photograph,
    png,
    screenshot,
    segment,
)

PLACES = (b"GPS", b"Officer", b"Telephone", b"Almaty", b"driver", b"film", b"cropped", b"\0\0\0\x2b\0\0\0\1")
"""What is in the pictures of the tests and in none that was cleaned; the last is a degree of latitude."""


def clean(data: bytes) -> tuple[OutgoingFile, bytes]:
    """What was made of a file, and the copy."""
    file = OutgoingFile(io.BytesIO(data))
    return file, b"".join(file.pieces())


def test_photograph_says_nothing_but_what_it_shows() -> None:
    """Of a JPEG location, author, camera, comments, smaller copies and what follows its end are left out, and named."""
    cleaned, copy = clean(photograph())
    assert not [word for word in PLACES if word in copy]
    assert cleaned.left_out == set(Trace) - {Trace.TIME}
    assert cleaned.media_type == "image/jpeg"


def test_photograph_shows_the_same() -> None:
    """What a JPEG is drawn from stays byte for byte, with its colour profile, and it lies as it lay."""
    _, copy = clean(photograph(orientation=6))
    assert drawn_of_jpeg(copy) == drawn_of_jpeg(photograph())
    assert segment(0xE2, PROFILE) in copy
    assert copy.count(b"Exif\0\0") == 1
    assert b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06" in copy


def test_progressive_scans_stay() -> None:
    """Tables and scans that follow a scan stay, with restarts and stuffed bytes; what was hidden among them goes."""
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\xff\xd0\x34"
    whole = jpeg()[:-2] + segment(0xFE, b"Officer") + segment(0xC4, b"table") + scan + b"\xff\xff\xd9"
    cleaned, copy = clean(whole)
    assert copy == jpeg()[:-2] + segment(0xC4, b"table") + scan + b"\xff\xff\xd9"
    assert cleaned.left_out == {Trace.TEXT}


def test_screenshot_says_nothing_but_what_it_shows() -> None:
    """Of a PNG location, author, time, texts and what follows its end are left out, unpacked nowhere, and named."""
    cleaned, copy = clean(screenshot())
    assert not [word for word in PLACES if word in copy]
    assert [kind for kind, _ in chunks_of_png(copy)] == [b"IHDR", b"iCCP", b"eXIf", b"IDAT", b"IEND"]
    assert cleaned.left_out >= {Trace.LOCATION, Trace.AUTHOR, Trace.TIME, Trace.TEXT, Trace.APPENDED}
    points = [zlib.decompress(body) for kind, body in chunks_of_png(copy) if kind == b"IDAT"]
    assert points == [zlib.decompress(body) for kind, body in chunks_of_png(png()) if kind == b"IDAT"]


@pytest.mark.parametrize("data", [photograph(), screenshot(), draw_photograph()])
def test_nothing_is_left_to_leave_out(data: bytes) -> None:
    """What was cleaned once is not changed by cleaning it again, and nothing more is found in it."""
    _, copy = clean(data)
    again, same = clean(copy)
    assert same == copy
    assert not again.left_out


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(photograph()[:9], id="ends in a segment"),
        pytest.param(jpeg(segment(0xF7, b"later")), id="a frame of an unknown kind"),
        pytest.param(jpeg(b"\xff\xe1\0\1"), id="a length below its own"),
        pytest.param(jpeg(b"\xff" * 70_000), id="nothing but fill"),
        pytest.param(jpeg(segment(0xFE, b"") * 20_001), id="segments without end"),
        pytest.param(jpeg(b"no segment"), id="words where a segment is due"),
        pytest.param(png()[:-20], id="ends in a chunk"),
        pytest.param(png()[:-12], id="without an end"),
        pytest.param(png(chunk(b"ABCD", b"needed")), id="a chunk of an unknown kind that is needed"),
        pytest.param(png(b"\x7f\xff\xff\xfftEXt"), id="a chunk longer than the file"),
        pytest.param(png(chunk(b"tEXt", b"") * 100_001), id="chunks without end"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), id="without a head"),
    ],
)
def test_what_is_not_built_like_a_picture(data: bytes) -> None:
    """What begins like a picture and is not built like one is not called cleaned."""
    with pytest.raises(PictureError):
        clean(data)


def test_other_kinds_are_not_called_cleaned() -> None:
    """A file of another kind is left alone, and that is what the answer says."""
    file, copy = clean(b"%PDF-1.7 /Author (A. Officer)")
    assert (file.media_type, file.can_be_cleaned, copy) == ("application/pdf", False, b"%PDF-1.7 /Author (A. Officer)")


def test_picture_that_goes_as_it_is() -> None:
    """Where a person wants it so a picture goes byte for byte, and what it says is known all the same."""
    file = OutgoingFile(io.BytesIO(photograph()), as_it_is=True)
    assert b"".join(file.pieces()) == photograph()
    assert Trace.LOCATION in file.look()


@given(st.binary(max_size=400), st.integers(0, 8), st.sampled_from([0xE0, 0xE1, 0xE2, 0xED, 0xFE]))
def test_exif_that_lies(noise: bytes, cut: int, marker: int) -> None:
    """Whatever stands in a segment beside the picture, nothing of it comes through, and the picture does."""
    exif = exif_with_location()[: 20 * cut] + noise
    for said in (segment(marker, noise), segment(0xE1, b"Exif\0\0" + exif)):
        _, copy = clean(jpeg(said))
        kept = len(copy) - len(jpeg())
        assert drawn_of_jpeg(copy) == drawn_of_jpeg(jpeg())
        assert kept <= 36 or noise.startswith((b"ICC_PROFILE\0", b"JFIF\0"))


@given(st.binary(max_size=600))
def test_noise_makes_no_fault(noise: bytes) -> None:
    """Noise behind the first bytes of a picture is a picture or is refused, and nothing else happens."""
    for begin in (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\xff\xd8" + segment(0xDA, b"")):
        try:
            clean(begin + noise)
        except PictureError:
            continue


def test_memory_does_not_grow_with_the_picture() -> None:
    """A picture of sixteen mebibytes is cleaned in less than one of memory."""
    scan = b"\x5a" * (16 << 20)
    source = io.BytesIO(jpeg()[:-2] + scan + b"\xff\xd9")
    tracemalloc.start()
    assert sum(len(piece) for piece in OutgoingFile(source).pieces()) > 16 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("kind", [b"IEND", b"IHDR", b"gAMA", b"cHRM", b"sRGB", b"pHYs"])
def test_nothing_hides_in_a_chunk_of_one_size(kind: bytes) -> None:
    """A chunk that has one size and is longer is refused, whatever is in it."""
    hidden = chunk(kind, b"Officer with a telephone, 43.2380 N 76.9452 E")
    whole = hidden if kind == b"IHDR" else png()[8:33] + hidden
    with pytest.raises(PictureError):
        clean(b"\x89PNG\r\n\x1a\n" + whole + png()[33:])
