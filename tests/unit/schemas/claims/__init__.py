"""Unit tests of claims."""
