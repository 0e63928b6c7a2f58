"""What the JSON of updates is refused for, and that nothing is which Telegram sends."""

from __future__ import annotations

from typing import Any

import pytest

from moai.bot.soundness import MOST, is_number, require_sound

ANN = {"id": 1001, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": 1001, "type": "private"}
MESSAGE = {"message_id": 1, "date": 1_790_000_000, "chat": CHAT, "from": ANN}
FORWARDED = {"type": "user", "date": 1, "sender_user": ANN}
PICTURE = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
PRESS = {"id": "1", "from": ANN, "chat_instance": "1"}


@pytest.mark.parametrize(
    "fields",
    [
        {"message": MESSAGE},
        {"message": MESSAGE | {"text": "Why?", "entities": [{"type": "bold", "offset": 0, "length": 3}]}},
        {"message": MESSAGE | {"photo": [PICTURE], "reply_to_message": MESSAGE, "forward_origin": FORWARDED}},
        {"message": MESSAGE | {"something_of_next_year": [None]}},
        {"message": MESSAGE | {"text": None}},
        {"message": MESSAGE | {"location": {"longitude": 1.5, "latitude": 2}}},
        {"callback_query": PRESS | {"message": {"chat": CHAT, "message_id": 1, "date": 0}, "data": "x"}},
        {"stopped_message_generation": {"chat": 7}},
        {},
    ],
)
def test_what_telegram_sends_is_sound(fields: dict[str, Any]) -> None:
    require_sound({"update_id": 1, **fields})


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"message": []}, "update.message"),
        ({"message": MESSAGE | {"message_id": MOST}}, "update.message.message_id"),
        ({"message": MESSAGE | {"message_id": True}}, "update.message.message_id"),
        ({"message": MESSAGE | {"text": 7}}, "update.message.text"),
        ({"message": MESSAGE | {"date": "today"}}, "update.message.date"),
        ({"message": MESSAGE | {"is_topic_message": 1}}, "update.message.is_topic_message"),
        ({"message": MESSAGE | {"chat": {"id": [], "type": "private"}}}, "update.message.chat.id"),
        ({"message": MESSAGE | {"chat": {"id": 1}}}, "update.message.chat"),
        ({"message": MESSAGE | {"entities": [{"type": "bold", "offset": 0, "length": None}]}}, "entities[0].length"),
        ({"message": MESSAGE | {"forward_origin": FORWARDED | {"sender_user": 7}}}, "forward_origin.sender_user"),
        ({"callback_query": PRESS | {"message": {"chat": CHAT}}}, "update.callback_query.message"),
        ({"my_chat_member": {"chat": CHAT, "from": ANN, "date": 1}}, "update.my_chat_member"),
    ],
)
def test_what_it_does_not_send_is_refused_with_its_path(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(ValueError, match="not what the Bot API says") as refusal:
        require_sound({"update_id": 1, **fields})
    assert where in str(refusal.value)


@pytest.mark.parametrize("value", [True, 1.0, "1", None, MOST, -MOST - 1])
def test_what_is_no_number(value: object) -> None:
    assert not is_number(value)
