"""Names of files: every question gives one that every disk takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moai.export import file_name
from moai.export.names import MAX_CHARS, slug
from tests.support.exports import DAY, PROJECT, a_head, a_thread


def test_a_discussion_has_its_own_day_and_its_question() -> None:
    thread = a_thread(created_at=DAY - timedelta(days=3))

    assert file_name(a_head(thread), "md") == "2026-11-20-should-we-use-rust.md"


def test_the_day_is_that_of_utc() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=timezone(timedelta(hours=-5)))

    assert file_name(a_head(a_thread(created_at=late)), "md").startswith("2026-11-24-")


def test_a_project_has_the_day_of_today_and_its_name() -> None:
    head = replace(a_head(a_thread(created_at=DAY - timedelta(days=3)), is_whole=True), project=PROJECT)

    assert file_name(head, "json") == "2026-11-23-compilers.json"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What's a “Straße” in Łódź? Ærø!", "whats-a-strasse-in-lodz-aero"),
        ("Почему небо синее, йога?", "почему-небо-синее-йога"),
        ("空はなぜ青い", "空はなぜ青い"),
        ("हिन्दी में", "हिन्दी-में"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\con|aux", "c-con-aux"),
        ("  \n ", ""),
        ("🙂 ?!", ""),
        ("x" * 100, "x" * 49),
        ("word " * 20, "-".join(["word"] * 10)),
        ("ſ①ﬁ", "s1fi"),
    ],
)
def test_a_slug(text: str, name: str) -> None:
    assert slug(text, 49) == name


def test_a_question_without_letters_has_a_name_all_the_same() -> None:
    assert file_name(a_head(a_thread(title="?!")), "md") == "2026-11-23-discussion.md"


@given(st.text())
def test_every_question_gives_a_name_that_every_disk_takes(text: str) -> None:
    name, dot, ending = file_name(a_head(a_thread(title=text)), "html").partition(".")

    assert (dot, ending) == (".", "html")
    assert len("2026-11-23-") < len(name) <= MAX_CHARS
    assert len(name.encode()) <= 240
    assert not set(name) & set('/\\:*?"<>| \0\n')
