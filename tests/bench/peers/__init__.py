"""The hub beside what somebody would run instead: see ../README.md. `python -m tests.bench.peers` runs it."""
