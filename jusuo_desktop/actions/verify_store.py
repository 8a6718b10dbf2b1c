"""To verify the store: every page of the file against its signature, its structure, and the audit chain."""

from __future__ import annotations

from jusuo_desktop.actions.session import Session


def verify(session: Session) -> list[str]:
    """What is wrong, a sentence each; empty when all is whole."""
    return session.store.verify()
