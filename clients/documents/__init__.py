"""What is printed or handed out, and the one catalogue of texts."""
