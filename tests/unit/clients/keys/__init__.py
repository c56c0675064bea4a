"""Unit tests of `clients.keys`."""
