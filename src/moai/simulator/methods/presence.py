"""The Bot API's methods that show the bot at work, drafts and typing, and that answer presses of buttons."""

from __future__ import annotations

from typing import Any

from moai.simulator.changes import ChatActionShown
from moai.simulator.chat import GENERAL_TOPIC
from moai.simulator.entities import require_length
from moai.simulator.methods.common import TOO_LONG, Method, chat_of, text_of
from moai.simulator.model import CallbackAnswer, Draft
from moai.simulator.params import Params
from moai.simulator.refusal import bad_request
from moai.simulator.text import MAX_TEXT, utf16_length
from moai.simulator.world import World

MAX_CALLBACK_ANSWER = 200
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


async def send_message_draft(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#sendmessagedraft: one at a time, private chats only."""
    words = text_of(world, params)
    require_length(words, MAX_TEXT, TOO_LONG)
    chat = chat_of(world, params)
    if not chat.is_private:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    topic_id = chat.require_topic(params.integer("message_thread_id"))
    draft_id = params.integer("draft_id")
    if not draft_id:
        raise bad_request("RANDOM_ID_INVALID")
    # A server that is older than Bot API 10.3 does what Telegram does with what it does not know: nothing.
    can_stop, keep_on_stop = (world.stops_drafts and params.flag(name) for name in ("can_stop", "keep_on_stop"))
    draft = Draft(draft_id, words.text, words.entities, world.clock(), can_stop, keep_on_stop)
    world.drafts.show(chat, topic_id, draft)
    return True


async def send_chat_action(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#sendchataction; here the General topic has its id."""
    chat = chat_of(world, params)
    action = params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    thread_id = params.integer("message_thread_id")
    is_general = chat.is_forum and thread_id == GENERAL_TOPIC
    topic_id = None if is_general else chat.require_topic(thread_id)
    world.hub.tell(ChatActionShown(chat.id, topic_id, action))
    return True


async def answer_callback_query(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#answercallbackquery."""
    text = params.text("text")
    if utf16_length(text) > MAX_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = CallbackAnswer(text, params.flag("show_alert"), params.text("url"))
    world.answer_query(params.text("callback_query_id"), answer)
    return True


PRESENCE_METHODS: dict[str, Method] = {
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
}
