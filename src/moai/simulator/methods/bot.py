"""The Bot API's methods about the bot itself: who it is, its commands, how it gets its updates."""

from __future__ import annotations

import re
from typing import Any

from moai.simulator.methods.common import Method
from moai.simulator.params import Params
from moai.simulator.refusal import bad_request
from moai.simulator.wire import user_json
from moai.simulator.world import World

MAX_COMMANDS = 100
MAX_DESCRIPTION = 256
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


async def get_me(world: World, _params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getme."""
    return {
        **user_json(world.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": world.private_topics,
        "allows_users_to_create_topics": world.private_topics,
    }


async def get_updates(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getupdates."""
    kinds = params.get("allowed_updates")
    if isinstance(kinds, list):
        world.feed.allow([str(kind) for kind in kinds])
    limit = params.integer("limit", 100)
    limit = limit if 1 <= limit <= 100 else 100
    return await world.feed.poll(params.integer("offset"), limit, params.integer("timeout"))


async def set_webhook(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#setwebhook: only taking one away is simulated."""
    if params.text("url"):
        raise bad_request("bad webhook: the simulator delivers updates by getUpdates only")
    return await delete_webhook(world, params)


async def delete_webhook(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#deletewebhook."""
    if params.flag("drop_pending_updates"):
        world.feed.forget()
    return True


async def get_webhook_info(world: World, _params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getwebhookinfo."""
    pending = len(world.feed.pending)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": pending}


async def set_my_commands(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#setmycommands."""
    commands = params.get("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands JSON object")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        _check_command(command)
    world.commands[_scope(world, params)] = commands
    return True


async def get_my_commands(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#getmycommands."""
    return world.commands.get(_scope(world, params), [])


async def delete_my_commands(world: World, params: Params) -> Any:
    """Answer https://core.telegram.org/bots/api#deletemycommands."""
    world.commands.pop(_scope(world, params), None)
    return True


def _check_command(command: Any) -> None:
    if not isinstance(command, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    if not _COMMAND.fullmatch(str(command.get("command", ""))):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(str(command.get("description", ""))) <= MAX_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope(world: World, params: Params) -> tuple[str, str]:
    scope = params.get("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    ids = [scope.get(field) for field in _SCOPES[kind]]
    if ids and ids[0] not in world.chats:
        raise bad_request("chat not found")
    return " ".join(map(str, (kind, *ids))), params.text("language_code")


BOT_METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
}
