"""What people write, however strangely, becomes places, persons and questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, User

from moai.bot.words import argument_of, person_of, place_of, question_from
from moai.core.model import Person, Place
from moai.errors import InvalidInput
from tests.support.written import GROUP, a_message

LIMIT = 32_000


def question(text: str, limit: int = LIMIT) -> str:
    return question_from(text, command="/open", limit=limit)


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (a_message(), Place(1001)),
        (a_message(chat=GROUP), Place(-5001)),
        (a_message(chat=GROUP, message_thread_id=7, is_topic_message=True), Place(-5001, 7)),
        (a_message(chat=GROUP, message_thread_id=7), Place(-5001)),
        (a_message(chat=GROUP, message_thread_id=7, is_topic_message=False), Place(-5001)),
        (a_message(message_thread_id=9, is_topic_message=True), Place(1001, 9)),
    ],
    ids=["private", "group or General", "topic", "reply thread", "told no topic", "topic in a private chat"],
)
def test_a_place_is_a_chat_and_its_topic(message: Message, place: Place) -> None:
    assert place_of(message) == place


@pytest.mark.parametrize(
    ("message", "person"),
    [
        (a_message(), Person(1001, "Ann Lee")),
        (a_message(from_user=User(1, "Bo", is_bot=False)), Person(1, "Bo")),
        (a_message(chat=GROUP, sender_chat=GROUP), Person(None, "Kitchen")),
        (a_message(chat=GROUP, sender_chat=Chat(-9, Chat.CHANNEL)), Person(None, "Someone")),
        (a_message(from_user=None), Person(None, "Someone")),
    ],
    ids=["full name", "first name", "anonymous admin", "channel without a title", "nobody"],
)
def test_a_person_is_who_wrote_or_in_whose_name(message: Message, person: Person) -> None:
    assert person_of(message) == person


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("/open Why?", "Why?"),
        ("/open@moai_bot Why?", "Why?"),
        ("/open\nWhy?\nReally?", "Why?\nReally?"),
        ("/open\u00a0Why?", "Why?"),
        ("/open  two spaces", " two spaces"),
        ("/open", ""),
        ("/open ", ""),
        ("Why /open?", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_an_argument_is_what_follows_the_command(text: str | None, argument: str) -> None:
    assert argument_of(a_message(text)) == argument


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Why?", "Why?"),
        ("  Why?\n\n", "Why?"),
        ("two\r\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\0b\x07c\x1b[31md\x85e\ud83d", "abc[31mde"),
        ("🗿", "🗿"),
        ("👩‍👩‍👧‍👦 🏳️‍🌈", "👩‍👩‍👧‍👦 🏳️‍🌈"),
        ("لماذا السماء زرقاء؟", "لماذا السماء زرقاء؟"),
        ("\u202eyhw\u202c", "\u202eyhw\u202c"),
        ("{alias} %s <b>", "{alias} %s <b>"),
        ("/open /open", "/open /open"),
    ],
    ids=["plain", "space", "lines", "control", "emoji", "joined emoji", "Arabic", "override", "braces", "command"],
)
def test_a_question_is_what_was_written_without_what_no_chat_shows(text: str, asked: str) -> None:
    assert question(text) == asked


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "\0\x01", " \x7f "], ids=repr)
def test_a_question_of_nothing_is_answered_with_what_to_write(text: str) -> None:
    with pytest.raises(InvalidInput, match="Write it after the command: /open Why is the sky blue") as caught:
        question(text)

    assert caught.value.sentence.startswith("What is the question?")


def test_a_question_may_be_as_long_as_the_limit_and_no_longer() -> None:
    assert question("x" * LIMIT) == "x" * LIMIT
    assert question(" " + "🗿" * LIMIT + "\0") == "🗿" * LIMIT

    with pytest.raises(InvalidInput, match=r"Your question has 100,000 characters and at most 32,000 fit\. Please"):
        question("x" * 100_000)


@given(st.text(st.characters(codec=None), min_size=1))
def test_any_question_that_can_be_asked_is_clean_for_good(text: str) -> None:
    asked = question(f"Why {text}")

    assert asked.startswith("Why")
    assert asked.encode("utf-8").decode("utf-8") == asked.strip()
    assert not any(character < " " and character not in "\n\t" for character in asked)
    assert question(asked) == asked
