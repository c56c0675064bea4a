"""A file of seizures on a disk."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from clients.actions import seizure_file
from clients.actions.progress import Work, silent
from clients.actions.seizure_file import digest_file, rows_of, stamp_of
from clients.errors import LocalCode
from tests.support.refusals import refused
from tests.support.seizure_rows import file_text


def read(path: Path) -> None:
    """Read a whole file, as an import does."""
    digest_file(path, silent)
    list(rows_of(path, Work.CHECKING, silent))


def test_content_is_what_counts(file: Path, tmp_path: Path) -> None:
    """The digest is that of the content, however the file is called or packed."""
    packed = tmp_path / "other.dat"
    packed.write_bytes(gzip.compress(file.read_bytes(), mtime=7))
    assert digest_file(packed, silent) == digest_file(file, silent) == hashlib.sha256(file.read_bytes()).hexdigest()


def test_change_that_sets_its_time_back_is_seen(file: Path) -> None:
    """A file of which as many bytes were changed, and its time set back, is seen to be another."""
    before, times = stamp_of(file), file.stat()
    file.write_bytes(file.read_bytes().replace(b"Korday", b"Almaty"))
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert stamp_of(file)[:4] == before[:4]
    assert stamp_of(file) != before


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"", LocalCode.FILE_EMPTY, "is empty"),
        (gzip.compress(b"", mtime=0), LocalCode.FILE_EMPTY, "is empty"),
        (gzip.compress(b"COUNTRY;" * 1000, mtime=0)[:-9], LocalCode.FILE_DAMAGED, "damaged, or cut off"),
        (b"\x1f\x8bnot gzip at all", LocalCode.FILE_DAMAGED, "damaged, or cut off"),
        (b"PK\x03\x04\x14\x00", LocalCode.FILE_NOT_CSV, "a spreadsheet or an archive"),
        ("Страна;Место\n".encode("cp1251"), LocalCode.FILE_NOT_UTF8, "not UTF-8"),
        ("COUNTRY;PLACE\n".encode("utf-16"), LocalCode.FILE_NOT_UTF8, "not UTF-8"),
        (b"COUNTRY,PLACE\nKazakhstan,Aul\n", LocalCode.NO_SEMICOLONS, "no semicolons"),
        (b"COUNTRY\tPLACE\n", LocalCode.NO_SEMICOLONS, "no semicolons"),
        (b"COUNTRY;PLACE\n", LocalCode.COLUMN_MISSING, "no column ADMINISTRATIVE_DIVISION"),
        (
            file_text({}).replace("COUNTRY;", "COUNTRY;COUNTRY;", 1).encode(),
            LocalCode.COLUMN_MISSING,
            "no column COUNTRY",
        ),
        (b"\n\n\n", LocalCode.COLUMN_MISSING, "no column COUNTRY"),
        (b"\0" * 100_000, LocalCode.COLUMN_MISSING, "no column COUNTRY"),
    ],
)
def test_what_is_no_such_file_says_why(tmp_path: Path, content: bytes, code: LocalCode, told: str) -> None:
    """A file of another kind is refused as a whole, with what it is and what to do."""
    path = tmp_path / "file"
    path.write_bytes(content)
    with refused(code, told):
        read(path)


def test_too_large_a_content_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A content beyond the limit, packed however small, is refused before its rows are read."""
    monkeypatch.setattr(seizure_file, "MAX_CONTENT_BYTES", 64)
    with refused(LocalCode.FILE_TOO_LARGE, "more than"):
        read(file)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A pipe, which could not be read twice, is refused without waiting for it."""
    os.mkfifo(tmp_path / "pipe")
    with refused(LocalCode.NOT_A_REGULAR_FILE, "not a regular file"):
        read(tmp_path / "pipe")
