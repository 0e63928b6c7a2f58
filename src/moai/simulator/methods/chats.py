"""The Bot API's methods about chats and who is in them."""

from __future__ import annotations

from typing import Any

from moai.simulator.chat import Chat
from moai.simulator.membership import set_bot_status
from moai.simulator.methods.common import Method, chat_of
from moai.simulator.params import Params
from moai.simulator.refusal import bad_request
from moai.simulator.wire import chat_json, member_json
from moai.simulator.world import World

_GIFTS = dict.fromkeys(
    ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"], True
)


async def get_chat(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getchat."""
    chat = chat_of(world, params, writing=False)
    _require_member(chat)
    allowed = chat.available_reactions
    reactions = {} if allowed is None else {"available_reactions": [_reaction(each) for each in sorted(allowed)]}
    return {
        **chat_json(chat),
        **reactions,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": _GIFTS,
    }


async def get_chat_member(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getchatmember; a group's first member is its owner."""
    chat = chat_of(world, params, writing=False)
    _require_member(chat)
    user = world.people.get(params.integer("user_id"))
    if user is None:
        raise bad_request("user not found")
    return member_json(user, _status(world, chat, user.id))


async def get_chat_member_count(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getchatmembercount; the bot counts."""
    chat = chat_of(world, params, writing=False)
    _require_member(chat)
    return len(chat.members) + 1


async def leave_chat(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#leavechat."""
    chat = chat_of(world, params)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    set_bot_status(world, chat, world.bot, "left")
    return True


def _reaction(emoji: str) -> dict[str, str]:
    return {"type": "emoji", "emoji": emoji}


def _require_member(chat: Chat) -> None:
    # A person's profile can be read after a block; a group is closed to who is not in it.
    if not chat.is_private:
        chat.require_bot()


def _status(world: World, chat: Chat, user_id: int) -> str:
    if user_id == world.bot.id:
        return chat.bot_status
    if user_id not in chat.members:
        return "left"
    is_owner = not chat.is_private and user_id == next(iter(chat.members))
    return "creator" if is_owner else "member"


CHAT_METHODS: dict[str, Method] = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
}
