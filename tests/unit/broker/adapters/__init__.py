"""Unit tests of the hub's adapters."""
