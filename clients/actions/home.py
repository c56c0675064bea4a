"""A client's folder: what is set (``config.toml``), its store, the signed files that people carry.

The folder is its owner's alone. Nothing secret stands in ``config.toml``.
"""

from __future__ import annotations

import json
import os
import ssl
import tomllib
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clients.errors import ClientError, LocalCode
from clients.focalpoint import FETCH_BYTES
from clients.keys.wrapping import write_private
from clients.line.tls import make_context
from schemas.addresses import AddressField, MemberField
from schemas.claims import NetworkId

SEAT: Final = r"^[a-z0-9-]{1,32}$"
"""How a seat is called."""


class ClientSettings(BaseModel):
    """What ``config.toml`` says.

    Attributes:
        member: whose mailbox this client serves.
        network: network id, ``name/thumbprint of the first root``: the root that is pinned.
        hubs: addresses of the hub, tried in turn.
        seat: name of this seat; a newer session of the same seat replaces the older.
        officer: the officer who acts if nobody is named.
        ca: file of the authority that signs the hub's TLS certificate, if it is a private one.
        attachments_mib: how many MiB of others' attachments are fetched, and kept, with nobody asking.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    member: MemberField
    network: NetworkId
    hubs: list[str] = Field(min_length=1)
    seat: str = Field(default="desk", pattern=SEAT)
    officer: AddressField | None = None
    ca: Path | None = None
    attachments_mib: int = Field(default=FETCH_BYTES >> 20, ge=0, le=1 << 20)

    def tls(self) -> ssl.SSLContext | None:
        """How the hub is verified; the system's way if ``None``."""
        return None if self.ca is None else make_context(self.ca)


class Home:
    """Paths in a client's folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.toml"
        self.store = path / "store.db"
        self.network = path / "network.jws"
        self.signed_files = path / "papers"
        self.root = path / "root"

    def make(self) -> None:
        """Make the folder, its owner's alone.

        Raises:
            ClientError: ``open_to_others`` if it is there and open to others.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_mode & 0o077:
            raise ClientError(LocalCode.OPEN_TO_OTHERS, path=self.path, mode="700")

    def read_settings(self) -> ClientSettings:
        """The settings.

        Raises:
            ClientError: ``no_client`` if there is none here, ``settings_unusable`` if the file cannot be used.
        """
        try:
            return ClientSettings.model_validate(tomllib.loads(self.config.read_text()))
        except FileNotFoundError:
            raise ClientError(LocalCode.NO_CLIENT, path=self.path) from None
        except ValidationError as error:
            raise ClientError(LocalCode.SETTINGS_UNUSABLE, path=self.config, why=_first(error)) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ClientError(LocalCode.SETTINGS_UNUSABLE, path=self.config, why=error) from error

    def write_settings(self, settings: ClientSettings) -> None:
        """Put settings in place of those that are there, whole or not at all."""
        values: dict[str, Any] = settings.model_dump(mode="json", exclude_none=True)
        text = "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())
        new = self.config.with_suffix(".new")
        new.unlink(missing_ok=True)
        write_private(new, text.encode())
        new.replace(self.config)

    def write_signed(self, name: str, text: str) -> Path:
        """Keep a statement as a file to be carried elsewhere; an older one of the same name is replaced."""
        self.signed_files.mkdir(mode=0o700, exist_ok=True)
        path = self.signed_files / name
        path.unlink(missing_ok=True)
        write_private(path, text.encode() + b"\n")
        return path


def _first(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def default_home() -> Path:
    """Where a client lives if nobody says: in the user's data folder (XDG)."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "serai"


def signed_name(address: str, what: str) -> str:
    """Name of a signed file: ``KZ-NFP.request.jws``."""
    return f"{address.replace('/', '-')}.{what}.jws"
