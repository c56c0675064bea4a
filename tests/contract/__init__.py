"""Contracts of the ports: one suite for each, run against every adapter."""
