"""Buttons: their data can be made up by hand, and reaches nothing of another chat, nor an error that nobody handles."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from moai.bot.keyboards import MAX_DATA_BYTES
from moai.bot.texts import BUG
from moai.log import configure_logging
from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator
from moai.simulator.vendors_scripts import Hangs, Says
from tests.support.desk import Staff, open_desk
from tests.support.house import CLAUDE, House
from tests.support.table import QUESTION, has_steps, has_turns
from tests.support.watched import becomes

SECRET = "swordfish"
FOUND = {
    "agreements": ["The flat is too small."],
    "disagreements": [{"point": f"Whether {SECRET} is a password", "positions": [], "minority_argument": ""}],
    "recommendation": "Rent.",
    "open_questions": [],
}
RUN_WISHES = ("next", "stop", "cons", "go", "exp")
NUMBERS = st.one_of(st.integers(0, 3), st.integers(0, 3), st.integers(), st.integers(2**31 - 2, 2**64)).map(str)
WORDS = st.one_of(
    st.sampled_from(
        [*RUN_WISHES, "point", "p", "d", "sel", "page", "on", "off", "del", "keep", "claude", "", "-", "0x1"]
    ),
    NUMBERS,
    st.text(max_size=8),
)
MADE_UP = st.one_of(
    st.lists(WORDS, max_size=5).map(":".join),
    st.tuples(st.sampled_from(RUN_WISHES), NUMBERS).map(lambda pair: f"d:{pair[0]}:{pair[1]}"),
    st.tuples(NUMBERS, NUMBERS).map(lambda pair: f"d:point:{pair[0]}:{pair[1]}"),
    st.tuples(st.sampled_from(["sel", "del"]), NUMBERS, NUMBERS).map(lambda each: "p:" + ":".join(each)),
    st.tuples(st.sampled_from(["on", "off"]), NUMBERS, st.sampled_from(["claude", "gpt", "nobody"])).map(
        lambda each: "p:" + ":".join(each)
    ),
    st.text(),
).filter(lambda data: 1 <= len(data.encode()) <= MAX_DATA_BYTES)


async def _press_all(presses: list[str]) -> tuple[Staff, str]:
    """Press made-up buttons beside a chat that has a history; return what is there, and what was logged."""
    log = io.StringIO()
    configure_logging("INFO", (), log)
    async with Simulator() as sim, open_desk(sim) as staff:
        theirs, own = sim.private_chat(sim.user("Ann")), sim.private_chat(sim.user("Mallory"))
        await _talked(staff, theirs, f"/open The password is {SECRET}.")
        await _talked(staff, own, "/open Hello?")
        before = (len(theirs.bot_messages), staff.stores.tables.projects[1], staff.runs[0], theirs.bot_messages)
        menu = own.bot_messages[-1]
        for data in presses:
            answer = await own.press_data(menu, data)
            assert SECRET not in (answer.text or "")
            assert BUG not in (answer.text or "")
        await own.settled(quiet_s=0.2)
        after = (len(theirs.bot_messages), staff.stores.tables.projects[1], staff.runs[0], theirs.bot_messages)
        assert after == before
        assert not any(SECRET in each.text for each in own.bot_messages)
        assert not any(each.document and SECRET in each.document.text for each in own.bot_messages)
        assert not any(BUG in each.text for each in own.bot_messages)
    return staff, log.getvalue()


async def _talked(staff: Staff, chat: PrivateChat, words: str) -> None:
    standing = len(staff.runs)
    chat.says(words)
    await staff.until(lambda: len(staff.runs) == standing + 1 and staff.runs[-1].status != "running")
    await chat.until(lambda talk: len(talk.bot_messages) == 2)


# What fails is not made smaller, since each attempt opens a whole bot.
@settings(
    suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=12, phases=(Phase.reuse, Phase.generate)
)
@given(st.lists(MADE_UP, min_size=10, max_size=25))
def test_any_data_gets_an_answer_and_nothing_of_another_chat(presses: list[str]) -> None:
    _, log = asyncio.run(_press_all(presses))

    assert "Traceback" not in log
    assert "could not be handled" not in log


async def discussed(house: House) -> tuple[PrivateChat, PrivateChat, Any]:
    """Let Ann have a discussion with a consensus; return her chat, Mallory's, and a message to press buttons under."""
    has_turns(house, 1)
    theirs, own = (house.sim.private_chat(house.sim.user(name)) for name in ("Ann", "Mallory"))
    theirs.says(f"/discuss 1 {QUESTION} The password is {SECRET}.")
    await house.runs_are_over()
    has_steps(house, CLAUDE, Says(json.dumps(FOUND)))
    theirs.says("/consensus")
    await theirs.shows("Rent.")
    await house.runs_are_over(count=2)
    own.says("/status")
    message = await own.shows("Project ·")
    await theirs.settled()
    await becomes(lambda: not house.rows("select id from runs where board_message_id is not null"))
    return theirs, own, message


