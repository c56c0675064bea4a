"""What the administrator of a focal point types: setting up, running, looking after."""
