"""Our values in the shapes of the Bot API."""

from __future__ import annotations

from moai.bot import wire
from moai.bot.render import Entity, Piece
from tests.support.fakes import GROUP, TOPIC


def test_entities_keep_their_fields_and_have_no_others() -> None:
    piece = Piece(
        "a link and code", (Entity("text_link", 2, 4, url="https://example.org"), Entity("pre", 11, 4, language="py"))
    )

    assert wire.entities(piece) == [
        {"type": "text_link", "offset": 2, "length": 4, "url": "https://example.org"},
        {"type": "pre", "offset": 11, "length": 4, "language": "py"},
    ]


def test_a_target_names_a_topic_only_where_there_is_one() -> None:
    assert wire.target(GROUP) == {"chat_id": GROUP.chat_id}
    assert wire.target(TOPIC) == {"chat_id": TOPIC.chat_id, "message_thread_id": TOPIC.topic_id}


def test_a_reply_does_without_a_message_that_is_gone() -> None:
    assert wire.reply(31) == {"message_id": 31, "allow_sending_without_reply": True}
    assert wire.reply(None) is None
