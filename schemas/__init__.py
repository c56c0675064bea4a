"""The contract of Serai: bytes, values and the rules both peers must agree on.

Pure by construction: nothing here reads a clock, draws randomness, opens a file or
a socket, or logs. Time, identifiers and entropy arrive as arguments. The prose form
is `PROTOCOL.md` in this package; docstrings cite its sections as ``PROTOCOL n``.
"""
