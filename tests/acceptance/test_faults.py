"""What Telegram can do to a bot: none of it loses an answer or breaks a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from moai.simulator.faults import BadGateway, Drop, Refuse, ServerError
from moai.simulator.floods import FloodLimits
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.databases import ON_BOTH
from tests.support.house import CLAUDE, GEMINI, GPT, TEAM, House, open_house

pytestmark = ON_BOTH

QUESTION = "Why is the sky blue?"
NOT_MODIFIED = Refuse(400, "Bad Request: message is not modified: specified new message content is the same")
NO_ENTITIES = Refuse(400, "Bad Request: can't parse entities: unexpected end")


async def test_refused_formatting_is_sent_plain(house: House) -> None:
    for spec in TEAM:
        house.vendors.script(spec.model, Says("It is **bold** and `code`."))
    house.sim.faults.next("sendMessage", NO_ENTITIES)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    for spec in TEAM:
        assert "It is bold and code." in (await chat.shows(f"{spec.alias} · ")).text
    assert [bool(each.entities) for each in chat.bot_messages] == [False, True, True]


async def test_a_board_that_is_not_modified_is_no_fault(house: House) -> None:
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    house.vendors.script(CLAUDE.model, Says("Rayleigh.", first_after_s=0.2))
    house.sim.faults.next("editMessageText", NOT_MODIFIED)
    group.says(alice, f"/open {QUESTION}")
    await group.until(lambda talk: len(talk.bot_messages) == 1 + len(TEAM))
    await house.runs_are_over()
    assert not house.sim.faults.due


@pytest.mark.parametrize(
    "fault",
    [
        Drop(),
        ServerError(),
        ServerError(503, "Service Unavailable"),
        BadGateway(),
        BadGateway(status=403),
        BadGateway(status=404),
        Refuse(429, "Too Many Requests: retry after 1", 1),
    ],
    ids=repr,
)
async def test_an_answer_is_sent_again_until_it_arrives(house: House, fault: Drop) -> None:
    house.sim.faults.next("sendMessage", fault, count=2)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(chat.bot_messages) == len(TEAM), timeout_s=15)
    await house.runs_are_over()
    assert sorted(each.text.split()[0] for each in chat.bot_messages) == ["claude", "gemini", "gpt"]


async def test_a_flood_limit_holds_up_its_own_chat_only(house: House) -> None:
    first, second = (house.sim.private_chat(house.sim.user(name)) for name in ("Alice", "Bob"))
    house.sim.faults.next("sendMessage", Refuse(429, "Too Many Requests: retry after 60", 60))
    first.says("/help")
    await house.sim.until(lambda: not house.sim.faults.due)
    second.says(f"/open {QUESTION}")
    await house.sim.until(lambda: len(second.bot_messages) == len(TEAM))
    assert not first.bot_messages


async def test_a_person_who_blocks_the_bot_loses_nothing_that_was_said(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs())
    house.vendors.script(GPT.model, Hangs())
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    await chat.shows("gemini · ")
    chat.block()
    await house.runs_are_over()
    assert house.rows("select status from runs") == [{"status": "stopped"}]
    assert house.rows("select text from messages where kind = 'answer'") == [{"text": QUESTION}]
    assert "Traceback" not in house.log.getvalue()


async def test_where_drafts_are_refused_there_is_a_board(house: House) -> None:
    house.vendors.script(GPT.model, Hangs())
    house.sim.faults.next("sendMessageDraft", Refuse(404, "Not Found"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {QUESTION}")
    board = await chat.shows(re.compile("💭 gpt · thinking"))
    await chat.until(lambda _: "✅ claude" in (chat.now(board) or board).text)


async def test_where_boards_are_refused_the_bot_types(house: House) -> None:
    house.vendors.script(GPT.model, Hangs())
    house.vendors.script(CLAUDE.model, Hangs())
    house.vendors.script(GEMINI.model, Hangs())
    house.sim.faults.next("sendMessage", Refuse(400, "Bad Request: not today"))
    alice = house.sim.user("Alice")
    group = house.sim.group("Physics", alice)
    group.says(alice, f"/open {QUESTION}")
    await house.sim.until(lambda: house.sim.calls_of("sendChatAction"))
    assert not group.bot_messages


async def test_a_group_under_flood_limits_gets_every_answer(folder: Path, database_url: str) -> None:
    async with open_house(folder, database_url, flood_limits=FloodLimits()) as house:
        alice = house.sim.user("Alice")
        group = house.sim.group("Physics", alice)
        for number in range(3):
            group.says(alice, f"/open {number}: {QUESTION}")
        wanted = [f"{spec.alias} · {spec.model}\nAlice: {number}: {QUESTION}" for number in range(3) for spec in TEAM]

        def all_there() -> bool:
            texts = [each.text for each in group.bot_messages]
            return all(answer in texts for answer in wanted)

        await house.sim.until(all_there, timeout_s=30)
        assert [call for call in house.sim.calls if call.status == 429] == []


async def test_a_second_instance_waits_its_turn(house: House) -> None:
    house.sim.faults.next("getUpdates", Refuse(409, "Conflict: terminated by other getUpdates request"))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/help")
    await chat.shows("Discussion")
    chat.says("/status")
    await chat.shows("Project ·")
    assert "Another instance is polling" in house.log.getvalue()


async def test_a_webhook_that_came_back_is_deleted_and_polling_goes_on(house: House) -> None:
    webhook = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
    house.sim.faults.next("getUpdates", Refuse(409, webhook))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/help")
    await chat.shows("Discussion")
    chat.says("/status")
    await chat.shows("Project ·")
    assert len(house.sim.calls_of("deleteWebhook")) == 2
    assert "Another instance" not in house.log.getvalue()
