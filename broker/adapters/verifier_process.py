"""A helper process of `broker.adapters.verifier`: reads frames from a socket and answers in order.

It holds no secret and no file of the hub, knows public keys only, and ends when the socket does.
"""

from __future__ import annotations

import pickle
import signal
import socket
import sys
from contextlib import suppress

from broker.adapters.verifier import HEADER, encode_read, read_or_refuse
from broker.core.verification import KeyTable
from schemas.keys import VerifyKey


def serve(line: socket.socket, network: str) -> None:
    """Answer until the other side closes.

    Args:
        line: carries messages, each after its length: a list of keys to know, or the text of a frame to read.
        network: network id.
    """
    table, buffer = KeyTable(network), bytearray()
    while data := line.recv(1 << 20):
        buffer += data
        answers, at = bytearray(), 0
        while len(buffer) >= at + HEADER.size:
            (size,) = HEADER.unpack_from(buffer, at)
            if len(buffer) < at + HEADER.size + size:
                break
            at += HEADER.size
            answers += _answer(pickle.loads(buffer[at : at + size]), table)  # noqa: S301 - the hub wrote it
            at += size
        del buffer[:at]
        line.sendall(answers)


def _answer(message: str | list[bytes], table: KeyTable) -> bytes:
    if isinstance(message, list):
        for raw in message:
            table.add(VerifyKey.from_raw(raw))
        return b""
    answer = encode_read(read_or_refuse(message, table))
    return HEADER.pack(len(answer)) + answer


def main() -> None:
    """Serve on the socket whose number was given; the hub decides when it is over."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    # A hub that stops at once may be gone before the first keys have been read.
    with socket.socket(fileno=int(sys.argv[1])) as line, suppress(ConnectionError):
        serve(line, sys.argv[2])


if __name__ == "__main__":
    main()
