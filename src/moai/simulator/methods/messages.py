"""The Bot API's methods that write, change and delete messages of text; files have their own module."""

from __future__ import annotations

from typing import Any

from moai.simulator.entities import require_length, require_visible
from moai.simulator.markup import read_markup
from moai.simulator.methods.common import (
    TOO_LONG,
    Method,
    message_of,
    spot_of,
    text_of,
)
from moai.simulator.model import Message
from moai.simulator.params import Params
from moai.simulator.reactions import read_reactions
from moai.simulator.refusal import bad_request
from moai.simulator.text import MAX_TEXT, FormattedText
from moai.simulator.wire import message_json
from moai.simulator.world import World

_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


async def send_message(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#sendmessage."""
    words = _written(world, params)
    markup = read_markup(params.get("reply_markup"))
    spot = spot_of(world, params)
    message = world.post(
        spot.chat,
        Message(
            spot.chat.id,
            world.bot,
            text=words.text,
            entities=words.entities,
            topic_id=spot.topic_id,
            reply_to_id=spot.reply_to_id,
            reply_markup=markup,
        ),
    )
    return message_json(spot.chat, message)


async def edit_message_text(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#editmessagetext; an edit without buttons takes them away."""
    words = _written(world, params)
    message = _own(world, params)
    if message.file:
        raise bad_request("there is no text in the message to edit")
    markup = read_markup(params.get("reply_markup"))
    return _edited(world, message, text=words.text, entities=words.entities, reply_markup=markup)


async def edit_message_reply_markup(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#editmessagereplymarkup."""
    message = _own(world, params)
    return _edited(world, message, reply_markup=read_markup(params.get("reply_markup")))


async def delete_message(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#deletemessage; others' messages only in private chats."""
    message = message_of(world, params, "delete")
    chat = world.chats[message.chat_id]
    is_admin = chat.bot_status == "administrator"
    if message.message_id in chat.topics or not (message.from_bot or chat.is_private or is_admin):
        raise bad_request("message can't be deleted")
    world.remove(message)
    return True


async def set_message_reaction(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#setmessagereaction."""
    message = message_of(world, params, "react")
    world.react(message, read_reactions(params.get("reaction"), world.chats[message.chat_id].available_reactions))
    return True


def _written(world: World, params: Params) -> FormattedText:
    if not params.text("text"):
        raise bad_request("message text is empty")
    words = text_of(world, params)
    require_visible(words)
    require_length(words, MAX_TEXT, TOO_LONG)
    return words


def _own(world: World, params: Params) -> Message:
    message = message_of(world, params, "edit")
    if not message.from_bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _edited(world: World, message: Message, **changes: Any) -> Any:
    if all(getattr(message, name) == value for name, value in changes.items()):
        raise bad_request(_NOT_MODIFIED)
    return message_json(world.chats[message.chat_id], world.edit(message, **changes))


MESSAGE_METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "setMessageReaction": set_message_reaction,
}
