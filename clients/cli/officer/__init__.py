"""What an officer types: reading, answering, saying."""
