"""The bot let in, promoted, put out and blocked, and a group that turns into a supergroup."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_http import Api
from telegram import Bot
from telegram.error import ChatMigrated, Forbidden

from moai.simulator.chats import PrivateChat
from moai.simulator.model import User
from moai.simulator.telegram import Simulator


async def statuses(api: Api) -> list[tuple[str, str]]:
    """Return what the bot was and is, for each change that it hears of."""
    changes = [update["my_chat_member"] for update in await api("getUpdates") if "my_chat_member" in update]
    return [(change["old_chat_member"]["status"], change["new_chat_member"]["status"]) for change in changes]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_what_becomes_of_the_bot_in_a_group(sim: Simulator, api: Api, alice: User, kind: str) -> None:
    group = getattr(sim, kind)("Team", alice, with_bot=False)
    nowhere = await api.refusal("sendMessage", chat_id=group.id, text="x")
    assert nowhere == f"Forbidden: bot is not a member of the {kind} chat"
    group.add_bot()
    group.promote_bot()
    group.demote_bot()
    group.remove_bot()
    assert await statuses(api) == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "member"),
        ("member", "kicked"),
    ]
    for method in ("sendMessage", "sendDocument", "sendPhoto", "sendChatAction", "editMessageText", "deleteMessage"):
        refusal = await api.refusal(method, chat_id=group.id, text="x", action="typing", message_id=1)
        assert refusal == f"Forbidden: bot was kicked from the {kind} chat"


async def test_a_promotion_ends_privacy_mode(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.supergroup("Team", alice)
    group.promote_bot()
    group.says(alice, "one")
    group.demote_bot()
    group.says(alice, "two")
    messages = [update["message"] for update in await api("getUpdates") if "message" in update]
    assert [message["text"] for message in messages] == ["one"]


async def test_the_bot_may_have_left(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.group("Team", alice)
    group.remove_bot(status="left")
    assert await statuses(api) == [("member", "left")]
    refusal = await api.refusal("sendMessage", chat_id=group.id, text="x")
    assert refusal == "Forbidden: bot is not a member of the group chat"


async def test_a_block_and_its_end(bot: Bot, api: Api, chat: PrivateChat) -> None:
    chat.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    chat.unblock()
    await bot.send_message(chat.id, "x")
    updates = await api("getUpdates")
    assert await statuses(api) == [("member", "kicked"), ("kicked", "member")]
    assert updates[0]["my_chat_member"]["chat"]["type"] == "private"


async def test_only_who_asks_hears_of_it(api: Api, chat: PrivateChat) -> None:
    await api("getUpdates", allowed_updates=["message"])
    chat.block()
    chat.unblock()
    await api("getUpdates")
    chat.press_data(chat.says("hello"), "x")
    assert [min(update) for update in await api("getUpdates")] == ["message"]
    await api("getUpdates", allowed_updates=["message", "my_chat_member"])
    chat.block()
    assert [min(update) for update in await api("getUpdates")] == ["message", "my_chat_member"]


async def test_a_group_turns_into_a_supergroup(sim: Simulator, api: Api, bot: Bot, alice: User) -> None:
    bob = sim.user("Bob")
    group = sim.group("Team", alice, bob)
    before = await bot.send_message(group.id, "before")
    grown = group.turns_into_supergroup()
    assert str(grown.id).startswith("-100")
    joined, left, came = await api("getUpdates")
    assert joined["my_chat_member"]["chat"] == {"id": grown.id, "title": "Team", "type": "supergroup"}
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert (left["message"]["chat"]["id"], left["message"]["migrate_to_chat_id"]) == (group.id, grown.id)
    assert left["message"]["from"]["id"] == alice.id
    assert (came["message"]["chat"]["id"], came["message"]["migrate_from_chat_id"]) == (grown.id, group.id)
    assert (came["message"]["message_id"], came["message"]["sender_chat"]["id"]) == (1, grown.id)
    assert (await bot.send_message(grown.id, "after")).message_id == 2
    assert await bot.get_chat_member_count(grown.id) == 3
    assert [each.text for each in grown.bot_messages] == ["after"]
    with pytest.raises(ChatMigrated) as caught:
        await bot.edit_message_text("x", group.id, before.message_id)
    assert caught.value.new_chat_id == grown.id


@pytest.mark.parametrize("method", ["sendMessage", "sendDocument", "editMessageText", "sendChatAction", "getChat"])
async def test_the_old_id_leads_on(sim: Simulator, api: Api, alice: User, method: str) -> None:
    group = sim.group("Team", alice)
    grown = group.turns_into_supergroup()
    params: dict[str, Any] = {"chat_id": group.id, "text": "x", "message_id": 1, "action": "typing"}
    answer = await api.post(method, params)
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": grown.id},
        },
    )


async def test_rights_go_along(sim: Simulator, api: Api, alice: User) -> None:
    group = sim.group("Team", alice, privacy=False)
    grown = group.turns_into_supergroup()
    grown.says(alice, "everything is heard")
    assert (await api("getUpdates"))[-1]["message"]["text"] == "everything is heard"
    deaf = sim.group("Team", alice)
    deaf.remove_bot()
    deaf.turns_into_supergroup()
    assert len(await api("getUpdates")) == 5
    with pytest.raises(AssertionError, match="nobody can write"):
        group.says(alice, "too late")
    for each in (group, grown):
        with pytest.raises(AssertionError, match="supergroup already"):
            each.turns_into_supergroup()
