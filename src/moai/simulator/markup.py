"""Checks the keyboards that a bot puts under its messages; presses no button."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from moai.simulator.links import require_link
from moai.simulator.refusal import bad_request
from moai.simulator.text import require_utf8

MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
_ACTIONS = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "copy_text",
    "pay",
]


def read_markup(value: Any) -> Mapping[str, Any] | None:
    """Return a `reply_markup` that Telegram would take, None for none; raise ApiError.

    https://core.telegram.org/bots/api#inlinekeyboardmarkup
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        raise bad_request("can't parse reply keyboard markup JSON object")
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    rows = value.get("inline_keyboard")
    if rows is None:
        return value
    _check_rows(rows)
    kept = [row for row in rows if row]
    return {"inline_keyboard": kept} if kept else None


def _check_rows(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    if len(buttons) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_button(button)


def _check_button(button: Any) -> None:
    unreadable = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(unreadable + "InlineKeyboardButton must be an Object")
    require_utf8(json.dumps(button, ensure_ascii=False))
    if not button.get("text"):
        raise bad_request(unreadable + 'Can\'t find field "text"')
    if not any(action in button for action in _ACTIONS):
        raise bad_request(unreadable + "Text buttons are unallowed in the inline keyboard")
    if "url" in button:
        require_link(button["url"], "inline keyboard button")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
