"""The demo's chat to type in: keys go in, and what they bring is on the screen."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from prompt_toolkit.application import create_app_session, get_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from moai.demo.house import open_house
from moai.demo.terminal import BELOW, Terminal, talk
from moai.errors import TokenRefused
from moai.log import configure_logging
from moai.simulator.chats import PrivateChat
from moai.simulator.faults import Refuse
from moai.simulator.telegram import Simulator

ROWS = 14
BUTTONS = {"inline_keyboard": [[{"text": "🗑 Delete it", "callback_data": "d"}]]}
logger = logging.getLogger("moai.tests.demo")


@dataclass(slots=True)
class Desk:
    """A terminal of 14 rows, and who sits before it; `stop` is what a signal sets."""

    keys: PipeInput
    screen: io.StringIO
    tempo: float = 0.0
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        return self.screen.getvalue()

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text)

    async def until(self, predicate: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not predicate():
                await asyncio.sleep(0.005)

    async def play(self, person: Callable[[Simulator, PrivateChat], Awaitable[None]]) -> int:
        async def show(sim: Simulator, chat: PrivateChat) -> int:
            code, _ = await asyncio.gather(talk(sim, chat), person(sim, chat))
            return code

        return await open_house(show, self.stop, self.tempo)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("PROMPT_TOOLKIT_NO_CPR", "1")
    screen = io.StringIO()
    output = Vt100_Output(screen, lambda: Size(rows=ROWS, columns=80), enable_cpr=False)
    root = logging.getLogger()
    level = root.level
    with create_pipe_input() as keys, create_app_session(input=keys, output=output):
        yield Desk(keys, screen)
    configure_logging("WARNING", (), io.StringIO())
    root.handlers[:] = [handler for handler in root.handlers if handler.name != "moai"]
    root.setLevel(level)


async def call(sim: Simulator, method: str, **params: Any) -> None:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:  # noqa: S501 - loopback
        reply = await client.post(f"{sim.base_url}/bot{sim.token}/{method}", json=params)
        reply.raise_for_status()


async def test_a_question_is_answered_by_all(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await desk.sees("Three things to try")
        desk.keys.send_text("Why not?\r")
        for alias in ("ada", "ben", "cleo"):
            await chat.shows(f"{alias} · ")
        await desk.sees("engineer")
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0
    assert "Why not?" in desk.text
    assert desk.text.index("engineer") < desk.text.index("Goodbye. Nothing of this was kept.")


async def test_one_types_while_answers_grow_and_leaves_in_the_middle(desk: Desk) -> None:
    desk.tempo = 2

    async def person(sim: Simulator, chat: PrivateChat) -> None:
        desk.keys.send_text("Why not?\r")
        await desk.sees("thinking")
        desk.keys.send_text("/status\r")
        await desk.sees("under way")
        await desk.sees("writing")
        assert not any(message.text.startswith("ada · ") for message in chat.bot_messages)
        desk.keys.send_text("/quit\r")

    assert await desk.play(person) == 0
    assert "WARNING" not in desk.text


@pytest.mark.parametrize("keys", ["\x04", "\x03", "/quit\r", "half a que\x03"])
async def test_leaving(desk: Desk, keys: str) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        desk.keys.send_text(keys)

    assert await desk.play(person) == 0
    assert desk.text.count("Goodbye.") == 1


async def test_a_signal_ends_it(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await desk.sees("> ")
        desk.stop.set()

    assert await desk.play(person) == 0
    assert desk.text.count("Goodbye.") == 1


async def test_a_crash_of_the_bot_ends_it(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await sim.until(lambda: sim.is_polled)
        sim.faults.next("getUpdates", Refuse(401, "Unauthorized"))
        desk.keys.send_text("/start\r")

    with pytest.raises(TokenRefused):
        await desk.play(person)


async def test_the_log_is_told_above_the_input(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await desk.sees("> ")
        logger.info("of no interest")
        logger.warning("something is odd")
        await desk.sees("something is odd")
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0
    assert "of no interest" not in desk.text


async def test_tab_completes_commands(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await sim.until(lambda: "help" in sim.commands)
        desk.keys.send_text("/he\t")
        await desk.until(lambda: get_app().current_buffer.text == "/help")
        desk.keys.send_text("\r")
        await chat.until(lambda chat: any(message.text == "/help" for message in chat.messages))
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0


async def test_a_button_is_pressed_by_its_name(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await call(sim, "sendMessage", chat_id=chat.id, text="Sure?", reply_markup=BUTTONS)
        await desk.sees("[🗑 Delete it]")
        desk.keys.send_text("[Delete it]\r")
        await sim.until(lambda: len(sim._world.queries) == 1)
        desk.keys.send_text("[🗑 Delete it]\r")
        await sim.until(lambda: len(sim._world.queries) == 2)
        desk.keys.send_text("[ delete IT ]\r")
        await sim.until(lambda: len(sim._world.queries) == 3)
        desk.keys.send_text("[No button]\r")
        await chat.until(lambda chat: chat.messages[-1].text == "[No button]")
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0


@pytest.mark.parametrize("typed", ["[Delete it]", "[🗑 Delete it]", "[delete it]", "[stop]"])
async def test_a_button_that_is_gone_is_no_message(desk: Desk, typed: str) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await call(sim, "sendMessage", chat_id=chat.id, text="Sure?", reply_markup=BUTTONS)
        await desk.sees("[🗑 Delete it]")
        (asked,) = chat.bot_messages
        await call(sim, "editMessageText", chat_id=chat.id, message_id=asked.message_id, text="Deleted.")
        await desk.sees("Deleted.")
        desk.keys.send_text(f"{typed}\r")
        await desk.sees("There is no such button now.")
        assert [message.text for message in chat.messages] == ["Deleted."]
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0


async def test_tab_completes_buttons_without_their_signs(desk: Desk) -> None:
    async def person(sim: Simulator, chat: PrivateChat) -> None:
        await call(sim, "sendMessage", chat_id=chat.id, text="Sure?", reply_markup=BUTTONS)
        await call(sim, "sendMessage", chat_id=chat.id, text="Something else.")
        await desk.sees("Something else.")
        desk.keys.send_text("[Del\t")
        await desk.until(lambda: get_app().current_buffer.text == "[Delete it]")
        desk.keys.send_text("\r\x04")

    assert await desk.play(person) == 0


async def test_a_discussion_is_held_and_stopped(desk: Desk) -> None:
    desk.tempo = 1

    async def person(sim: Simulator, chat: PrivateChat) -> None:
        desk.keys.send_text("/discuss Why not?\r")
        await desk.sees("[⏹ Stop]")
        await desk.sees("writing")
        desk.keys.send_text("[Stop]\r")
        await desk.sees("[▶️ Go on]")
        desk.keys.send_text("\x04")

    assert await desk.play(person) == 0
    assert "Everybody agrees" not in desk.text


async def test_a_draft_is_stopped_with_its_own_button(desk: Desk) -> None:
    async with Simulator() as sim:
        chat = sim.private_chat(sim.user("You"))
        terminal = Terminal(sim, chat)
        await call(sim, "sendMessageDraft", chat_id=chat.id, draft_id=1, text="growing", can_stop=True)
        assert fragment_list_to_text(terminal._prompt()) == "growing\n[Stop]\n\n> "
        assert "[Stop]" in terminal._words()

        terminal._say("[stop]")

        assert (chat.draft, chat.messages) == (None, ())
        terminal._say("[Stop]")
        assert chat.messages == ()
        assert "There is no such button now." in desk.text


async def test_the_draft_leaves_room_for_the_input(desk: Desk) -> None:
    async with Simulator() as sim:
        chat = sim.private_chat(sim.user("You"))
        terminal = Terminal(sim, chat)
        assert fragment_list_to_text(terminal._prompt()) == "> "

        await call(sim, "sendMessageDraft", chat_id=chat.id, draft_id=1, text="\n".join(map(str, range(100))))
        lines = fragment_list_to_text(terminal._prompt()).split("\n")

    assert len(lines) == ROWS - BELOW + 1
    assert lines[-3:] == ["99", "", "> "]
