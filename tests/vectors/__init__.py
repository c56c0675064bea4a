"""Worked vectors: those of others, and our own with what generates them."""
