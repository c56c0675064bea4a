"""``serai operation``: controlled deliveries at the keyboard."""
