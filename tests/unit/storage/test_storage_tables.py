"""What holds for every table, on SQLite and on PostgreSQL."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import DateTime, ForeignKey, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from moai.storage.columns import CleanJson, CleanText, UtcDateTime
from moai.storage.indexes import metadata
from moai.storage.saying import insert_said
from moai.storage.statements import insert_if_new, insert_into
from moai.storage.tables import attachments, consensuses, messages, of_notices, projects, updates

REVISIONS = ScriptDirectory(str(Path(__file__).parents[3] / "migrations"))
TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


def first_columns(table: Table) -> set[str]:
    """Return the columns that some key or index of the table begins with."""
    keys = [list(table.primary_key.columns)]
    keys += [list(index.columns) for index in table.indexes]
    keys += [list(rule.columns) for rule in table.constraints if type(rule).__name__ == "UniqueConstraint"]
    return {columns[0].name for columns in keys}


@pytest.mark.parametrize("table", TABLES)
def test_a_child_goes_with_its_parent_and_is_found_by_it(table: Table) -> None:
    parents: list[ForeignKey] = sorted(table.foreign_keys, key=str)

    assert all(parent.ondelete == "CASCADE" for parent in parents)
    assert {parent.parent.name for parent in parents} <= first_columns(table)


@pytest.mark.parametrize("table", TABLES)
def test_every_text_is_cleaned_and_every_time_knows_its_zone(table: Table) -> None:
    for column in table.columns:
        assert not isinstance(column.type, Text | DateTime), column.name
        assert isinstance(column.type, UtcDateTime) == column.name.endswith(("_at", "since")), column.name


@pytest.mark.parametrize("table", TABLES)
def test_every_constraint_has_a_name(table: Table) -> None:
    assert all(rule.name for rule in table.constraints)
    assert all(index.name for index in table.indexes)


def test_people_and_models_say_clean_text() -> None:
    said = (messages.c.text, messages.c.quote_text, messages.c.position, attachments.c.text, projects.c.name)
    found = (messages.c.ranking, messages.c.moved_by, consensuses.c.agreements, consensuses.c.disagreements)

    assert all(isinstance(column.type, CleanText) for column in (*said, consensuses.c.recommendation))
    assert all(isinstance(column.type, CleanJson) for column in (*found, consensuses.c.open_questions))


def test_the_revisions_can_be_written_for_postgresql() -> None:
    written = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written})

    with Operations.context(context):
        for revision in reversed(list(REVISIONS.walk_revisions())):
            revision.module.upgrade()
        for revision in REVISIONS.walk_revisions():
            revision.module.downgrade()

    statements = written.getvalue()
    assert all(f"CREATE TABLE {name} (" in statements for name in metadata.tables)
    assert "id BIGSERIAL NOT NULL" in statements
    assert "TIMESTAMP WITH TIME ZONE" in statements


@pytest.mark.parametrize(("dialect", "compiler"), [("sqlite", sqlite), ("postgresql", postgresql)])
def test_a_conflict_is_spelt_for_both_databases(dialect: str, compiler: object) -> None:
    statement = insert_if_new(dialect, updates, ("update_id",))

    compiled = str(statement.compile(dialect=compiler.dialect()))

    assert "ON CONFLICT (update_id) DO NOTHING RETURNING" in compiled
    assert isinstance(insert_into(dialect, updates), compiler.Insert)


@pytest.mark.parametrize(("dialect", "compiler"), [("sqlite", sqlite), ("postgresql", postgresql)])
def test_a_conflict_on_some_rows_names_the_words_of_their_index(dialect: str, compiler: object) -> None:
    notices = next(index for index in messages.indexes if index.name == "uq_messages_notice")
    statement = insert_said(dialect, ("round_id",), of_notices)

    compiled, index = (str(each.compile(dialect=compiler.dialect())) for each in (statement, CreateIndex(notices)))

    assert "ON CONFLICT (round_id) WHERE kind = 'notice' DO NOTHING RETURNING" in compiled
    assert index.endswith("ON messages (round_id) WHERE kind = 'notice'")
