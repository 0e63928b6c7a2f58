"""Discussions in rounds: the terms of a run, stances, rankings, costs, consensuses, remarks and notices.

Going down, 0002 keeps every question, answer and remark of a person as it can hold them: an answer without its
stance, ranking and cost, a consensus as the text that its model wrote, a remark without Telegram's id of it. What the
chat was told between rounds goes, and with it what is known of its delivery. A run of a mode that 0002 cannot hold
and that is under way is stopped, with what was said in it.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SECOND = runpy.run_path(str(Path(__file__).with_name("0002_runs.py")))
identity, time, parent, flag, create_indexes = (
    SECOND[name] for name in ("identity", "time", "parent", "flag", "create_indexes")
)

TERMS = ("round_limit", "drafts", "moderator", "wraps_up")
FINDINGS = ("stance", "position", "moved_by", "ranking", "cost_usd", "remark_message_id", "is_last")
ONCE = {"remark": ("discussion_id", "remark_message_id"), "notice": ("round_id",)}

OLD_RULES = {
    "kind": "kind IN ('question', 'remark', 'answer')",
    "person_is_named": "kind = 'answer' OR person_name IS NOT NULL",
    "person_is_not_delivered": "kind = 'answer' OR delivery_closed_at IS NOT NULL",
}
NEW_RULES = {
    "kind": "kind IN ('question', 'remark', 'answer', 'notice')",
    "notice_is_of_a_round": "kind <> 'notice' OR (round_id IS NOT NULL AND alias IS NULL)",
    "person_is_named": "kind IN ('answer', 'notice') OR person_name IS NOT NULL",
    "person_is_not_delivered": "kind IN ('answer', 'notice') OR delivery_closed_at IS NOT NULL",
}


def upgrade() -> None:
    """Add what a discussion in rounds comes to; a run that stands is of one round."""
    op.add_column("runs", sa.Column("round_limit", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("runs", flag("drafts"))
    op.add_column("runs", sa.Column("moderator", sa.Text(), server_default="", nullable=False))
    op.add_column("runs", flag("wraps_up"))
    create_indexes("runs", ("chat_id", "created_at"))
    change_messages(OLD_RULES, NEW_RULES, added=finding_columns())
    for kind, columns in ONCE.items():
        where = sa.text(f"kind = '{kind}'")
        partial = {"sqlite_where": where, "postgresql_where": where}
        op.create_index(f"uq_messages_{kind}", "messages", list(columns), unique=True, **partial)
    create_consensuses()


def downgrade() -> None:
    """Take back what a discussion in rounds came to, as told above."""
    op.drop_table("consensuses")
    drop_notices()
    stop_unknown_modes()
    for kind in ONCE:
        op.drop_index(f"uq_messages_{kind}", "messages")
    change_messages(NEW_RULES, OLD_RULES, dropped=FINDINGS)
    op.drop_index(op.f("ix_runs_chat_id_created_at"), "runs")
    for column in TERMS:
        op.drop_column("runs", column)


def finding_columns() -> tuple[sa.Column[object], ...]:
    """Return the columns of what is known of an answer, a remark or a notice besides its words."""
    return (
        sa.Column("stance", sa.String(20), nullable=True),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("moved_by", sa.JSON(), nullable=True),
        sa.Column("ranking", sa.JSON(), nullable=True),
        sa.Column("cost_usd", sa.Float(), nullable=True),
        sa.Column("remark_message_id", sa.BigInteger(), nullable=True),
        flag("is_last"),
    )


def change_messages(
    old_rules: dict[str, str],
    new_rules: dict[str, str],
    *,
    added: tuple[sa.Column[object], ...] = (),
    dropped: tuple[str, ...] = (),
) -> None:
    """Change the columns and the rules of messages; SQLite copies the table for it, once."""
    # Attachments and deliveries stay as they are: they refer to the table by its name, which the copy takes over.
    with op.batch_alter_table("messages", table_kwargs={"sqlite_autoincrement": True}) as messages:
        for name in old_rules:
            messages.drop_constraint(op.f(f"ck_messages_{name}"), type_="check")
        for column in added:
            messages.add_column(column)
        for column_name in dropped:
            messages.drop_column(column_name)
        for name, rule in new_rules.items():
            messages.create_check_constraint(op.f(f"ck_messages_{name}"), sa.text(rule))


def create_consensuses() -> None:
    """Make the table of what was read out of answers that are a consensus."""
    op.create_table(
        "consensuses",
        sa.Column("message_id", identity(), autoincrement=False, nullable=False),
        sa.Column("discussion_id", identity(), nullable=False),
        sa.Column("agreements", sa.JSON(), nullable=False),
        sa.Column("disagreements", sa.JSON(), nullable=False),
        sa.Column("recommendation", sa.Text(), nullable=False),
        sa.Column("open_questions", sa.JSON(), nullable=False),
        sa.Column("created_at", time(), nullable=False),
        *(parent("consensuses", f"{name}_id", f"{name}s") for name in ("message", "discussion")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_consensuses")),
    )
    create_indexes("consensuses", ("discussion_id",))


def drop_notices() -> None:
    """Delete what the chats were told between rounds, and the parts of it that they have."""
    # One by one: while revisions run, SQLite deletes no children by itself.
    op.execute("DELETE FROM deliveries WHERE message_id IN (SELECT id FROM messages WHERE kind = 'notice')")
    op.execute("DELETE FROM messages WHERE kind = 'notice'")


def stop_unknown_modes() -> None:
    """Stop the runs that 0002 could not go on with, and their rounds."""
    stopped = "SET status = 'stopped', closed_at = CURRENT_TIMESTAMP WHERE status = 'running' AND"
    unknown = "mode NOT IN ('open', 'ask')"
    op.execute(f"UPDATE rounds {stopped} run_id IN (SELECT id FROM runs WHERE {unknown})")  # noqa: S608 - all above
    op.execute(f"UPDATE runs {stopped} {unknown}")
