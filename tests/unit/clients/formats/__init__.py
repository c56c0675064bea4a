"""Unit tests of `clients.formats`."""
