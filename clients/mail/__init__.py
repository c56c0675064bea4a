"""What comes and what goes: judging, storing, answering, drafting, signing, retrying."""
