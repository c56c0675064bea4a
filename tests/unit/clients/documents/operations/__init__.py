"""Screens of operations."""
