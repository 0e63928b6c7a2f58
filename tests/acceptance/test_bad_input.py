"""Odd and bad questions: each gets a clear sentence or an answer, and a run under way goes on."""

from __future__ import annotations

import pytest

from moai.simulator.telegram import Simulator
from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, TEAM, House


def raw_message(sim: Simulator, chat_id: int, text: str) -> None:
    """Hand over a message that no app would let a person write."""
    sender = {"id": chat_id, "is_bot": False, "first_name": "Alice"}
    command = [{"type": "bot_command", "offset": 0, "length": len("/open")}] if text.startswith("/open") else []
    sim.push_update(
        message={
            "message_id": 4000,
            "date": 1_790_000_000,
            "chat": {"id": chat_id, "type": "private", "first_name": "Alice"},
            "from": sender,
            "text": text,
            "entities": command,
        }
    )


@pytest.mark.parametrize("text", ["/open", "/open   ", "/open \x00\x07", "/open\n\n"])
async def test_an_empty_question_is_told_what_to_do(house: House, text: str) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    raw_message(house.sim, chat.id, text)
    assert "/open Why is the sky blue?" in (await chat.shows("What is the question?")).text
    assert not house.vendors.requests


async def test_a_question_too_long_is_told_the_numbers_and_a_run_goes_on(house: House) -> None:
    house.vendors.script(CLAUDE.model, Says("Still here.", chunks=5, every_s=0.1))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/open First?")
    await house.vendors.wait_for(lambda request: request.model == CLAUDE.model)
    raw_message(house.sim, chat.id, f"/open {'x' * 100_000}")
    sentence = await chat.shows("100,000 characters")
    assert "32,000" in sentence.text
    assert "shorten" in sentence.text
    await chat.shows("Still here.")
    assert len(house.vendors.requests) == len(TEAM)


@pytest.mark.parametrize(
    "question",
    [
        "🤔🤔👩‍👩‍👧‍👦🏳️‍🌈",
        "لماذا السماء زرقاء؟",
        "למה השמים כחולים?",
        "**Why** is `x < y` _and_ [this](https://example.org)? ||spoiler|| ```\nunclosed",
        "<b>Why</b> & <script>alert(1)</script>?",
        "{alias} %s {0} \\ \\n $HOME",
    ],
)
async def test_an_odd_question_is_asked_and_echoed_as_it_was(house: House, question: str) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/open {question}")
    for spec in TEAM:
        assert len((await chat.shows(f"{spec.alias} · ")).text.splitlines()) > 1
    for request in house.vendors.requests:
        assert house.vendors_question(request) == question


async def test_control_characters_are_left_out_of_the_question(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    raw_message(house.sim, chat.id, "/open Why\x00 is\x1b[31m the sky\x07 blue?")
    await chat.shows("claude · ")
    assert {house.vendors_question(request) for request in house.vendors.requests} == {"Why is[31m the sky blue?"}


async def test_an_update_of_no_known_shape_blocks_nothing(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.sim.push_update(message="this is no message")
    house.sim.push_update(message={"message_id": "x", "date": "never", "chat": 7})
    house.sim.push_update(something_new={"a": 1})
    chat.says("/help")
    await chat.shows("Discussion")
    await house.stop()
    assert house.rows("select * from updates where handled_at is null") == []


async def test_what_is_no_text_is_told_so_in_a_private_chat_only(house: House) -> None:
    alice = house.sim.user("Alice")
    chat, group = house.sim.private_chat(alice), house.sim.group("Physics", alice, privacy=False)
    for talk in (group, chat):
        place = {"location": {"latitude": 52.5, "longitude": 13.4}}
        person = {"id": alice.id, "is_bot": False, "first_name": "Alice"}
        kind = {"id": talk.id, "type": "private" if talk is chat else "group"}
        house.sim.push_update(message={"message_id": 99, "date": 1, "chat": kind, "from": person, **place})
    await chat.shows("I read text, pictures, documents")
    await house.sim.heard()
    assert not group.bot_messages
    assert not house.vendors.requests


async def test_an_alias_without_end_is_answered(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/ask " + "x" * 4_000)
    await chat.shows("There is no model called xxx")
    chat.says("/ask nosuch")
    await chat.shows("There is no model called nosuch.")


async def test_a_thread_id_of_no_known_shape_blocks_nothing(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    odd = {"message_id": 1, "date": 1, "chat": {"id": chat.id, "type": "private"}, "message_thread_id": {"a": 1}}
    house.sim.push_update(message={**odd, "text": "?"})
    chat.says("/help")
    await chat.shows("/open")
