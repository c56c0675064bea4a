"""Names that others chose, as names of files here."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.formats.filenames import clean_name, numbered


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Накладная 12.pdf", "Накладная 12.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\photo.jpg", "photo.jpg"),
        ("..", "attachment"),
        ("/", "attachment"),
        ("", "attachment"),
        (".bashrc", "bashrc"),
        ("-rf", "rf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("pho\u200bto\n.jpg\x1b[2J", "photo.jpg[2J"),
        ("photo.jpg. . ", "photo.jpg"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("lpt1 .log", "_lpt1 .log"),
        ("a:b.txt", "a_b.txt"),
        ("$(reboot).jpg", "_(reboot).jpg"),
        ("EX-photo.jpg", "_EX-photo.jpg"),
        ("ex-photo.jpg", "_ex-photo.jpg"),
        ("\u0415\u0425-photo.jpg", "_\u0415\u0425-photo.jpg"),
        ("\uff25\uff38\uff0dphoto.jpg", "_\uff25\uff38\uff0dphoto.jpg"),
        ("EX\u2011photo.jpg", "_EX\u2011photo.jpg"),
        ("\u0442est \u2013 photo.jpg", "_\u0442est \u2013 photo.jpg"),
    ],
)
def test_name_is_one_plain_part(name: str, saved: str) -> None:
    """Parts of paths, marks of direction, control characters, reserved names and leading points do not come through."""
    assert clean_name(name) == saved


@given(st.text(max_size=300), st.booleans())
def test_no_name_means_more_than_a_name(name: str, exercise: bool) -> None:
    """Whatever a sender wrote: one part on every system, short, visible, and marked as the exercise that it is of."""
    saved = clean_name(name, status="exercise" if exercise else "actual")
    assert PurePosixPath(saved).name == PureWindowsPath(saved).name == saved
    assert not PureWindowsPath(saved).is_reserved()
    assert 0 < len(saved.encode()) <= 124
    assert saved.upper().startswith("EX-") == exercise
    assert saved[0] not in ".- "


def test_long_name_keeps_its_ending() -> None:
    """A name that is too long is cut before its ending, between characters."""
    saved = clean_name("ф" * 200 + ".jpeg")
    assert (saved.endswith("ф.jpeg"), len(saved.encode())) == (True, 119)
    assert len(clean_name("x." + "y" * 200)) == 120


def test_second_file_of_a_name() -> None:
    """A file that must not replace another gets a number before its ending."""
    assert [numbered("photo.jpg", 2), numbered("README", 3)] == ["photo-2.jpg", "README-3"]
