"""Private keys at a focal point: making them, wrapping them, joining a network, and the root's own work."""
