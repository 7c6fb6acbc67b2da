"""``postgres_changes``: committed changes of published tables, for whoever may see the row."""
