"""Unit tests of the hub's command line."""
