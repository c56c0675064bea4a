"""Crashes, full disks, flipped bits, restored backups: what was accepted is kept."""
