"""Who may be where in the simulated Telegram: the bot let in, put out or blocked, a group that gets another id."""

from __future__ import annotations

from itertools import count

from moai.simulator.chat import Chat
from moai.simulator.model import Message, User
from moai.simulator.people import Spot, note
from moai.simulator.wire import member_json, message_json, unix_time, user_json
from moai.simulator.world import World


def set_bot_status(world: World, chat: Chat, person: User, status: str) -> None:
    """Let the bot in, put it out, block it or make it administrator, and tell it so."""
    before, chat.bot_status = chat.bot_status, status
    chat.bot_reads_all = chat.is_private or world.reads_all or status == "administrator"
    tell_status(world, chat, person, before)


def tell_status(world: World, chat: Chat, person: User, before: str) -> None:
    """Let the bot know what it is in a chat now (https://core.telegram.org/bots/api#chatmemberupdated)."""
    message = Message(chat.id, person)
    payload = {
        "chat": message_json(chat, message)["chat"],
        "from": user_json(person),
        "date": unix_time(message.date),
        "old_chat_member": member_json(world.bot, before),
        "new_chat_member": member_json(world.bot, chat.bot_status),
    }
    world.feed.push("my_chat_member", payload)


def turn_into_supergroup(world: World, chat: Chat, person: User) -> Chat:
    """Give a group another id, as Telegram does when it gets public or gets topics; return what it has become.

    The bot hears that it is in a new chat, and a service message in each of the two. What was said stays behind.
    """
    grown = world.add_chat("supergroup", world.new_group_id("supergroup"), chat.title, *chat.members.values())
    grown.ids = count(1)
    grown.bot_status, grown.bot_reads_all = chat.bot_status, chat.bot_reads_all
    if chat.has_bot:
        tell_status(world, grown, person, "left")
    note(world, Spot(chat), person, {"migrate_to_chat_id": grown.id})
    note(world, Spot(grown), None, {"migrate_from_chat_id": chat.id})
    chat.successor = grown.id
    return grown
