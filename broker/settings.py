"""The hub's folder and what is set in it: ``hub.toml``, read once, never changed while running."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from broker.core.quota import Quota
from schemas import limits
from schemas.claims import HUB_ORIGIN, NetworkId
from schemas.errors import Code, ProblemType, SeraiError

_FORM = {
    "network": "is the network's name, a slash, and the thumbprint of its first root: what the root's network.txt says",
    "origins": "are ws:// or wss://, host in small letters and port, as members dial: wss://hub.example:443",
    "port": "is 0 to 65535",
    "metrics_port": "is 0 to 65535",
}
"""What a setting must be, where the words of the validator would not help."""


class SettingsError(SeraiError):
    """``malformed_json``: what is set for the hub cannot be used. The person who set it can fix it.

    Args:
        detail: which settings, and what they must be.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(Code.MALFORMED_JSON, detail)

    @property
    def problem(self) -> ProblemType:
        """The table row of the code, in words of settings."""
        remedy = "Fix what is named, in hub.toml or in the options of serai-hub init."
        return replace(super().problem, title="The hub's settings cannot be used.", remedy=remedy)


class HubSettings(BaseModel):
    """What ``hub.toml`` says.

    Attributes:
        network: network id, ``name/thumbprint of the first root``.
        origins: by which clients dial: scheme, host and port, for example ``wss://hub.example:443``.
        host: address to listen on; loopback unless a proxy with TLS stands before it.
        port: port to listen on.
        metrics_port: port of 127.0.0.1 on which a Prometheus server of this machine finds metrics; 0 for none.
        database: SQLAlchemy URL; empty for ``hub.db`` in the folder.
        certificate: file of the TLS certificate chain, if the hub speaks TLS itself.
        private_key: file of its key.
        blob_bytes: largest attachment, padded, in bytes; 0 for none.
        blob_waiting_bytes: bytes of attachments of one member that are partial or that no dispatch names.
        blob_day_bytes: bytes of attachments that one member may begin to upload in a day.
        verifiers: processes that verify what comes, beside the hub's own; 0 to do it there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: NetworkId
    origins: list[Annotated[str, StringConstraints(pattern=HUB_ORIGIN)]] = Field(min_length=1)
    host: str = "127.0.0.1"
    port: int = Field(default=8440, ge=0, le=65535)
    metrics_port: int = Field(default=0, ge=0, le=65535)
    database: str = ""
    certificate: Path | None = None
    private_key: Path | None = None
    blob_bytes: int = Field(default=limits.BLOB_CONTENT_BYTES, ge=0, le=limits.BLOB_CONTENT_BYTES)
    blob_waiting_bytes: int = Field(default=Quota().waiting_bytes, ge=0)
    blob_day_bytes: int = Field(default=Quota().day_bytes, ge=0)
    verifiers: int = Field(default=0, ge=0, le=64)

    @property
    def quota(self) -> Quota:
        """What each member may have of attachments that no dispatch carries."""
        return Quota(waiting_bytes=self.blob_waiting_bytes, day_bytes=self.blob_day_bytes)


def parse_settings(text: str) -> HubSettings:
    """The settings in the text of ``hub.toml``.

    Raises:
        SettingsError: it names each setting that cannot be used.
    """
    try:
        return HubSettings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"hub.toml: {error}") from error
    except ValidationError as error:
        faults = dict.fromkeys(_fault(str(each["loc"][0]), each["msg"]) for each in error.errors(include_url=False))
        raise SettingsError(f"hub.toml: {'; '.join(faults)}") from error


def _fault(name: str, said: str) -> str:
    return f"{name} {_FORM[name]}" if name in _FORM else f"{name}: {said}"


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
        self.alive = path / "register" / "alive"
        self.blobs = path / "blobs"
        self.control = path / "control.sock"

    def read_settings(self) -> HubSettings:
        """The settings.

        Raises:
            SeraiError: ``not_found`` if there is no hub in the folder, ``not_permitted`` if the folder
                is open to other users, ``malformed_json`` (`SettingsError`) if the file cannot be used.
        """
        try:
            # Keys have modes of their own; mail, the register and the operator's socket have the folder's.
            if self.path.stat().st_mode & 0o077:
                raise SeraiError(Code.NOT_PERMITTED, f"{self.path} is open to other users: chmod 700 {self.path}")
            return parse_settings(self.settings_file.read_text())
        except FileNotFoundError:
            raise SeraiError(Code.NOT_FOUND, f"no hub in {self.path}: make one with serai-hub init") from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{self.settings_file.name}: {error}") from error

    def database_url(self, settings: HubSettings) -> str:
        """Where the database is."""
        return settings.database or f"sqlite:///{self.database.absolute()}"
