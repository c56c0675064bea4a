"""Files that leave this machine: cleaned of what they say beside what they show, where their kind is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from clients.formats.jpeg import PictureError, clean_jpeg
from clients.formats.media import HEAD_BYTES, media_type_of
from clients.formats.png import clean_png
from clients.formats.traces import Trace

__all__ = ["OutgoingFile", "PictureError"]

_CLEANERS: Final[dict[str, Callable[[BinaryIO, set[Trace]], Iterator[bytes]]]] = {
    "image/jpeg": clean_jpeg,
    "image/png": clean_png,
}
_BLOCK: Final = 1 << 16


class OutgoingFile:
    """A file as it will leave: a picture of a known kind without location, author and the like.

    Args:
        source: can be sought in.
        as_it_is: whether nothing is left out of it, because a person wants it so.

    Attributes:
        media_type: what it is, by its content.
        left_out: what a picture says beside what it shows, as far as `pieces` has come: it is not in them, or still in
            them where the file goes as it is.
    """

    def __init__(self, source: BinaryIO, *, as_it_is: bool = False) -> None:
        source.seek(0)
        self._source = source
        self._as_it_is = as_it_is
        self.media_type = media_type_of(source.read(HEAD_BYTES))
        self.left_out: set[Trace] = set()

    @property
    def can_be_cleaned(self) -> bool:
        """Whether its kind is one that can be cleaned."""
        return self.media_type in _CLEANERS

    def pieces(self) -> Iterator[bytes]:
        """What leaves, from the beginning, whenever it is called.

        Raises:
            PictureError: it begins like a picture of a known kind, is not built like one, and was to be cleaned.
            OSError: it cannot be read.
        """
        self._source.seek(0)
        cleaner = _CLEANERS.get(self.media_type)
        if cleaner is not None and not self._as_it_is:
            return cleaner(self._source, self.left_out)
        return iter(lambda: self._source.read(_BLOCK), b"")

    def look(self) -> set[Trace]:
        """What a picture says beside what it shows, found without copying it; nothing where that cannot be read."""
        found: set[Trace] = set()
        cleaner = _CLEANERS.get(self.media_type)
        self._source.seek(0)
        try:
            for _ in cleaner(self._source, found) if cleaner is not None else ():
                pass
        except PictureError:
            found.add(Trace.OTHER)
        return found
