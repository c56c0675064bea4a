"""Everything that shows the promises of Serai kept, and nothing that is installed."""
