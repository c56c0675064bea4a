"""Unit tests of the hub's services."""
