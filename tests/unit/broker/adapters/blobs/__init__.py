"""Unit tests of where blobs are kept."""
