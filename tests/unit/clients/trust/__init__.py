"""Unit tests of `clients.trust`."""
