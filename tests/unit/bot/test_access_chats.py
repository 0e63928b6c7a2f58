"""Who writes in the name of a chat, presses of strangers, and what happens to a chat itself, before the gate."""

from __future__ import annotations

import logging

import pytest

from moai.bot.access import Access
from moai.bot.texts import NOT_ALLOWED_TO_PRESS
from moai.simulator.faults import ServerError
from moai.simulator.telegram import Simulator
from tests.support.desk import open_desk

NOBODY: frozenset[int] = frozenset()


def test_a_supergroup_has_what_the_group_was_allowed_that_it_had_been(caplog: pytest.LogCaptureFixture) -> None:
    access = Access(NOBODY, frozenset({-5}))

    access.follow(-5, -105)
    access.follow(-105, -205)
    access.follow(-6, -106)

    assert [access.allows(1, chat_id) for chat_id in (-5, -105, -205, -6, -106)] == [True, True, True, False, False]
    assert "group -5 is now supergroup -105: put that id into MOAI_ALLOWED_CHATS" in caplog.text
    assert "-106" not in caplog.text


async def test_anonymous_admins_and_channels_have_what_their_chat_is_allowed() -> None:
    async with Simulator() as sim:
        ann = sim.user("Ann")
        allowed, other = sim.supergroup("Kitchen", ann), sim.supergroup("Garden", ann)
        channel = sim.channel("News", ann)
        async with open_desk(sim, users=frozenset({ann.id}), chats=frozenset({allowed.id})):
            for group in (other, allowed):
                for author in (None, channel):
                    group.says(author, "/help")
            await allowed.until(lambda group: len(group.bot_messages) == 2)
            await sim.heard()

            assert other.bot_messages == ()
            other.says(ann, "/help")
            await other.shows("/status")


async def test_the_bots_behind_anonymous_people_are_no_people() -> None:
    async with Simulator() as sim:
        ann = sim.user("Ann")
        group = sim.supergroup("Kitchen", ann)
        said = group.says(None, "/help")
        async with open_desk(sim, users=frozenset({said.sender.id})):
            await sim.heard()
            group.says(sim.channel("News", ann), "/help")
            await sim.heard()

            assert group.bot_messages == ()


async def test_a_stranger_who_presses_is_answered_in_a_window_each_time() -> None:
    async with Simulator() as sim:
        ann, mallory = sim.user("Ann"), sim.user("Mallory")
        group = sim.group("Kitchen", ann, mallory)
        async with open_desk(sim, users=frozenset({ann.id})) as staff:
            group.says(ann, "/projects")
            menu = await group.shows("Projects of this chat")
            before = menu.text

            for _ in range(2):
                answer = await group.press(mallory, menu, menu.buttons[0])
                assert (answer.text, answer.show_alert) == (NOT_ALLOWED_TO_PRESS, True)

            await sim.heard()
            assert [message.text for message in group.bot_messages] == [before]
            assert staff.runs == ()
            await group.press(ann, menu, menu.buttons[0])


async def test_a_press_of_a_stranger_that_cannot_be_answered_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "moai.bot.access")
    async with Simulator() as sim:
        ann, mallory = sim.user("Ann"), sim.user("Mallory")
        group = sim.group("Kitchen", ann, mallory)
        async with open_desk(sim, users=frozenset({ann.id})):
            group.says(ann, "/projects")
            menu = await group.shows("Projects of this chat")
            sim.faults.next("answerCallbackQuery", ServerError())
            group.press(mallory, menu, menu.buttons[0])
            group.says(ann, "/help")
            await group.shows("/status")

    assert "a press could not be answered" in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_a_stranger_who_sends_a_file_is_told_their_id_and_the_file_is_not_fetched() -> None:
    async with Simulator() as sim, open_desk(sim, users=frozenset({1})) as staff:
        mallory = sim.user("Mallory")
        chat = sim.private_chat(mallory)
        chat.sends_photo(b"\xff\xd8\xff", "/open What is this?")

        await chat.shows(str(mallory.id))

        assert sim.calls_of("getFile") == ()
        assert staff.runs == ()


async def test_a_group_that_strangers_turn_into_a_supergroup_goes_on_as_it_was_allowed() -> None:
    async with Simulator() as sim:
        bo = sim.user("Bo")
        group = sim.group("Kitchen", bo)
        async with open_desk(sim, users=NOBODY, chats=frozenset({group.id})) as staff:
            group.says(bo, "/project new Trip")
            await group.shows("Trip")

            grown = group.turns_into_supergroup()
            await staff.until(lambda: grown.id in staff.stores.tables.moved.values())
            grown.says(bo, "/status")

            assert "Trip" in (await grown.shows("Project")).text