async def test_ids_of_another_chats_run_and_consensus_open_nothing(house: House) -> None:
    theirs, own, message = await discussed(house)
    runs = [row["id"] for row in house.rows("select id from runs")]
    consensuses = [row["message_id"] for row in house.rows("select message_id from consensuses")]
    assert (len(runs), len(consensuses)) == (2, 1)
    made_up = [f"d:{wish}:{run_id}" for wish in RUN_WISHES for run_id in runs]
    before = house.rows("select * from runs")
    shown, asked = theirs.bot_messages, len(house.vendors.requests)
    for data in (*made_up, *(f"d:point:{each}:0" for each in consensuses)):
        answer = await own.press_data(message, data)
        assert (answer.text, answer.show_alert) == ("That discussion is not there any more.", True)
    await own.settled()
    assert house.rows("select * from runs") == before
    assert theirs.bot_messages == shown
    assert own.bot_messages == (message,)
    assert len(house.vendors.requests) == asked


async def test_a_run_of_another_chat_cannot_be_stopped_by_its_id(house: House) -> None:
    house.vendors.script(CLAUDE.model, Hangs(after="Half"))
    theirs, own = (house.sim.private_chat(house.sim.user(name)) for name in ("Ann", "Mallory"))
    theirs.says(f"/claude {QUESTION}")
    await theirs.until(lambda chat: "Half" in (chat.draft or ""))
    (run,) = house.rows("select id from runs")
    own.says("/status")
    message = await own.shows("Project ·")
    await own.press_data(message, f"d:stop:{run['id']}")
    chat = {"id": own.id, "type": "private"}
    house.sim.push_update(stopped_message_generation={"chat": chat, "draft_id": run["id"]})
    await house.sim.heard()
    own.says("/help")
    await own.shows("/open")
    assert house.rows("select status from runs") == [{"status": "running"}]


async def test_another_chats_project_can_neither_be_chosen_nor_changed_by_its_id(house: House) -> None:
    theirs, own = (house.sim.private_chat(house.sim.user(name)) for name in ("Ann", "Mallory"))
    for chat in (theirs, own):
        chat.says("/status")
        message = await chat.shows("Project ·")
    (project,) = house.rows(f"select * from projects where chat_id = {theirs.id}")  # noqa: S608
    for data in ("p:sel:{}:0", "p:off:{}:claude", "p:on:{}:gpt", "p:del:{}:0", "p:keep:{}"):
        answer = await own.press_data(message, data.format(project["id"]))
        assert answer.text.startswith("That project is not there any more.")
    own.says(f"/project select {project['id']}")
    await own.shows("There is no project" if project["id"] > 1 else "is the current project")
    assert house.rows(f"select * from projects where chat_id = {theirs.id}") == [project]  # noqa: S608


async def test_who_may_not_use_the_bot_presses_in_vain(house: House) -> None:
    has_turns(house, 1)
    alice, mallory = house.sim.user("Alice"), house.sim.user("Mallory")
    group = house.sim.group("Home", alice, mallory)
    await house.stop()
    house.configure(allowed_users=frozenset({alice.id}))
    await house.start()
    group.says(alice, f"/discuss 1 {QUESTION}")
    end = await group.shows("That was the last round.")
    await house.runs_are_over()
    asked = len(house.vendors.requests)
    assert "▶️ Go on" in end.buttons
    for button in end.buttons:
        answer = await group.press(mallory, end, button)
        assert (answer.text, answer.show_alert) == ("You are not allowed to use this bot here.", True)
    await group.settled()
    assert len(house.vendors.requests) == asked
    assert house.rows("select count(*) as stored from runs") == [{"stored": 1}]
    assert not any(each.document for each in group.bot_messages)
