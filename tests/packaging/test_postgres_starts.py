"""The PostgreSQL that the other tests stand on is a real one."""

from __future__ import annotations

from sqlalchemy import create_engine, text


def test_a_real_postgresql_answers(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert int(connection.execute(text("SHOW server_version_num")).scalar_one()) >= 150000
    engine.dispose()
