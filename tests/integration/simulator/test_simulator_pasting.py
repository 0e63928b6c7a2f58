"""Long texts that people paste arrive in several messages."""

from __future__ import annotations

from telegram import Bot

from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator


async def test_a_paste_arrives_in_several_messages(bot: Bot, chat: PrivateChat) -> None:
    asked = chat.says("here it comes")
    parts = chat.pastes("/open " + "word " * 2000, reply_to=asked)
    got = [update.message for update in await bot.get_updates() if update.message][1:]
    assert len(parts) == 3
    assert [message.text for message in got] == [part.text for part in parts]
    assert [bool(message.entities) for message in got] == [True, False, False]
    assert [message.message_id for message in got] == [part.message_id for part in parts]
    assert all(message.reply_to_message for message in got)


async def test_what_fits_is_one_message(chat: PrivateChat) -> None:
    (part,) = chat.pastes("short")
    assert part.text == "short"


async def test_a_group_hears_only_the_command_in_privacy_mode(sim: Simulator, bot: Bot) -> None:
    alice = sim.user("Alice")
    group = sim.group("Team", alice)
    assert len(group.pastes(alice, "/open " + "word " * 2000)) == 3
    assert len(await bot.get_updates()) == 1
