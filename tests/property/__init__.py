"""What holds for every input, not for chosen ones."""
