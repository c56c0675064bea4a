"""The hub at work: load, decide in the core, commit, then send. No transport, no database of its own."""
