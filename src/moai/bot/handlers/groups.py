"""The bot in and out of chats: joined, removed, blocked, and groups that become supergroups."""

from __future__ import annotations

from telegram import Chat, ChatMember, ChatMemberUpdated, Update

from moai.bot import texts
from moai.bot.desk import Context, Desk, desk_of
from moai.bot.finals import Final
from moai.bot.render import Piece
from moai.core.model import Place

OUT = frozenset((ChatMember.LEFT, ChatMember.BANNED))


async def membership(update: Update, context: Context) -> None:
    """Introduce the bot to a group that it joins; stop the runs of a chat that it is put out of."""
    change, desk = update.my_chat_member, desk_of(context)
    if change is None:
        return
    was_in, is_in = _is_in(change.old_chat_member), _is_in(change.new_chat_member)
    if is_in:
        desk.access.enter(change.chat.id)
    if was_in and not is_in:
        desk.access.leave(change.chat.id)
        desk.stage.leave(change.chat.id)
        await desk.keeper.stop(chat_id=change.chat.id)
    elif is_in and not was_in and change.chat.type in (Chat.GROUP, Chat.SUPERGROUP):
        _introduce(desk, change, can_read_all=bool(context.bot.bot.can_read_all_group_messages))


def _is_in(member: ChatMember) -> bool:
    # Who is restricted may be in the chat or not (Bot API, ChatMemberRestricted).
    return member.status not in OUT and bool(getattr(member, "is_member", True))


def _introduce(desk: Desk, change: ChatMemberUpdated, *, can_read_all: bool) -> None:
    if not desk.access.allows(change.from_user.id, change.chat.id):
        return
    # Privacy mode does not hold for administrators (core.telegram.org/bots/features#privacy-mode).
    hears_everything = can_read_all or change.new_chat_member.status == ChatMember.ADMINISTRATOR
    # No project is looked up, which would make one before what a supergroup had as a group is moved there.
    team = [client.participant for client in desk.team.values()]
    page = Piece(texts.introduction(team, hears_everything=hears_everything))
    desk.outbox.say(Final(Place(change.chat.id), page))


async def migrated(update: Update, context: Context) -> None:
    """Let a supergroup go on where its group was; both chats tell of it, in any order."""
    message, desk = update.message, desk_of(context)
    if message is None:
        return
    if message.migrate_to_chat_id is not None:
        old, new = message.chat.id, message.migrate_to_chat_id
    elif message.migrate_from_chat_id is not None:
        old, new = message.migrate_from_chat_id, message.chat.id
    else:
        return
    desk.stage.leave(old)
    desk.access.follow(old, new)
    await desk.keeper.move(old, new)
