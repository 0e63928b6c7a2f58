"""What the methods of several themes ask of their parameters: the chat, the place in it, the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.entities import formatted
from moai.simulator.model import Message
from moai.simulator.params import Params
from moai.simulator.people import Spot
from moai.simulator.refusal import bad_request
from moai.simulator.text import FormattedText
from moai.simulator.world import World

Method = Callable[[World, Params], Awaitable[Any]]

TOO_LONG = "message is too long"


def chat_of(world: World, params: Params, *, writing: bool = True) -> Chat:
    """Return the chat of a call, one that the bot may write to unless `writing` is false; raise ApiError."""
    if params.get("chat_id") in {None, ""}:
        raise bad_request("chat_id is empty")
    chat = world.chats.get(params.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if writing:
        chat.require_bot()
    return chat


def spot_of(world: World, params: Params) -> Spot:
    """Return where a new message goes; raise ApiError.

    A reply goes to the topic of what it answers, where the call names no topic.
    """
    chat = chat_of(world, params)
    topic_id = chat.require_topic(params.integer("message_thread_id"))
    answered = _answered(world, chat, params)
    if answered is not None:
        return Spot(chat, topic_id or answered.topic_id, answered.message_id)
    return Spot(chat, topic_id)


def text_of(world: World, params: Params) -> FormattedText:
    """Return the text and entities of a call; raise ApiError."""
    return formatted_of(world, params, "text", "entities")


def formatted_of(world: World, params: Params, words: str, marks: str) -> FormattedText:
    """Return a text and its entities by the names of their parameters; raise ApiError.

    Formatting by `parse_mode` is not simulated: a call that asks for it is refused.
    """
    if params.text("parse_mode").lower() not in {"", "none"}:
        raise bad_request("unsupported parse_mode")
    return formatted(params.text(words), params.get(marks), world.people)


def message_of(world: World, params: Params, doing: str) -> Message:
    """Return the message that a call is about; raise ApiError."""
    chat = chat_of(world, params)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(f"message to {doing} not found")
    return message


def _answered(world: World, chat: Chat, params: Params) -> Message | None:
    reply = params.get("reply_parameters") or {}
    if not isinstance(reply, dict):
        raise bad_request("can't parse reply parameters JSON object")
    message_id = reply.get("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return None
    is_optional = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    home = world.chats.get(reply.get("chat_id", chat.id))
    message = home.messages.get(int(message_id)) if home else None
    if message is None and not is_optional:
        raise bad_request("message to be replied not found")
    # What is answered in another chat shows as a quotation, not as a reply.
    return message if home is chat else None
