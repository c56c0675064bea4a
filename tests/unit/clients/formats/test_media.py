"""What a file is by its content, and what it is called."""

from __future__ import annotations

import pytest

from clients.formats.media import PROGRAMS, UNKNOWN, is_lie, media_type_of, type_of_name
from tests.support.pictures import photograph, png


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (photograph(), "image/jpeg"),
        (png(), "image/png"),
        (b"\0\0\0\x18ftypheic", "image/heic"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        ("Груз: мебель\n".encode() * 60, "text/plain"),
        (b"\x00\x01\x02", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
def test_content_says_what_a_file_is(head: bytes, kind: str) -> None:
    """The first bytes of a file show what it is, or nothing does."""
    assert media_type_of(head[:512]) == kind


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.jpg", b"MZ\x90\0"),
        ("waybill.pdf", b"PK\x03\x04"),
        ("photo.png", photograph()),
        ("notes.txt", b"\x7fELF"),
        ("scan.tiff", b"nothing of the kind"),
        ("photo.jpg", b"\0\1\2"),
    ],
)
def test_name_that_lies(name: str, head: bytes) -> None:
    """A name that stands for another type than the content is a lie."""
    assert is_lie(type_of_name(name), media_type_of(head[:512]))


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("photo.JPG", photograph()),
        ("photo.jpeg", photograph()),
        ("list.csv", b"a;b\n"),
        ("film.mov", b"\0\0\0\x18ftypmp42"),
        ("README", b"text"),
        ("sample.dat", b"\0\1"),
    ],
)
def test_name_that_does_not(name: str, head: bytes) -> None:
    """A name that fits, or stands for nothing, is none."""
    assert not is_lie(type_of_name(name), media_type_of(head[:512]))


def test_programs_are_known() -> None:
    """What a machine would run is known as such, whatever it is called."""
    assert {media_type_of(head) for head in (b"MZ\x90\0", b"\x7fELF", b"#!/bin/sh\n")} == PROGRAMS
