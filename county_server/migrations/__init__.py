"""The database's schema, step by step (alembic). A step is never changed once a county runs it; a new one is added."""
