"""Signed statements as files that people carry, one statement a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients.errors import ClientError, LocalCode
from clients.trust.heads import learn_epochs
from schemas.claims import Claims, NetworkDocument
from schemas.directory import NetworkEpoch
from schemas.statements import parse_statement, read_claims, read_payload

_MOST_BYTES: Final = 4_194_304


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """The epochs of a network, each signed by its root; whether that root is the right one, a person judges.

    Attributes:
        network: network id.
        statements: the epoch statements, oldest first.
        epochs: the same, verified.
    """

    network: str
    statements: tuple[str, ...]
    epochs: tuple[NetworkEpoch, ...]

    @property
    def root(self) -> str:
        """Thumbprint of the first root."""
        return thumbprint_of(self.network)

    @property
    def document(self) -> NetworkDocument:
        """The newest network document."""
        return self.epochs[-1].document


def read_statements(path: Path) -> list[str]:
    """The statements in a file.

    Raises:
        ClientError: ``no_statements`` if there are none, or it is no such file.
    """
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    try:
        texts = data.decode("ascii").split()
    except UnicodeDecodeError:
        texts = []
    if not texts or len(data) > _MOST_BYTES:
        raise ClientError(LocalCode.NO_STATEMENTS, path=path)
    return texts


def read_statement(path: Path) -> str:
    """The one statement in a file.

    Raises:
        ClientError: ``no_statements``, or ``several_statements`` if there are more.
    """
    texts = read_statements(path)
    if len(texts) != 1:
        raise ClientError(LocalCode.SEVERAL_STATEMENTS, path=path, count=len(texts))
    return texts[0]


def read_network(path: Path) -> NetworkFile:
    """A network file.

    Raises:
        SeraiError: it does not hold together.
    """
    texts = read_statements(path)
    network = str(read_payload(parse_statement(texts[0]).text).get("aud"))
    return NetworkFile(network, tuple(texts), learn_epochs(network, texts))


def thumbprint_of(network: str) -> str:
    """Thumbprint of a network's first root, from the network id."""
    return network.partition("/")[2]


def claims_in(text: str) -> Claims:
    """The claims of a statement that was verified before, or is the own; they are not judged.

    Raises:
        SeraiError: it is no statement.
    """
    return read_claims(text, parse_statement(text).type)
