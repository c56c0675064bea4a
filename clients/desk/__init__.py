"""The desk: the web app of a member's duty officer, served by the member's own process on this machine alone.

What a person can do and see is decided by `clients.actions` and worded by `clients.documents`; here it becomes JSON
for a page, which shows it and decides nothing.
"""
