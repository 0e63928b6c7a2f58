"""Tokens, paths, the forms in which parameters come, who the bot is, and its commands."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from simulator_http import Api
from telegram import Bot, BotCommand, BotCommandScopeChat

from moai.simulator.chats import PrivateChat
from moai.simulator.telegram import Simulator


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/file/bot1:wrong/documents/file_1", 404, "Not Found"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot{token}/getmee", 404, "Not Found"),
        ("/bot{token}", 404, "Not Found"),
        ("/", 404, "Not Found"),
    ],
)
async def test_addresses_that_lead_nowhere(sim: Simulator, api: Api, path: str, status: int, description: str) -> None:
    answer = await api.client.get(sim.base_url + path.format(token=sim.token))
    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_who_the_bot_is(sim: Simulator, bot: Bot, api: Api) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.is_bot) == (sim.bot.id, "moai_bot", True)
    assert me.can_read_all_group_messages is False
    assert me.has_topics_enabled is False
    assert await api("GETME") == me.to_dict()


async def test_parameters_come_in_four_forms(sim: Simulator, api: Api, chat: PrivateChat) -> None:
    url = f"{api.base}/sendMessage"
    params: dict[str, Any] = {
        "chat_id": str(chat.id),
        "text": "ü & 😀",
        "entities": '[{"type":"bold","offset":0,"length":1}]',
    }
    answers = [
        await api.client.get(url, params=params),
        await api.client.post(url, params=params),
        await api.client.post(url, data=params),
        await api.client.post(url, data=params, files={"unused": b""}),
        await api.client.post(url, json=params),
    ]
    assert [answer.status_code for answer in answers] == [200] * 5
    assert {message.text for message in chat.messages} == {"ü & 😀"}
    assert {len(message.entities) for message in chat.messages} == {1}
    assert {call.params["chat_id"] for call in sim.calls_of("sendMessage")} == {chat.id}


@pytest.mark.parametrize(
    "request_body",
    [
        {"content": b"chat_id=1&text=%FF", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b"chat_id=1&text=\xff", "headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"content": b'{"text": "\xff"}', "headers": {"content-type": "application/json"}},
    ],
)
async def test_strings_must_be_utf8(api: Api, request_body: dict[str, Any]) -> None:
    answer = await api.client.post(f"{api.base}/sendMessage", **request_body)
    assert (answer.status_code, answer.json()["description"]) == (
        400,
        "Bad Request: strings must be encoded in UTF-8",
    )


@pytest.mark.parametrize("body", [b"{", b"[1]"])
async def test_a_body_of_json_must_be_an_object(api: Api, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = await api.client.post(f"{api.base}/getMe", content=body, headers=headers)
    assert answer.json()["description"] == "Bad Request: can't parse JSON object"


async def test_what_is_no_number_is_no_chat(api: Api) -> None:
    answer = await api.client.get(f"{api.base}/sendMessage", params={"chat_id": "me", "text": "x"})
    assert answer.json()["description"] == "Bad Request: chat not found"


async def test_the_command_menu(sim: Simulator, bot: Bot, chat: PrivateChat) -> None:
    assert await bot.get_my_commands() == ()
    await bot.set_my_commands([BotCommand("open", "Ask the team"), BotCommand("stop", "Stop")])
    assert sim.commands == ("open", "stop")
    scope = BotCommandScopeChat(chat.id)
    await bot.set_my_commands([("help", "Help")], scope=scope, language_code="de")
    assert [each.command for each in await bot.get_my_commands()] == ["open", "stop"]
    assert await bot.get_my_commands(scope=scope) == ()
    assert [each.command for each in await bot.get_my_commands(scope=scope, language_code="de")] == ["help"]
    await bot.delete_my_commands()
    assert sim.commands == ()


async def test_the_largest_command_menu(sim: Simulator, api: Api) -> None:
    menu = [command(f"{number:0>32}", "x" * 256) for number in range(100)]
    assert await api("setMyCommands", commands=menu)
    assert await api("getMyCommands") == menu
    assert len(sim.commands) == 100


def command(name: Any = "open", description: Any = "Ask") -> dict[str, Any]:
    return {"command": name, "description": description}


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({}, "can't parse commands JSON object"),
        ({"commands": "["}, "can't parse commands JSON object"),
        ({"commands": ["open"]}, "can't parse BotCommand: expected an Object"),
        ({"commands": [command("Open")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command("x" * 33)]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command("auf-hören")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command("")]}, "BOT_COMMAND_INVALID"),
        ({"commands": [command(description="")]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [command(description="x" * 257)]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [command(f"c{number}") for number in range(101)]}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 9}}, "chat not found"),
        ({"commands": [], "scope": "{"}, "can't parse BotCommandScope: unsupported type specified"),
    ],
)
async def test_commands_that_are_refused(api: Api, params: dict[str, Any], description: str) -> None:
    assert await api.refusal("setMyCommands", **params) == f"Bad Request: {description}"


async def test_the_log_of_calls(api: Api, chat: PrivateChat, sim: Simulator) -> None:
    await api("sendMessage", chat_id=chat.id, text="x")
    await api.refusal("sendMessage", chat_id=chat.id)
    sent, refused = sim.calls
    assert (sent.method, sent.params, sent.status) == ("sendMessage", {"chat_id": chat.id, "text": "x"}, 200)
    assert (refused.status, refused.description) == (400, "Bad Request: message text is empty")
    assert refused.at >= sent.at


async def test_the_log_is_bounded() -> None:
    async with Simulator(log_size=2) as sim, httpx.AsyncClient() as client:
        for _ in range(3):
            await client.get(f"{sim.base_url}/bot{sim.token}/getMe")
        assert len(sim.calls) == 2
