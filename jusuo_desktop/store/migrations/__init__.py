"""The store's schema, step by step (alembic). A step is never changed once an office runs it; a new one is added."""
