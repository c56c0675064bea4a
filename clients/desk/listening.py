"""Where a desk listens: one port of this machine, at both of its own addresses, or it does not start.

A browser asks ``::1`` first. A stranger who listened there while the desk has ``127.0.0.1`` would be shown to the
officer as the desk; so the desk has both, or none. Whose a connection is the kernel says (proc(5), ``/proc/net/tcp``):
one of another user of this machine is closed before anything is read from it.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final

from clients.errors import ClientError, LocalCode

ADDRESSES: Final = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
"""Of this machine alone."""

_BACKLOG: Final = 128
_NO_SUCH_FAMILY: Final = frozenset({errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT})
_FIRST_DESCRIPTOR: Final = 3
TABLES: Final = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
"""Where the kernel says whose a socket is."""


def listen(port: int) -> list[socket.socket]:
    """Listen at both addresses; where the kernel has no IPv6, at the one that there is.

    Args:
        port: any that is free if 0.

    Raises:
        ClientError: ``port_taken`` by anybody, at either address.
    """
    with ExitStack() as stack:
        found: list[socket.socket] = []
        for family, address in ADDRESSES:
            try:
                sock = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                sock.bind((address, port_of(found) or port))
                sock.listen(_BACKLOG)
            except OSError as error:
                if family == socket.AF_INET6 and error.errno in _NO_SUCH_FAMILY:
                    continue
                raise ClientError(LocalCode.PORT_TAKEN, port=port_of(found) or port, address=address) from error
            found.append(sock)
        stack.pop_all()
        return found


def port_of(sockets: Iterable[socket.socket]) -> int:
    """The port of sockets that listen; 0 if there are none."""
    return next((int(sock.getsockname()[1]) for sock in sockets), 0)


def inherited(environment: Mapping[str, str]) -> list[socket.socket]:
    """The sockets that systemd has handed over (sd_listen_fds(3)); none if it has not.

    Raises:
        ClientError: ``port_not_ours`` if one of them is not of this machine alone, or they are of several ports.
    """
    if environment.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(environment.get("LISTEN_FDS", "0"))
    found = [socket.socket(fileno=number) for number in range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + count)]
    try:
        _check_inherited(found)
    except ClientError:
        for sock in found:
            sock.close()
        raise
    return found


_KINDS: Final = frozenset((family, socket.SOCK_STREAM) for family, _address in ADDRESSES)


def _check_inherited(found: list[socket.socket]) -> None:
    """Both addresses, one port, and no other."""
    for sock in found:
        sock.set_inheritable(False)
        name = sock.getsockname() if (sock.family, sock.type) in _KINDS else ("", 0)
        if (sock.family, name[0]) not in ADDRESSES or name[1] != port_of(found):
            raise ClientError(LocalCode.PORT_NOT_OURS, address=f"{name[0]}:{name[1]}")
    if found and len({sock.family for sock in found}) < len(ADDRESSES):
        raise ClientError(LocalCode.PORT_NOT_OURS, address=found[0].getsockname()[0])


# Whose a connection is


def user_of(tables: Iterable[str], peer: tuple[Any, ...], own: tuple[Any, ...]) -> int | None:
    """The user whose socket is at the other end of a connection on this machine.

    Args:
        tables: texts of ``/proc/net/tcp`` and ``tcp6``.
        peer: address and port of the other end.
        own: those of this end.

    Returns:
        The number of the user; ``None`` if no process has such a socket any more: of a socket that was left the
        kernel names user 0, whoever it was.
    """
    ends = _end(peer), _end(own)
    for table in tables:
        for line in table.splitlines()[1:]:
            fields = line.split()
            if len(fields) > 9 and fields[9] != "0" and (_read_end(fields[1]), _read_end(fields[2])) == ends:
                return int(fields[7])
    return None


def _end(address: tuple[Any, ...]) -> tuple[str, int]:
    found = ip_address(str(address[0]))
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found), int(address[1])


def _read_end(text: str) -> tuple[str, int]:
    """An end as the kernel writes it: words of four bytes, each in the machine's own order."""
    address, _sep, port = text.partition(":")
    words = [int(address[start : start + 8], 16) for start in range(0, len(address), 8)]
    return _end((str(ip_address(struct.pack(f"={len(words)}I", *words))), int(port, 16)))


def read_tables() -> list[str]:
    """What the kernel says of all TCP sockets; without what it does not say."""
    return [path.read_text() for path in TABLES if path.is_file()]


def is_own(peer: tuple[Any, ...], own: tuple[Any, ...]) -> bool:
    """Whether the other end of a connection is a process of this user."""
    return user_of(read_tables(), peer, own) == os.geteuid()
