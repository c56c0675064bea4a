"""The desk in Chromium, after a shift."""
