"""The bot in and out of groups: it introduces itself, stops when it is put out, and follows a group that moves."""

from __future__ import annotations

import asyncio

import pytest

from moai.bot.texts import HEARS_MENTIONS, PRIVACY_ON
from moai.core.model import Status
from moai.simulator.telegram import Simulator
from moai.testing import ScriptedClient
from tests.support.desk import open_desk
from tests.support.people import CLAUDE, GPT

MENTIONS = HEARS_MENTIONS.format(alias="claude")


@pytest.mark.parametrize(
    ("privacy", "admin", "hearing", "other"),
    [
        (True, False, PRIVACY_ON, MENTIONS),
        (True, True, MENTIONS, PRIVACY_ON),
        (False, False, MENTIONS, PRIVACY_ON),
    ],
    ids=["privacy", "administrator", "no privacy"],
)
async def test_a_group_that_lets_the_bot_in_is_told_how_to_ask(
    privacy: bool, admin: bool, hearing: str, other: str
) -> None:
    async with Simulator(privacy=privacy) as sim, open_desk(sim):
        group = sim.group("Kitchen", sim.user("Ann"), with_bot=False)
        group.add_bot(admin=admin)

        text = (await group.shows("Hello!")).text

        assert "claude, gpt" in text
        assert "/claude, /gpt and a question asks one" in text
        assert hearing in text
        assert other not in text


async def test_an_introduction_is_for_joining_only_and_for_groups() -> None:
    async with Simulator() as sim, open_desk(sim):
        ann = sim.user("Ann")
        group, chat = sim.group("Kitchen", ann, with_bot=False), sim.private_chat(ann)
        group.add_bot()
        introduction = await group.shows("Hello!")
        group.promote_bot()
        group.demote_bot()
        chat.block()
        chat.unblock()
        group.says(ann, "/help")

        answer = await group.shows("/status")

        assert group.bot_messages == (introduction, answer)
        assert chat.bot_messages == ()


async def test_a_bot_that_is_put_back_introduces_itself_again() -> None:
    async with Simulator() as sim, open_desk(sim):
        group = sim.group("Kitchen", sim.user("Ann"), with_bot=False)
        group.add_bot()
        first = await group.shows("Hello!")
        group.remove_bot()
        group.add_bot()

        await group.shows("Hello!", after=first)


async def test_a_group_of_strangers_is_not_greeted() -> None:
    async with Simulator() as sim:
        ann, mallory = sim.user("Ann"), sim.user("Mallory")
        group, strange = sim.group("Kitchen", ann, with_bot=False), sim.group("Garden", mallory, with_bot=False)
        async with open_desk(sim, users=frozenset({ann.id})):
            strange.add_bot()
            group.add_bot()

            await group.shows("Hello!")

            assert strange.bot_messages == ()


@pytest.mark.parametrize("status", ["kicked", "left"])
async def test_the_runs_of_a_group_end_when_the_bot_is_put_out(status: str) -> None:
    go = asyncio.Event()
    client = ScriptedClient(CLAUDE, go, "late")
    async with Simulator() as sim, open_desk(sim, client, ScriptedClient(GPT, go, "late")) as staff:
        ann = sim.user("Ann")
        group, other = sim.group("Kitchen", ann), sim.group("Garden", ann)
        for each in (group, other):
            each.says(ann, "/open Why?")
            await each.shows("thinking")

        group.remove_bot(status=status)
        await staff.until(lambda: staff.runs[0].status is Status.STOPPED)
        await staff.until(lambda: client.cancelled == 1)
        go.set()
        await other.shows("late")

        assert [run.status for run in staff.runs] == [Status.STOPPED, Status.DONE]


async def test_a_private_chat_that_blocks_the_bot_ends_its_runs() -> None:
    client = ScriptedClient(CLAUDE, asyncio.Event())
    async with Simulator() as sim, open_desk(sim, client) as staff:
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("Why?")
        await staff.until(lambda: client.prompts)

        chat.block()

        await staff.until(lambda: client.cancelled == 1)
        await staff.until(lambda: staff.runs[0].status is Status.STOPPED)


@pytest.mark.parametrize("tells", ["migrate_to_chat_id", "migrate_from_chat_id"])
async def test_a_group_is_followed_whichever_of_the_two_chats_tells_of_it(tells: str) -> None:
    async with Simulator() as sim, open_desk(sim) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.says(ann, "/project new Trip")
        await group.shows("Trip")
        new, old = {"id": -1_000_000_005_555, "type": "supergroup", "title": "K"}, {"id": group.id, "type": "group"}
        here, other = (old, new) if tells == "migrate_to_chat_id" else (new, old)
        sim.push_update(message={"message_id": 9, "date": 1, "chat": {"title": "K", **here}, tells: other["id"]})

        await staff.until(lambda: staff.stores.tables.moved)

        assert staff.stores.tables.moved == {group.id: new["id"]}
        assert {project.chat_id for project in staff.stores.tables.projects.values()} == {new["id"]}


async def test_a_run_goes_on_in_the_supergroup_that_its_group_became() -> None:
    go = asyncio.Event()
    async with Simulator() as sim, open_desk(sim, ScriptedClient(CLAUDE, go, "late")) as staff:
        ann = sim.user("Ann")
        group = sim.group("Kitchen", ann)
        group.says(ann, "/claude Why?")
        await staff.until(lambda: staff.asked("claude"))

        grown = group.turns_into_supergroup()
        await staff.until(lambda: len(staff.asked("claude")) == 2)
        go.set()

        assert "claude" in (await grown.shows("late")).text
        await staff.until(lambda: staff.runs[0].status is Status.DONE)
        assert not any("late" in message.text for message in group.bot_messages)
