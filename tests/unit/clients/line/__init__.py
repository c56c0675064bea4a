"""Unit tests of `clients.line`."""
