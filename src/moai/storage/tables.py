"""The tables, their keys and their indexes; owns no statement.

Deleting a project deletes all that was said in it. A `topic_id` of 0 stands for no topic, because NULLs are
never equal to each other in a key.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from moai.core.model import Status
from moai.storage.columns import CleanText, Identity, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    }
)


def _parent(column: str) -> ForeignKey:
    return ForeignKey(column, ondelete="CASCADE")


def _known_status() -> CheckConstraint:
    words = ", ".join(f"'{status}'" for status in Status)
    return CheckConstraint(f"status IN ({words})", name="status")


def _closed_unless_running() -> CheckConstraint:
    return CheckConstraint("(status = 'running') = (closed_at IS NULL)", name="closed_unless_running")


projects = Table(
    "projects",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("name_key", CleanText, nullable=False),
    Column("instructions", CleanText, nullable=False, server_default=""),
    Column("aliases", JSON(none_as_null=True)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "name_key"),
    Index(None, "chat_id", "id"),
    sqlite_autoincrement=True,
)

places = Table(
    "places",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("topic_id", BigInteger, primary_key=True, autoincrement=False),
    Column("project_id", Identity, _parent("projects.id"), nullable=False, index=True),
)

# A thread of runs in one place; `cut_told_at` is when the chat was told that it outgrew what a model may be shown.
discussions = Table(
    "discussions",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("project_id", Identity, _parent("projects.id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("cut_told_at", UtcDateTime),
    Index(None, "chat_id", "topic_id", "project_id", "id"),
    sqlite_autoincrement=True,
)

# What the question says is a message; here is only what Telegram calls it, which makes it the same question.
runs = Table(
    "runs",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("discussion_id", Identity, _parent("discussions.id"), nullable=False, index=True),
    Column("project_id", Identity, _parent("projects.id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("mode", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("participants", JSON, nullable=False),
    Column("question_message_id", BigInteger),
    Column("board_message_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("chat_id", "question_message_id"),
    Index(None, "chat_id", "topic_id", "project_id", "id"),
    Index(None, "status", "id"),
    _known_status(),
    _closed_unless_running(),
    sqlite_autoincrement=True,
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("run_id", Identity, _parent("runs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(40), nullable=False, server_default=""),
    Column("status", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("run_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    _known_status(),
    _closed_unless_running(),
    sqlite_autoincrement=True,
)

# A run begins with a person's question; what a model answers belongs to a round and has an alias; a person's
# remark may stand between rounds. What people say is in the chat already, so nothing of it is to be delivered.
messages = Table(
    "messages",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("discussion_id", Identity, _parent("discussions.id"), nullable=False, index=True),
    Column("run_id", Identity, _parent("runs.id"), nullable=False, index=True),
    Column("round_id", Identity, _parent("rounds.id")),
    Column("kind", String(20), nullable=False),
    Column("alias", CleanText),
    Column("provider", CleanText),
    Column("model", CleanText),
    Column("answered_model", CleanText),
    Column("person_id", BigInteger),
    Column("person_name", CleanText),
    Column("quote_author", CleanText),
    Column("quote_text", CleanText),
    Column("text", CleanText, nullable=False),
    Column("failure_code", String(60)),
    Column("failure_sentence", CleanText),
    Column("failure_retryable", Boolean(), nullable=False, server_default=false()),
    Column("truncated", Boolean(), nullable=False, server_default=false()),
    Column("unseen", Boolean(), nullable=False, server_default=false()),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("first_token_s", Float),
    Column("total_s", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivery_closed_at", UtcDateTime),
    UniqueConstraint("round_id", "alias"),
    Index(None, "alias", "provider", "id"),
    CheckConstraint("kind IN ('question', 'remark', 'answer')", name="kind"),
    CheckConstraint(
        "kind <> 'answer' OR (round_id IS NOT NULL AND alias IS NOT NULL"
        " AND provider IS NOT NULL AND model IS NOT NULL)",
        name="model_is_named",
    ),
    CheckConstraint("kind = 'answer' OR person_name IS NOT NULL", name="person_is_named"),
    CheckConstraint("kind = 'answer' OR delivery_closed_at IS NOT NULL", name="person_is_not_delivered"),
    CheckConstraint("(quote_author IS NULL) = (quote_text IS NULL)", name="quote_has_an_author"),
    CheckConstraint("(failure_code IS NULL) = (failure_sentence IS NULL)", name="failure_has_a_sentence"),
    sqlite_autoincrement=True,
)

# Databases use a partial index only for a statement that says the same words.
is_question = text("messages.kind = 'question'")

_question = text("kind = 'question'")
Index("uq_messages_question", messages.c.run_id, unique=True, sqlite_where=_question, postgresql_where=_question)

_not_delivered = text("delivery_closed_at IS NULL")
Index(
    "ix_messages_not_delivered",
    messages.c.delivery_closed_at,
    messages.c.id,
    sqlite_where=_not_delivered,
    postgresql_where=_not_delivered,
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("message_id", Identity, _parent("messages.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("media_type", CleanText, nullable=False),
    Column("text", CleanText, nullable=False),
    Column("data", LargeBinary),
    UniqueConstraint("message_id", "number"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("message_id", Identity, _parent("messages.id"), primary_key=True, autoincrement=False),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("telegram_message_id", BigInteger, nullable=False),
    Column("delivered_at", UtcDateTime, nullable=False),
    Index(None, "chat_id", "telegram_message_id"),
)

updates = Table(
    "updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("payload", JSON(none_as_null=True)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("handled_at", UtcDateTime, index=True),
)

# One row at most: the bot for which Telegram numbered the updates and messages that are stored here.
bots = Table("bots", metadata, Column("bot_id", BigInteger, primary_key=True, autoincrement=False))

moved_chats = Table(
    "moved_chats",
    metadata,
    Column("old_chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("new_chat_id", BigInteger, nullable=False),
)

models_in_force = Table(
    "models_in_force",
    metadata,
    Column("provider", CleanText, primary_key=True),
    Column("pattern", CleanText, primary_key=True),
    Column("model", CleanText, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
