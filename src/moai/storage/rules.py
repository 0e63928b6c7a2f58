"""What several tables' columns have to keep to, and how rules are named; owns no table."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey

from moai.core.model import Status

NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
}


def parent(column: str) -> ForeignKey:
    """Return the key of a row that is meaningless without its parent."""
    return ForeignKey(column, ondelete="CASCADE")


def known_status() -> CheckConstraint:
    """Return the rule that a status is one of those that the core knows."""
    words = ", ".join(f"'{status}'" for status in Status)
    return CheckConstraint(f"status IN ({words})", name="status")


def closed_unless_running() -> CheckConstraint:
    """Return the rule that what is over has a time when it ended, and only that."""
    return CheckConstraint("(status = 'running') = (closed_at IS NULL)", name="closed_unless_running")
