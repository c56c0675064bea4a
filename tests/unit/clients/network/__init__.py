"""Tests of whole networks in a folder."""
