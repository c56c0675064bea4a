"""Files of others, and what files say beside what they show."""

from __future__ import annotations

import io

import pytest

from clients.demo.photograph import exif_with_location
from clients.formats.filenames import clean_name
from clients.formats.media import is_lie, media_type_of, type_of_name
from clients.formats.pictures import OutgoingFile, PictureError
from tests.support.pictures import IPTC, XMP, jpeg, photograph, png, screenshot, segment

PLACE = segment(0xE1, b"Exif\0\0" + exif_with_location())


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(photograph(), id="as cameras write it"),
        pytest.param(screenshot(), id="as programs write it"),
        pytest.param(jpeg(*[PLACE] * 3), id="three times"),
        pytest.param(jpeg(segment(0xE5, XMP), segment(0xED, IPTC)), id="in segments of others"),
        pytest.param(jpeg()[:-2] + PLACE + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\1\xff\xd9", id="between scans"),
        pytest.param(jpeg() + PLACE, id="after its end"),
        pytest.param(png(after=exif_with_location()), id="after the end of a PNG"),
    ],
)
def test_picture_that_tells_where_it_was_taken(picture: bytes) -> None:
    """Wherever a picture says where and by whom it was taken, nothing of that leaves."""
    file = OutgoingFile(io.BytesIO(picture))
    sent = b"".join(file.pieces())
    assert file.left_out
    assert not any(word in sent for word in (b"Officer", b"GPS", b"\0\0\0\x2b\0\0\0\1"))


def test_picture_that_only_looks_like_one() -> None:
    """A picture that viewers show and no cleaner understands is not called cleaned."""
    for picture in (b"\xff\xd8noise" + jpeg(PLACE)[2:], jpeg(b"\xff\xe1\0\0" + PLACE), png(b"\0\0\xff\xfftEXt")):
        with pytest.raises(PictureError):
            list(OutgoingFile(io.BytesIO(picture)).pieces())


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("waybill\u202efdp.exe", "waybillfdp.exe"),
        ("\u2066.bashrc\u2069", "bashrc"),
        ("\x1b]0;x\x07photo.jpg", "]0_xphoto.jpg"),
        ("-rf", "rf"),
        ("NUL.jpg", "_NUL.jpg"),
        ("x" * 5_000 + ".jpg", "x" * 116 + ".jpg"),
    ],
    ids=["path", "drive", "turned round", "isolated", "escape", "option", "reserved", "long"],
)
def test_name_with_a_path_or_marks_of_direction(name: str, saved: str) -> None:
    """A name that others chose is one plain part: no path, no turned ending, nothing for a shell or a screen."""
    assert clean_name(name) == saved


def test_name_that_passes_for_an_exercise() -> None:
    """A file begins with EX- where it is of an exercise, and only there, whatever its sender called it."""
    assert clean_name("EX-photo.jpg") == "_EX-photo.jpg"
    assert clean_name("..\\ex-photo.jpg") == "_ex-photo.jpg"
    assert clean_name("test-photo.jpg") == "_test-photo.jpg"
    assert clean_name("photo.jpg", status="exercise") == "EX-photo.jpg"


def test_media_type_that_lies() -> None:
    """A program that is called a picture, by its name or its sender, is known by its content."""
    content = media_type_of(b"MZ\x90\0\x03")
    assert is_lie(type_of_name("photo.jpg"), content)
    assert is_lie("image/jpeg", content)
