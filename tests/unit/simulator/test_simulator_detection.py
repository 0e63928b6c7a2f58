"""What Telegram marks in a text by itself."""

from __future__ import annotations

import pytest

from moai.simulator.detection import find_entities
from moai.simulator.model import Message, User


def marked(text: str) -> list[tuple[str, str]]:
    message = Message(1, User(1, "Alice"), text=text)
    return [(entity.type, message.marked(entity)) for entity in find_entities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/open what is it?", [("bot_command", "/open")]),
        ("/ask@moai_bot now", [("bot_command", "/ask@moai_bot")]),
        ("😀 @claude hi", [("mention", "@claude")]),
        ("@gpt and @all are too short, @gif is not", [("mention", "@gif")]),
        ("look (https://example.org/a?b=1).", [("url", "https://example.org/a?b=1")]),
        ("telegram.org/faq, please", [("url", "telegram.org/faq")]),
        ("mail me@example.org", [("email", "me@example.org")]),
        ("a #good 1/2 idea", [("hashtag", "#good")]),
        ("and/or a//b", []),
        ("plain", []),
    ],
)
def test_find_entities(text: str, found: list[tuple[str, str]]) -> None:
    assert marked(text) == found
