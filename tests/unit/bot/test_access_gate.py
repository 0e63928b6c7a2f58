"""Who may use the bot: the operator's people and groups, and for everybody else one answer or none."""

from __future__ import annotations

from typing import Literal

import pytest

from moai.bot import access
from moai.bot.access import Access
from moai.simulator.telegram import Simulator
from tests.support.desk import Staff, open_desk

NOBODY: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("users", "chats", "user_id", "chat_id", "allowed"),
    [
        (NOBODY, NOBODY, 1, 1, False),
        (frozenset({1}), NOBODY, 1, 1, True),
        (frozenset({1}), NOBODY, 1, -5, True),
        (frozenset({1}), NOBODY, 2, -5, False),
        (NOBODY, frozenset({-5}), 2, -5, True),
        (NOBODY, frozenset({-5}), 2, 2, False),
        (NOBODY, frozenset({-5}), None, -5, True),
        (frozenset({1}), NOBODY, None, -5, False),
        ("*", NOBODY, 2, 2, True),
        ("*", NOBODY, None, -5, True),
    ],
)
def test_people_and_groups_are_let_in(
    users: frozenset[int] | Literal["*"], chats: frozenset[int], user_id: int | None, chat_id: int, allowed: bool
) -> None:
    assert Access(users, chats).allows(user_id, chat_id) is allowed


def test_a_stranger_is_told_once() -> None:
    gate = Access(NOBODY, NOBODY)

    assert [gate.is_to_be_told(user_id) for user_id in (1, 1, 2, 1, 2)] == [True, False, True, False, False]


def test_only_so_many_strangers_are_remembered_the_oldest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "STRANGERS_REMEMBERED", 2)
    gate = Access(NOBODY, NOBODY)
    for user_id in (1, 2, 3):
        assert gate.is_to_be_told(user_id)

    assert not gate.is_to_be_told(3)
    assert not gate.is_to_be_told(2)
    assert gate.is_to_be_told(1)
    assert len(gate._told) == 2


async def nothing_happened(staff: Staff) -> bool:
    is_quiet = all(client.prompts == [] for client in staff.clients.values())
    return is_quiet and await staff.stores.discussions.running() == ()


async def test_a_stranger_in_private_is_answered_once_with_their_id() -> None:
    async with Simulator() as sim, open_desk(sim, users=frozenset({1})) as staff:
        mallory = sim.user("Mallory")
        chat = sim.private_chat(mallory)
        for text in ("/start", "Why is the sky blue?", "/open Why?", "/unknown"):
            chat.says(text)

        answer = await chat.shows(str(mallory.id))
        await sim.heard()

        assert chat.bot_messages == (answer,)
        assert "numeric id" in answer.text
        assert await nothing_happened(staff)


async def test_a_stranger_in_a_group_is_not_answered_and_does_not_use_up_their_answer() -> None:
    async with Simulator(privacy=False) as sim, open_desk(sim, users=frozenset({1})) as staff:
        mallory = sim.user("Mallory")
        group, chat = sim.group("Kitchen", mallory), sim.private_chat(mallory)
        group.says(mallory, "/open Why?")
        group.says(None, "/open Why?")
        await sim.heard()
        chat.says("/start")

        await chat.shows(str(mallory.id))

        assert group.bot_messages == ()
        assert await nothing_happened(staff)


async def test_members_of_an_allowed_group_may_use_the_bot_there_only() -> None:
    async with Simulator() as sim:
        bo = sim.user("Bo")
        group, chat = sim.group("Kitchen", bo), sim.private_chat(bo)
        async with open_desk(sim, users=NOBODY, chats=frozenset({group.id})):
            group.says(bo, "/help")
            await group.shows("/status")
            group.says(None, "/start@moai_bot")
            await group.shows("Hello!")

            chat.says("/help")
            await chat.shows("answers only the people whom its operator allows")
