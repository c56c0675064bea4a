"""The pages that are made here, and not in the browser: the shell of the screens, and what is told without it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

FOLDER: Final = Path(str(files("clients.desk")))

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
)


def make_page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of a template; whatever is put into it is text.

    Args:
        template: its name, without ``.html``.
        status: of HTTP.
        values: what the template names.
    """
    return HTMLResponse(_TEMPLATES.get_template(f"{template}.html").render(values), status)
