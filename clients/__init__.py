"""What stands at a focal point: the SDK, its stores, the command line and the demonstration."""
