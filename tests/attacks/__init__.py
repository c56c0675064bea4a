"""Attacks on hub and clients, each with the defence that meets it and the test that shows it."""
