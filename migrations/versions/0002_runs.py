"""Discussions of several runs, people's words as messages, attachments, moved chats, and models in force.

Each table that changes is held aside, dropped, made anew and filled again, because SQLite changes a table in no
other way. Before, a discussion was one run: it becomes a discussion and a run of the same id.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST = runpy.run_path(str(Path(__file__).with_name("0001_first_tables.py")))
identity, time, parent, status_checks = (FIRST[name] for name in ("identity", "time", "parent", "status_checks"))
NOT_DELIVERED = FIRST["NOT_DELIVERED"]
IS_QUESTION = sa.text("kind = 'question'")

OLD = ("deliveries", "messages", "rounds", "discussions")
NEW = ("deliveries", "attachments", "messages", "rounds", "runs", "discussions")

ROUND = ("id", "number", "kind", "status", "created_at", "closed_at")
MESSAGE = ("id", "round_id", "alias", "provider", "model", "answered_model", "person_id", "person_name", "text")
MESSAGE += ("failure_code", "failure_sentence", "failure_retryable", "truncated", "input_tokens", "output_tokens")
MESSAGE += ("first_token_s", "total_s", "created_at")
RUN = ("project_id", "chat_id", "topic_id", "mode", "status", "participants", "question_message_id")
RUN += ("board_message_id", "created_at", "closed_at")
DELIVERY = ("message_id", "piece", "chat_id", "topic_id", "telegram_message_id", "delivered_at")


def upgrade() -> None:
    """Make runs of the discussions, and messages of their questions."""
    hold(OLD)
    create_discussions()
    create_runs()
    create_rounds()
    create_messages()
    FIRST["create_deliveries"]()
    fill_new()
    let_go(OLD, numbered=("discussions", "runs", "rounds", "messages"))
    create_attachments()
    create_moved_chats()
    create_models_in_force()
    op.create_index(op.f("ix_projects_chat_id_id"), "projects", ["chat_id", "id"])


def downgrade() -> None:
    """Make a discussion of each run; attachments, quotes, moved chats and models in force are lost."""
    op.drop_index(op.f("ix_projects_chat_id_id"), "projects")
    op.drop_table("models_in_force")
    op.drop_table("moved_chats")
    hold(NEW)
    for table in ("discussions", "rounds", "messages", "deliveries"):
        FIRST[f"create_{table}"]()
    fill_old()
    let_go(NEW, numbered=("discussions", "rounds", "messages"))


def hold(tables: tuple[str, ...]) -> None:
    """Put the rows of tables aside and drop the tables, children first."""
    for table in tables:
        op.execute(f"CREATE TABLE held_{table} AS SELECT * FROM {table}")  # noqa: S608 - the names are above
        op.drop_table(table)


def let_go(tables: tuple[str, ...], *, numbered: tuple[str, ...]) -> None:
    """Drop what was put aside, and let new rows be numbered after the old ones."""
    for table in tables:
        op.drop_table(f"held_{table}")
    if op.get_context().dialect.name == "postgresql":
        for table in numbered:
            newest = f"SELECT greatest(max(id), 1) FROM {table}"  # noqa: S608 - the names are above
            op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({newest}))")


def fill(table: str, same: tuple[str, ...], source: str, **columns: str) -> None:
    """Fill a table from another: columns that are named the same there, and others by what they are made of."""
    made = {**{name: name for name in same}, **columns}
    rows = sa.select(*(sa.literal_column(text) for text in made.values())).select_from(sa.text(source))
    op.execute(sa.insert(sa.table(table, *map(sa.column, made))).from_select(list(made), rows))


def fill_new() -> None:
    """Fill the tables of this revision from those of the one before."""
    fill("discussions", ("id", "project_id", "chat_id", "topic_id", "created_at"), "held_discussions")
    fill("runs", ("id", *RUN), "held_discussions", discussion_id="id")
    fill("rounds", ROUND, "held_rounds", run_id="discussion_id")
    fill(
        "messages",
        (*MESSAGE, "discussion_id"),
        "held_messages",
        run_id="discussion_id",
        kind="CASE author_kind WHEN 'model' THEN 'answer' ELSE 'remark' END",
        delivery_closed_at="CASE WHEN author_kind = 'model' OR delivery_closed_at IS NOT NULL"
        " THEN delivery_closed_at ELSE created_at END",
    )
    fill(
        "messages",
        ("created_at",),
        "held_discussions",
        # Messages stand in the order of their ids; with one below 0 the question stands before its answers.
        id="-id",
        discussion_id="id",
        run_id="id",
        kind="'question'",
        person_id="asked_by_id",
        person_name="asked_by_name",
        text="question",
        delivery_closed_at="created_at",
    )
    fill("deliveries", DELIVERY, "held_deliveries")


def fill_old() -> None:
    """Fill the tables of the revision before from those of this one."""
    fill(
        "discussions",
        (),
        "held_runs JOIN held_messages AS said ON said.run_id = held_runs.id AND said.kind = 'question'",
        id="held_runs.id",
        question="said.text",
        asked_by_id="said.person_id",
        asked_by_name="said.person_name",
        **{name: f"held_runs.{name}" for name in RUN},
    )
    fill("rounds", ROUND, "held_rounds", discussion_id="run_id")
    fill(
        "messages",
        (*MESSAGE, "delivery_closed_at"),
        "held_messages WHERE kind <> 'question'",
        discussion_id="run_id",
        author_kind="CASE kind WHEN 'answer' THEN 'model' ELSE 'person' END",
    )
    fill("deliveries", DELIVERY, "held_deliveries")


def create_discussions() -> None:
    """Make the table of discussions."""
    op.create_table(
        "discussions",
        sa.Column("id", identity(), nullable=False),
        sa.Column("project_id", identity(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("cut_told_at", time(), nullable=True),
        parent("discussions", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discussions")),
        sqlite_autoincrement=True,
    )
    create_indexes("discussions", ("project_id",), ("chat_id", "topic_id", "project_id", "id"))


def create_runs() -> None:
    """Make the table of runs."""
    op.create_table(
        "runs",
        sa.Column("id", identity(), nullable=False),
        sa.Column("discussion_id", identity(), nullable=False),
        sa.Column("project_id", identity(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.String(40), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("participants", sa.JSON(), nullable=False),
        sa.Column("question_message_id", sa.BigInteger(), nullable=True),
        sa.Column("board_message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("closed_at", time(), nullable=True),
        *status_checks("runs"),
        parent("runs", "discussion_id", "discussions"),
        parent("runs", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("chat_id", "question_message_id", name=op.f("uq_runs_chat_id_question_message_id")),
        sqlite_autoincrement=True,
    )
    place_and_id = ("chat_id", "topic_id", "project_id", "id")
    create_indexes("runs", ("discussion_id",), ("project_id",), place_and_id, ("status", "id"))


def create_rounds() -> None:
    """Make the table of rounds."""
    op.create_table(
        "rounds",
        sa.Column("id", identity(), nullable=False),
        sa.Column("run_id", identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), server_default="", nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("closed_at", time(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_rounds_number")),
        *status_checks("rounds"),
        parent("rounds", "run_id", "runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_rounds_run_id_number")),
        sqlite_autoincrement=True,
    )


def create_messages() -> None:
    """Make the table of what models and people said."""
    op.create_table(
        "messages",
        sa.Column("id", identity(), nullable=False),
        sa.Column("discussion_id", identity(), nullable=False),
        sa.Column("run_id", identity(), nullable=False),
        sa.Column("round_id", identity(), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("alias", "provider", "model", "answered_model")),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("person_name", "quote_author", "quote_text")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("failure_code", sa.String(60), nullable=True),
        sa.Column("failure_sentence", sa.Text(), nullable=True),
        *(flag(name) for name in ("failure_retryable", "truncated", "unseen")),
        sa.Column("input_tokens", sa.Integer(), nullable=True),
        sa.Column("output_tokens", sa.Integer(), nullable=True),
        sa.Column("first_token_s", sa.Float(), nullable=True),
        sa.Column("total_s", sa.Float(), nullable=True),
        sa.Column("created_at", time(), nullable=False),
        sa.Column("delivery_closed_at", time(), nullable=True),
        *message_checks(),
        *(parent("messages", f"{name}_id", f"{name}s") for name in ("discussion", "run", "round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("round_id", "alias", name=op.f("uq_messages_round_id_alias")),
        sqlite_autoincrement=True,
    )
    create_indexes("messages", ("discussion_id",), ("run_id",), ("alias", "provider", "id"))
    partial = {"sqlite_where": IS_QUESTION, "postgresql_where": IS_QUESTION}
    op.create_index("uq_messages_question", "messages", ["run_id"], unique=True, **partial)
    partial = {"sqlite_where": NOT_DELIVERED, "postgresql_where": NOT_DELIVERED}
    op.create_index("ix_messages_not_delivered", "messages", ["delivery_closed_at", "id"], **partial)


def message_checks() -> tuple[sa.CheckConstraint, ...]:
    """Return what holds for a message by its kind."""
    rules = {
        "kind": "kind IN ('question', 'remark', 'answer')",
        "model_is_named": "kind <> 'answer' OR (round_id IS NOT NULL AND alias IS NOT NULL"
        " AND provider IS NOT NULL AND model IS NOT NULL)",
        "person_is_named": "kind = 'answer' OR person_name IS NOT NULL",
        "person_is_not_delivered": "kind = 'answer' OR delivery_closed_at IS NOT NULL",
        "quote_has_an_author": "(quote_author IS NULL) = (quote_text IS NULL)",
        "failure_has_a_sentence": "(failure_code IS NULL) = (failure_sentence IS NULL)",
    }
    return tuple(sa.CheckConstraint(rule, name=op.f(f"ck_messages_{name}")) for name, rule in rules.items())


def flag(name: str) -> sa.Column[bool]:
    """Return a column that is false unless told."""
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)


def create_attachments() -> None:
    """Make the table of what came with questions."""
    op.create_table(
        "attachments",
        sa.Column("id", identity(), nullable=False),
        sa.Column("message_id", identity(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "media_type", "text")),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        parent("attachments", "message_id", "messages"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("message_id", "number", name=op.f("uq_attachments_message_id_number")),
        sqlite_autoincrement=True,
    )


def create_moved_chats() -> None:
    """Make the table of the chats that changed their id."""
    old = sa.Column("old_chat_id", sa.BigInteger(), autoincrement=False, nullable=False)
    new = sa.Column("new_chat_id", sa.BigInteger(), nullable=False)
    op.create_table("moved_chats", old, new, sa.PrimaryKeyConstraint("old_chat_id", name=op.f("pk_moved_chats")))


def create_models_in_force() -> None:
    """Make the table of the models that patterns stand for."""
    op.create_table(
        "models_in_force",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("provider", "pattern", "model")),
        sa.Column("since", time(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "pattern", name=op.f("pk_models_in_force")),
    )


def create_indexes(table: str, *indexes: tuple[str, ...]) -> None:
    """Make indexes, named after their columns."""
    for columns in indexes:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, list(columns))
