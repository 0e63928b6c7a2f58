"""The first tables: projects, places, discussions, rounds, messages, deliveries, updates, bots."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NOT_DELIVERED = sa.text("delivery_closed_at IS NULL")


def upgrade() -> None:
    """Make the tables, parents first."""
    create_projects()
    create_places()
    create_discussions()
    create_rounds()
    create_messages()
    create_deliveries()
    create_updates()
    create_bots()


def downgrade() -> None:
    """Drop the tables and all that is in them, children first."""
    for table in ("bots", "updates", "deliveries", "messages", "rounds", "discussions", "places", "projects"):
        op.drop_table(table)


def identity() -> sa.types.TypeEngine[int]:
    """Return the type of an id: SQLite numbers rows by itself only where it is exactly INTEGER."""
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def time() -> sa.DateTime:
    """Return the type of a time."""
    return sa.DateTime(timezone=True)


def parent(table: str, column: str, referred: str) -> sa.ForeignKeyConstraint:
    """Return the key of a row that is meaningless without its parent."""
    name = f"fk_{table}_{column}_{referred}"
    return sa.ForeignKeyConstraint([column], [f"{referred}.id"], name=op.f(name), ondelete="CASCADE")


def status_checks(table: str) -> tuple[sa.CheckConstraint, ...]:
    """Return what holds for the status of a discussion or a round."""
    return (
        sa.CheckConstraint("status IN ('running', 'done', 'stopped', 'failed')", name=op.f(f"ck_{table}_status")),
        sa.CheckConstraint(
            "(status = 'running') = (closed_at IS NULL)", name=op.f(f"ck_{table}_closed_unless_running")
        ),
    )


def create_projects() -> None:
    """Make the table of projects."""
    op.create_table(
        "projects",
        sa.Column("id", identity(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), server_default="", nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=True),
        sa.Column("created_at", time(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("chat_id", "name_key", name=op.f("uq_projects_chat_id_name_key")),
        sqlite_autoincrement=True,
    )


def create_places() -> None:
    """Make the table of the current project of each chat and topic."""
    op.create_table(
        "places",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("project_id", identity(), nullable=False),
        parent("places", "project_id", "projects"),
        sa.PrimaryKeyConstraint("chat_id", "topic_id", name=op.f("pk_places")),
    )
    op.create_index(op.f("ix_places_project_id"), "places", ["project_id"])


def create_discussions() -> None:
    """Make the table of discussions."""
    op.create_table(
        "discussions",
        sa.Column("id", identity(), nullable=False),
        sa.Column("project_id", identity(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by_name", sa.Text(), nullable=False),
        sa.Column("question_message_id", sa.BigInteger(), nullable=True),
        sa.Column("board_message_id", sa.BigInteger(), nullable=True),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("closed_at", time(), nullable=True),
        *status_checks("discussions"),
        parent("discussions", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions")),
        sa.UniqueConstraint("chat_id", "question_message_id", name=op.f("uq_discussions_chat_id_question_message_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_discussions_project_id"), "discussions", ["project_id"])
    op.create_index(op.f("ix_discussions_chat_id_topic_id_id"), "discussions", ["chat_id", "topic_id", "id"])
    op.create_index(op.f("ix_discussions_status_id"), "discussions", ["status", "id"])


def create_rounds() -> None:
    """Make the table of rounds."""
    op.create_table(
        "rounds",
        sa.Column("id", identity(), nullable=False),
        sa.Column("discussion_id", identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), server_default="", nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("closed_at", time(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rounds_number")),
        *status_checks("rounds"),
        parent("rounds", "discussion_id", "discussions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("discussion_id", "number", name=op.f("uq_rounds_discussion_id_number")),
        sqlite_autoincrement=True,
    )


def create_messages() -> None:
    """Make the table of what models and people said."""
    op.create_table(
        "messages",
        sa.Column("id", identity(), nullable=False),
        sa.Column("discussion_id", identity(), nullable=False),
        sa.Column("round_id", identity(), nullable=True),
        sa.Column("author_kind", sa.String(20), nullable=False),
        sa.Column("alias", sa.Text(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("answered_model", sa.Text(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("person_name", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("failure_code", sa.String(60), nullable=True),
        sa.Column("failure_sentence", sa.Text(), nullable=True),
        sa.Column("failure_retryable", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("truncated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("first_token_s", sa.Float(), nullable=True),
        sa.Column("total_s", sa.Float(), nullable=True),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("delivery_closed_at", time(), nullable=True),
        *author_checks(),
        parent("messages", "discussion_id", "discussions"),
        parent("messages", "round_id", "rounds"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("round_id", "alias", name=op.f("uq_messages_round_id_alias")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_messages_discussion_id"), "messages", ["discussion_id"])
    op.create_index(
        "ix_messages_not_delivered",
        "messages",
        ["delivery_closed_at", "id"],
        sqlite_where=NOT_DELIVERED,
        postgresql_where=NOT_DELIVERED,
    )


def author_checks() -> tuple[sa.CheckConstraint, ...]:
    """Return what holds for a message by its author."""
    rules = {
        "author_kind": "author_kind IN ('model', 'person')",
        "model_is_named": "author_kind = 'person' OR (round_id IS NOT NULL AND alias IS NOT NULL"
        " AND provider IS NOT NULL AND model IS NOT NULL)",
        "person_is_named": "author_kind = 'model' OR person_name IS NOT NULL",
        "failure_has_a_sentence": "(failure_code IS NULL) = (failure_sentence IS NULL)",
    }
    return tuple(sa.CheckConstraint(rule, name=op.f(f"ck_messages_{name}")) for name, rule in rules.items())


def create_deliveries() -> None:
    """Make the table of the pieces of messages that stand in chats."""
    op.create_table(
        "deliveries",
        sa.Column("message_id", identity(), autoincrement=False, nullable=False),
        sa.Column("piece", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", time(), nullable=False),
        parent("deliveries", "message_id", "messages"),
        sa.PrimaryKeyConstraint("message_id", "piece", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_chat_id_telegram_message_id"), "deliveries", ["chat_id", "telegram_message_id"])


def create_updates() -> None:
    """Make the table of the inbox."""
    op.create_table(
        "updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payload", sa.JSON(), nullable=True),
        sa.Column("received_at", time(), nullable=False),
        sa.Column("handled_at", time(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_updates")),
    )
    op.create_index(op.f("ix_updates_handled_at"), "updates", ["handled_at"])


def create_bots() -> None:
    """Make the table that holds the id of the bot that the database belongs to."""
    op.create_table(
        "bots",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("bot_id", name=op.f("pk_bots")),
    )
