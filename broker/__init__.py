"""The hub of Serai: a notary with mailboxes that never reads what it carries."""
