"""Unit tests of admission, by type of statement."""
