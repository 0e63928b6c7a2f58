"""No word of one chat, topic or project ever reaches a prompt of another."""

from __future__ import annotations

from typing import Any

from moai.simulator.faults import Slow
from moai.simulator.model import User
from moai.simulator.vendors_scripts import Says
from tests.support.house import CLAUDE, House

SECRET = "swordfish"
ELSEWHERE = "What do you know?"


def asked_elsewhere(house: House) -> list[str]:
    """Return the requests with the harmless question, whole."""
    return [str(each.body) for each in house.vendors.requests if ELSEWHERE in str(each.body)]


async def tell_secret(house: House, talk: Any, *author: User) -> None:
    house.vendors.script(CLAUDE.model, Says(f"I shall keep {SECRET} to myself."))
    talk.says(*author, f"/claude The password is {SECRET}.")
    await talk.shows(SECRET)
    await house.runs_are_over()
    house.vendors.script(CLAUDE.model, Says("Nothing."))


async def test_another_chat(house: House) -> None:
    alice = house.sim.user("Alice")
    first, group = house.sim.private_chat(alice), house.sim.group("Physics", alice)
    await tell_secret(house, first)
    group.says(alice, f"/claude {ELSEWHERE}")
    await group.shows("Nothing.")
    other = house.sim.private_chat(house.sim.user("Bob"))
    other.says(f"@all {ELSEWHERE}")
    await other.shows("Nothing.")
    assert asked_elsewhere(house)
    assert not any(SECRET in body for body in asked_elsewhere(house))


async def test_another_topic_of_the_same_project(house: House) -> None:
    alice = house.sim.user("Alice")
    forum = house.sim.supergroup("Physics", alice, forum=True)
    ideas, optics = forum.topic("Ideas"), forum.topic("Optics")
    await tell_secret(house, ideas, alice)
    for talk in (optics, forum.general):
        talk.says(alice, f"/claude {ELSEWHERE}")
        await talk.shows("Nothing.")
    assert len(asked_elsewhere(house)) == 2
    assert not any(SECRET in body for body in asked_elsewhere(house))


async def test_another_project_of_the_same_chat(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.says(f"/project prompt Never forget {SECRET}.")
    await chat.shows("instructions")
    await tell_secret(house, chat)
    answer = await chat.shows(f"I shall keep {SECRET}")
    chat.says("/project new Clean")
    await chat.shows("Clean")
    chat.says(f"@claude {ELSEWHERE}")
    await chat.shows("Nothing.")
    chat.says(f"{ELSEWHERE} And this?", reply_to=answer)
    await chat.shows("That belongs to the project “General”")
    assert len(asked_elsewhere(house)) == 1
    assert not any(SECRET in body for body in asked_elsewhere(house))


async def test_a_new_discussion_of_the_same_project(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    await tell_secret(house, chat)
    chat.says(f"/open {ELSEWHERE}")
    await chat.shows("Nothing.")
    assert not any(SECRET in body for body in asked_elsewhere(house))


async def test_back_in_a_project_its_discussion_goes_on(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    await tell_secret(house, chat)
    chat.says("/project new Clean")
    await chat.shows("Clean")
    chat.says("/project select General")
    await chat.settled()
    chat.says(f"@claude {ELSEWHERE}")
    await chat.shows("Nothing.")
    assert all(SECRET in body for body in asked_elsewhere(house))


async def test_a_question_whose_file_takes_long_stays_in_its_project(house: House) -> None:
    house.sim.faults.next("getFile", Slow(0.5))
    chat = house.sim.private_chat(house.sim.user("Alice"))
    chat.sends_document("secret.txt", SECRET.encode(), "@claude Summarise.", mime_type="text/plain")
    chat.says("/project new Clean")
    await chat.shows("“Clean” is the current project")
    await chat.shows("claude · claude-test")
    await house.runs_are_over()
    chat.says(f"@gemini {ELSEWHERE}")
    await house.runs_are_over(count=2)
    assert not any(SECRET in body for body in asked_elsewhere(house))


async def test_a_reply_brings_nothing_along_from_another_project(house: House) -> None:
    chat = house.sim.private_chat(house.sim.user("Alice"))
    house.vendors.script(CLAUDE.model, Says("It is short."))
    document = chat.sends_document("secret.txt", SECRET.encode(), "@claude Summarise.", mime_type="text/plain")
    answer = await chat.shows("It is short.")
    await house.runs_are_over()
    chat.says("/project new Clean")
    await chat.shows("“Clean” is the current project")
    chat.says(f"@claude {ELSEWHERE}", reply_to=document)
    await chat.shows("That belongs to the project “General”")
    chat.says("/project delete General")
    await chat.press(await chat.shows("Delete “General”"), "Delete “General” and its discussion")
    await chat.until(lambda _: not house.rows("select id from runs"))
    chat.says(f"@claude {ELSEWHERE}", reply_to=answer)
    await house.runs_are_over()
    assert asked_elsewhere(house)
    assert not any(SECRET in body or "Summarise" in body for body in asked_elsewhere(house))
