"""What the pages show, as values: words in the language of the session, times, rows, sections of named lines.

Nothing of others becomes the name of a member, and everything of others is bounded (`clients.desk.views.bounds`).
"""
