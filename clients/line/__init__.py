"""Reaching a hub: dialling, one session, the lock on the line, reading and auditing the ledger."""
