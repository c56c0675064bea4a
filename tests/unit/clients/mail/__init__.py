"""Unit tests of `clients.mail`."""
