"""The hub's edges: database, register, keys, clock."""
