"""Unit tests of the clients' store."""
