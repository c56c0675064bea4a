"""Seizures from files and into files: ``serai import`` and ``serai export``."""
