"""The bot's life with Telegram: it introduces itself, waits for a Telegram that is away, and knows a refused token."""

from __future__ import annotations

import asyncio
import logging

import pytest

from moai.bot.application import MOST_COMMANDS, InCaption, build_application, connect, introduce, who_am_i
from moai.bot.handlers import COMMANDS
from moai.core.model import Participant
from moai.core.runs import TaskOwner
from moai.errors import TelegramUnreachable, TokenRefused
from moai.providers.transport import open_line
from moai.simulator.faults import Drop, Refuse, ServerError
from moai.simulator.telegram import Simulator
from moai.testing import ScriptedClient
from tests.support.desk import application_of, open_desk
from tests.support.written import a_message

NOWHERE = "http://127.0.0.1:9"


async def test_a_bot_knows_its_name_once_it_is_connected() -> None:
    async with Simulator(username="kitchen_bot") as sim:
        application = application_of(sim)
        async with connect(application, asyncio.Event()) as is_connected:
            assert is_connected
            assert application.bot.username == "kitchen_bot"


async def test_a_refused_token_is_told_and_everything_closed() -> None:
    async with Simulator(token="1:right") as sim:
        application = build_application("1:wrong", sim.base_url, open_line(sim.base_url))

        with pytest.raises(TokenRefused):
            async with connect(application, asyncio.Event()):
                pytest.fail("was connected")


@pytest.mark.parametrize("fault", [Drop(), ServerError()], ids=["drop", "500"])
async def test_a_telegram_that_is_away_is_asked_again(
    fault: Drop | ServerError, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moai.bot.application.FIRST_PAUSE_S", 0.001)
    async with Simulator() as sim:
        sim.faults.next("getMe", fault, count=3)

        async with connect(application_of(sim), asyncio.Event()) as is_connected:
            assert is_connected

        assert len(sim.calls_of("getMe")) == 4


async def test_a_stop_while_telegram_is_away_ends_the_waiting() -> None:
    async with Simulator() as sim:
        stop, owner = asyncio.Event(), TaskOwner()
        sim.faults.next("getMe", Refuse(429, "Too Many Requests: retry after 100", 100))

        async def stop_after_the_first_call() -> None:
            await sim.until(lambda: sim.calls_of("getMe"))
            stop.set()

        owner.start("stop", stop_after_the_first_call())
        async with connect(application_of(sim), stop) as is_connected:
            assert not is_connected

        assert len(sim.calls_of("getMe")) == 1


async def test_the_menu_is_set_and_a_webhook_taken_away() -> None:
    async with Simulator() as sim:
        application = application_of(sim)
        async with connect(application, asyncio.Event()):
            await introduce(application, ("claude", "gpt"))

        assert sim.commands == (*(command.name for command in COMMANDS), "claude", "gpt")
        assert len(sim.calls_of("deleteWebhook")) == 1


async def test_a_menu_has_room_for_so_many_commands_and_those_beyond_it_work_too() -> None:
    aliases = [f"model_{number}" for number in range(150)]
    clients = [ScriptedClient(Participant(alias, "demo", alias), f"I am {alias}.") for alias in aliases]
    async with Simulator() as sim, open_desk(sim, *clients) as staff:
        await introduce(staff.application, aliases)

        assert len(sim.commands) == MOST_COMMANDS
        assert sim.commands == (*(command.name for command in COMMANDS), *aliases)[:MOST_COMMANDS]
        chat = sim.private_chat(sim.user("Ann"))
        chat.says("/model_149 Who are you?")
        await chat.shows("I am model_149.")


@pytest.mark.parametrize(
    ("caption", "passes_open", "passes_any"),
    [
        ("/open why?", True, True),
        ("/OPEN@Moai_Bot why?", True, True),
        ("/open@other_bot why?", False, True),
        ("/opening why?", False, True),
        ("/xyzzy", False, True),
        ("/", False, False),
        ("why /open?", False, False),
        ("", False, False),
        (None, False, False),
    ],
)
async def test_a_command_in_a_caption_passes_where_it_is_this_bots(
    caption: str | None, passes_open: bool, passes_any: bool
) -> None:
    async with Simulator() as sim:
        application = application_of(sim)
        async with connect(application, asyncio.Event()):
            message = a_message(caption=caption)
            message.set_bot(application.bot)

            assert [InCaption("open").filter(message), InCaption().filter(message)] == [passes_open, passes_any]


async def test_a_text_is_no_caption() -> None:
    assert not InCaption("open").filter(a_message("/open why?"))


async def test_a_menu_that_cannot_be_set_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with Simulator() as sim:
        application = application_of(sim)
        async with connect(application, asyncio.Event()):
            sim.faults.next("setMyCommands", ServerError())
            await introduce(application, ())

        assert sim.commands == ()
    assert "the command menu could not be set" in caplog.text


@pytest.mark.parametrize(("privacy", "hears"), [(True, "commands and replies only"), (False, "everything")])
async def test_who_am_i_tells_name_and_hearing(privacy: bool, hears: str) -> None:
    async with Simulator(username="kitchen_bot", privacy=privacy) as sim:
        assert await who_am_i(application_of(sim)) == f"@kitchen_bot, which hears {hears} in groups"


async def test_who_am_i_tells_a_refused_token_from_an_absence(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    async with Simulator(token="1:right") as sim:
        with pytest.raises(TokenRefused):
            await who_am_i(build_application("1:wrong", sim.base_url, open_line(sim.base_url)))

    with pytest.raises(TelegramUnreachable, match=r"could not be reached: Cannot connect to host 127\.0\.0\.1:9"):
        await who_am_i(build_application("1:right", NOWHERE, open_line(NOWHERE)))
