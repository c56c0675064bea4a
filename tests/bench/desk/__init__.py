"""What the desk reaches in a browser, measured: see the README of `tests.bench`. `python -m tests.bench.desk` runs it."""
