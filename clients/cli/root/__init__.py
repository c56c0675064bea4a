"""What the root types, on a machine without a network."""
