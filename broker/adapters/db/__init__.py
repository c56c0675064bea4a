"""The database: tables, queries, migrations. Table models never leave this package."""
