"""One draft of anything that an officer writes."""
