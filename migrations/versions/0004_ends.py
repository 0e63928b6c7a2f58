"""Why a run ended early: a notice of no round, so that it reaches the chat after a crash too.

Going down, those notices go, and with them what is known of their delivery: 0003 told the chat without storing it.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

change_messages = runpy.run_path(str(Path(__file__).with_name("0003_discussions.py")))["change_messages"]

OLD_RULES = {"notice_is_of_a_round": "kind <> 'notice' OR (round_id IS NOT NULL AND alias IS NULL)"}
NEW_RULES = {"notice_is_of_no_model": "kind <> 'notice' OR alias IS NULL"}
OF_ENDS = "kind = 'notice' AND round_id IS NULL"


def upgrade() -> None:
    """Let a notice be of no round, and one of each run at the most."""
    change_messages(OLD_RULES, NEW_RULES)
    where = sa.text(OF_ENDS)
    op.create_index("uq_messages_end", "messages", ["run_id"], unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take such notices back, as told above."""
    op.drop_index("uq_messages_end", "messages")
    op.execute(f"DELETE FROM deliveries WHERE message_id IN (SELECT id FROM messages WHERE {OF_ENDS})")  # noqa: S608
    op.execute(f"DELETE FROM messages WHERE {OF_ENDS}")  # noqa: S608 - all above
    change_messages(NEW_RULES, OLD_RULES)
