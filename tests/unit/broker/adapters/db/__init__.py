"""Unit tests of the hub's database adapter."""
