"""The commands of operations."""
