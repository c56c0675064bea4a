"""What the desk reaches in a browser, measured: `python -m tests.bench.desk`; see the README of `tests.bench`."""
