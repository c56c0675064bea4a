"""What the hub reaches, measured: see README.md beside this file. `python -m tests.bench` runs everything."""
