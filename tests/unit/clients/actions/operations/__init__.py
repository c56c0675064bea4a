"""What an officer can do in an operation."""
