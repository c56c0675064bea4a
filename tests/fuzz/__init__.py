"""Coverage-guided fuzzing of everything that strangers can send: ``python -m tests.fuzz TARGET --runs N``."""
