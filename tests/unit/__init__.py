"""One file for each module: what it promises, alone."""
