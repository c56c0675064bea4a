"""Every text of the desk's page, found in its modules; the Russian catalogue; and the file that the page loads.

``python -m tests.support.desk_messages`` writes that file, and lists what the catalogue lacks. A text stands as it is
in the call: ``t("Open")``, ``n("{count} new", "{count} new", number)``. Babel's own reader of JavaScript loses texts of
templates within templates, so they are found by this form, and a call of any other is refused.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any, Final, cast

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

DESK: Final = Path(__file__).resolve().parent.parent.parent / "clients" / "desk"
STATIC: Final = DESK / "static"
PO: Final = DESK / "locale" / "ru" / "LC_MESSAGES" / "desk.po"
TEXTS: Final = STATIC / "texts" / "ru.json"
FIELD: Final = re.compile(r"\{\w+\}")
"""A value in a text."""

_LITERAL: Final = r'"(?:[^"\\\n]|\\.)*"'
_CALL: Final = re.compile(r"(?<![\w.])(?P<name>[tn])\((?=(?P<rest>[^\n]*))")
_SINGLE: Final = re.compile(rf"({_LITERAL})")
_PLURAL: Final = re.compile(rf"({_LITERAL}),\s*({_LITERAL}),")

Message = str | tuple[str, str]
"""A text, or the two forms of one that depends on a number."""


def modules() -> list[Path]:
    """The page's own modules."""
    return [path for path in sorted(STATIC.rglob("*.js")) if "vendor" not in path.parts]


def messages() -> set[Message]:
    """Every text of the page.

    Raises:
        ValueError: a call has no text in it.
    """
    return {message for path in modules() for message in _messages(path)}


def _messages(path: Path) -> list[Message]:
    found: list[Message] = []
    for call in _CALL.finditer(_code(path.read_text())):
        form = _SINGLE if call["name"] == "t" else _PLURAL
        texts = form.match(call["rest"].lstrip())
        if texts is None:
            raise ValueError(f"{path.name}: {call[0]} has no text in it")
        first, *more = (json.loads(each) for each in texts.groups())
        found.append((first, more[0]) if more else first)
    return found


def _code(text: str) -> str:
    """A module without its comments and the functions themselves; a call over several lines is on one."""
    text = re.sub(r"/\*.*?\*/|^\s*//[^\n]*", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"export function [tn]\(", "export function (", text)
    return re.sub(r"(?<![\w.])([tn])\(\s+", r"\1(", re.sub(r'",\s*\n\s*"', '", "', text))


def catalogue() -> Catalog:
    """The Russian catalogue."""
    with PO.open("rb") as file:
        return read_po(file, locale="ru")


def translated() -> dict[Message, tuple[str, ...]]:
    """What the catalogue has: one form, or three."""
    return {
        cast("Message", tuple(each.id) if isinstance(each.id, tuple | list) else each.id): _forms(each.string)
        for each in catalogue()
        if each.id
    }


def _forms(string: Any) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


def page_texts() -> str:
    """The file that the page loads."""
    texts = {each: forms[0] for each, forms in translated().items() if isinstance(each, str)}
    plurals = {"\0".join(each): list(forms) for each, forms in translated().items() if not isinstance(each, str)}
    value = {"texts": dict(sorted(texts.items())), "plurals": dict(sorted(plurals.items()))}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write the file, and list what is missing and what is not used."""
    TEXTS.parent.mkdir(exist_ok=True)
    TEXTS.write_text(page_texts())
    due, there = messages(), {each for each, forms in translated().items() if all(forms)}
    for each in sorted(due - there, key=str):
        print(f"missing: {each!r}")
    for each in sorted(there - due, key=str):
        print(f"unused: {each!r}")
    sys.exit(bool(due ^ there))


if __name__ == "__main__":
    main()
