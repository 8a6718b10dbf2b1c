"""The reference county server: stateless HTTP over SQLite (embedded) or PostgreSQL. Uses the client's records and wire, nothing else."""
