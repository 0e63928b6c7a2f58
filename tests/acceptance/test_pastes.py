"""Long pastes and albums: what Telegram cuts into several messages is one question."""

from __future__ import annotations

from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, TEAM, House

LINES = "\n".join(f"{number:04} the quick brown fox jumps over the lazy dog" for number in range(200))
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060")


async def test_the_parts_of_a_paste_are_one_question(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    parts = chat.pastes(f"/open Summarise:\n{LINES}")
    assert len(parts) > 2
    await chat.until(lambda chat: len(chat.bot_messages) >= len(TEAM))
    await house.runs_are_over()
    assert len(house.vendors.requests) == len(TEAM)
    assert all(each.texts[-1] == f"Summarise:\n{LINES}" for each in house.vendors.requests)
    assert house.rows("select count(*) as open from updates where handled_at is null") == [{"open": 0}]


async def test_a_paste_without_spaces_is_put_together_where_it_was_cut(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.pastes("x" * 10_000)
    await chat.until(lambda chat: len(chat.bot_messages) >= len(TEAM))
    await house.runs_are_over()
    assert {each.texts[-1] for each in house.vendors.requests} == {"x" * 10_000}


async def test_two_people_are_never_glued_together(house: House) -> None:
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.supergroup("Physics", alice, bob, privacy=False)
    long = "word " * 780
    group.says(alice, f"@claude Alice's {long}")
    group.says(bob, f"@claude Bob's {long}")
    group.says(alice, "and this is Alice's end")
    await house.sim.until(lambda: house.asked(CLAUDE) == 2)
    alices, bobs = sorted((each.texts[-1] for each in house.vendors.requests), key=lambda text: "Bob's" in text)
    assert "Alice's end" in alices
    assert "Bob's" not in alices
    assert "Alice's" not in bobs.partition("Bob: Bob's")[2]


async def test_a_paste_in_one_topic_takes_nothing_from_another(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True, privacy=False)
    ideas, optics = forum.topic("Ideas"), forum.topic("Optics")
    ideas.says(alice, f"@claude {'word ' * 780}")
    optics.says(alice, "a word in another topic")
    await ideas.shows("claude · ")
    assert "another topic" not in str(house.vendors.requests[0].body)


async def test_a_paste_that_a_crash_interrupts_is_asked_whole(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    await house.stop()
    chat.pastes(LINES)
    await house.start()
    await chat.until(lambda chat: len(chat.bot_messages) >= len(TEAM))
    assert {each.texts[-1] for each in house.vendors.requests} == {LINES}


async def test_an_album_is_one_question(house: House) -> None:
    house.vendors.script(CLAUDE.model, Says("Three of a kind."))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.sends_album([PNG + bytes([number]) for number in range(3)], "@claude What have they in common?")
    await chat.shows("Three of a kind.")
    (asked,) = house.vendors.requests
    assert [image[-1] for image in asked.images] == [0, 1, 2]


async def test_a_part_that_begins_like_a_path_is_no_command(house: House) -> None:
    text = f"Review this:\n{'x' * 4_070}\n// the second half\n{'y' * 4_060}\n/usr/lib/x.py: line 3"
    chat = house.sim.private_chat(house.sim.user("Alice"))
    assert len(chat.pastes(text)) == 3
    await house.runs_are_over()
    assert {each.texts[-1] for each in house.vendors.requests} == {text}
