"""Unit tests of `clients.actions`."""
