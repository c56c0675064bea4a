"""Unit tests of the hub's pure core."""
