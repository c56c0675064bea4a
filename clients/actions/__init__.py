"""What a person can do, without a screen.

Reading, answering, writing, correcting, marking, importing, exporting, certifying: each takes and returns typed
values, and raises `clients.errors.ClientError` with a code and facts. The skins (`clients.cli`, later the desk)
ask, show, and turn codes into words; nothing here prints, prompts or translates.
"""
