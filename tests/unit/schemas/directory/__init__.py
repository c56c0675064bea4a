"""Unit tests of the directory."""
