"""What one person may ask is limited, whichever way it is asked, and nobody else pays for it."""

from __future__ import annotations

import asyncio

from moai.settings import ModelSpec
from moai.simulator.vendors_scripts import Hangs
from tests.support.crashes import crash_before_the_books
from tests.support.house import CLAUDE, House
from tests.support.table import has_turns

WHISPER = ModelSpec("transcription", "openai", "whisper-test")
TOO_FAST = "a minute from one person is the most. Ask again in"
AT_ONCE = "being answered, here or in other chats, which is the most at once."


async def limit(house: House, questions_per_minute: int = 1_000, runs_at_once: int = 1_000) -> None:
    await house.stop()
    house.configure(questions_per_minute=questions_per_minute, runs_at_once=runs_at_once)
    await house.start()


async def every_update_is_handled(house: House, count: int) -> None:
    """Wait until so many updates are stored, and none is under way."""
    statement = "select count(*) as stored, count(handled_at) as handled from updates"
    async with asyncio.timeout(10):
        while house.rows(statement) != [{"stored": count, "handled": count}]:
            await asyncio.sleep(0.01)


async def test_more_questions_than_a_minute_has_are_neither_asked_nor_stored(house: House) -> None:
    await limit(house, questions_per_minute=2)
    alice = house.sim.user("Alice")
    chat, group = house.sim.private_chat(alice), house.sim.group("Physics", alice, house.sim.user("Bob"))
    for number in range(5):
        chat.says(f"/claude Question {number}?")
    sentence = await chat.shows(TOO_FAST)
    group.says(alice, "/claude Elsewhere?")
    await every_update_is_handled(house, 6)
    await house.runs_are_over(count=2)
    assert sum(TOO_FAST in each.text for each in chat.bot_messages) == 1
    assert sentence.text == "2 questions a minute from one person is the most. Ask again in 30 seconds."
    assert house.asked(CLAUDE) == 2
    assert "Question 2?" not in str([each.body for each in house.vendors.requests])
    assert not group.bot_messages


async def test_others_are_not_told_to_wait(house: House) -> None:
    await limit(house, questions_per_minute=1)
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.group("Physics", alice, bob)
    group.says(alice, "/claude First?")
    group.says(bob, "/claude Second?")
    group.says(None, "/claude From an admin?")
    await house.runs_are_over(count=3)
    group.says(None, "/claude From another admin?")
    await group.shows(TOO_FAST)
    assert house.asked(CLAUDE) == 3


async def test_only_so_many_questions_of_one_person_are_under_way_in_all_chats(house: House) -> None:
    await limit(house, runs_at_once=2)
    house.vendors.script(CLAUDE.model, *[Hangs(after="Half")] * 4)
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    chat, group = house.sim.private_chat(alice), house.sim.group("Physics", alice, bob)
    chat.says("/claude First?")
    group.says(alice, "/claude Second?")
    await house.sim.until(lambda: house.asked(CLAUDE) == 2)
    chat.says("/claude Third?")
    assert "2 questions of yours are" in (await chat.shows(AT_ONCE)).text
    group.says(bob, "/claude Mine?")
    await house.sim.until(lambda: house.asked(CLAUDE) == 3)
    chat.says("/stop")
    await chat.shows("Stopped. What was said is kept.")
    chat.says("/claude Third?")
    await house.sim.until(lambda: house.asked(CLAUDE) == 4)


async def test_a_burst_in_many_chats_at_once_is_counted_as_one_persons(house: House) -> None:
    await limit(house, runs_at_once=3)
    house.vendors.script(CLAUDE.model, *[Hangs()] * 10)
    alice = house.sim.user("Alice")
    groups = [house.sim.group(f"Group {number}", alice) for number in range(10)]
    for group in groups:
        group.says(alice, "/claude Question?")
    await every_update_is_handled(house, len(groups))
    await house.sim.until(lambda: house.asked(CLAUDE) == 3)
    assert house.rows("select count(*) as stored from runs") == [{"stored": 3}]
    assert sum(AT_ONCE in str(group) for group in groups) == 1


async def test_buttons_that_ask_count_too_and_each_press_is_answered(house: House) -> None:
    has_turns(house, 2)
    await limit(house, questions_per_minute=1)
    alice, bob = house.sim.user("Alice"), house.sim.user("Bob")
    group = house.sim.group("Physics", alice, bob)
    group.says(alice, "/discuss 1 Rent or buy?")
    end = await group.shows("That was the last round.")
    await house.runs_are_over()
    for button in ("▶️ Go on", "🤝 Consensus", "▶️ Go on"):
        refused = await group.press(alice, end, button)
        assert refused.show_alert
        assert TOO_FAST in refused.text
    assert not (await group.press(bob, end, "▶️ Go on")).show_alert
    await house.runs_are_over(count=2)


async def test_what_is_said_while_a_discussion_runs_counts_too(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Half"))
    await limit(house, questions_per_minute=2)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says("/discuss Rent or buy?")
    await house.sim.until(lambda: house.asked(CLAUDE) == 1)
    for words in ("Rates rise.", "And so does rent.", "And so on."):
        chat.says(words)
    await chat.shows(TOO_FAST)
    await house.sim.heard()
    statement = "select text from messages where alias is null and kind = 'remark'"
    assert house.rows(statement) == [{"text": "Rates rise."}]


async def test_files_of_questions_over_the_limit_are_not_fetched_nor_turned_into_text(house: House) -> None:
    house.configure(transcription=WHISPER)
    await limit(house, questions_per_minute=1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.sends_document("notes.txt", b"Rayleigh.", "/claude Summarise.", mime_type="text/plain")
    await house.runs_are_over()
    chat.sends_voice(b"OggS")
    chat.sends_document("more.txt", b"Mie.", "/claude And this?", mime_type="text/plain")
    await chat.shows(TOO_FAST)
    await every_update_is_handled(house, 3)
    assert len(house.sim.calls_of("getFile")) == 1


async def test_a_question_whose_run_a_crash_interrupts_is_not_refused_after_it(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Half"), Hangs(after="Half"))
    await limit(house, runs_at_once=1)
    chat = house.sim.private_chat(house.sim.user("Alice"))
    async with crash_before_the_books(house):
        chat.says("/claude Why?")
        await house.sim.until(lambda: house.asked(CLAUDE) == 1)
    await house.sim.until(lambda: house.asked(CLAUDE) == 2)
    chat.says("/status")
    await chat.shows("Project ·")
    assert not any(AT_ONCE in each.text for each in chat.bot_messages)
    assert house.rows("select status from runs") == [{"status": "running"}]
