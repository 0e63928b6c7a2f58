"""What the types of columns take and give."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from moai.storage.columns import CleanJson, CleanText, UtcDateTime, clean

SQLITE, POSTGRESQL = sqlite.dialect(), postgresql.dialect()
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("plain\n🗿", "plain\n🗿"),
        ("a\0b", "a\ufffdb"),
        ("\ud83d\ude00", "😀"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83d and \0 and 🗿", "\ufffd and \ufffd and 🗿"),
        ("\ufeffa mark at the start \ud83d", "\ufeffa mark at the start \ufffd"),
    ],
)
def test_text_is_cleaned(given: str, kept: str) -> None:
    assert clean(given) == kept
    assert CleanText().process_bind_param(given, SQLITE) == kept


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_stored_once_it_is_clean(text: str) -> None:
    cleaned = clean(text)

    assert "\0" not in cleaned
    assert cleaned.encode().decode() == cleaned
    assert clean(cleaned) == cleaned


def test_nothing_stays_nothing() -> None:
    assert CleanText().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_result_value(None, SQLITE) is None


def test_a_time_is_stored_in_utc() -> None:
    tokyo = NOON.astimezone(timezone(timedelta(hours=9)))

    stored = UtcDateTime().process_bind_param(tokyo, SQLITE)

    assert stored is not None
    assert (stored, stored.tzinfo) == (NOON, UTC)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), SQLITE)


@pytest.mark.parametrize("came", [NOON.replace(tzinfo=None), NOON, NOON.astimezone(timezone(timedelta(hours=-5)))])
def test_a_time_comes_back_in_utc(came: datetime) -> None:
    given = UtcDateTime().process_result_value(came, POSTGRESQL)

    assert given is not None
    assert (given, given.tzinfo) == (NOON, UTC)


def test_every_text_in_json_is_cleaned_and_none_is_null() -> None:
    store: Any = CleanJson().bind_processor(SQLITE)

    kept = store({"point": "a\0", "who": ("\ud83d\ude00", ["\udfff"]), "number": 1, "none": None})

    assert json.loads(kept) == {"point": "a\ufffd", "who": ["😀", ["\ufffd"]], "number": 1, "none": None}
    assert (store([]), store(None)) == ("[]", None)
