"""Edits, deletions, reactions: what goes through and what is refused."""

from __future__ import annotations

import pytest
from simulator_http import Api
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReactionTypeEmoji
from telegram.error import BadRequest

from moai.simulator.changes import Change, MessageDeleted, MessageEdited, MessageSent
from moai.simulator.chats import PrivateChat
from moai.simulator.model import User
from moai.simulator.telegram import Simulator

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Stop", callback_data="stop")]])


async def test_an_edit_keeps_the_history(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "one", reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("two", chat.id, sent.message_id)
    assert isinstance(edited, type(sent))
    assert edited.edit_date is not None
    message = await chat.shows("two")
    assert message.history == ("one", "two")
    assert message.buttons == ()
    assert [each.text for each in chat.messages] == ["two"]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, api: Api, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "one", reply_markup=KEYBOARD)
    same = {"chat_id": chat.id, "message_id": sent.message_id, "reply_markup": KEYBOARD.to_dict()}
    assert await api.refusal("editMessageText", text=" one ", **same) == NOT_MODIFIED
    assert await api.refusal("editMessageReplyMarkup", **same) == NOT_MODIFIED
    await bot.edit_message_text("one", chat.id, sent.message_id)
    await bot.edit_message_text("one", chat.id, sent.message_id, entities=[MessageEntity("bold", 0, 1)])
    assert chat.bot_messages[0].history == ("one",)


async def test_buttons_alone_can_be_changed(bot: Bot, chat: PrivateChat) -> None:
    sent = await bot.send_message(chat.id, "one")
    await bot.edit_message_reply_markup(chat.id, sent.message_id, reply_markup=KEYBOARD)
    assert chat.bot_messages[0].buttons == ("Stop",)
    await bot.edit_message_reply_markup(chat.id, sent.message_id)
    assert chat.bot_messages[0].buttons == ()


async def test_edits_that_are_refused(bot: Bot, api: Api, chat: PrivateChat) -> None:
    theirs = chat.says("mine")
    document = await bot.send_document(chat.id, b"x", filename="x.txt")

    async def refusal(message_id: int | None, text: str) -> str:
        return await api.refusal("editMessageText", chat_id=chat.id, message_id=message_id, text=text)

    assert await refusal(theirs.message_id, "x") == "Bad Request: message can't be edited"
    assert await refusal(99, "x") == "Bad Request: message to edit not found"
    assert await refusal(None, "x") == "Bad Request: message identifier is not specified"
    assert await refusal(document.message_id, "x") == "Bad Request: there is no text in the message to edit"
    sent = await bot.send_message(chat.id, "one")
    assert await refusal(sent.message_id, "") == "Bad Request: message text is empty"
    assert await refusal(sent.message_id, "x" * 4097) == "Bad Request: message is too long"


async def test_the_bot_deletes_what_it_may(sim: Simulator, bot: Bot, chat: PrivateChat, alice: User) -> None:
    sent = await bot.send_message(chat.id, "one")
    theirs = chat.says("two")
    assert await bot.delete_message(chat.id, sent.message_id)
    assert await bot.delete_message(chat.id, theirs.message_id)
    assert chat.messages == ()
    assert chat.now(theirs) is None
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(chat.id, sent.message_id)
    group = sim.group("Team", alice)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, group.says(alice, "three").message_id)


async def test_an_administrator_deletes_what_others_wrote(sim: Simulator, bot: Bot, alice: User) -> None:
    group = sim.group("Team", alice, privacy=False)
    assert await bot.delete_message(group.id, group.says(alice, "spam").message_id)


async def test_one_reaction_at_a_time(bot: Bot, api: Api, chat: PrivateChat) -> None:
    theirs = chat.says("good?")
    await bot.set_message_reaction(chat.id, theirs.message_id, "❤")
    assert chat.messages[0].reactions == ("❤",)
    await bot.set_message_reaction(chat.id, theirs.message_id, [])
    assert chat.messages[0].reactions == ()
    thumb = ReactionTypeEmoji("👍").to_dict()
    where = {"chat_id": chat.id, "message_id": theirs.message_id}
    assert (
        await api.refusal("setMessageReaction", **where, reaction=[thumb, thumb]) == "Bad Request: REACTIONS_TOO_MANY"
    )
    pizza = [{"type": "emoji", "emoji": "🍕"}]
    assert await api.refusal("setMessageReaction", **where, reaction=pizza) == "Bad Request: REACTION_INVALID"
    assert (
        await api.refusal("setMessageReaction", **where, reaction="👍")
        == "Bad Request: can't parse reaction types JSON object"
    )
    where["message_id"] = 99
    assert await api.refusal("setMessageReaction", **where) == "Bad Request: message to react not found"


async def test_watchers_see_each_change(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    seen: list[Change] = []
    sim.watch(seen.append)
    sent = await bot.send_message(chat.id, "one")
    await bot.edit_message_text("two", chat.id, sent.message_id)
    await bot.delete_message(chat.id, sent.message_id)
    assert [type(change) for change in seen] == [MessageSent, MessageEdited, MessageDeleted]
    texts = [change.message.text for change in seen if isinstance(change, MessageSent | MessageEdited)]
    assert texts == ["one", "two"]
