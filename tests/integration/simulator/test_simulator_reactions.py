"""Reactions of the bot's: one at a time, and those only that a chat allows."""

from __future__ import annotations

import pytest
from simulator_http import Api
from telegram import Bot, ReactionTypeEmoji
from telegram.error import BadRequest

from moai.simulator.changes import Change, MessageEdited
from moai.simulator.chats import PrivateChat
from moai.simulator.model import User
from moai.simulator.telegram import Simulator


async def test_one_takes_the_place_of_another(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    changes: list[Change] = []
    sim.watch(changes.append)
    said = chat.says("No, blue.")
    for emoji in ("👀", "✍️", "👍"):
        assert await bot.set_message_reaction(chat.id, said.message_id, ReactionTypeEmoji(emoji))
    shown = [change.message.reactions for change in changes if isinstance(change, MessageEdited)]
    assert shown == [("👀",), ("✍",), ("👍",)]
    assert chat.messages[0].edited_at is None


async def test_a_group_may_allow_some_or_none(sim: Simulator, bot: Bot, api: Api, alice: User) -> None:
    group = sim.group("Team", alice, privacy=False)
    said = group.says(alice, "No, blue.")
    assert "available_reactions" not in await api("getChat", chat_id=group.id)
    group.allow_reactions("👍", "✍️")
    await bot.set_message_reaction(group.id, said.message_id, "✍")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(group.id, said.message_id, "👀")
    assert group.messages[0].reactions == ("✍",)
    told = await bot.get_chat(group.id)
    assert {each.to_dict()["emoji"] for each in told.available_reactions or ()} == {"👍", "✍"}
    group.allow_reactions()
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(group.id, said.message_id, "👍")
    assert await bot.set_message_reaction(group.id, said.message_id, [])
    assert group.messages[0].reactions == ()
    assert (await api("getChat", chat_id=group.id))["available_reactions"] == []


async def test_what_a_chat_allows_makes_no_reaction_out_of_any_emoji(sim: Simulator, bot: Bot, alice: User) -> None:
    group = sim.group("Team", alice, privacy=False)
    said = group.says(alice, "No, blue.")
    group.allow_reactions("🍕")
    with pytest.raises(BadRequest, match="Reaction_invalid"):
        await bot.set_message_reaction(group.id, said.message_id, "🍕")


async def test_one_group_does_not_decide_for_another(sim: Simulator, bot: Bot, alice: User) -> None:
    strict, free = sim.group("Strict", alice, privacy=False), sim.group("Free", alice, privacy=False)
    strict.allow_reactions()
    said = free.says(alice, "No, blue.")
    await bot.set_message_reaction(free.id, said.message_id, "👀")
    assert free.messages[0].reactions == ("👀",)
