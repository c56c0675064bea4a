"""The hub's folder and what is set in it: ``hub.toml``, read once, never changed while running."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from schemas.claims import NetworkId
from schemas.errors import Code, SeraiError


class Settings(BaseModel):
    """What ``hub.toml`` says.

    Attributes:
        network: network id, ``name/thumbprint of the first root``.
        origins: by which clients dial: scheme, host and port, for example ``wss://hub.example:443``.
        host: address to listen on; loopback unless a proxy with TLS stands before it.
        port: port to listen on.
        database: SQLAlchemy URL; empty for ``hub.db`` in the folder.
        certificate: file of the TLS certificate chain, if the hub speaks TLS itself.
        private_key: file of its key.
        verifiers: processes that verify what comes, beside the hub's own; 0 to do it there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: NetworkId
    origins: list[Annotated[str, StringConstraints(pattern=r"^wss?://[^/\s]+:[0-9]{1,5}$")]] = Field(min_length=1)
    host: str = "127.0.0.1"
    port: int = Field(default=8440, ge=0, le=65535)
    database: str = ""
    certificate: Path | None = None
    private_key: Path | None = None
    verifiers: int = Field(default=0, ge=0, le=64)


def parse_settings(text: str) -> Settings:
    """The settings in the text of ``hub.toml``.

    Raises:
        SeraiError: ``malformed_json`` naming each setting that cannot be used.
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SeraiError(Code.MALFORMED_JSON, f"hub.toml: {error}") from error
    except ValidationError as error:
        faults = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise SeraiError(Code.MALFORMED_JSON, f"hub.toml: {'; '.join(faults)}") from error


class HubFolder:
    """Paths in a hub's folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings_file = path / "hub.toml"
        self.keys = path / "keys"
        self.database = path / "hub.db"
        self.register = path / "register" / "checkpoint"
        self.control = path / "control.sock"

    def read_settings(self) -> Settings:
        """The settings.

        Raises:
            SeraiError: ``not_found`` if there is no hub in the folder, ``not_permitted`` if the folder
                is open to other users, ``malformed_json`` if the file cannot be used.
        """
        try:
            # Keys have modes of their own; mail, the register and the operator's socket have the folder's.
            if self.path.stat().st_mode & 0o077:
                raise SeraiError(Code.NOT_PERMITTED, f"{self.path} is open to other users: chmod 700 {self.path}")
            return parse_settings(self.settings_file.read_text())
        except FileNotFoundError:
            raise SeraiError(Code.NOT_FOUND, f"no hub in {self.path}: make one with serai-hub init") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SeraiError(Code.MALFORMED_JSON, f"{self.settings_file.name}: {error}") from error

    def database_url(self, settings: Settings) -> str:
        """Where the database is."""
        return settings.database or f"sqlite:///{self.database.absolute()}"
