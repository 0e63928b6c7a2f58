"""The tables, their keys and most of their indexes (those of some rows are in indexes.py); owns no statement.

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

from moai.storage.columns import Amount, CleanJson, CleanText, Identity, UtcDateTime
from moai.storage.rules import NAMES, closed_unless_running, known_status, parent

metadata = MetaData(naming_convention=NAMES)

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
    Column("project_id", Identity, parent("projects.id"), nullable=False, index=True),
)

# A thread of runs in one place; `cut_told_at` is when the chat was told that it outgrew what a model may be shown.
discussions = Table(
    "discussions",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("project_id", Identity, parent("projects.id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("cut_told_at", UtcDateTime),
    Index(None, "chat_id", "topic_id", "project_id", "id"),
    sqlite_autoincrement=True,
)

# What the question says is a message; here is only what Telegram calls it, which makes it the same question. From
# `round_limit` to `wraps_up` are the terms of how far the run goes.
runs = Table(
    "runs",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("discussion_id", Identity, parent("discussions.id"), nullable=False, index=True),
    Column("project_id", Identity, parent("projects.id"), nullable=False, index=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("mode", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("participants", JSON, nullable=False),
    Column("question_message_id", BigInteger),
    Column("board_message_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("round_limit", Integer, nullable=False, server_default=text("1")),
    Column("drafts", Boolean(), nullable=False, server_default=false()),
    Column("moderator", CleanText, nullable=False, server_default=""),
    Column("wraps_up", Boolean(), nullable=False, server_default=false()),
    UniqueConstraint("chat_id", "question_message_id"),
    Index(None, "chat_id", "topic_id", "project_id", "id"),
    Index(None, "chat_id", "created_at"),
    Index(None, "status", "id"),
    known_status(),
    closed_unless_running(),
    sqlite_autoincrement=True,
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("run_id", Identity, parent("runs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(40), nullable=False, server_default=""),
    Column("status", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("run_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    known_status(),
    closed_unless_running(),
    sqlite_autoincrement=True,
)

# A run begins with a person's question; what a model answers belongs to a round and has an alias; a person's
# remark may stand between rounds, and so does what the chat is told of one, or, without a round, of the run's early
# end. What people say is in the chat already, so nothing of it is to be delivered; Telegram's id of a remark makes it
# the same remark.
messages = Table(
    "messages",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("discussion_id", Identity, parent("discussions.id"), nullable=False, index=True),
    Column("run_id", Identity, parent("runs.id"), nullable=False, index=True),
    Column("round_id", Identity, parent("rounds.id")),
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
    Column("input_tokens", Amount),
    Column("output_tokens", Amount),
    Column("first_token_s", Float),
    Column("total_s", Float),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivery_closed_at", UtcDateTime),
    Column("stance", String(20)),
    Column("position", CleanText),
    Column("moved_by", CleanJson),
    Column("ranking", CleanJson),
    Column("cost_usd", Float),
    Column("remark_message_id", BigInteger),
    Column("is_last", Boolean(), nullable=False, server_default=false()),
    UniqueConstraint("round_id", "alias"),
    Index(None, "alias", "provider", "id"),
    CheckConstraint("kind IN ('question', 'remark', 'answer', 'notice')", name="kind"),
    CheckConstraint(
        "kind <> 'answer' OR (round_id IS NOT NULL AND alias IS NOT NULL"
        " AND provider IS NOT NULL AND model IS NOT NULL)",
        name="model_is_named",
    ),
    CheckConstraint("kind <> 'notice' OR alias IS NULL", name="notice_is_of_no_model"),
    CheckConstraint("kind IN ('answer', 'notice') OR person_name IS NOT NULL", name="person_is_named"),
    CheckConstraint("kind IN ('answer', 'notice') OR delivery_closed_at IS NOT NULL", name="person_is_not_delivered"),
    CheckConstraint("(quote_author IS NULL) = (quote_text IS NULL)", name="quote_has_an_author"),
    CheckConstraint("(failure_code IS NULL) = (failure_sentence IS NULL)", name="failure_has_a_sentence"),
    sqlite_autoincrement=True,
)

# Databases use a partial index only for a statement that says the same words.
is_question = text("messages.kind = 'question'")
is_remark, of_remarks = text("messages.kind = 'remark'"), text("kind = 'remark'")
is_notice, of_notices = text("messages.kind = 'notice'"), text("kind = 'notice'")
is_end = text("messages.kind = 'notice' AND messages.round_id IS NULL")
of_ends = text("kind = 'notice' AND round_id IS NULL")

# What was read out of an answer whose text is a consensus.
consensuses = Table(
    "consensuses",
    metadata,
    Column("message_id", Identity, parent("messages.id"), primary_key=True, autoincrement=False),
    Column("discussion_id", Identity, parent("discussions.id"), nullable=False, index=True),
    Column("agreements", CleanJson, nullable=False),
    Column("disagreements", CleanJson, nullable=False),
    Column("recommendation", CleanText, nullable=False),
    Column("open_questions", CleanJson, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Identity, primary_key=True),
    Column("message_id", Identity, parent("messages.id"), nullable=False),
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
    Column("message_id", Identity, parent("messages.id"), primary_key=True, autoincrement=False),
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
