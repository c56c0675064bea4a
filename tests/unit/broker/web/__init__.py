"""Unit tests of the hub's web edge."""
