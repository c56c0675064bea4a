"""Text that is one line, judged by code points and never by a table of Unicode that grows (PROTOCOL 2)."""

from __future__ import annotations

from typing import Final

CONTROLS: Final = r"\x00-\x1F\x7F-\x9F"
"""C0, the one after the last letter, and C1, as part of a pattern."""

UNSEEN: Final = r"\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF"
"""What ends a line, turns its direction or is not seen; U+200C and U+200D stay, for Persian."""

LINE: Final = rf"^[^{CONTROLS}{UNSEEN}]*[^{CONTROLS}{UNSEEN}\x20\xA0][^{CONTROLS}{UNSEEN}]*$"
"""Pattern of one line that is not blank."""

_NOT_IN_NAMES: Final = rf"{CONTROLS}{UNSEEN}/\\"

NAME: Final = rf"^[^{_NOT_IN_NAMES}]*[^{_NOT_IN_NAMES}\x20\xA0][^{_NOT_IN_NAMES}]*$"
"""Pattern of the name of a file: one line that is not blank and leads into no folder."""
