"""How a hub is verified, and what a line to it is protected by: TLS 1.3 (RFC 8446), never less."""

from __future__ import annotations

import ssl
from pathlib import Path


def make_context(authorities: Path | None = None) -> ssl.SSLContext:
    """The context of TLS for every connection to a hub.

    Keys are agreed by X25519MLKEM768 where the library offers it, as OpenSSL 3.5 does by itself.

    Args:
        authorities: file of the certificates that hubs' certificates are signed by; the system's if ``None``.

    Raises:
        OSError: the file cannot be read or used.
    """
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
